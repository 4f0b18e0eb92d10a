"""Reading spans of months as Chinese and English résumés write them."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_MONTHS = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)} | {
    "mär": 3, "mai": 5, "okt": 10, "dez": 12, "ene": 1, "abr": 4, "ago": 8, "dic": 12,
}  # fmt: skip
_YM = r"(?:19|20)\d{2}\s*(?:年\s*(?:\d{1,2}\s*月)?|[./-]\s*\d{1,2}(?:[./-]\d{1,2})?|(?!\d))"
_MON = r"(?:jan|feb|mar|mär|apr|abr|may|mai|jun|jul|aug|ago|sep|oct|okt|nov|dec|dez|dic|ene)[a-zé]*\.?,?\s+(?:19|20)\d{2}"
_MY = r"\d{1,2}/(?:19|20)\d{2}"
_ONE = rf"(?:{_MON}|{_MY}|{_YM})"
_NOW = r"(?:至今|现在|目前|今|present|now|current|today|heute|ongoing|actualidad)"
_RANGE = re.compile(rf"({_ONE})\s*(?:-{{1,2}}|–|—|~|～|至|到|to|bis|until)+\s*({_ONE}|{_NOW})|({_ONE})\s*({_NOW})", re.IGNORECASE)


class Span(NamedTuple):
    """A stretch of months: `start` and `end` as (year, month); `present` where it has not ended."""

    start: tuple[int, int]
    end: tuple[int, int] | None
    present: bool
    at: tuple[int, int]


def spans(line: str) -> list[Span]:
    """All spans of one line, with the characters [start, end) they take."""
    found = []
    for match in _RANGE.finditer(line):
        first, last = (match[1], match[2]) if match[1] else (match[3], match[4])
        start = month_of(first)
        present = re.fullmatch(_NOW, last.strip(), re.IGNORECASE) is not None
        end = None if present else month_of(last)
        if start and (present or end):
            found.append(Span(start, end, present, match.span()))
    return found


def month_of(text: str) -> tuple[int, int] | None:
    """(year, month) of one date as written; January where only a year stands there; None where no date is."""
    year = re.search(r"(?:19|20)\d{2}", text)
    if not year:
        return None
    word = re.search(r"[a-zéä]{3,}", text.lower())
    if word and word[0][:3] in _MONTHS:
        return int(year[0]), _MONTHS[word[0][:3]]
    rest = re.search(r"\d{1,2}", text[year.end() :]) or re.search(r"\d{1,2}(?=\s*/)", text[: year.start()])
    month = int(rest[0]) if rest else 1
    return int(year[0]), month if 1 <= month <= 12 else 1


def iso(month: tuple[int, int] | None) -> str:
    """`YYYY-MM`, or nothing."""
    return f"{month[0]:04d}-{month[1]:02d}" if month else ""


def years_covered(parts: list[tuple[str, str]], as_of: date | None) -> float:
    """Years covered by spans of (`YYYY-MM`, `YYYY-MM` or ""), overlaps counted once.

    An open end counts until `as_of`, or until the latest month named where `as_of` is None.
    """
    numbered = [(_index(start), _index(end) if end else None) for start, end in parts if start]
    if not numbered:
        return 0.0
    latest = max(max(start, end or start) for start, end in numbered)
    today = as_of.year * 12 + as_of.month - 1 if as_of else latest
    months: set[int] = set()
    for start, end in numbered:
        stop = today if end is None else end
        months.update(range(start, min(stop, start + 60 * 12)))
    return round(len(months) / 12, 1)


def _index(month: str) -> int:
    year, _, rest = month.partition("-")
    return int(year) * 12 + (int(rest[:2]) - 1 if rest[:2].isdigit() else 0)
