"""From the bytes of somebody's calendar to the times at which they are busy; pure, nothing but the times is kept.

Repeating entries are written out by `recurring-ical-events`, with their exceptions. What the person marked as free, cancelled entries
and our own invitations block nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar

from shared.policy.wall import instant_of, zone_of

from ..domain.spans import Span

LONGEST = 5_000_000
"""Bytes of one calendar that are read; the next full export of a mailbox is not worth a process."""
MOST = 5_000
_REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID")
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}


class UnreadableCalendarError(ValueError):
    """No calendar, or one that can't be expanded; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Block:
    """One busy time. `key` tells it apart within its calendar and stays the same when the entry is moved."""

    key: str
    span: Span


def busy_of(raw: bytes, within: Span, zone: str, *, ours: Callable[[str], bool] = lambda _: False) -> list[Block]:
    """Busy times that touch the range, in order. `zone`: what a time without zone, and a whole day, mean; `ours` knows our own UIDs.

    Raises UnreadableCalendarError.
    """
    if len(raw) > LONGEST:
        raise UnreadableCalendarError("too_large")
    try:
        calendar = Calendar.from_ical(raw)
        if any(str(freq).upper() in _TOO_OFTEN for one in calendar.walk() for freq in _rules(one)):
            raise UnreadableCalendarError("repeats_too_often")
        found = recurring_ical_events.of(calendar, components=["VEVENT"], skip_bad_series=True).between(*within)
        series = {str(one.get("UID", "")) for one in calendar.walk("VEVENT") if any(name in one for name in _REPEATS)}
        blocks = [block for one in found if (block := _block(one, zone, ours, series)) is not None]
        blocks += [Block(f"freebusy|{n}", span) for n, span in enumerate(_free_busy(calendar))]
    except UnreadableCalendarError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        raise UnreadableCalendarError("not_a_calendar") from None
    touching = {one.key: one for one in blocks if one.span[0] < within[1] and within[0] < one.span[1]}
    if len(touching) > MOST:
        raise UnreadableCalendarError("too_many_entries")
    return sorted(touching.values(), key=lambda one: (one.span, one.key))


def _rules(component: Any) -> Iterator[str]:
    rules = component.get("RRULE")
    for rule in rules if isinstance(rules, list) else [rules] if rules is not None else []:
        yield from rule.get("FREQ", [])


def _block(event: Any, zone: str, ours: Callable[[str], bool], series: set[str]) -> Block | None:
    uid = str(event.get("UID", ""))
    free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT" or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
    if free or str(event.get("STATUS", "")).upper() == "CANCELLED" or ours(uid):
        return None
    start, end = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None
    span = (_instant(start, zone), _instant(end if end is not None else _after(start), zone))
    if span[0] >= span[1]:
        return None
    again = event.get("RECURRENCE-ID") if uid in series else None
    return Block(f"{uid}|{(again.dt if again is not None else start).isoformat()}" if uid in series or not uid else uid, span)


def _after(start: date | datetime) -> date | datetime:
    """RFC 5545: a day ends after a day, an instant has no length."""
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _instant(when: date | datetime, zone: str) -> datetime:
    """UTC; days and floating times are of the person's own wall."""
    if not isinstance(when, datetime):
        return instant_of(when, time(0), zone)
    return (when if when.tzinfo else when.replace(tzinfo=zone_of(zone))).astimezone(UTC)


def _free_busy(calendar: Any) -> Iterator[Span]:
    """Periods of VFREEBUSY components, which some servers publish in place of entries."""
    for part in calendar.walk("VFREEBUSY"):
        periods = part.get("FREEBUSY", [])
        for one in periods if isinstance(periods, list) else [periods]:
            if str(getattr(one, "params", {}).get("FBTYPE", "BUSY")).upper() == "FREE":
                continue
            for start, end in one.dt if isinstance(getattr(one, "dt", None), list) else [(one.start, one.end)]:
                yield start.astimezone(UTC), end.astimezone(UTC)
