"""Mails on disk, one .eml each, numbered in order of arrival; a repeated Message-ID is stored again, so that tests see it."""

import asyncio
import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

LINK = re.compile(r"https?://[^\s<>\"']+")
HREF = re.compile(r"href=[\"'](https?://[^\"']+)[\"']", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mail:
    """One received mail as tests and simulated people read it; `to` is the envelope's, headers may say less."""

    n: int
    to: list[str]
    sender: str
    subject: str
    message_id: str
    date: str
    text: str
    html: str
    links: list[str]
    ics: str
    headers: dict[str, str]

    def as_json(self) -> dict:
        """The REST form: `from` instead of `sender`."""
        body = asdict(self)
        body["from"] = body.pop("sender")
        return body


def parse(n: int, raw: bytes, *, envelope_to: list[str], envelope_from: str) -> Mail:
    """Read one mail's parts; a part in an unknown charset is read with replacement characters."""
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)
    text, html, ics = (_part(message, kind) for kind in ("text/plain", "text/html", "text/calendar"))
    links = [found.replace("&amp;", "&") for found in HREF.findall(html)] + [found.rstrip(".,;)") for found in LINK.findall(text)]
    return Mail(
        n=n,
        to=envelope_to or [address for _, address in getaddresses(message.get_all("to", []))],
        sender=str(message.get("from", envelope_from)),
        subject=str(message.get("subject", "")),
        message_id=str(message.get("message-id", "")),
        date=str(message.get("date", "")),
        text=text,
        html=html,
        links=list(dict.fromkeys(links)),
        ics=ics,
        headers={name.lower(): str(value) for name, value in message.items()},
    )


def _part(message: EmailMessage, kind: str) -> str:
    for part in message.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            with suppress(LookupError, UnicodeError):
                return part.get_content()
            payload = part.get_payload(decode=True)
            return payload.decode(errors="replace") if isinstance(payload, bytes) else ""
    return ""


class Mailbox:
    """All mails of one folder, kept in memory too; every new one wakes those who wait."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._mails: list[Mail] = []
        self._news = asyncio.Condition()
        for row in _rows(folder / "index.jsonl"):
            raw = (folder / row["file"]).read_bytes()
            self._mails.append(parse(row["n"], raw, envelope_to=row["to"], envelope_from=row["from"]))

    async def add(self, raw: bytes, *, envelope_to: list[str], envelope_from: str) -> Mail:
        """Keep one mail; on disk before this returns."""
        mail = parse(len(self._mails) + 1, raw, envelope_to=envelope_to, envelope_from=envelope_from)
        file = f"{mail.n:06d}.eml"
        _write(self._folder / file, raw)
        row = {"n": mail.n, "file": file, "to": mail.to, "from": mail.sender, "subject": mail.subject, "message_id": mail.message_id}
        _append(self._folder / "index.jsonl", row)
        async with self._news:
            self._mails.append(mail)
            self._news.notify_all()
        return mail

    def find(self, *, to: str = "", since: int = 0) -> list[Mail]:
        """Mails numbered above `since`, to this address where one is given."""
        wanted = to.casefold()
        return [mail for mail in self._mails[max(since, 0) :] if not wanted or wanted in (a.casefold() for a in mail.to)]

    def get(self, n: int) -> Mail | None:
        """One mail by number."""
        return self._mails[n - 1] if 0 < n <= len(self._mails) else None

    def raw(self, n: int) -> bytes:
        """One mail's bytes as they arrived."""
        return (self._folder / f"{n:06d}.eml").read_bytes()

    async def wait(self, *, to: str, since: int, seconds: float) -> list[Mail]:
        """As `find`, waiting up to `seconds` for the first one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self.find(to=to, since=since))
        return self.find(to=to, since=since)


class Hooks:
    """Web hook calls, kept as they came: headers (webhook-id, -timestamp, -signature) and body."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "hooks.jsonl"
        self._calls = _rows(self._file)

    def add(self, headers: dict[str, str], body: str) -> int:
        """Keep one call; its number."""
        n = len(self._calls) + 1
        call = {"n": n, "id": headers.get("webhook-id", ""), "headers": headers, "body": body}
        _append(self._file, call)
        self._calls.append(call)
        return n

    def find(self, since: int = 0) -> list[dict]:
        """Calls numbered above `since`."""
        return self._calls[max(since, 0) :]


def _rows(path: Path) -> list[dict]:
    rows = []
    with suppress(FileNotFoundError):
        for line in path.read_text().splitlines():
            with suppress(ValueError):  # the last line of a killed sink may be half
                rows.append(json.loads(line))
    return rows


def _append(path: Path, row: dict) -> None:
    with open(path, "a+b") as file:
        if file.tell() and _last_byte(path) != b"\n":
            file.write(b"\n")
        file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def _last_byte(path: Path) -> bytes:
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)


def _write(path: Path, raw: bytes) -> None:
    temporary = path.with_suffix(".part")
    temporary.write_bytes(raw)
    os.replace(temporary, path)
