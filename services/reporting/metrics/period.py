"""Which days a report covers, and on whose wall: the head office's, a named zone's, or each branch's own (C137).

Instants are compared, never finished day counts: a day begins at the first instant that bears its date there, so that days of 23 or 25
hours hold what happened in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.policy.wall import CalendarError, instant_of, zone_of

from .cases import Case

BRANCH = "branch"
STEPS = ("day", "week", "month")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both inclusive; None: no bound. `zone`: an IANA name, or `branch` for each requisition's own.

    `by`: day, week or month, for a series beside the whole.
    """

    zone: str
    first: date | None = None
    last: date | None = None
    by: str = ""

    def bounds(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """The instants at which it begins and ends on that wall; the end is no longer in it."""
        begin = instant_of(self.first, time(), zone) if self.first else None
        end = instant_of(self.last + _DAY, time(), zone) if self.last else None
        return begin, end

    def holds(self, case: Case, zone: str) -> bool:
        """Whether the case counts: what ended by the instant that places it, what is open if it began before the end."""
        begin, end = self.bounds(zone)
        if case.at is None:
            return begin is None and end is None
        late_enough = case.state == "open" or begin is None or begin <= case.at
        return late_enough and (end is None or case.at < end)

    def label(self, at: datetime, zone: str) -> str:
        """The day, ISO week or month that the instant falls into on that wall."""
        day = at.astimezone(ZoneInfo(zone)).date()
        if self.by == "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        return day.isoformat()[:7] if self.by == "month" else day.isoformat()

    def described(self) -> dict[str, Any]:
        """As JSON prints it."""
        return {"from": self.first, "until": self.last, "zone": self.zone, "by": self.by or None}


def read_period(asked: Mapping[str, str], base: str) -> Period:
    """The period that `from`, `until`, `zone` and `by` name. ValueError says what is wrong and what would be right."""
    zone, by = asked.get("zone") or base, asked.get("by") or ""
    if zone != BRANCH:
        try:
            zone_of(zone)
        except CalendarError:
            raise ValueError(f"zone is no such zone: write an IANA name such as {base}, or 'branch'") from None
    if by and by not in STEPS:
        raise ValueError("by is one of day, week, month")
    first, last = (_day(asked.get(name) or "", name) for name in ("from", "until"))
    if first and last and last < first:
        raise ValueError("until lies before from")
    return Period(zone, first, last, by)


def _day(text: str, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{name} is a day: write it as 2026-09-30") from None


@dataclass(frozen=True)
class Placed:
    """Cases of a period with the wall that each was placed on."""

    period: Period
    rows: tuple[tuple[Case, str], ...]

    @property
    def cases(self) -> list[Case]:
        """All of them."""
        return [case for case, _ in self.rows]

    def by_zone(self) -> dict[str, list[Case]]:
        """Those of each branch's wall."""
        return _split((zone, case) for case, zone in self.rows)

    def by_step(self) -> dict[str, list[Case]]:
        """Those that ended in each day, week or month, in order."""
        ended = ((self.period.label(case.at, zone), case) for case, zone in self.rows if case.at is not None and case.state != "open")
        return dict(sorted(_split(ended).items()))


def place(found: Iterable[Case], period: Period, *, zones: Mapping[UUID, str], base: str) -> Placed:
    """The cases that the period holds. `zones`: hire -> its requisition's zone; what belongs to no branch is the head office's."""
    def zone_for(case: Case) -> str:
        own = zones.get(case.hire_id, base) if case.hire_id else base
        return own if period.zone == BRANCH else period.zone

    return Placed(period, tuple((case, zone) for case in found if period.holds(case, zone := zone_for(case))))


def _split(rows: Iterable[tuple[str, Case]]) -> dict[str, list[Case]]:
    out: dict[str, list[Case]] = {}
    for name, case in rows:
        out.setdefault(name, []).append(case)
    return out
