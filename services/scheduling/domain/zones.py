"""Appointments keep the wall and the zone that were agreed; new rules of zones or holidays are found, never silently followed (F24)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from shared.policy.calendar import WorkingCalendar
from shared.policy.wall import instant_of, zone_of

from .spans import Span, covers, merged


@dataclass(frozen=True, slots=True)
class Touched:
    """New data meets the appointment. `person_id`: whose day it is no longer; None: the wall itself means another instant."""

    reason: Literal["zone_rules", "holiday"]
    starts_at_now: datetime
    person_id: UUID | None = None


def meanings(wall: str, zone: str) -> list[datetime]:
    """The instants that this wall time stands for: one, two where the clock is put back, none in a gap."""
    naive = datetime.fromisoformat(wall)
    tz = zone_of(zone)
    both = {naive.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(instant for instant in both if instant.astimezone(tz).replace(tzinfo=None) == naive)


def instant_now(wall: str, zone: str) -> datetime:
    """What the wall means by today's rules: the first of two, the end of a gap."""
    naive = datetime.fromisoformat(wall)
    return instant_of(naive.date(), naive.time(), zone)


def touched(span: Span, wall: str, zone: str, panel: Iterable[tuple[UUID, WorkingCalendar]]) -> list[Touched]:
    """Whether the appointment still stands on the wall that was agreed, and inside everybody's working hours."""
    found = []
    if span[0].astimezone(UTC) not in meanings(wall, zone):
        found.append(Touched("zone_rules", instant_now(wall, zone)))
    for person, calendar in panel:
        days = {instant.astimezone(zone_of(calendar.zone)).date() for instant in span}
        if not covers(merged(hours for day in days for hours in calendar.spans(day)), span):
            found.append(Touched("holiday", span[0].astimezone(UTC), person))
    return found
