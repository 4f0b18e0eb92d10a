"""Interviews, sessions and bookings: what is owned. A session is one possible or agreed time; who sits in it are its bookings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.db import Uow

from .domain.interview import Appointment, Interview, wall_of
from .domain.search import Found

_INTERVIEW = "hire_id, requisition_id, candidate_id, round, minutes, mode, zone, state, version, session_id, starts_at, ends_at, wall_start, panel, room_id, reason"
_NAMES = _INTERVIEW.split(", ")
_SAVE = (f"insert into interviews (interview_id, {_INTERVIEW}) values (:interview_id, {', '.join(':' + name for name in _NAMES)})"
         f" on conflict (interview_id) do update set {', '.join(f'{name} = excluded.{name}' for name in _NAMES)}")


@dataclass(frozen=True, slots=True)
class Session:
    """A held, booked or freed time of one interview."""

    session_id: UUID
    interview_id: UUID
    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None
    state: str
    panel: tuple[UUID, ...]

    def appointment(self, zone: str) -> Appointment:
        """This time as something agreed on that wall."""
        return Appointment(self.session_id, self.starts_at, self.ends_at, wall_of(self.starts_at, zone), self.panel, self.room_id)


async def lock_calendars(uow: Uow, ids: Iterable[UUID]) -> None:
    """Take turns with everybody who plans with one of these persons or rooms, until the transaction ends; sorted, so that nobody waits in a ring."""
    await uow.pg.execute(
        "select pg_advisory_xact_lock(7101, h) from (select distinct hashtext(k) as h from unnest($1::text[]) as k order by 1) as keys",
        [str(id) for id in ids])


async def load_interview(uow: Uow, interview_id: UUID) -> Interview | None:
    """The interview, locked; None when it is not known."""
    row = await uow.one("select * from interviews where interview_id = :id for update", id=interview_id)
    return _interview(row) if row else None


def _interview(row: Mapping[str, Any]) -> Interview:
    appointment = None
    if row["session_id"] is not None:
        appointment = Appointment(row["session_id"], row["starts_at"], row["ends_at"], row["wall_start"], tuple(row["panel"]), row["room_id"])
    return Interview(
        row["interview_id"], row["hire_id"], row["requisition_id"], row["candidate_id"], row["round"], row["minutes"], row["mode"], row["zone"],
        row["state"], row["version"], appointment, row["reason"])


async def save_interview(uow: Uow, one: Interview) -> None:
    """Write the whole state."""
    now = one.appointment
    await uow.run(
        _SAVE, interview_id=one.interview_id, hire_id=one.hire_id, requisition_id=one.requisition_id, candidate_id=one.candidate_id,
        round=one.round, minutes=one.minutes, mode=one.mode, zone=one.zone, state=one.state, version=one.version, reason=one.reason,
        session_id=now and now.session_id, starts_at=now and now.starts_at, ends_at=now and now.ends_at, wall_start=now and now.wall_start,
        panel=list(now.panel) if now else None, room_id=now and now.room_id)


async def hold(uow: Uow, interview: Interview, slots: Sequence[tuple[UUID, Found]]) -> None:
    """Hold these times for the candidate: they take part in the exclusion from now on. Raises IntegrityError for a double booking."""
    if not slots:
        return
    await uow.many(
        "insert into sessions (session_id, interview_id, starts_at, ends_at, room_id, state) values (:id, :interview, :start, :end, :room, 'held')",
        [{"id": id, "interview": interview.interview_id, "start": slot.starts_at, "end": slot.ends_at, "room": slot.room_id} for id, slot in slots])
    rows = [
        (id, person, "panel" if seat >= 0 else "candidate", seat, slot.starts_at, slot.ends_at)
        for id, slot in slots for seat, person in enumerate((interview.candidate_id, *slot.panel), start=-1)]
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
    if row is None:
        return None
    seats = await uow.rows("select person_id from bookings where session_id = :id and role = 'panel' and active order by seat", id=session_id)
    return Session(row["session_id"], row["interview_id"], row["starts_at"], row["ends_at"], row["room_id"], row["state"],
                   tuple(seat["person_id"] for seat in seats))


async def take_place(uow: Uow, session_id: UUID) -> None:
    """Book the held session; the table's check refuses more than its capacity."""
    await uow.run("update sessions set state = 'booked', taken = taken + 1 where session_id = :id", id=session_id)


async def free(uow: Uow, interview_id: UUID, *, states: Sequence[str], keep: UUID | None = None) -> int:
    """Free the interview's sessions in these states, but not `keep`; returns how many."""
    rows = await uow.rows(
        "update sessions set state = 'freed', taken = 0 where interview_id = :id and state = any(cast(:states as text[]))"
        " and session_id is distinct from :keep returning session_id", id=interview_id, states=list(states), keep=keep)
    ids = [row["session_id"] for row in rows]
    await uow.run("update bookings set active = false where session_id = any(cast(:ids as uuid[]))", ids=ids)
    await uow.run("update room_bookings set active = false where session_id = any(cast(:ids as uuid[]))", ids=ids)
    return len(ids)


async def change_seat(uow: Uow, session_id: UUID, *, out_id: UUID, in_id: UUID) -> None:
    """Give a seat to somebody else. Raises IntegrityError when they are booked then."""
    seat = await uow.one("update bookings set active = false where session_id = :id and person_id = :out returning seat, at", id=session_id, out=out_id)
    if seat is None:
        raise LookupError("no such seat")
    await uow.run(
        "insert into bookings (session_id, person_id, role, seat, at) select session_id, :who, 'panel', seat, at from bookings"
        " where session_id = :id and person_id = :out"
        " on conflict (session_id, person_id) do update set active = true, seat = excluded.seat", id=session_id, who=in_id, out=out_id)
