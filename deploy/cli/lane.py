"""The relay lane of one hire in the terminal: one line a party, the bars where it held the baton; words from reporting's table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from services.reporting import words

STYLES = {"met": "green", "late": "magenta", "over": "red", "open": "black on yellow", "waived": "dim", "lapsed": "dim", "house": "dim"}
MARKS = {"met": "━", "late": "╍", "over": "█", "open": "█", "waived": "┄", "lapsed": "┄", "house": "·"}


def draw(story: Mapping[str, Any], *, lang: str = "en", names: Mapping[str, str] | None = None, width: int = 0) -> Text:
    """The picture. `story` is what `GET /hires/{id}` gives; `names` maps a party's id to a name where the caller knows it."""
    legs = story["legs"]
    rows = list(dict.fromkeys(_name(leg, lang, names) for leg in legs))
    label = max((_cells(name) for name in rows), default=0) + 2
    columns = max(30, (width or Console().width) - label - 1)
    first, last = _at(legs[0]["since"]), max(_at(leg["until"] or story["now"]) for leg in legs)
    span = max((last - first).total_seconds(), 1.0)

    def column(at: datetime) -> int:
        return min(columns - 1, int((at - first).total_seconds() / span * columns))

    out = Text()
    for name in rows:
        line = [(" ", "")] * columns
        for leg in legs:
            if _name(leg, lang, names) == name:
                begin, end = column(_at(leg["since"])), column(_at(leg["until"] or story["now"]))
                for place in range(begin, max(end, begin + 1)):
                    line[place] = (MARKS[leg["state"]], STYLES[leg["state"]])
        out.append(name + " " * (label - _cells(name)), style="bold")
        for mark, style in line:
            out.append(mark, style=style)
        out.append("\n")
    out.append(" " * label + _axis(first, last, columns, lang), style="dim")
    return out


def _axis(first: datetime, last: datetime, columns: int, lang: str) -> str:
    begin, end = words.day(first, lang), words.day(last, lang)
    middle = words.day(first + (last - first) / 2, lang)
    gap = max(1, (columns - len(begin) - len(middle) - len(end)) // 2)
    return begin + " " * gap + middle + " " * gap + end


def _name(leg: Mapping[str, Any], lang: str, names: Mapping[str, str] | None) -> str:
    return (names or {}).get(str(leg["party_id"])) or words.role(leg["role"], lang)


def _cells(text: str) -> int:
    """Terminal columns: Chinese characters take two."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def _at(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
