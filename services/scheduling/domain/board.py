"""What a batch has placed so far: asked thousands of times whether somebody can still sit, so kept per person and room."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import UUID

from .limits import days_of, keeps_lunch, week_of
from .search import Found, Person
from .spans import Span, overlaps


class Board:
    """Placed interviews by guest; per person spans, loads, and what the person's limits say to one more."""

    def __init__(self, people: Mapping[UUID, Person]) -> None:
        self._people = people
        self.placed: dict[UUID, Found] = {}
        self._sits: dict[UUID, dict[UUID, Span]] = defaultdict(dict)
        self._rooms: dict[UUID, dict[UUID, Span]] = defaultdict(dict)
        self.load: Counter[UUID] = Counter({id: one.load for id, one in people.items()})

    def put(self, guest: UUID, found: Found) -> None:
        """Place the guest there."""
        self.placed[guest] = found
        span = (found.starts_at, found.ends_at)
        for person in (*found.panel, *found.shadows):
            self._sits[person][guest] = span
            self.load[person] += 1
        if found.room_id is not None:
            self._rooms[found.room_id][guest] = span

    def take_out(self, guest: UUID) -> None:
        """The guest has no place any more."""
        found = self.placed.pop(guest, None)
        if found is None:
            return
        for person in (*found.panel, *found.shadows):
            del self._sits[person][guest]
            self.load[person] -= 1
        if found.room_id is not None:
            del self._rooms[found.room_id][guest]

    def snapshot(self) -> dict[UUID, Found]:
        """What `restore` brings back."""
        return dict(self.placed)

    def restore(self, before: Mapping[UUID, Found]) -> None:
        """As it was."""
        for guest in [one for one, found in self.placed.items() if before.get(one) is not found]:
            self.take_out(guest)
        for guest, found in before.items():
            if guest not in self.placed:
                self.put(guest, found)

    def in_room(self, room: UUID, span: Span) -> set[UUID]:
        """Guests in that room then."""
        return {guest for guest, taken in self._rooms[room].items() if overlaps(taken, span)}

    def may_sit(self, person: UUID, span: Span) -> bool:
        """Whether nothing of this batch and no limit stands against it."""
        return not self.in_the_way(person, span)

    def in_the_way(self, person: UUID, span: Span) -> set[UUID]:
        """Guests who would have to move for this person to sit then; a full day or week names its last ones."""
        one, mine = self._people[person], self._sits[person]
        buffer = one.limits.buffer
        wide = (span[0] - buffer, span[1] + buffer)
        out = {guest for guest, taken in mine.items() if overlaps(taken, wide)}
        rest = {guest: taken for guest, taken in mine.items() if guest not in out}
        for guest in self._over(one, rest, span):
            out.add(guest)
            rest.pop(guest, None)
        if one.limits.lunch is not None and not keeps_lunch(one.limits, [*one.taken(), *rest.values()], span, one.calendar.zone):
            out |= {guest for guest, taken in rest.items() if set(days_of(taken, one.calendar.zone)) & set(days_of(span, one.calendar.zone))}
        return out

    def _over(self, one: Person, rest: Mapping[UUID, Span], span: Span) -> list[UUID]:
        """Who is too many for the day's and the week's limits, the latest first."""
        zone, limits = one.calendar.zone, one.limits
        if limits.per_day is None and limits.per_week is None and limits.minutes_per_day is None:
            return []
        days = set(days_of(span, zone))
        same_day = [guest for guest, taken in rest.items() if days & set(days_of(taken, zone))]
        weeks = {week_of(day) for day in days}
        same_week = [guest for guest, taken in rest.items() if weeks & {week_of(day) for day in days_of(taken, zone)}]
        out: list[UUID] = []
        if limits.per_day is not None:
            out += same_day[max(0, limits.per_day - 1 - _held(one, lambda day: day in days)):]
        if limits.per_week is not None:
            room = limits.per_week - 1 - _held(one, lambda day: week_of(day) in weeks)
            out += [guest for guest in same_week if guest not in out][max(0, room):]
        if limits.minutes_per_day is not None:
            out += self._too_long(one, [guest for guest in same_day if guest not in out], span)
        return out

    def _too_long(self, one: Person, same_day: list[UUID], span: Span) -> list[UUID]:
        """Who has to go so that the day's minutes are enough."""
        zone, limit = one.calendar.zone, timedelta(minutes=one.limits.minutes_per_day or 0)
        days = set(days_of(span, zone))
        held: dict[UUID, timedelta] = {}
        for sitting in one.sittings:
            if days & set(days_of(sitting.span, zone)):
                held[sitting.interview_id] = max(sitting.span[1] - sitting.span[0], held.get(sitting.interview_id, timedelta()))
        left, out = limit - (span[1] - span[0]) - sum(held.values(), timedelta()), []
        for guest in same_day:
            taken = self._sits[one.person_id][guest]
            if taken[1] - taken[0] > left:
                out.append(guest)
            else:
                left -= taken[1] - taken[0]
        return out


def _held(one: Person, counts: Callable[[date], bool]) -> int:
    """Interviews that the person sat in before this batch, on the days that count."""
    return len({sitting.interview_id for sitting in one.sittings if any(counts(day) for day in days_of(sitting.span, one.calendar.zone))})
