"""A card and a short text as data: what chat, SMS and a person's own hand carry, the same words as the page and the mail.

Kept sealed as JSON until the outcome is known, so that a resend says letter for letter the same.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from pydantic_core import from_json


@dataclass(frozen=True)
class Choice:
    """One button. `press` is the opaque value that comes back (empty: the button opens `link`)."""

    label: str
    press: str = ""
    link: str = ""


@dataclass(frozen=True)
class Card:
    """A chat card: discreet title, a few lines, facts, buttons that answer, one button that opens the page.

    `short` is the text of an SMS, `parts` its variables for templates that vendors approved (you, act, due, code).
    """

    lang: str
    title: str
    lines: tuple[str, ...]
    link: str
    open_label: str
    key: str
    facts: tuple[tuple[str, str], ...] = ()
    choices: tuple[Choice, ...] = ()
    settled: str = ""
    """What became of it: a card with this has no buttons any more."""
    sender: str = ""
    short: str = ""
    parts: tuple[tuple[str, str], ...] = ()

    def as_bytes(self) -> bytes:
        """ASCII JSON, stable."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":")).encode("ascii")

    def text(self, limit: int = 4000) -> str:
        """All lines and facts as plain text."""
        rows = [*self.lines, *(f"{name}：{value}" if self.lang == "zh" else f"{name}: {value}" for name, value in self.facts)]
        if self.settled:
            rows.append(self.settled)
        return "\n".join(rows)[:limit]

    def presses(self) -> tuple[Choice, ...]:
        """The buttons that answer in place."""
        return () if self.settled else tuple(one for one in self.choices if one.press)


def card_of(raw: bytes) -> Card:
    """A card from its bytes."""
    kept: dict[str, Any] = from_json(raw)
    kept["choices"] = tuple(Choice(**one) for one in kept["choices"])
    for name in ("facts", "parts"):
        kept[name] = tuple((str(a), str(b)) for a, b in kept[name])
    kept["lines"] = tuple(kept["lines"])
    return Card(**kept)


def cut(text: str, size: int) -> str:
    """At most `size` bytes of UTF-8, never half a character; vendors cut silently, and then in the middle."""
    raw = text.encode()
    return text if len(raw) <= size else raw[: size - 3].decode(errors="ignore") + "…"
