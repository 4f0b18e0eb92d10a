"""How much a person may be asked to sit: so many interviews a day and a week, room between them, lunch, focus time (C62).

Counts become blocked time: a day that is full is a blocked day. So limits take part in the same exact arithmetic as everything
else; only lunch is asked of each time, because it depends on what is left around it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from shared.policy.wall import Window, instant_of, zone_of

from .spans import Span, common, longest, overlaps, widened, without

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A held or booked time of one interview that this person sits in. Several times of one interview count once: one comes true."""

    span: Span
    interview_id: UUID


@dataclass(frozen=True, slots=True)
class Limits:
    """What is kept free; None and empty: no limit. `buffer` stands between two interviews, hours are of the person's own wall."""

    per_day: int | None = None
    per_week: int | None = None
    minutes_per_day: int | None = None
    buffer: timedelta = timedelta()
    lunch: Window | None = None
    lunch_minutes: int = 45
    focus: tuple[Window, ...] = ()


NO_LIMITS = Limits()


def days_between(earliest: datetime, latest: datetime, zone: str) -> Iterator[date]:
    """The days of that wall which the range touches."""
    day, last = earliest.astimezone(zone_of(zone)).date(), latest.astimezone(zone_of(zone)).date()
    while day <= last:
        yield day
        day += _DAY


def days_of(span: Span, zone: str) -> list[date]:
    """The days of that wall which a (half-open) span touches."""
    return list(days_between(span[0], span[1] - timedelta(microseconds=1), zone))


def week_of(day: date) -> date:
    """Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def whole_days(first: date, count: int, zone: str) -> Span:
    """So many days of that wall from their first midnight on; 23 or 25 hours where the clock is changed."""
    return instant_of(first, time(0), zone), instant_of(first + count * _DAY, time(0), zone)


@lru_cache(maxsize=8192)
def window_spans(window: Window, day: date, zone: str) -> tuple[Span, ...]:
    """The window on that day as instants; nothing on other weekdays than its own. Remembered: a search asks for each again and again."""
    if window.days and day.weekday() not in window.days:
        return ()
    return ((instant_of(day, window.opens, zone), instant_of(day, window.closes, zone)),)


def closed_by(limits: Limits, sittings: Sequence[Sitting], *, minutes: int, within: Span, zone: str) -> list[Span]:
    """When nothing of `minutes` may be put, because of these limits and what the person sits already."""
    closed = widened((one.span for one in sittings), limits.buffer)
    closed += _full(limits, sittings, minutes, zone)
    for window in limits.focus:
        closed += [span for day in days_between(*within, zone) for span in window_spans(window, day, zone)]
    return closed


def _full(limits: Limits, sittings: Sequence[Sitting], minutes: int, zone: str) -> Iterator[Span]:
    """Days and weeks into which one interview more would not go."""
    by_day: dict[date, dict[UUID, timedelta]] = defaultdict(dict)
    by_week: dict[date, set[UUID]] = defaultdict(set)
    for one in sittings:
        for day in days_of(one.span, zone):
            length = one.span[1] - one.span[0]
            by_day[day][one.interview_id] = max(length, by_day[day].get(one.interview_id, timedelta()))
            by_week[week_of(day)].add(one.interview_id)
    for day, held in by_day.items():
        long = sum(held.values(), timedelta()) + timedelta(minutes=minutes)
        if _reached(limits.per_day, len(held)) or (limits.minutes_per_day is not None and long > timedelta(minutes=limits.minutes_per_day)):
            yield whole_days(day, 1, zone)
    for monday, interviews in by_week.items():
        if _reached(limits.per_week, len(interviews)):
            yield whole_days(monday, 7, zone)


def _reached(limit: int | None, count: int) -> bool:
    return limit is not None and count >= limit


def asks_too_much(limits: Limits, minutes: int) -> bool:
    """Whether not even an empty day could take it."""
    return 0 in (limits.per_day, limits.per_week) or (limits.minutes_per_day is not None and minutes > limits.minutes_per_day)


def keeps_lunch(limits: Limits, taken: Sequence[Span], span: Span, zone: str) -> bool:
    """Whether after this span there is still one piece of lunch time that is long enough; a span outside lunch hours never matters."""
    if limits.lunch is None:
        return True
    for day in days_of(span, zone):
        hours = window_spans(limits.lunch, day, zone)
        if any(overlaps(span, one) for one in hours):
            if longest(without(hours, [*common(hours, taken), span])) < timedelta(minutes=limits.lunch_minutes):
                return False
    return True


def lunch_ends(limits: Limits, taken: Sequence[Span], *, within: Span, zone: str) -> list[datetime]:
    """The earliest instants at which lunch can be over: from there on an interview may follow."""
    if limits.lunch is None:
        return []
    length = timedelta(minutes=limits.lunch_minutes)
    pieces = [piece for day in days_between(*within, zone) for piece in without(window_spans(limits.lunch, day, zone), taken)]
    return [opens + length for opens, closes in pieces if closes - opens >= length]
