"""What people got by chat and SMS, on disk and in memory, read by REST like the mail sink."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.sink.mailbox import _append, _rows

LINK = re.compile(r"https?://[^\s<>\"'`）)]+")


@dataclass(slots=True)
class Note:
    """One message as it stands in somebody's chat. `choices` are its buttons (label, press); a changed card has other ones."""

    vendor: str
    to: str
    key: str
    title: str
    text: str
    links: list[str] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    n: int = 0
    changes: int = 0


class Inbox:
    """All messages of all vendors of one folder; a change of a card is a further line of the file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "chats.jsonl"
        self.notes: list[Note] = []
        self._news = asyncio.Condition()
        for row in _rows(self._file):
            self._put(Note(**row))

    def _put(self, note: Note) -> None:
        if note.n <= len(self.notes):
            self.notes[note.n - 1] = note
        else:
            self.notes.append(note)

    async def add(self, note: Note) -> Note:
        """Keep one message."""
        note.n = len(self.notes) + 1
        note.links = list(dict.fromkeys([*note.links, *LINK.findall(note.text)]))
        await self._write(note)
        return note

    async def change(self, note: Note, **new: Any) -> None:
        """The card looks different now."""
        for name, value in new.items():
            setattr(note, name, value)
        note.changes += 1
        await self._write(note)

    async def _write(self, note: Note) -> None:
        _append(self._file, asdict(note))
        async with self._news:
            self._put(note)
            self._news.notify_all()

    def by_key(self, vendor: str, key: str) -> Note | None:
        """The message with this key at this vendor."""
        return next((one for one in self.notes if one.vendor == vendor and one.key == key), None)

    def by_extra(self, vendor: str, name: str, value: str) -> Note | None:
        """The message of which the vendor's own answer said so."""
        return next((one for one in reversed(self.notes) if one.vendor == vendor and one.extra.get(name) == value), None)

    def find(self, *, since: int = 0, to: str = "", vendor: str = "") -> list[Note]:
        """Messages numbered above `since`."""
        return [one for one in self.notes[max(since, 0) :] if (not to or one.to == to) and (not vendor or one.vendor == vendor)]

    async def wait(self, seconds: float, **wanted: Any) -> list[Note]:
        """As `find`, waiting for the first one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self.find(**wanted))
        return self.find(**wanted)
