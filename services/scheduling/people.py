"""The diary: who works when, who is away, busy or booked, which rooms there are. All but the bookings is a projection of intake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.party import Absence, PersonRecord
from shared.contracts.scheduling import BusyNoted, RoomRecord
from shared.policy.loader import PolicyError, load_calendar
from shared.policy.wall import CalendarError, zone_of
from shared.runtime.db import Uow

from .domain.search import Person, Room
from .domain.spans import Span

_BLOCKED = """select person_id, starts_at, ends_at, false as ours from absences
    where person_id = any($1) and starts_at < $3 and ends_at > $2
  union all select person_id, starts_at, ends_at, false from busy where person_id = any($1) and starts_at < $3 and ends_at > $2
  union all select person_id, lower(at), upper(at), true from bookings where person_id = any($1) and active and at && tstzrange($2, $3)"""


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
        "insert into busy values (:id, :person, :start, :end) on conflict (busy_id) do update set person_id = excluded.person_id,"
        " starts_at = excluded.starts_at, ends_at = excluded.ends_at",
        id=busy.busy_id, person=busy.person_id, start=busy.starts_at, end=busy.ends_at)


async def save_room(uow: Uow, room: RoomRecord) -> None:
    """A room; an older version changes nothing."""
    await uow.run(
        "insert into rooms values (:id, :version, :zone, :capacity) on conflict (room_id) do update set version = excluded.version,"
        " zone = excluded.zone, capacity = excluded.capacity where excluded.version >= rooms.version",
        id=room.room_id, version=room.version, zone=room.zone, capacity=room.capacity)


async def room_ids(uow: Uow) -> list[UUID]:
    """All rooms."""
    return [row["room_id"] for row in await uow.rows("select room_id from rooms order by room_id")]


async def blocked_of(uow: Uow, ids: Collection[UUID], earliest: datetime, latest: datetime) -> dict[UUID, list[tuple[Span, bool]]]:
    """What blocks each of these persons in the range; True marks our own bookings."""
    found: dict[UUID, list[tuple[Span, bool]]] = defaultdict(list)
    for row in await uow.pg.fetch(_BLOCKED, list(ids), earliest, latest):
        found[row["person_id"]].append(((row["starts_at"], row["ends_at"]), row["ours"]))
    return found


def _person(row: Mapping[str, Any], blocked: Sequence[tuple[Span, bool]]) -> Person | None:
    """None for somebody whose calendar or zone nobody knows: without hours nothing can be offered."""
    try:
        zone_of(row["zone"])
        calendar = load_calendar(row["calendar"]).in_zone(row["zone"])
    except (PolicyError, CalendarError):
        return None
    return Person(row["person_id"], calendar, [span for span, _ in blocked], row["left_at"], sum(1 for _, ours in blocked if ours))


async def load_people(uow: Uow, ids: Collection[UUID], earliest: datetime, latest: datetime) -> list[Person]:
    """Those of these persons who are known, with what blocks them in the range."""
    rows = await uow.rows("select * from people where person_id = any(cast(:ids as uuid[])) order by person_id", ids=list(ids))
    blocked = await blocked_of(uow, ids, earliest, latest)
    return [person for row in rows if (person := _person(row, blocked.get(row["person_id"], ())))]


async def unknown_among(uow: Uow, ids: Collection[UUID]) -> UUID | None:
    """The first of these persons whom intake has not told of yet."""
    rows = await uow.rows("select person_id from people where person_id = any(cast(:ids as uuid[]))", ids=list(ids))
    known = {row["person_id"] for row in rows}
    return next((person for person in sorted(ids, key=str) if person not in known), None)


async def away(uow: Uow, ids: Collection[UUID], span: Span) -> list[UUID]:
    """Who of these has left by then or is absent for a part of it."""
    rows = await uow.rows(
        "select person_id from people where person_id = any(cast(:ids as uuid[])) and left_at < :end"
        " union select person_id from absences where person_id = any(cast(:ids as uuid[])) and starts_at < :end and ends_at > :start",
        ids=list(ids), start=span[0], end=span[1])
    return [row["person_id"] for row in rows]


async def load_rooms(uow: Uow, *, seats: int, earliest: datetime, latest: datetime) -> list[Room]:
    """Rooms for that many people, with when they are taken."""
    rows = await uow.rows("select room_id, capacity from rooms where capacity >= :seats order by capacity, room_id", seats=seats)
    taken = await uow.rows(
        "select room_id, lower(at) as starts_at, upper(at) as ends_at from room_bookings where active and at && tstzrange(:start, :end)",
        start=earliest, end=latest)
    blocked: dict[UUID, list[Span]] = defaultdict(list)
    for row in taken:
        blocked[row["room_id"]].append((row["starts_at"], row["ends_at"]))
    return [Room(row["room_id"], row["capacity"], blocked.get(row["room_id"], ())) for row in rows]
