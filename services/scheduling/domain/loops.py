"""A loop: several interviews that belong together, on one day or over several, each with a panel of its own department (C64, C60).

Pure and exact on its grid: if any arrangement exists there, one is found. Legs that stand already (`fixed`) stay where they are, so
that after a cancellation only the broken leg is planned again. Nobody interviews the same person twice in one loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import permutations, product
from uuid import UUID

from shared.policy.wall import zone_of

from .search import AWAKE, Found, Person, Room, able_at, found_at, free_time, wall_hours
from .seats import Seat, seated
from .spans import Span, common, covers, without

STEP = timedelta(minutes=15)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leg:
    """One interview of the loop. `fixed`: it stands then (with these people) and isn't looked for."""

    interview_id: UUID
    seats: tuple[Seat, ...]
    minutes: int
    fixed: Found | None = None
    rooms: Sequence[Room] | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """What is looked for. `per_day` most legs on one day of the candidate's wall; between two legs of a day `min_gap`..`max_gap`;
    at most `days` days; `ordered`: legs in the order of the list, else in any."""

    legs: Sequence[Leg]
    earliest: datetime
    latest: datetime
    zone: str = "Asia/Shanghai"
    days: int = 1
    per_day: int = 5
    min_gap: timedelta = timedelta()
    max_gap: timedelta = timedelta(hours=2)
    ordered: bool = True
    count: int = 3
    candidate_blocked: Sequence[Span] = ()
    candidate_open: Sequence[Span] | None = None


@dataclass(slots=True)
class _State:
    loop: Loop
    people: Mapping[UUID, Person]
    free: dict[UUID, dict[UUID, list[Span]]]
    candidate: list[Span]
    load: Mapping[UUID, int]
    able: dict[tuple[UUID, datetime], set[UUID]] = field(default_factory=dict)

    def day(self, instant: datetime) -> date:
        """The day of the candidate's wall."""
        return instant.astimezone(zone_of(self.loop.zone)).date()


def plan_loop(loop: Loop, people: Sequence[Person]) -> list[tuple[Found, ...]]:
    """Up to `count` ways, one a first day, earliest first; in each one slot a leg, in the order of `legs`. Empty where nothing fits."""
    state = _prepare(loop, people)
    ways: list[tuple[Found, ...]] = []
    for first in _days(loop):
        way = _way_from(state, first)
        if way is not None and way not in ways:
            ways.append(way)
            state.candidate = without(state.candidate, [(one.starts_at, one.ends_at) for one in way])  # all ways are held side by side
            if len(ways) == loop.count or all(leg.fixed for leg in loop.legs):
                break
    return ways


def _prepare(loop: Loop, people: Sequence[Person]) -> _State:
    known = {one.person_id: one for one in people}
    free = {leg.interview_id: {id: free_time(one, loop.earliest, loop.latest, minutes=leg.minutes) for id, one in known.items()} for leg in loop.legs}
    hours = wall_hours(AWAKE, loop.earliest, loop.latest, loop.zone) if loop.candidate_open is None else loop.candidate_open
    candidate = without(common(hours, [(loop.earliest, loop.latest)]), loop.candidate_blocked)
    return _State(loop, known, free, candidate, {id: one.load for id, one in known.items()})


def _days(loop: Loop) -> Iterator[date]:
    day, last = (instant.astimezone(zone_of(loop.zone)).date() for instant in (loop.earliest, loop.latest))
    while day <= last:
        yield day
        day += _DAY


def _way_from(state: _State, first: date) -> tuple[Found, ...] | None:
    """The earliest way whose looked-for legs begin on that day."""
    loop = state.loop
    orders = [tuple(range(len(loop.legs)))] if loop.ordered else permutations(range(len(loop.legs)))
    best: tuple[Found, ...] | None = None
    for order in orders:
        way = next(_ways(state, order, [], first), None)
        if way is not None and (best is None or _length(way) < _length(best)):
            best = way
    return best


def _length(way: Sequence[Found]) -> tuple[datetime, datetime]:
    return max(one.ends_at for one in way), min(one.starts_at for one in way)


def _ways(state: _State, order: Sequence[int], starts: list[tuple[int, datetime]], first: date) -> Iterator[tuple[Found, ...]]:
    """Depth first through the legs in this order, earliest starts first; panels are settled for all legs together at the end."""
    if len(starts) == len(order):
        if (way := _settled(state, dict(starts))) is not None:
            yield way
        return
    number = order[len(starts)]
    leg = state.loop.legs[number]
    for start in _starts(state, leg, starts, first):
        taken = [*starts, (number, start)]
        if _fits(state, taken, first) and (leg.fixed or _possible(state, taken)):
            yield from _ways(state, order, taken, first)


def _starts(state: _State, leg: Leg, before: Sequence[tuple[int, datetime]], first: date) -> Iterator[datetime]:
    """The leg's own time, or the grid from where the leg before allows it on; the first one looked for begins on that day."""
    if leg.fixed is not None:
        yield leg.fixed.starts_at
        return
    loop = state.loop
    begun = any(loop.legs[number].fixed is None for number, _ in before)
    from_ = _end(loop, *before[-1]) if before else loop.earliest
    for opens, closes in state.candidate:
        start = _on_step(max(opens, from_))
        while start + timedelta(minutes=leg.minutes) <= closes:
            if begun or state.day(start) == first:
                yield start
            start += STEP


def _on_step(instant: datetime) -> datetime:
    past = timedelta(minutes=instant.minute % 15, seconds=instant.second, microseconds=instant.microsecond)
    return instant if not past else instant - past + STEP


def _end(loop: Loop, number: int, start: datetime) -> datetime:
    return start + timedelta(minutes=loop.legs[number].minutes)


def _fits(state: _State, taken: Sequence[tuple[int, datetime]], first: date) -> bool:
    """The last leg after the one before it, with a gap that is allowed; legs a day, days in all, and the first day."""
    loop = state.loop
    days = [state.day(start) for _, start in taken]
    looked_for = [state.day(start) for number, start in taken if loop.legs[number].fixed is None]
    if len(set(days)) > loop.days or max(days.count(day) for day in days) > loop.per_day or (looked_for and looked_for[0] != first):
        return False
    if len(taken) == 1:
        return True
    gap = taken[-1][1] - _end(loop, *taken[-2])
    return gap >= timedelta() and (days[-1] != days[-2] or loop.min_gap <= gap <= loop.max_gap)


def _able(state: _State, leg: Leg, start: datetime) -> set[UUID]:
    known = state.able.get((leg.interview_id, start))
    if known is None:
        span = (start, start + timedelta(minutes=leg.minutes))
        known = state.able[leg.interview_id, start] = able_at(state.people, state.free[leg.interview_id], span)
    return known


def _chairs(state: _State, starts: Mapping[int, datetime]) -> tuple[list[Seat], list[set[UUID]], list[int]]:
    """All chairs of the legs that are looked for, who can take each, and whose leg it is; those of standing legs are not asked."""
    standing = {one for leg in state.loop.legs if leg.fixed for one in (*leg.fixed.panel, *leg.fixed.shadows)}
    seats, able, owner = [], [], []
    for number, start in starts.items():
        leg = state.loop.legs[number]
        for seat in leg.seats if leg.fixed is None else ():
            seats.append(seat)
            able.append(_able(state, leg, start) - standing)
            owner.append(number)
    return seats, able, owner


def _possible(state: _State, taken: Sequence[tuple[int, datetime]]) -> bool:
    """Whether the legs so far can be seated and the last one has a room; cuts the search early."""
    leg = state.loop.legs[taken[-1][0]]
    if leg.rooms is not None and _room(leg, taken[-1][1]) is None:
        return False
    seats, able, owner = _chairs(state, dict(taken))
    return _panels(state, seats, able, owner) is not None


def _panels(state: _State, seats: Sequence[Seat], able: Sequence[set[UUID]], owner: Sequence[int]) -> tuple[UUID | None, ...] | None:
    """All legs' panels; where a leg takes trainees, one of its own needed chairs is held by somebody qualified."""
    legs = sorted({whose for seat, whose in zip(seats, owner, strict=True) if seat.trainees})
    needed = [[n for n, seat in enumerate(seats) if owner[n] == leg and not seat.optional] for leg in legs]
    for anchors in product(*needed):
        strict = [replace(seat, trainees=()) if n in anchors else seat for n, seat in enumerate(seats)]
        if (panel := seated(strict, able, state.load)) is not None:
            return panel
    return None


def _room(leg: Leg, start: datetime) -> UUID | None:
    span = (start, start + timedelta(minutes=leg.minutes))
    ordered = sorted(leg.rooms or (), key=lambda room: (room.capacity, str(room.room_id)))
    return next((room.room_id for room in ordered if covers(without([span], room.blocked), span)), None)


def _settled(state: _State, starts: Mapping[int, datetime]) -> tuple[Found, ...] | None:
    """Who sits in which leg, for all legs at once: the fairest way in which nobody sits twice."""
    seats, able, owner = _chairs(state, starts)
    panel = _panels(state, seats, able, owner) if seats else ()
    if panel is None:
        return None
    way = []
    for number, leg in enumerate(state.loop.legs):
        if leg.fixed is not None:
            way.append(leg.fixed)
            continue
        mine = [(seat, one) for seat, one, whose in zip(seats, panel, owner, strict=True) if whose == number]
        span = (starts[number], _end(state.loop, number, starts[number]))
        way.append(found_at(span, [seat for seat, _ in mine], [one for _, one in mine], _room(leg, span[0]) if leg.rooms is not None else None))
    return tuple(way)
