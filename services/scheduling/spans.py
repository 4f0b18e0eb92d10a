"""Exact arithmetic on spans of time: half-open [start, end), instants as aware UTC datetimes, no rounding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

Span = tuple[datetime, datetime]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as ordered, disjoint, non-touching spans; empty ones vanish."""
    out: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def without(free: Iterable[Span], blocked: Iterable[Span]) -> list[Span]:
    """What is left of `free` when `blocked` is taken out."""
    out = merged(free)
    for start, end in merged(blocked):
        left: list[Span] = []
        for opens, closes in out:
            if end <= opens or closes <= start:
                left.append((opens, closes))
                continue
            left += [part for part in ((opens, start), (end, closes)) if part[0] < part[1]]
        out = left
    return out


def common(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """Time that lies in both."""
    return merged((max(a, c), min(b, d)) for a, b in merged(one) for c, d in merged(other) if max(a, c) < min(b, d))


def covers(free: Sequence[Span], span: Span) -> bool:
    """Whether one of the (merged) spans holds the whole span."""
    return any(opens <= span[0] and span[1] <= closes for opens, closes in free)


def overlaps(one: Span, other: Span) -> bool:
    """Whether the two share time; touching is not sharing."""
    return one[0] < other[1] and other[0] < one[1]
