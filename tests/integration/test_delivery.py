"""Agreements 1 and 7 on a real PostgreSQL: deferring, parking, replay, sequences, order, and who may read what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.contracts.application import ApplicationEnded, ApplicationReceived, Facts
from shared.contracts.requisition import RequisitionRecord
from shared.contracts.sealed import Sealed
from shared.runtime.clock import Clock
from shared.runtime.consume import Router, process_until_done
from shared.runtime.db import Database, Uow
from shared.runtime.errors import KeyErasedError, Refused, WaitsFor
from shared.runtime.parked import list_parked, repair_parked
from shared.runtime.records import Received, StoredRecord
from shared.runtime.vault import Vault
from tests.integration import foundation_process
from tests.support.bus import record_of

SERVICES = ("intake", "screening", "scheduling", "notification", "reporting", "workflows")


@pytest.fixture
async def db(database: dict[str, str]) -> AsyncIterator[Database]:
    """A schema with plumbing only."""
    admin = database["BATON_DATABASE"]
    await foundation_process.prepare(admin)
    made = Database(admin, schema="proof_a", clock=Clock("real"))
    yield made
    await made.close()


def received(requisition: UUID | None = None, hire: UUID | None = None) -> ApplicationReceived:
    """An application of somebody on some requisition."""
    id_ = hire or uuid4()
    return ApplicationReceived(application_id=id_, hire_id=id_, person_id=id_, requisition_id=requisition or uuid4(), requisition_version=1,
                               client_id=id_, origin="applied", facts=Facts(), submitted_at="2026-09-03T01:00:00Z")


def ended(hire: UUID) -> ApplicationEnded:
    """The same person no longer applies."""
    return ApplicationEnded(application_id=hire, hire_id=hire, person_id=hire, withdrawn_at="2026-09-04T01:00:00Z")


class Log:
    """A consumer that writes down what it handled, and fails where it is told to."""

    def __init__(self) -> None:
        self.router = Router("proof_a", consumer="proof.log", topics=["intake.events"])
        self.seen: list[str] = []
        self.known: set[UUID] = set()
        self.fail: dict[UUID, Exception] = {}
        self.router.on(ApplicationReceived)(self._received)
        self.router.on(ApplicationEnded)(self._ended)
        self.router.on(RequisitionRecord)(self._requisition)

    async def _received(self, uow: Uow, event: Received) -> None:
        if problem := self.fail.get(event.body.application_id):
            raise problem
        if self.known and event.body.requisition_id not in self.known:
            raise WaitsFor(f"requisition/{event.body.requisition_id}")
        await uow.run("insert into seen values (:id, 1)", id=event.body.application_id)
        self.seen.append(f"received {event.body.application_id}")

    async def _ended(self, uow: Uow, event: Received) -> None:
        self.seen.append(f"ended {event.body.application_id}")

    async def _requisition(self, uow: Uow, event: Received) -> None:
        self.known.add(event.body.requisition_id)
        await uow.arrived(f"requisition/{event.body.requisition_id}")


def requisition(id_: UUID) -> RequisitionRecord:
    """The smallest requisition."""
    return RequisitionRecord(requisition_id=id_, version=1, client_id=id_, externalref="t#1", code="R-1", title="x")


async def test_a_record_waits_for_its_reference_and_later_ones_of_its_key_wait_behind_it(db: Database) -> None:
    log, hire, needed = Log(), uuid4(), uuid4()
    log.known = {uuid4()}
    other = received(requisition=next(iter(log.known)))
    await log.router.process(db, [record_of(received(needed, hire)), record_of(ended(hire)), record_of(other)])
    assert log.seen == [f"received {other.application_id}"]
    await log.router.process(db, [record_of(requisition(needed))])
    assert log.seen[1:] == [f"received {hire}", f"ended {hire}"]


async def test_a_failing_record_is_parked_alone_and_redelivery_changes_nothing(db: Database) -> None:
    log = Log()
    bodies = [received() for _ in range(20)]
    log.fail = {bodies[3].application_id: Refused("no_way", "this one"), bodies[11].application_id: ZeroDivisionError()}
    records = [record_of(body) for body in bodies]
    records.insert(7, StoredRecord("intake.events", 0, 9_000_000, b"k", b"{", [("ce_id", b"1"), ("ce_source", b"s"), ("ce_type", b"baton.application.received")]))
    await log.router.process(db, records)
    async with db.unit() as uow:
        assert await uow.value("select count(*) from seen") == 18
        assert {row["code"] for row in await list_parked(uow)} == {"no_way", "ZeroDivisionError", "wrong_body"}
    await log.router.process(db, records)
    async with db.unit() as uow:
        assert await uow.value("select count(*) from seen") == 18
        assert len(await list_parked(uow)) == 3


async def test_what_fails_because_the_outside_is_away_is_tried_again_and_not_parked(db: Database) -> None:
    log, body = Log(), received()
    log.fail = {body.application_id: ConnectionResetError()}
    task = asyncio.create_task(process_until_done(log.router, db, [record_of(body)]))
    await asyncio.sleep(0.3)
    assert not task.done()
    log.fail = {}
    await asyncio.wait_for(task, timeout=10)
    async with db.unit() as uow:
        assert await uow.value("select count(*) from seen") == 1
        assert await list_parked(uow) == []


async def test_a_parked_record_is_repaired_and_replayed_once(db: Database) -> None:
    log, body = Log(), received()
    whole = record_of(body)
    broken = StoredRecord(whole.topic, whole.partition, whole.offset, whole.key, b'{"application_id": 7}', whole.headers)
    await log.router.process(db, [broken])
    async with db.unit() as uow:
        row = await uow.one("select * from parked")
        assert row is not None
        assert row["code"] == "wrong_body"
        assert "7" not in row["reason"], "a reason repeats no value"
    assert (await log.router.replay(db, broken)).startswith("wrong_body")
    async with db.unit() as uow:
        await repair_parked(uow, row["id"], whole.value or b"")
    assert await log.router.replay(db, whole) == ""
    assert await log.router.replay(db, whole) == ""
    assert log.seen == [f"received {body.application_id}"]


async def test_sequences_have_no_gap_and_the_outbox_keeps_the_order_of_a_key(db: Database) -> None:
    hire = uuid4()

    async def write(number: int) -> None:
        async with db.unit() as uow:
            await asyncio.sleep(0.001 * (number % 5))
            uow.emit(ended(hire), event_id=uuid4())
            uow.emit(received(hire=hire), event_id=uuid4())
            if number % 7 == 0:
                raise ZeroDivisionError

    results = await asyncio.gather(*(write(number) for number in range(60)), return_exceptions=True)
    written = sum(result is None for result in results)
    async with db.unit() as uow:
        rows = await uow.rows("select headers::jsonb->>'sequence' as n from outbox where key = :key order by id", key=str(hire))
    assert [int(row["n"]) for row in rows] == list(range(1, 2 * written + 1))


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_can_read_no_other_schema(database: dict[str, str], service: str) -> None:
    pg = await asyncpg.connect(database[f"BATON_DATABASE_{service.upper()}"])
    try:
        for other in SERVICES:
            allowed = await pg.fetchval("select has_schema_privilege($1, 'usage')", other)
            assert allowed is (other == service)
        may_open = await pg.fetchval("select has_schema_privilege('vault', 'usage')")
        assert may_open is (service in ("intake", "screening", "notification"))
        if may_open:
            assert await pg.fetchval("select has_table_privilege('vault.keys', 'update')") is (service == "intake")
    finally:
        await pg.close()


async def test_a_sealed_value_opens_only_for_its_person_field_and_key(database: dict[str, str]) -> None:
    vault, someone, other = Vault(database["BATON_KEYS"]), uuid4(), uuid4()
    intake = Database(database["BATON_DATABASE_INTAKE"], schema="intake", clock=Clock("real"))
    async with intake.unit() as uow:
        keys = await vault.create(uow, [someone, other])
        assert set(await vault.create(uow, [someone])) == {someone}
    box = vault.seal(someone, "identity", {"name": "林悦"}, keys[someone])
    assert "林悦" not in box.model_dump_json()
    assert vault.open(box, keys[someone]) == {"name": "林悦"}
    for wrong, key in ((box, keys[other]), (Sealed(person_id=other, field="identity", box=box.box), keys[other]),
                       (Sealed(person_id=someone, field="resume", box=box.box), keys[someone])):
        with pytest.raises(ValueError, match="does not open"):
            vault.open(wrong, key)
    async with intake.unit() as uow:
        await vault.destroy(uow, someone)
        assert await Vault(database["BATON_KEYS"]).keys(uow, [someone]) == {}
    with pytest.raises(KeyErasedError):
        vault.open(box, None)
    await intake.close()


async def test_connections_when_the_server_cut_them_then_the_next_look_gets_a_new_one(db: Database, database: dict[str, str]) -> None:
    async with db.reading() as first, db.reading() as second:
        cut = [await pg.fetchval("select pg_backend_pid()") for pg in (first, second)]
    admin = await asyncpg.connect(database["BATON_DATABASE"])
    for pid in cut:
        await admin.execute("select pg_terminate_backend($1)", pid)
    await admin.close()
    await asyncio.sleep(0.2)
    async with db.reading() as third, db.reading() as fourth:
        assert await third.fetchval("select 1") == await fourth.fetchval("select 1") == 1


async def test_bell_when_hung_on_a_unit_then_rings_after_the_commit_and_never_without_one(db: Database) -> None:
    rung: list[str] = []
    async with db.unit() as uow:
        uow.after(lambda: rung.append("committed"))
        assert rung == []
    with pytest.raises(ValueError, match="rolled back"):
        async with db.unit() as uow:
            uow.after(lambda: rung.append("not committed"))
            raise ValueError("rolled back")
    assert rung == ["committed"]


async def test_connection_when_left_in_a_transaction_then_nobody_else_gets_it(db: Database) -> None:
    async with db.reading() as pg:
        mine = await pg.fetchval("select pg_backend_pid()")
        await pg.execute("begin")
    for _ in range(6):
        async with db.reading() as pg:
            assert not pg.is_in_transaction() and await pg.fetchval("select pg_backend_pid()") != mine
