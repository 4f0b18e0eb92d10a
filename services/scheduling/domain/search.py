"""Finding times: every seat taken by somebody free, inside working hours, at hours that suit the candidate, spread over days.

Pure and deterministic: the same people, blocks and wish give the same slots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from shared.policy.calendar import WorkingCalendar
from shared.policy.wall import instant_of, zone_of

from .limits import NO_LIMITS, Limits, Sitting, asks_too_much, closed_by, days_between, keeps_lunch, lunch_ends
from .seats import Seat, seated, seats_of
from .spans import Span, common, covers, merged, overlaps, without

GRID = timedelta(minutes=30)
AWAKE = ((time(8), time(21)),)
"""Nobody is offered an interview outside these hours of their own wall, whatever the panel's zone."""
DISCREET = ((time(12), time(13, 30)), (time(18, 30), time(20, 30)))
"""When somebody in a job can talk unseen (practice.md 2.3)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sit in a panel: hours, what blocks them (busy, absent), what they sit in already, how much that is.

    `load` is what fairness compares: interviews in the range; `limits` what may not be exceeded.
    """

    person_id: UUID
    calendar: WorkingCalendar
    blocked: Sequence[Span] = ()
    left_at: datetime | None = None
    load: int = 0
    sittings: Sequence[Sitting] = ()
    limits: Limits = NO_LIMITS

    def taken(self) -> list[Span]:
        """Everything in the diary."""
        return [*self.blocked, *(one.span for one in self.sittings)]


@dataclass(frozen=True, slots=True)
class Room:
    """A room or a meeting link and when it is taken."""

    room_id: UUID
    capacity: int
    blocked: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for. `panel`: AND of seats, each an OR of persons (`seats`, if given, says more); `rooms` None: none needed.

    `candidate_open`: the candidate's own proposals; where given, nothing outside them.
    """

    panel: Sequence[Sequence[UUID]]
    minutes: int
    earliest: datetime
    latest: datetime
    count: int = 4
    zone: str = "Asia/Shanghai"
    discreet: bool = True
    rooms: Sequence[Room] | None = None
    candidate_blocked: Sequence[Span] = ()
    candidate_open: Sequence[Span] | None = None
    seats: Sequence[Seat] = ()
    not_at: Sequence[datetime] = ()
    """Times that were offered before and did not suit."""

    def chairs(self) -> Sequence[Seat]:
        """The panel, chair by chair."""
        return self.seats or seats_of(self.panel)


@dataclass(frozen=True, slots=True)
class Found:
    """One possible time with who sits in it, seat by seat; `shadows` only listen."""

    starts_at: datetime
    ends_at: datetime
    panel: tuple[UUID, ...]
    room_id: UUID | None = None
    shadows: tuple[UUID, ...] = ()


@dataclass(slots=True)
class _Search:
    wish: Wish
    people: Mapping[UUID, Person]
    free: Mapping[UUID, list[Span]]
    load: Mapping[UUID, int]
    rooms: list[tuple[UUID, list[Span]]]
    candidate: list[Span]
    quiet_hours: list[Span] = field(default_factory=list)


def wall_hours(hours: Iterable[tuple[time, time]], earliest: datetime, latest: datetime, zone: str) -> list[Span]:
    """These hours of every day in the range, on that zone's wall, as instants."""
    days = list(days_between(earliest, latest, zone))
    return common([(instant_of(day, opens, zone), instant_of(day, closes, zone)) for opens, closes in hours for day in days], [(earliest, latest)])


def free_time(person: Person, earliest: datetime, latest: datetime, *, minutes: int = 0) -> list[Span]:
    """When this person works, nothing blocks them and their limits leave room for `minutes`; nothing after they left."""
    until = latest if person.left_at is None else min(latest, person.left_at)
    if until <= earliest or asks_too_much(person.limits, minutes):
        return []
    zone = person.calendar.zone
    working = [span for day in days_between(earliest, until, zone) for span in person.calendar.spans(day)]
    closed = closed_by(person.limits, person.sittings, minutes=minutes, within=(earliest, until), zone=zone)
    return without(common(working, [(earliest, until)]), [*person.blocked, *closed])


def able_at(people: Mapping[UUID, Person], free: Mapping[UUID, list[Span]], span: Span) -> set[UUID]:
    """Who can take that span: free for the whole of it, and with lunch left."""
    return {
        id for id, spans in free.items()
        if covers(spans, span) and (people[id].limits.lunch is None or keeps_lunch(people[id].limits, people[id].taken(), span, people[id].calendar.zone))}


def find_slots(wish: Wish, people: Sequence[Person]) -> list[Found]:
    """Up to `wish.count` disjoint slots, in order of time; empty when nothing fits."""
    search = _prepare(wish, people)
    possible = [found for start in _starts(search) if (found := _at(search, start))]
    return _spread(search, possible)


def _prepare(wish: Wish, people: Sequence[Person]) -> _Search:
    free = {person.person_id: free_time(person, wish.earliest, wish.latest, minutes=wish.minutes) for person in people}
    ordered = sorted(wish.rooms or (), key=lambda room: (room.capacity, str(room.room_id)))
    rooms = [(room.room_id, without([(wish.earliest, wish.latest)], room.blocked)) for room in ordered]
    awake = wall_hours(AWAKE, wish.earliest, wish.latest, wish.zone)
    if wish.candidate_open is not None:  # what somebody proposes suits them, whatever the hour
        awake = common(wish.candidate_open, [(wish.earliest, wish.latest)])
    return _Search(
        wish, {person.person_id: person for person in people}, free, {person.person_id: person.load for person in people}, rooms,
        without(awake, wish.candidate_blocked), wall_hours(DISCREET, wish.earliest, wish.latest, wish.zone) if wish.discreet else [])


def _starts(search: _Search) -> list[datetime]:
    """Every instant worth trying: the grid, and every opening (a feasible time can always be moved back to one)."""
    everybody = merged(span for one in {one for seat in search.wish.chairs() for one in seat.people()} for span in search.free.get(one, ()))
    openings = {opens for spans in search.free.values() for opens, _ in spans}
    openings |= {after for one in search.people.values() for after in lunch_ends(
        one.limits, one.taken(), within=(search.wish.earliest, search.wish.latest), zone=one.calendar.zone)}
    windows = common(common(everybody, search.candidate), [(search.wish.earliest, search.wish.latest)])
    starts = {opens for opens, _ in windows} | openings | {opens for _, free in search.rooms for opens, _ in free}
    for opens, closes in windows:
        start = _on_grid(opens)
        while start < closes:
            starts.add(start)
            start += GRID
    return sorted(starts - set(search.wish.not_at))


def _on_grid(instant: datetime) -> datetime:
    """The instant, or the next half hour (every zone in use has an offset of whole half or quarter hours)."""
    past = timedelta(minutes=instant.minute % 30, seconds=instant.second, microseconds=instant.microsecond)
    return instant if not past else instant - past + GRID


def _at(search: _Search, start: datetime) -> Found | None:
    span = (start, start + timedelta(minutes=search.wish.minutes))
    if not covers(search.candidate, span):
        return None
    chairs, able = search.wish.chairs(), able_at(search.people, search.free, span)
    panel = seated(chairs, [able] * len(chairs), search.load)
    if panel is None:
        return None
    room = None
    if search.wish.rooms is not None:
        room = next((room_id for room_id, free in search.rooms if covers(free, span)), None)
        if room is None:
            return None
    return found_at(span, chairs, panel, room)


def found_at(span: Span, chairs: Sequence[Seat], panel: Sequence[UUID | None], room: UUID | None) -> Found:
    """The slot: who counts in the order of the chairs, who only listens apart."""
    sits = [(seat.optional, one) for seat, one in zip(chairs, panel, strict=True) if one is not None]
    return Found(
        span[0].astimezone(UTC), span[1].astimezone(UTC), tuple(one for shadow, one in sits if not shadow), room,
        tuple(one for shadow, one in sits if shadow))


def _spread(search: _Search, possible: list[Found]) -> list[Found]:
    """Take the best again and again: a day with fewer slots first, then hours that suit, then round times, then early."""
    zone = zone_of(search.wish.zone)
    chosen: list[Found] = []
    on_day: Counter[date] = Counter()
    rest = list(possible)
    while rest and len(chosen) < search.wish.count:
        best = min(rest, key=lambda one: (
            on_day[one.starts_at.astimezone(zone).date()], not covers(search.quiet_hours, (one.starts_at, one.ends_at)),
            one.starts_at != _on_grid(one.starts_at), one.starts_at))
        chosen.append(best)
        on_day[best.starts_at.astimezone(zone).date()] += 1
        rest = [one for one in rest if not overlaps((one.starts_at, one.ends_at), (best.starts_at, best.ends_at))]
    return sorted(chosen, key=lambda one: one.starts_at)


def stand_in(candidates: Sequence[UUID], people: Sequence[Person], span: Span) -> list[UUID]:
    """Those of the candidates who are free for the whole span, within their limits, in the order to try."""
    known = {person.person_id: person for person in people}
    minutes = int((span[1] - span[0]).total_seconds() // 60)
    free = {id: merged(free_time(person, *span, minutes=minutes)) for id, person in known.items()}
    able = able_at(known, free, span)
    return sorted((one for one in dict.fromkeys(candidates) if one in able), key=lambda one: known[one].load)
