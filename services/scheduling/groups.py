"""Sessions of several candidates: planned once for a round of a requisition, their chairs taken and left one by one.

The panel has one booking for the whole session, each candidate one of their own. That nobody has a chair too many is the table's
check (`taken` between 0 and `capacity`), that nobody sits in two places its exclusion.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared.contracts.base import derive_id
from shared.runtime.db import Uow

from . import store
from .domain.interview import Group, Interview
from .domain.search import Found
from .store import Session

_OPEN = """select * from sessions s where s.requisition_id = :requisition and s.round = :round and s.state in ('held', 'booked') and s.taken < s.capacity
  and s.starts_at > :now and not exists (select 1 from bookings b where b.active and b.person_id = :person and b.at && tstzrange(s.starts_at, s.ends_at))
  order by s.starts_at, s.session_id limit 1 for update"""


async def open_session(uow: Uow, requisition_id: UUID, round: int, person_id: UUID) -> Session | None:
    """The earliest session of this round that has a chair left and that this person can come to, locked."""
    row = await uow.one(_OPEN, requisition=requisition_id, round=round, now=uow.now, person=person_id)
    return None if row is None else await store.session_of(uow, row)


async def plan(uow: Uow, found: Found, *, requisition_id: UUID, round: int, capacity: int) -> Session:
    """A new session with its panel and room, all chairs free. Raises ExclusionViolationError for a double booking.

    Its id is that of the n-th session of the round, whoever of those who are asked comes first: the same in every run.
    """
    n = await uow.value("select count(*) from sessions where requisition_id = :requisition and round = :round", requisition=requisition_id, round=round)
    session_id = derive_id("scheduling", "session", requisition_id, round, n)
    await uow.run(
        "insert into sessions (session_id, requisition_id, round, starts_at, ends_at, room_id, state, capacity)"
        " values (:id, :requisition, :round, :start, :end, :room, 'held', :capacity)", id=session_id, requisition=requisition_id, round=round,
        start=found.starts_at, end=found.ends_at, room=found.room_id, capacity=capacity)
    people = [(person, role, seat) for role, persons in (("panel", found.panel), ("shadow", found.shadows)) for seat, person in enumerate(persons)]
    await uow.many(
        "insert into bookings (session_id, person_id, role, seat, at) values (:id, :person, :role, :seat, tstzrange(:start, :end))",
        [{"id": session_id, "person": person, "role": role, "seat": seat, "start": found.starts_at, "end": found.ends_at} for person, role, seat in people])
    if found.room_id is not None:
        await uow.run("insert into room_bookings (session_id, room_id, at) values (:id, :room, tstzrange(:start, :end))",
                      id=session_id, room=found.room_id, start=found.starts_at, end=found.ends_at)
    return Session(session_id, None, found.starts_at, found.ends_at, found.room_id, "held", found.panel, found.shadows, Group(capacity, 1))


async def elsewhere(uow: Uow, person_id: UUID, span: tuple[datetime, datetime]) -> bool:
    """Whether this person is booked somewhere in that time."""
    return bool(await uow.value(
        "select exists (select 1 from bookings where active and person_id = :person and at && tstzrange(:start, :end))",
        person=person_id, start=span[0], end=span[1]))


async def sit(uow: Uow, interview: Interview) -> None:
    """The candidate takes a chair of the appointment's session; the table's check refuses more than there are."""
    now = interview.agreed()
    await uow.run("update sessions set state = 'booked', taken = taken + 1 where session_id = :id", id=now.session_id)
    await uow.run(
        "insert into bookings (session_id, person_id, role, seat, at) values (:id, :person, 'candidate', 0, tstzrange(:start, :end))"
        " on conflict (session_id, person_id) do update set active = true", id=now.session_id, person=interview.candidate_id,
        start=now.starts_at, end=now.ends_at)


async def rise(uow: Uow, interview: Interview) -> Interview:
    """The candidate leaves the chair; gives the interview with its session as it is then. Where nobody sits any more it is off; who is still
    asked finds it gone and is asked to another one, so that no panel waits for nobody."""
    now = interview.appointment
    if now is None or now.group is None:
        return interview
    left = await uow.run("update bookings set active = false where session_id = :id and person_id = :person and active",
                         id=now.session_id, person=interview.candidate_id)
    taken = await uow.value("update sessions set taken = taken - :n where session_id = :id returning taken", n=left, id=now.session_id)
    if taken:
        return interview
    await free(uow, now.session_id)
    return interview.of_group(replace(now.group, version=now.group.version + 1, stands=False))


async def drop_empty(uow: Uow, interview: Interview) -> None:
    """Where this was the last one who was asked, and nobody sits there: the panel's time is free again, nobody was told of it."""
    if await _still_asked(uow, interview):
        return
    rows = await uow.rows(
        "select session_id from sessions where requisition_id = :requisition and round = :round and state = 'held' and taken = 0 for update",
        requisition=interview.requisition_id, round=interview.round)
    for row in rows:
        await free(uow, row["session_id"])


async def _still_asked(uow: Uow, interview: Interview) -> bool:
    return bool(await uow.value(
        "select exists (select 1 from interviews where requisition_id = :requisition and round = :round and state = 'offered' and interview_id <> :id)",
        requisition=interview.requisition_id, round=interview.round, id=interview.interview_id))


async def free(uow: Uow, session_id: UUID) -> None:
    """The session is off: its panel and room are free again."""
    await uow.run("update sessions set state = 'freed', version = version + 1 where session_id = :id", id=session_id)
    await uow.run("update bookings set active = false where session_id = :id", id=session_id)
    await uow.run("update room_bookings set active = false where session_id = :id", id=session_id)


async def successor(uow: Uow, session_id: UUID, out_id: UUID) -> UUID | None:
    """Who sits in the seat that this person had; None where they had none or sit there still."""
    found: UUID | None = await uow.value(
        "select now.person_id from bookings was join bookings now using (session_id, seat) where was.session_id = :id and was.person_id = :out"
        " and was.role = 'panel' and not was.active and now.role = 'panel' and now.active", id=session_id, out=out_id)
    return found


def told_id(interview: Interview) -> UUID | None:
    """The id of what a candidate hears of a new version of their session: the same whichever of those seated ordered it first. None: no session."""
    now = interview.agreed()
    return None if now.group is None else derive_id("scheduling", "event", "session", now.session_id, now.group.version, interview.interview_id)


async def renew(uow: Uow, session_id: UUID) -> None:
    """One more version: the panel's entry changed."""
    await uow.run("update sessions set version = version + 1 where session_id = :id", id=session_id)
