"""Batch days: many candidates, few interviewers, two or three days - everybody gets a time or is named as left over.

Our own search instead of a solver's 90 MB: whoever has the fewest possibilities goes first; who finds no place asks those who sit in
the way to move along (an augmenting path, as in matching). Where every interview has one interviewer and starts on a common grid
this is Kuhn's algorithm, hence the most that can be placed; with bigger panels it is a good answer, and always a lawful one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from .board import Board
from .limits import days_between
from .search import AWAKE, Found, Person, Room, able_at, found_at, free_time, wall_hours
from .seats import Seat, seated
from .spans import Span, common, covers, without

_PATIENCE = 6_000
"""So many tries to make room for one guest; the placed ones stay placed whatever happens."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One candidate to be placed. `open` None: any waking hour; else only what they proposed."""

    candidate_id: UUID
    seats: tuple[Seat, ...]
    minutes: int
    zone: str = "Asia/Shanghai"
    open: Sequence[Span] | None = None
    blocked: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """The days and what there is on them. `rooms` None: none needed; `step`: the grid of starts."""

    guests: Sequence[Guest]
    people: Sequence[Person]
    earliest: datetime
    latest: datetime
    rooms: Sequence[Room] | None = None
    step: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who sits when with whom, and who found no place."""

    placed: Mapping[UUID, Found]
    left: tuple[UUID, ...]


@dataclass(slots=True)
class _Days:
    batch: Batch
    people: dict[UUID, Person]
    board: Board
    able: dict[tuple[datetime, int], set[UUID]] = field(default_factory=dict)
    free: dict[int, dict[UUID, list[Span]]] = field(default_factory=dict)
    rooms: dict[UUID, list[Span]] = field(default_factory=dict)
    guests: dict[UUID, Guest] = field(default_factory=dict)
    starts: dict[UUID, list[datetime]] = field(default_factory=dict)
    patience: int = 0


def plan_batch(batch: Batch) -> Plan:
    """Place as many guests as can be. Deterministic; every limit, block and room is kept."""
    days = _prepare(batch)
    order = sorted(batch.guests, key=lambda one: (len(days.starts[one.candidate_id]), str(one.candidate_id)))
    for guest in order:
        days.patience = _PATIENCE
        _place(days, guest, set())
    for _ in range(2):
        for guest in order:
            _even_out(days, guest)
    placed = dict(days.board.placed)
    return Plan(placed, tuple(one.candidate_id for one in batch.guests if one.candidate_id not in placed))


def _prepare(batch: Batch) -> _Days:
    days = _Days(batch, {one.person_id: one for one in batch.people}, Board({one.person_id: one for one in batch.people}))
    days.rooms = {room.room_id: without([(batch.earliest, batch.latest)], room.blocked) for room in batch.rooms or ()}
    for minutes in {guest.minutes for guest in batch.guests}:
        days.free[minutes] = {one.person_id: free_time(one, batch.earliest, batch.latest, minutes=minutes) for one in batch.people}
    days.guests = {guest.candidate_id: guest for guest in batch.guests}
    days.starts = {guest.candidate_id: list(_starts(days, guest)) for guest in batch.guests}
    return days


def _starts(days: _Days, guest: Guest) -> Iterator[datetime]:
    """Grid times, counted from each working opening of the panel's people, at which the guest and a panel could be there."""
    batch, length = days.batch, timedelta(minutes=guest.minutes)
    hours = wall_hours(AWAKE, batch.earliest, batch.latest, guest.zone) if guest.open is None else guest.open
    mine = without(common(hours, [(batch.earliest, batch.latest)]), guest.blocked)
    panel = {one for seat in guest.seats for one in seat.people() if one in days.people}
    grid: set[datetime] = set()
    for person in panel:
        for day in days_between(batch.earliest, batch.latest, days.people[person].calendar.zone):
            for opens, closes in days.people[person].calendar.spans(day):
                grid |= {opens + n * batch.step for n in range((closes - opens) // batch.step)}
    for start in sorted(grid):
        if covers(mine, (start, start + length)) and seated(guest.seats, [_able(days, start, guest.minutes)] * len(guest.seats), {}):
            yield start


def _able(days: _Days, start: datetime, minutes: int) -> set[UUID]:
    """Who could sit then if nobody of this batch were placed."""
    known = days.able.get((start, minutes))
    if known is None:
        known = days.able[start, minutes] = able_at(days.people, days.free[minutes], (start, start + timedelta(minutes=minutes)))
    return known


def _place(days: _Days, guest: Guest, tried: set[tuple[datetime, UUID]]) -> bool:
    return _directly(days, guest) or _by_moving_others(days, guest, tried)


def _directly(days: _Days, guest: Guest) -> bool:
    """The first time at which nobody has to move."""
    for start in days.starts[guest.candidate_id]:
        span = (start, start + timedelta(minutes=guest.minutes))
        able = {one for one in _able(days, start, guest.minutes) if days.board.may_sit(one, span)}
        panel = seated(guest.seats, [able] * len(guest.seats), days.board.load)
        if panel is None:
            continue
        room = _room(days, span)
        if days.batch.rooms is not None and room is None:
            continue
        days.board.put(guest.candidate_id, found_at(span, guest.seats, panel, room))
        return True
    return False


def _room(days: _Days, span: Span) -> UUID | None:
    """The smallest free room."""
    return next((id for id, free in days.rooms.items() if covers(free, span) and not days.board.in_room(id, span)), None)


def _by_moving_others(days: _Days, guest: Guest, tried: set[tuple[datetime, UUID]]) -> bool:
    """Take a time that others sit in, and find them another one; undone where they find none."""
    for start in days.starts[guest.candidate_id]:
        span = (start, start + timedelta(minutes=guest.minutes))
        able = _able(days, start, guest.minutes)
        for first in guest.seats[0].people():
            if first not in able or (start, first) in tried:
                continue
            tried.add((start, first))
            days.patience -= 1
            if days.patience < 0:
                return False
            if _pushed_in(days, guest, span, first, tried):
                return True
    return False


def _pushed_in(days: _Days, guest: Guest, span: Span, first: UUID, tried: set[tuple[datetime, UUID]]) -> bool:
    board, able = days.board, _able(days, span[0], guest.minutes)
    seats = (replace(guest.seats[0], pool=tuple({first} & set(guest.seats[0].pool)), trainees=tuple({first} & set(guest.seats[0].trainees))),
             *guest.seats[1:])
    in_the_way = {one: board.in_the_way(one, span) for one in able}
    panel = seated(seats, [able] * len(seats), {one: len(who) * 1000 + board.load.get(one, 0) for one, who in in_the_way.items()})
    if panel is None:
        return False
    out = {who for one in panel if one is not None for who in in_the_way[one]}
    before = board.snapshot()
    for who in out:
        board.take_out(who)
    room = _room(days, span)
    if days.batch.rooms is not None and room is None:
        room, others = _contested(days, span)
        out |= others
        for who in others:
            board.take_out(who)
    if (room is not None or days.batch.rooms is None) and all(board.may_sit(one, span) for one in panel if one is not None):
        board.put(guest.candidate_id, found_at(span, seats, panel, room))
        if all(_place(days, days.guests[who], tried) for who in sorted(out, key=str)):
            return True
    board.restore(before)
    return False


def _contested(days: _Days, span: Span) -> tuple[UUID | None, set[UUID]]:
    """The room that the fewest guests would have to leave."""
    possible = [(id, days.board.in_room(id, span)) for id, free in days.rooms.items() if covers(free, span)]
    return min(possible, key=lambda one: (len(one[1]), str(one[0])), default=(None, set()))


def _even_out(days: _Days, guest: Guest) -> None:
    """Same time, but with those who sit least."""
    now = days.board.placed.get(guest.candidate_id)
    if now is None:
        return
    days.board.take_out(guest.candidate_id)
    span = (now.starts_at, now.ends_at)
    able = {one for one in _able(days, now.starts_at, guest.minutes) if days.board.may_sit(one, span)}
    heavy = {one: count * count for one, count in days.board.load.items()}
    panel = seated(guest.seats, [able] * len(guest.seats), heavy)
    days.board.put(guest.candidate_id, found_at(span, guest.seats, panel, now.room_id) if panel else now)


def loads(plan: Plan) -> dict[UUID, int]:
    """Interviews a person."""
    count: dict[UUID, int] = defaultdict(int)
    for found in plan.placed.values():
        for person in (*found.panel, *found.shadows):
            count[person] += 1
    return dict(count)

