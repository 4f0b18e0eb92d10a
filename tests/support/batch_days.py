"""Batch days to plan: the same people and guests for tests and for the bench; and a judge that knows nothing of the search."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from services.scheduling.domain.batch import Batch, Guest, Plan
from services.scheduling.domain.limits import Limits
from services.scheduling.domain.search import Person, Room
from services.scheduling.domain.seats import Seat
from services.scheduling.domain.spans import Span, overlaps
from shared.policy.loader import load_calendar
from shared.policy.wall import Window, zone_of

ZONE = "Asia/Shanghai"
MONDAY = datetime(2026, 9, 13, 16, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def batch_of(guests: int, interviewers: int, days: int, *, seed: int = 1, rooms: int | None = 8) -> Batch:
    """Candidates with half days of their own, panels of two from two departments, limits, lunch, buffers, meetings."""
    rng = random.Random(seed)
    limits = Limits(per_day=6, per_week=16, buffer=timedelta(minutes=10), lunch=Window(time(11, 30), time(14)), lunch_minutes=45)
    calendar = load_calendar("CN").in_zone(ZONE)

    def block() -> Span:
        start = MONDAY + rng.randrange(days) * DAY + rng.choice([9, 10, 14, 15, 16]) * HOUR
        return start, start + HOUR

    people = [Person(UUID(int=n + 1), calendar, [block() for _ in range(rng.randrange(3))], limits=limits) for n in range(interviewers)]
    half = max(1, interviewers // 2)
    technical, hiring = ([one.person_id for one in part] for part in (people[:half], people[half:] or people[:half]))
    made = []
    for n in range(guests):
        day, morning = MONDAY + rng.randrange(days) * DAY, rng.random() < 0.5
        away = [(day + (9 if morning else 13) * HOUR, day + (13 if morning else 19) * HOUR)]
        seats = (Seat(tuple(rng.sample(technical, k=max(1, len(technical) - 2)))), Seat(tuple(hiring)))
        made.append(Guest(UUID(int=1000 + n), seats[: 1 if rng.random() < 0.3 else 2], rng.choice([30, 45, 60]), ZONE, blocked=away))
    halls = None if rooms is None else [Room(UUID(int=500 + n), 4) for n in range(rooms)]
    return Batch(made, people, MONDAY, MONDAY + days * DAY, halls)


def faults(batch: Batch, plan: Plan) -> list[str]:
    """What is unlawful about the plan; empty when nothing is."""
    found, people, guests = [], {one.person_id: one for one in batch.people}, {one.candidate_id: one for one in batch.guests}
    sits: dict[UUID, list[Span]] = defaultdict(list)
    rooms: dict[UUID, list[Span]] = defaultdict(list)
    for id, slot in plan.placed.items():
        span, guest = (slot.starts_at, slot.ends_at), guests[id]
        if span[1] - span[0] != timedelta(minutes=guest.minutes) or any(overlaps(span, block) for block in guest.blocked):
            found.append("guest")
        if guest.open is not None and not any(opens <= span[0] and span[1] <= closes for opens, closes in guest.open):
            found.append("outside what the guest proposed")
        needed = [seat for seat in guest.seats if not seat.optional]
        if len(slot.panel) != len(needed) or not all(one in seat.people() for one, seat in zip(slot.panel, needed, strict=True)):
            found.append("panel")
        for person in slot.panel:
            sits[person].append(span)
        if batch.rooms is not None:
            rooms[slot.room_id or UUID(int=0)].append(span)
    if {*plan.placed, *plan.left} != set(guests) or set(plan.placed) & set(plan.left):
        found.append("somebody is neither placed nor left")
    for spans in rooms.values():
        found += ["room" for one, other in pairwise(sorted(spans)) if overlaps(one, other)]
    for id, spans in sits.items():
        found += [f"interviewer: {fault}" for fault in _person_faults(people[id], sorted(spans))]
    return found


def _person_faults(person: Person, spans: list[Span]) -> list[str]:
    limits, found = person.limits, []
    for start, end in spans:
        hours = person.calendar.spans(start.astimezone(zone_of(ZONE)).date())
        if not any(opens <= start and end <= closes for opens, closes in hours) or any(overlaps((start, end), block) for block in person.taken()):
            found.append("not free")
    found += ["buffer" for one, other in pairwise(spans) if other[0] - one[1] < limits.buffer]
    days = Counter(start.astimezone(zone_of(ZONE)).date() for start, _ in spans)
    weeks = Counter(start.astimezone(zone_of(ZONE)).isocalendar()[:2] for start, _ in spans)
    if limits.per_day is not None and max(days.values()) > limits.per_day:
        found.append("too many a day")
    if limits.per_week is not None and max(weeks.values()) > limits.per_week:
        found.append("too many a week")
    return found
