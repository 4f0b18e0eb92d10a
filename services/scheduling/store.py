"""Interviews, sessions and bookings: what is owned. A session is one possible or agreed time; who sits in it are its bookings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.db import Uow

from .domain.interview import Appointment, Group, Interview, wall_of
from .domain.search import Found

_INTERVIEW = "hire_id, requisition_id, candidate_id, round, minutes, mode, zone, state, version, session_id, starts_at, ends_at, wall_start, panel, room_id, reason, loop_id, moves, shadows"
_NAMES = _INTERVIEW.split(", ")
_LOAD = ("select i.*, s.capacity, s.version as group_version, s.state <> 'freed' as stands, s.requisition_id is not null as grouped"
         " from interviews i left join sessions s using (session_id)")
_SAVE = (f"insert into interviews (interview_id, {_INTERVIEW}) values (:interview_id, {', '.join(':' + name for name in _NAMES)})"
         f" on conflict (interview_id) do update set {', '.join(f'{name} = excluded.{name}' for name in _NAMES)}")


@dataclass(frozen=True, slots=True)
class Session:
    """A held, booked or freed time of one interview, or (`group`) of all who have a chair in it."""

    session_id: UUID
    interview_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None
    state: str
    panel: tuple[UUID, ...]
    shadows: tuple[UUID, ...] = ()
    group: Group | None = None
    taken: int = 0

    def appointment(self, zone: str) -> Appointment:
        """This time as something agreed on that wall."""
        return Appointment(
            self.session_id, self.starts_at, self.ends_at, wall_of(self.starts_at, zone), self.panel, self.room_id, self.shadows, self.group)


async def lock_calendars(uow: Uow, ids: Iterable[UUID]) -> None:
    """Take turns with everybody who plans with one of these persons or rooms, until the transaction ends; sorted, so that nobody waits in a ring."""
    await uow.pg.execute(
        "select pg_advisory_xact_lock(7101, h) from (select distinct hashtext(k) as h from unnest($1::text[]) as k order by 1) as keys",
        [str(id) for id in ids])


async def load_interview(uow: Uow, interview_id: UUID) -> Interview | None:
    """The interview, locked; None when it is not known."""
    row = await uow.one(f"{_LOAD} where i.interview_id = :id for update of i", id=interview_id)
    return _interview(row) if row else None


async def seated(uow: Uow, session_id: UUID) -> list[Interview]:
    """The interviews of all who have a chair in this session, locked."""
    rows = await uow.rows(f"{_LOAD} where i.session_id = :id and i.state = 'scheduled' order by i.interview_id for update of i", id=session_id)
    return [_interview(row) for row in rows]


def _interview(row: Any) -> Interview:
    appointment = None
    if row["session_id"] is not None:
        group = Group(row["capacity"], row["group_version"], row["stands"]) if row["grouped"] else None
        appointment = Appointment(
            row["session_id"], row["starts_at"], row["ends_at"], row["wall_start"], tuple(row["panel"]), row["room_id"], tuple(row["shadows"]), group)
    return Interview(
        row["interview_id"], row["hire_id"], row["requisition_id"], row["candidate_id"], row["round"], row["minutes"], row["mode"], row["zone"],
        row["state"], row["version"], appointment, row["reason"], row["loop_id"], row["moves"])


async def save_interview(uow: Uow, one: Interview) -> None:
    """Write the whole state."""
    now = one.appointment
    await uow.run(
        _SAVE, interview_id=one.interview_id, hire_id=one.hire_id, requisition_id=one.requisition_id, candidate_id=one.candidate_id,
        round=one.round, minutes=one.minutes, mode=one.mode, zone=one.zone, state=one.state, version=one.version, reason=one.reason,
        session_id=now and now.session_id, starts_at=now and now.starts_at, ends_at=now and now.ends_at, wall_start=now and now.wall_start,
        panel=list(now.panel) if now else None, room_id=now and now.room_id,
        loop_id=one.loop_id, moves=one.moves, shadows=list(now.shadows) if now else [])


async def hold(
    uow: Uow, interview: Interview, slots: Sequence[tuple[UUID, Found]], *, until: datetime | None = None, ways: Sequence[UUID | None] = (),
) -> None:
    """Hold these times for the candidate: they take part in the exclusion from now on. Raises ExclusionViolationError for a double booking.

    `until`: afterwards whoever needs the time may have it. `ways[n]`: which way of a loop the n-th slot belongs to.
    """
    if not slots:
        return
    await uow.many(
        "insert into sessions (session_id, interview_id, starts_at, ends_at, room_id, state, held_until, way_id)"
        " values (:id, :interview, :start, :end, :room, 'held', :until, :way)",
        [{"id": id, "interview": interview.interview_id, "start": slot.starts_at, "end": slot.ends_at, "room": slot.room_id, "until": until,
          "way": ways[n] if ways else None} for n, (id, slot) in enumerate(slots)])
    rows = [
        (id, person, role, seat, slot.starts_at, slot.ends_at)
        for id, slot in slots
        for role, people in (("candidate", (interview.candidate_id,)), ("panel", slot.panel), ("shadow", slot.shadows))
        for seat, person in enumerate(people)]
    await uow.pg.execute(
        "insert into bookings (session_id, person_id, role, seat, at) select s, p, r, n, tstzrange(a, b)"
        " from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[]) as x (s, p, r, n, a, b)",
        *[list(column) for column in zip(*rows, strict=True)])
    await uow.many(
        "insert into room_bookings (session_id, room_id, at) values (:id, :room, tstzrange(:start, :end))",
        [{"id": id, "room": slot.room_id, "start": slot.starts_at, "end": slot.ends_at} for id, slot in slots if slot.room_id])


async def load_session(uow: Uow, session_id: UUID) -> Session | None:
    """One session with its panel in the order of the seats."""
    row = await uow.one("select * from sessions where session_id = :id for update", id=session_id)
    return None if row is None else await session_of(uow, row)


async def session_of(uow: Uow, row: Any) -> Session:
    """The session of a row of the table."""
    seats = await uow.rows("select person_id, role from bookings where session_id = :id and active order by seat", id=row["session_id"])
    panel, shadows = (tuple(seat["person_id"] for seat in seats if seat["role"] == role) for role in ("panel", "shadow"))
    group = Group(row["capacity"], row["version"], row["state"] != "freed") if row["requisition_id"] else None
    return Session(
        row["session_id"], row["interview_id"], row["starts_at"], row["ends_at"], row["room_id"], row["state"], panel, shadows, group, row["taken"])


async def sessions_of_way(uow: Uow, way_id: UUID) -> list[Session]:
    """All slots of one way of a loop, in order of time."""
    rows = await uow.rows("select * from sessions where way_id = :id order by starts_at for update", id=way_id)
    return [await session_of(uow, row) for row in rows]


async def of_loop(uow: Uow, loop_id: UUID) -> list[Interview]:
    """The interviews of a loop, locked."""
    return [_interview(row) for row in await uow.rows(f"{_LOAD} where i.loop_id = :id order by i.interview_id for update of i", id=loop_id)]


async def no_shows(uow: Uow, hire_id: UUID) -> int:
    """How often the candidate of this hire stayed away."""
    return int(await uow.value("select count(*) from interviews where hire_id = :id and state = 'no_show' and reason = 'candidate_absent'", id=hire_id))


async def expire_holds(uow: Uow, ids: Iterable[UUID]) -> None:
    """What was held for others with these people, longer than promised, is free again."""
    rows = await uow.rows(
        "update sessions s set state = 'freed' where s.state = 'held' and s.held_until < :now and exists (select 1 from bookings b"
        " where b.session_id = s.session_id and b.active and b.person_id = any(cast(:ids as uuid[]))) returning s.session_id", now=uow.now, ids=list(ids))
    await _inactive(uow, [row["session_id"] for row in rows])


async def take_place(uow: Uow, session_id: UUID) -> None:
    """Book the held session; the table's check refuses more than its capacity."""
    await uow.run("update sessions set state = 'booked', taken = taken + 1 where session_id = :id", id=session_id)


async def free(uow: Uow, interview_id: UUID, *, states: Sequence[str], keep: UUID | None = None) -> int:
    """Free the interview's sessions in these states, but not `keep`; returns how many."""
    rows = await uow.rows(
        "update sessions set state = 'freed', taken = 0 where interview_id = :id and state = any(cast(:states as text[]))"
        " and session_id is distinct from :keep returning session_id", id=interview_id, states=list(states), keep=keep)
    await _inactive(uow, [row["session_id"] for row in rows])
    return len(rows)


async def _inactive(uow: Uow, ids: Sequence[UUID]) -> None:
    await uow.run("update bookings set active = false where session_id = any(cast(:ids as uuid[]))", ids=list(ids))
    await uow.run("update room_bookings set active = false where session_id = any(cast(:ids as uuid[]))", ids=list(ids))


async def shift(uow: Uow, session_id: UUID, *, starts_at: datetime, ends_at: datetime) -> None:
    """The same session at another instant. Raises ExclusionViolationError where somebody is booked then."""
    values = {"id": session_id, "start": starts_at, "end": ends_at}
    await uow.run("update sessions set starts_at = :start, ends_at = :end where session_id = :id", **values)
    await uow.run("update bookings set at = tstzrange(:start, :end) where session_id = :id and active", **values)
    await uow.run("update room_bookings set at = tstzrange(:start, :end) where session_id = :id and active", **values)


async def booked_over(uow: Uow, session_id: UUID, span: tuple[datetime, datetime]) -> bool:
    """Whether somebody, or the room, of this session has another session in the span."""
    taken = await uow.value(
        "select exists (select 1 from bookings mine join bookings other using (person_id) where mine.session_id = :id and mine.active"
        " and other.session_id <> :id and other.active and other.at && tstzrange(:start, :end))"
        " or exists (select 1 from room_bookings mine join room_bookings other using (room_id) where mine.session_id = :id and mine.active"
        " and other.session_id <> :id and other.active and other.at && tstzrange(:start, :end))", id=session_id, start=span[0], end=span[1])
    return bool(taken)


async def change_seat(uow: Uow, session_id: UUID, *, out_id: UUID, in_id: UUID) -> None:
    """Give a seat to somebody else. Raises ExclusionViolationError when they are booked then."""
    seat = await uow.one("update bookings set active = false where session_id = :id and person_id = :out returning seat, at", id=session_id, out=out_id)
    if seat is None:
        raise LookupError("no such seat")
    await uow.run(
        "insert into bookings (session_id, person_id, role, seat, at) select session_id, :who, 'panel', seat, at from bookings"
        " where session_id = :id and person_id = :out"
        " on conflict (session_id, person_id) do update set active = true, seat = excluded.seat", id=session_id, who=in_id, out=out_id)
