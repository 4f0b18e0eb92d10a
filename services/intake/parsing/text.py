"""A text with its lines, so that each fact can say where it stands."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property

from services.intake.parsing.model import Place

MAX_CHARACTERS = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")


class Text:
    """Normalised text of a document: NFKC (full-width forms, radicals), no control characters, bounded."""

    def __init__(self, raw: str) -> None:
        body = unicodedata.normalize("NFKC", raw[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n"))
        self.body = _CONTROL.sub("", body).replace("\u3000", " ")
        self.lines = self.body.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line) + 1
        return starts

    def start_of(self, line: int) -> int:
        """Character at which line number `line` (from 0) begins."""
        return self._starts[line]

    def place(self, start: int, end: int) -> Place:
        """The place of the characters [start, end)."""
        return Place(line=bisect_right(self._starts, start), start=start, end=end)

    def place_in(self, line: int, span: tuple[int, int]) -> Place:
        """The place of characters `span` within line number `line` (from 0)."""
        start = self._starts[line]
        return Place(line=line + 1, start=start + span[0], end=start + span[1])


def clean_value(value: object) -> object:
    """JSON as received, without what a database or a page cannot hold: NUL, control characters, lone surrogates."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, list):
        return [clean_value(v) for v in value]
    if isinstance(value, dict):
        return {_CONTROL.sub("", str(k)): clean_value(v) for k, v in value.items()}
    return value
