"""The diary: who works when, who is away, busy or booked, which rooms there are. All but the bookings is a projection of intake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts.party import Absence, PersonRecord
from shared.contracts.scheduling import BusyNoted, RoomRecord
from shared.policy.loader import PolicyError, load_calendar
from shared.policy.wall import CalendarError, zone_of
from shared.runtime.db import Uow

from .domain.limits import NO_LIMITS, Limits, Sitting
from .domain.search import Person, Room
from .domain.spans import Span

_AROUND = timedelta(days=8)
"""Limits count whole days and weeks: what was planned just outside the range counts as well."""
_OTHERS = """select person_id, starts_at, ends_at from absences where person_id = any($1) and starts_at < $3 and ends_at > $2
  union all select person_id, starts_at, ends_at from busy where person_id = any($1) and starts_at < $3 and ends_at > $2"""
_OURS = """select b.person_id, lower(b.at) as starts_at, upper(b.at) as ends_at, coalesce(s.interview_id, s.session_id) as interview_id
  from bookings b join sessions s using (session_id) where b.person_id = any($1) and b.active and b.at && tstzrange($2, $3)"""


@dataclass(frozen=True, slots=True)
class Diary:
    """What stands in one person's diary: foreign blocks (and other times of the interview in question), and other interviews."""

    blocked: list[Span]
    sittings: list[Sitting]

    def spans(self) -> list[Span]:
        """Everything."""
        return [*self.blocked, *(one.span for one in self.sittings)]


async def save_person(uow: Uow, record: PersonRecord) -> None:
    """Zone, calendar, absences and leaving of a person; an older version changes nothing."""
    await uow.run(
        "insert into people (person_id, version, zone, calendar, left_at) values (:id, :version, :zone, :calendar, :left_at)"
        " on conflict (person_id) do update set version = excluded.version, zone = excluded.zone, calendar = excluded.calendar,"
        " left_at = excluded.left_at where excluded.version >= people.version",
        id=record.person_id, version=record.version, zone=record.zone, calendar=record.calendar, left_at=record.left_at)
    for absence in record.absences:
        await save_absence(uow, record.person_id, absence)


async def save_absence(uow: Uow, person_id: UUID, absence: Absence) -> None:
    """Somebody is away."""
    if absence.starts_at < absence.ends_at:
        await uow.run("insert into absences values (:id, :start, :end) on conflict do nothing", id=person_id, start=absence.starts_at, end=absence.ends_at)


async def save_busy(uow: Uow, busy: BusyNoted) -> None:
    """A busy time of a person's own calendar; the same id again replaces it."""
    await uow.run(
        "insert into busy (busy_id, person_id, starts_at, ends_at) values (:id, :person, :start, :end) on conflict (busy_id) do update set person_id = excluded.person_id,"
        " starts_at = excluded.starts_at, ends_at = excluded.ends_at",
        id=busy.busy_id, person=busy.person_id, start=busy.starts_at, end=busy.ends_at)


async def save_room(uow: Uow, room: RoomRecord) -> None:
    """A room; an older version changes nothing."""
    await uow.run(
        "insert into rooms (room_id, version, zone, capacity, kind) values (:id, :version, :zone, :capacity, :kind)"
        " on conflict (room_id) do update set version = excluded.version, zone = excluded.zone, capacity = excluded.capacity,"
        " kind = excluded.kind where excluded.version >= rooms.version",
        id=room.room_id, version=room.version, zone=room.zone, capacity=room.capacity, kind=room.kind)


async def room_ids(uow: Uow, mode: str) -> list[UUID]:
    """What an interview of this mode needs one of: rooms on site, meeting links for video (none where the firm keeps no list of them)."""
    kind = {"onsite": "room", "video": "link"}.get(mode)
    return [row["room_id"] for row in await uow.rows("select room_id from rooms where kind = :kind order by room_id", kind=kind)]


async def diaries(uow: Uow, ids: Collection[UUID], within: Span, *, but: Collection[UUID] = ()) -> dict[UUID, Diary]:
    """The diaries of these persons around that time. Times of the interviews `but` block, but count for no limit."""
    found: dict[UUID, Diary] = defaultdict(lambda: Diary([], []))
    for row in await uow.pg.fetch(_OTHERS, list(ids), *within):
        found[row["person_id"]].blocked.append((row["starts_at"], row["ends_at"]))
    for row in await uow.pg.fetch(_OURS, list(ids), within[0] - _AROUND, within[1] + _AROUND):
        span = (row["starts_at"], row["ends_at"])
        if row["interview_id"] in but:
            found[row["person_id"]].blocked.append(span)
        else:
            found[row["person_id"]].sittings.append(Sitting(span, row["interview_id"]))
    return found


def _person(row: Any, diary: Diary, limits: Limits) -> Person | None:
    """None for somebody whose calendar or zone nobody knows: without hours nothing can be offered."""
    try:
        zone_of(row["zone"])
        calendar = load_calendar(row["calendar"]).in_zone(row["zone"])
    except (PolicyError, CalendarError):
        return None
    load = len({one.interview_id for one in diary.sittings})
    return Person(row["person_id"], calendar, diary.blocked, row["left_at"], load, diary.sittings, limits)


async def load_people(
    uow: Uow, ids: Collection[UUID], within: Span, *, limits: Callable[[UUID], Limits] = lambda _: NO_LIMITS, but: Collection[UUID] = (),
) -> list[Person]:
    """Those of these persons who are known, with what blocks them in the range."""
    rows = await uow.rows("select * from people where person_id = any(cast(:ids as uuid[])) order by person_id", ids=list(ids))
    diary = await diaries(uow, ids, within, but=but)
    return [person for row in rows if (person := _person(row, diary[row["person_id"]], limits(row["person_id"])))]


async def unknown_among(uow: Uow, ids: Collection[UUID]) -> UUID | None:
    """The first of these persons whom intake has not told of yet."""
    rows = await uow.rows("select person_id from people where person_id = any(cast(:ids as uuid[]))", ids=list(ids))
    known = {row["person_id"] for row in rows}
    return next((person for person in sorted(ids, key=str) if person not in known), None)


async def away(uow: Uow, ids: Collection[UUID], span: Span) -> list[UUID]:
    """Who of these has left by then, or is absent or busy for a part of it."""
    rows = await uow.rows(
        "select person_id from people where person_id = any(cast(:ids as uuid[])) and left_at < :end"
        " union select person_id from absences where person_id = any(cast(:ids as uuid[])) and starts_at < :end and ends_at > :start"
        " union select person_id from busy where person_id = any(cast(:ids as uuid[])) and starts_at < :end and ends_at > :start",
        ids=list(ids), start=span[0], end=span[1])
    return [row["person_id"] for row in rows]


async def load_rooms(uow: Uow, ids: Sequence[UUID], within: Span, *, seats: int) -> list[Room]:
    """Those of these rooms that hold so many people, with when they are taken."""
    rows = await uow.rows(
        "select room_id, capacity from rooms where room_id = any(cast(:ids as uuid[])) and capacity >= :seats order by capacity, room_id",
        ids=list(ids), seats=seats)
    taken = await uow.rows(
        "select room_id, lower(at) as starts_at, upper(at) as ends_at from room_bookings where active and at && tstzrange(:start, :end)",
        start=within[0], end=within[1])
    blocked: dict[UUID, list[Span]] = defaultdict(list)
    for row in taken:
        blocked[row["room_id"]].append((row["starts_at"], row["ends_at"]))
    return [Room(row["room_id"], row["capacity"], blocked.get(row["room_id"], ())) for row in rows]
