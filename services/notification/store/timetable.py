"""Interviews out of the directory of facts, for timetables. Rebuildable: the facts come from scheduling.events."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification.store.directory import loaded
from services.notification.timetable import Row, row_of
from shared.contracts.base import derive_id
from shared.runtime.db import Uow

_BETWEEN = " and state in ('scheduled', 'cancelled') and (body->>'ends_at')::timestamptz > :since and (body->>'starts_at')::timestamptz < :until"
_PERSON = """select id, version, state, at, body from facts where kind = 'interview' and body ? 'candidate_id'
  and (body->>'candidate_id' = :person or body->'panel' ? :person or body->'shadows' ? :person)"""
_REQUISITION = "select id, version, state, at, body from facts where kind = 'interview' and body->>'requisition_id' = :requisition"


async def of_person(uow: Uow, person: UUID, since: datetime, until: datetime) -> list[Row]:
    """Everything this person takes part in, in the range. Who sits in the panel of a session has it once, whoever else comes."""
    found = [_of_session(one, person) for one in await uow.rows(_PERSON + _BETWEEN, person=str(person), since=since, until=until)]
    standing_last = sorted(found, key=lambda one: (one["version"], one["state"] == "scheduled"))
    return _rows({one["id"]: one for one in standing_last}.values())


def _of_session(row: Any, person: UUID) -> dict[str, Any]:
    body = loaded(row["body"])
    session = body.get("session")
    if not session or str(body.get("candidate_id")) == str(person):
        return {**row, "body": body}
    several = {**body, "candidate_id": session["session_id"]}  # nobody's name stands for all of them
    return {**row, "body": several, "id": session["session_id"], "version": session["version"],
            "state": "scheduled" if session["stands"] else "cancelled"}


async def of_requisition(uow: Uow, requisition: UUID, since: datetime, until: datetime) -> list[Row]:
    """Every interview for this requisition in the range."""
    return _rows(await uow.rows(_REQUISITION + _BETWEEN, requisition=str(requisition), since=since, until=until))


async def seated(uow: Uow, session: UUID) -> UUID | None:
    """A hire that has a chair in this session, the same one each time; None where nobody sits there any more."""
    found: UUID | None = await uow.value(
        "select hire_id from facts where kind = 'interview' and state = 'scheduled' and body->'session'->>'session_id' = :id order by id limit 1",
        id=str(session))
    return found


def rsvp_id(interview: UUID, person: UUID) -> UUID:
    """The fact that keeps what this person's calendar answered about this interview."""
    return derive_id("notification", "rsvp", interview, person)


async def answers_of(uow: Uow, person: UUID, rows: Iterable[Row]) -> dict[UUID, str]:
    """By interview, what this person's calendar answered to it as it stands; one that was moved since is unanswered."""
    stands = {rsvp_id(row.interview_id, person): row for row in rows}
    found = await uow.rows("select id, version, state from facts where kind = 'rsvp' and id = any(cast(:ids as uuid[]))", ids=list(stands))
    return {stands[one["id"]].interview_id: one["state"] for one in found if one["version"] == stands[one["id"]].version}


def _rows(found: Any) -> list[Row]:
    rows = [row for one in found if (row := row_of({**one, "body": loaded(one["body"])})) is not None]
    return sorted(rows, key=lambda one: (one.starts_at, str(one.interview_id)))
