"""Exact arithmetic on spans of time: half-open [start, end), instants as aware UTC datetimes, no rounding."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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
    """What is left of `free` when `blocked` is taken out; one walk along both."""
    out: list[Span] = []
    taken, first = merged(blocked), 0
    for opens, closes in merged(free):
        while first < len(taken) and taken[first][1] <= opens:
            first += 1
        at = first
        while at < len(taken) and taken[at][0] < closes:
            if opens < taken[at][0]:
                out.append((opens, taken[at][0]))
            opens = max(opens, taken[at][1])
            at += 1
        if opens < closes:
            out.append((opens, closes))
    return out


def common(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """Time that lies in both; one walk along both."""
    left, right = merged(one), merged(other)
    out: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            out.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return out


def covers(free: Sequence[Span], span: Span) -> bool:
    """Whether one of the (merged) spans holds the whole span."""
    at = bisect_right(free, span[0], key=lambda one: one[0]) - 1
    return at >= 0 and span[1] <= free[at][1]


def overlaps(one: Span, other: Span) -> bool:
    """Whether the two share time; touching is not sharing."""
    return one[0] < other[1] and other[0] < one[1]


def widened(spans: Iterable[Span], by: timedelta) -> list[Span]:
    """Every span longer by so much at both ends: a gap that has to be kept."""
    return [(start - by, end + by) for start, end in spans]


def longest(spans: Iterable[Span]) -> timedelta:
    """The longest piece; zero for none."""
    return max((end - start for start, end in merged(spans)), default=timedelta())
