"""Finding times: every seat taken by somebody free, inside working hours, at hours that suit the candidate, spread over days.

Pure and deterministic: the same people, blocks and wish give the same slots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from shared.policy.calendar import WorkingCalendar
from shared.policy.wall import instant_of, zone_of

from .spans import Span, common, covers, merged, overlaps, without

GRID = timedelta(minutes=30)
AWAKE = ((time(8), time(21)),)
"""Nobody is offered an interview outside these hours of their own wall, whatever the panel's zone."""
DISCREET = ((time(12), time(13, 30)), (time(18, 30), time(20, 30)))
"""When somebody in a job can talk unseen (practice.md 2.3)."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sit in a panel: hours, what blocks them (busy, absent, booked), how much they sit already."""

    person_id: UUID
    calendar: WorkingCalendar
    blocked: Sequence[Span] = ()
    left_at: datetime | None = None
    load: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """A room and when it is taken."""

    room_id: UUID
    capacity: int
    blocked: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for. `panel`: AND of seats, each an OR of persons; `rooms` None: no room needed."""

    panel: Sequence[Sequence[UUID]]
    minutes: int
    earliest: datetime
    latest: datetime
    count: int = 4
    zone: str = "Asia/Shanghai"
    discreet: bool = True
    rooms: Sequence[Room] | None = None
    candidate_blocked: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One possible time with who sits in it, seat by seat."""

    starts_at: datetime
    ends_at: datetime
    panel: tuple[UUID, ...]
    room_id: UUID | None = None


@dataclass(slots=True)
class _Search:
    wish: Wish
    free: Mapping[UUID, list[Span]]
    load: Mapping[UUID, int]
    rooms: list[tuple[UUID, list[Span]]]
    candidate: list[Span]
    quiet_hours: list[Span] = field(default_factory=list)


def days_between(earliest: datetime, latest: datetime, zone: str) -> Iterator[date]:
    """The days of that wall which the range touches."""
    day, last = earliest.astimezone(zone_of(zone)).date(), latest.astimezone(zone_of(zone)).date()
    while day <= last:
        yield day
        day += _DAY


def wall_hours(hours: Iterable[tuple[time, time]], earliest: datetime, latest: datetime, zone: str) -> list[Span]:
    """These hours of every day in the range, on that zone's wall, as instants."""
    days = list(days_between(earliest, latest, zone))
    return common([(instant_of(day, opens, zone), instant_of(day, closes, zone)) for opens, closes in hours for day in days], [(earliest, latest)])


def free_time(person: Person, earliest: datetime, latest: datetime) -> list[Span]:
    """When this person works and nothing blocks them; nothing after they left."""
    until = latest if person.left_at is None else min(latest, person.left_at)
    if until <= earliest:
        return []
    working = [span for day in days_between(earliest, until, person.calendar.zone) for span in person.calendar.spans(day)]
    return without(common(working, [(earliest, until)]), person.blocked)


def seated(panel: Sequence[Sequence[UUID]], able: set[UUID], load: Mapping[UUID, int]) -> tuple[UUID, ...] | None:
    """One able person for each seat, nobody twice; the less burdened first, then the order of the list. None when it can't be."""
    def choose(seat: int, taken: tuple[UUID, ...]) -> tuple[UUID, ...] | None:
        if seat == len(panel):
            return taken
        options = [person for person in dict.fromkeys(panel[seat]) if person in able and person not in taken]
        for person in sorted(options, key=lambda one: load.get(one, 0)):
            if done := choose(seat + 1, (*taken, person)):
                return done
        return None
    return choose(0, ()) if panel else None


def find_slots(wish: Wish, people: Sequence[Person]) -> list[Found]:
    """Up to `wish.count` disjoint slots, in order of time; empty when nothing fits."""
    search = _prepare(wish, people)
    possible = [found for start in _starts(search) if (found := _at(search, start))]
    return _spread(search, possible)


def _prepare(wish: Wish, people: Sequence[Person]) -> _Search:
    free = {person.person_id: free_time(person, wish.earliest, wish.latest) for person in people}
    ordered = sorted(wish.rooms or (), key=lambda room: (room.capacity, str(room.room_id)))
    rooms = [(room.room_id, without([(wish.earliest, wish.latest)], room.blocked)) for room in ordered]
    awake = wall_hours(AWAKE, wish.earliest, wish.latest, wish.zone)
    return _Search(
        wish, free, {person.person_id: person.load for person in people}, rooms, without(awake, wish.candidate_blocked),
        wall_hours(DISCREET, wish.earliest, wish.latest, wish.zone) if wish.discreet else [])


def _starts(search: _Search) -> list[datetime]:
    """Every instant worth trying: the grid, and every opening (a feasible time can always be moved back to one)."""
    everybody = [span for seat in search.wish.panel for person in seat for span in search.free.get(person, ())]
    windows = common(common(everybody, search.candidate), [(search.wish.earliest, search.wish.latest)])
    starts = {opens for opens, _ in windows} | {opens for opens, _ in everybody} | {opens for _, free in search.rooms for opens, _ in free}
    for opens, closes in windows:
        start = _on_grid(opens)
        while start < closes:
            starts.add(start)
            start += GRID
    return sorted(starts)


def _on_grid(instant: datetime) -> datetime:
    """The instant, or the next half hour (every zone in use has an offset of whole half or quarter hours)."""
    past = timedelta(minutes=instant.minute % 30, seconds=instant.second, microseconds=instant.microsecond)
    return instant if not past else instant - past + GRID


def _at(search: _Search, start: datetime) -> Found | None:
    span = (start, start + timedelta(minutes=search.wish.minutes))
    if not covers(search.candidate, span):
        return None
    able = {person for person, free in search.free.items() if covers(free, span)}
    panel = seated(search.wish.panel, able, search.load)
    if panel is None:
        return None
    room = None
    if search.wish.rooms is not None:
        room = next((room_id for room_id, free in search.rooms if covers(free, span)), None)
        if room is None:
            return None
    return Found(span[0].astimezone(UTC), span[1].astimezone(UTC), panel, room)


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
    """Those of the candidates who are free for the whole span, in the order to try."""
    known = {person.person_id: person for person in people}
    able = [one for one in dict.fromkeys(candidates) if one in known and covers(merged(free_time(known[one], *span)), span)]
    return sorted(able, key=lambda one: known[one].load)
