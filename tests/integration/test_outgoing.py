"""What leaves a transaction: one order and no gap, many at once or one by one; the record in memory is what its row becomes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.application import ApplicationEnded, ApplicationReceived, Facts
from shared.runtime.clock import Clock
from shared.runtime.db import COPY_FROM, Database
from shared.runtime.outgoing import MOST, Outgoing, of_row
from shared.runtime.relay import Relay
from tests.integration import foundation_process


@pytest.fixture
async def db(database: dict[str, str]) -> AsyncIterator[Database]:
    """A schema with plumbing only, and a relay that will come for what it writes."""
    admin = database["BATON_DATABASE"]
    await foundation_process.prepare(admin)
    made = Database(admin, schema="proof_a", clock=Clock("real"))
    made.shelf.wanted = True
    yield made
    await made.close()


def born(hire: UUID) -> ApplicationReceived:
    return ApplicationReceived(application_id=hire, hire_id=hire, person_id=hire, requisition_id=hire, requisition_version=1, client_id=hire,
                               origin="applied", facts=Facts(skills=["焊接"]), submitted_at="2026-09-03T01:00:00Z", externalref="来源#1")


def ended(hire: UUID) -> ApplicationEnded:
    return ApplicationEnded(application_id=hire, hire_id=hire, person_id=hire, withdrawn_at="2026-09-04T01:00:00Z")


async def write(db: Database, messages: list[ApplicationReceived | ApplicationEnded]) -> None:
    async with db.unit() as uow:
        for message in messages:
            uow.emit(message, event_id=uuid4(), actor="somebody")


async def rows(db: Database) -> dict[int, Outgoing]:
    async with db.reading() as pg:
        return {row["id"]: of_row(row) for row in await pg.fetch("select id, key, headers, value from outbox order by id")}


def numbers(written: dict[int, Outgoing]) -> dict[bytes, list[int]]:
    """Sequence numbers of each key, in the order of the rows."""
    ordered = sorted(written.values(), key=lambda record: record.key)
    return {key: [int(dict(record.headers)["ce_sequence"]) for record in group] for key, group in groupby(ordered, key=lambda record: record.key)}


@pytest.mark.parametrize("count", [3, COPY_FROM + 20])
async def test_record_on_the_shelf_when_written_then_what_its_row_becomes(db: Database, count: int) -> None:
    await write(db, [born(uuid4()) for _ in range(count)])
    written = await rows(db)
    assert len(written) == count and db.shelf.look() == written
    db.shelf.drop(list(written))
    assert db.shelf.look() == {}


async def test_shelf_when_nobody_comes_or_there_are_too_many_then_it_stays_small(db: Database) -> None:
    record = Outgoing(b"k", [], b"{}")
    db.shelf.keep(range(MOST + 5), [record] * (MOST + 5))
    assert list(db.shelf.look())[:2] == [5, 6], "the oldest are left to their rows"
    db.shelf.drop(range(MOST + 5))
    db.shelf.wanted = False
    await write(db, [born(uuid4())])
    assert db.shelf.look() == {}


async def test_shelf_when_the_transaction_is_rolled_back_then_nothing_stays_on_it(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.unit() as uow:
            uow.emit(born(uuid4()), event_id=uuid4())
            await uow.flush()  # as a dry run does, which is thrown away afterwards
            raise ZeroDivisionError
    assert db.shelf.look() == {} and await rows(db) == {}


async def test_sequences_when_many_are_born_at_once_and_written_about_then_no_gap_and_one_order(db: Database) -> None:
    hires = [uuid4() for _ in range(2 * COPY_FROM)]
    half = len(hires) // 2
    async with db.unit() as uow:  # born together, each with a second word in the same transaction
        for hire in hires[:half]:
            uow.emit(born(hire), event_id=uuid4())
            uow.emit(ended(hire), event_id=uuid4())
    await asyncio.gather(*(write(db, [ended(hire) for hire in some]) for some in (hires, hires[::-1], hires[half:], hires[:half][::-1])))
    counted = numbers(await rows(db))
    assert {key.decode(): n for key, n in counted.items()} == {
        str(hire): list(range(1, 6 if hire in hires[:half] else 4)) for hire in hires}


async def test_keys_when_their_own_subject_is_not_born_here_then_locked(db: Database) -> None:
    """A key about which others may write at the same time is locked however many subjects are new."""
    hire, others = uuid4(), [uuid4() for _ in range(COPY_FROM)]
    async with db.unit() as uow:
        for other in others:
            uow.emit(born(other), event_id=uuid4(), key=str(hire))
        await uow.flush()
        async with db.reading() as pg:
            assert await pg.fetchval("select count(*) from pg_locks where locktype = 'advisory' and classid = 7003") == 1


async def test_keys_when_born_by_the_hundred_then_no_lock_for_each(db: Database) -> None:
    async with db.unit() as uow:
        for _ in range(COPY_FROM):
            uow.emit(born(uuid4()), event_id=uuid4())
        await uow.flush()
        async with db.reading() as pg:
            assert await pg.fetchval("select count(*) from pg_locks where locktype = 'advisory' and classid = 7003") == 0


class Caught(Relay):
    """A relay whose Kafka is a list; `away` makes it fail."""

    sent: list[Outgoing]
    away = False

    async def _send(self, topic: str, records: Sequence[Outgoing]) -> list[tuple[Any, int]]:
        if self.away:
            raise ConnectionError("Kafka is away")
        self.sent = [*getattr(self, "sent", []), *records]
        return [(SimpleNamespace(partition=0, offset=0), len(records))]


async def test_relay_when_some_rows_are_at_hand_and_some_another_process_wrote_then_all_leave_in_the_order_of_the_rows(db: Database) -> None:
    other = Database(str(db.engine.url.render_as_string(hide_password=False)).replace("+asyncpg", ""), schema="proof_a", clock=Clock("real"))
    for writer, count in ((db, 2), (other, 3), (db, COPY_FROM), (other, 1)):
        await write(writer, [born(uuid4()) for _ in range(count)])
    await other.close()
    written, relay = await rows(db), Caught(db, "", client_id="test")
    relay.away = True
    with pytest.raises(ConnectionError):
        await relay.turn()
    assert await rows(db) == written, "nothing is gone before Kafka has it"
    relay.away = False
    assert await relay.turn() == len(written) == COPY_FROM + 6
    assert relay.sent == list(written.values())
    assert await rows(db) == {} and db.shelf.look() == {}
