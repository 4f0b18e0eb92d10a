"""What comes later and stands over a booked interview becomes a fact, never a silence; and another fact when it went away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

from shared.contracts.appointments import InterviewConflicted, InterviewConflictEnded
from shared.contracts.base import derive_id
from shared.contracts.scheduling import RoomRecord
from shared.runtime.db import Uow
from shared.runtime.records import Received

from ..domain.spans import Span

_OVER = """select i.interview_id, i.version, i.hire_id, i.starts_at, i.ends_at, b.person_id from interviews i
  join bookings b on b.session_id = i.session_id and b.active
  where i.state = 'scheduled' and i.ends_at > :now and b.person_id = :person and b.at && tstzrange(:start, :end)"""


async def busy_over(uow: Uow, person_id: UUID, source_id: UUID, span: Span, *, event: Received | None = None) -> None:
    """This busy time is new or changed: which booked interviews does it meet, and which does it meet no longer?

    Without an event (a calendar that was read) the ids come from the conflict alone. Our own invitations in somebody's calendar
    must not reach this.
    """
    rows = await uow.rows(_OVER, now=uow.now, person=person_id, start=span[0], end=span[1]) if span[0] < span[1] else []
    found = {derive_id("scheduling", "conflict", row["interview_id"], row["version"], source_id): row for row in rows}
    await _end(uow, await uow.rows("select * from conflicts where source_id = :id and open", id=source_id), keep=found, event=event)
    for id, row in found.items():
        await _begin(uow, id, row, source_id=source_id, cause="busy", event=event)


async def room_over(uow: Uow, room: RoomRecord, event: Received) -> None:
    """The room holds fewer people than it did: which booked interviews don't fit any more?"""
    rows = await uow.rows(
        "select interview_id, version, hire_id, starts_at, ends_at, null as person_id from interviews where state = 'scheduled' and ends_at > :now"
        " and room_id = :room and cardinality(panel) + 1 > :capacity", now=uow.now, room=room.room_id, capacity=room.capacity)
    found = {derive_id("scheduling", "conflict", row["interview_id"], row["version"], room.room_id): row for row in rows}
    await _end(uow, await uow.rows("select * from conflicts where source_id = :id and open", id=room.room_id), keep=found, event=event)
    for id, row in found.items():
        await _begin(uow, id, row, source_id=room.room_id, cause="room", event=event)


async def settled(uow: Uow, event: Received, interview_id: UUID, *, person_id: UUID | None = None) -> None:
    """The interview was moved, cancelled or given to others: what stood over it (for that person) needs no decision any more."""
    rows = await uow.rows(
        "select * from conflicts where interview_id = :id and open and (cast(:person as uuid) is null or person_id = :person)",
        id=interview_id, person=person_id)
    await _end(uow, rows, keep=(), event=event)


async def _begin(uow: Uow, id: UUID, row: Any, *, source_id: UUID, cause: Literal["busy", "room"], event: Received | None) -> None:
    made = await uow.run(
        "insert into conflicts (conflict_id, interview_id, version, cause, source_id, person_id) values (:id, :interview, :version, :cause, :source, :person)"
        " on conflict (conflict_id) do update set open = true where not conflicts.open",
        id=id, interview=row["interview_id"], version=row["version"], cause=cause, source=source_id, person=row["person_id"])
    if made:
        uow.emit(InterviewConflicted(
            interview_id=row["interview_id"], version=row["version"], hire_id=row["hire_id"], conflict_id=id, cause=cause,
            person_id=row["person_id"], starts_at=row["starts_at"], ends_at=row["ends_at"], at=uow.now), **_cause(event, id, "begun", uow.now))


async def _end(uow: Uow, rows: Iterable[Any], *, keep: Iterable[UUID], event: Received | None) -> None:
    for row in rows:
        if row["conflict_id"] in set(keep):
            continue
        await uow.run("update conflicts set open = false where conflict_id = :id", id=row["conflict_id"])
        hire = await uow.value("select hire_id from interviews where interview_id = :id", id=row["interview_id"])
        uow.emit(InterviewConflictEnded(interview_id=row["interview_id"], hire_id=hire, conflict_id=row["conflict_id"], at=uow.now),
                 **_cause(event, row["conflict_id"], "ended", uow.now))


def _cause(event: Received | None, conflict_id: UUID, what: str, now: object) -> dict[str, Any]:
    """Caused by an event, or by a calendar that was read at this moment. Several conflicts of one interview have one cause: the id says which."""
    if event is None:
        return {"event_id": derive_id("scheduling", "event", conflict_id, what, now)}
    return {"cause": event, "event_id": derive_id("scheduling", "event", event.envelope.source, event.envelope.id, conflict_id, what)}
