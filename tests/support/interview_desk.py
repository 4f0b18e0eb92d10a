"""A desk for scheduling's tests: sends commands for one interview through the real router and database, reads the one answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.scheduling.handlers import build_router
from shared.contracts.base import Message
from shared.contracts.catalog import decode
from shared.contracts.envelope import from_attributes
from shared.contracts.party import PersonRecord
from shared.contracts.scheduling import Book, OfferSlots
from shared.runtime.clock import Clock
from shared.runtime.consume import process_until_done
from shared.runtime.db import Database
from tests.support.bus import record_of

MONDAY = datetime(2026, 9, 14, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TABLES = ("people, absences, busy, rooms, interviews, sessions, bookings, room_bookings, conflicts, touched, taps, feeds,"
          " outbox, inbox, deferred, parked, sequences")


@pytest.fixture
async def scheduling_db(database: dict[str, str]) -> AsyncIterator[Database]:
    """Scheduling's own schema through its own role, emptied."""
    made = Database(database["BATON_DATABASE_SCHEDULING"], schema="scheduling", clock=Clock("held"), size=12)
    async with made.unit() as uow:
        await uow.run(f"truncate {TABLES}")
    yield made
    await made.close()


class Desk:
    """Sends commands for one interview and reads the answers."""

    def __init__(self, db: Database, panel: list[list[UUID]], **more: Any) -> None:
        self.db, self.router = db, build_router()
        self.interview, self.hire = uuid4(), uuid4()
        self.candidate = more.pop("candidate_id", uuid4())
        self.wish = offer(self.hire, panel, interview_id=self.interview, candidate_id=self.candidate, **more)

    def of(self, cls: type[Message], **more: Any) -> Message:
        """A command about this interview."""
        return cls(interview_id=self.interview, hire_id=self.hire, **more)

    async def ask(self, command: Message) -> Any:
        """The one reply to this command."""
        id = uuid4()
        await process_until_done(self.router, self.db, [record_of(command, id=id)])
        [(_, reply)] = await said(self.db, cause=str(id))
        return reply

    async def booked(self, slot: int = 0) -> Any:
        """Offer and book."""
        offered = await self.ask(self.wish)
        return await self.ask(self.of(Book, slot_id=offered.slots[slot].slot_id))


def offer(hire_id: UUID, panel: list[list[UUID]], **more: Any) -> OfferSlots:
    """The usual wish for slots: an hour in the week of MONDAY."""
    usual = {"interview_id": uuid4(), "candidate_id": uuid4(), "requisition_id": uuid4(), "round": 1, "minutes": 60, "not_before": MONDAY,
             "not_after": MONDAY + 5 * DAY, "discreet": False}
    return OfferSlots(hire_id=hire_id, panel=panel, **{**usual, **more})


async def said(db: Database, *, cause: str = "") -> list[tuple[str, Any]]:
    """(causation, body) of what leaves with the outbox, in order; only the answers to `cause` where it is given."""
    async with db.unit() as uow:
        rows = await uow.rows(
            "select headers, value from outbox where :cause = '' or cast(headers as jsonb) ->> 'causationid' = :cause order by id", cause=cause)
    envelopes = [from_attributes(json.loads(row["headers"]), row["value"]) for row in rows]
    return [(envelope.causationid, decode(envelope)) for envelope in envelopes]


async def know(db: Database, *records: Message) -> None:
    """Bring records and facts of intake."""
    await build_router().process(db, [record_of(record, id=uuid4()) for record in records])


def staff(id: UUID, version: int = 1, **more: Any) -> PersonRecord:
    """Somebody of a panel."""
    return PersonRecord(person_id=id, version=version, party_class="client", **more)
