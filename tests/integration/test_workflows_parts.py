"""Parts of workflows against a real database (and Temporal where named): retries, late and held facts, fan-out, rebuild."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from shared.contracts import ask, screening
from shared.contracts.application import ApplicationReceived, Facts
from shared.contracts.appointments import CalendarFailed, CalendarRead
from shared.contracts.base import Message, derive_id
from shared.contracts.client import ClientRecord
from shared.contracts.hire import FanOut
from shared.contracts.party import AbsenceNoted, PersonRecord
from shared.contracts.requisition import RequisitionEnded, RequisitionRecord
from shared.runtime.clock import Clock
from shared.runtime.consume import Router
from shared.runtime.db import Database
from shared.runtime.settings import ServiceSettings
from tests.support.bus import record_of
from workflows import client as temporal
from workflows.activities import Steps
from workflows.bridge import Bridge
from workflows.hire.decide import decide
from workflows.hire.facts import Fact
from workflows.hire.state import load
from workflows.hire.wire import StepIn
from workflows.projections import receipts_router, records_router
from workflows.rebuild import rebuild
from workflows.worker import make_worker

RECRUITER, MANAGER, CANDIDATE, CLIENT = (derive_id("test", "parts", n) for n in range(4))


@dataclass
class Parts:
    """The pieces that a bridge is made of, without Kafka."""

    db: Database
    settings: ServiceSettings
    records: Router
    receipts: Router

    async def take_in(self, router: Router, *messages: Message) -> None:
        """A batch of records for one consumer."""
        await router.process(self.db, [record_of(message) for message in messages])

    async def refer(self) -> UUID:
        """Somebody to hire for; a requisition of its own for each test."""
        requisition = uuid4()
        people = [PersonRecord(person_id=who, version=1, party_class=kind, roles=roles) for who, kind, roles in (  # type: ignore[arg-type]
            (RECRUITER, "staff", ["recruiter"]), (MANAGER, "staff", ["hiring_manager"]), (CANDIDATE, "candidate", []))]
        await self.take_in(self.records, *people, ClientRecord(client_id=CLIENT, version=1, name="house", external=False), RequisitionRecord(
            requisition_id=requisition, version=1, client_id=CLIENT, externalref="p#1", code="P-1", title="Engineer", policy="inhouse-cn",
            external=False, team={"recruiter": RECRUITER, "hiring_manager": MANAGER}))
        return requisition

    def applied(self, requisition: UUID, hire: UUID) -> ApplicationReceived:
        return ApplicationReceived(**self.ids(requisition, hire), origin="applied", facts=Facts(), submitted_at="2026-09-02T08:00:00+08:00")  # type: ignore[arg-type]

    def judged(self, requisition: UUID, hire: UUID) -> screening.ScreeningUncertain:
        return screening.ScreeningUncertain(
            **self.ids(requisition, hire), rules_version="1", score=0.5, results=[], at="2026-09-02T08:00:00+08:00")  # type: ignore[arg-type]

    @staticmethod
    def ids(requisition: UUID, hire: UUID) -> dict[str, Any]:
        return {"application_id": hire, "hire_id": hire, "person_id": CANDIDATE, "requisition_id": requisition, "requisition_version": 1,
                "client_id": CLIENT}

    async def rows(self, sql: str, **params: Any) -> Any:
        async with self.db.unit() as uow:
            return [row.values() for row in await uow.rows(sql, **params)]

    async def count(self, sql: str, **params: Any) -> int:
        async with self.db.unit() as uow:
            return int(await uow.value(sql, **params) or 0)


@pytest.fixture
async def parts(provisioned: dict[str, str]) -> AsyncIterator[Parts]:
    """Database and consumers; the clock is the held one."""
    settings = ServiceSettings(temporal=provisioned["BATON_TEMPORAL"], temporal_namespace=provisioned["BATON_TEMPORAL_NAMESPACE"],
                               task_queue=f"parts-{uuid4().hex[:8]}")
    db = Database(provisioned["BATON_DATABASE_WORKFLOWS"], schema="workflows", clock=Clock("held"))
    yield Parts(db, settings, records_router(), receipts_router())
    await db.close()


@pytest.fixture
async def client(parts: Parts) -> Client:
    """Temporal."""
    return await temporal.connect(parts.settings)


def worker(client: Client, parts: Parts) -> Worker:
    """Production's worker on this test's own queue."""
    return make_worker(client, parts.db, parts.settings)


async def eventually(check: Any, *, within: float = 25.0) -> None:
    """Wait until the check holds."""
    until = asyncio.get_running_loop().time() + within
    while not await check():
        assert asyncio.get_running_loop().time() < until, "did not happen in time"
        await asyncio.sleep(0.1)


async def test_a_step_when_run_again_after_its_commit_then_the_same_result_and_no_second_message(parts: Parts) -> None:
    requisition, hire = await parts.refer(), uuid4()
    await parts.take_in(parts.receipts, parts.applied(requisition, hire))
    bridge = Bridge(parts.db, None, "")  # type: ignore[arg-type]
    before = await bridge._beginning(hire)
    assert before is not None
    at = "2026-09-02T00:00:00+00:00"
    fact = Fact(id="f1", source="test", type="screening.uncertain", at=at, now=at)  # type: ignore[arg-type]
    steps, outs = Steps(parts.db), []
    for _ in range(2):
        state, intents = decide(before, fact, fact.now)
        outs.append(await steps.apply_step(StepIn(state=state, fact=fact, intents=intents)))
    assert outs[0].found == outs[1].found.model_copy() or outs[0].found.model_dump(mode="json") == outs[1].found.model_dump(mode="json")
    asks = await parts.count("select count(*) from outbox where key = :key and topic = 'notification.commands' and value like '%review_application%'"
                             .replace("value like", "convert_from(value, 'UTF8') like"), key=str(hire))
    assert asks == 1
    assert await parts.count("select count(*) from steps where hire_id = :id", id=hire) == 1


async def test_a_fact_when_another_one_had_its_step_already_then_the_hire_goes_on_from_the_row_and_takes_both(parts: Parts, client: Client) -> None:
    requisition, hire = await parts.refer(), uuid4()
    await parts.take_in(parts.receipts, parts.applied(requisition, hire))
    before = await Bridge(parts.db, client, "")._beginning(hire)
    assert before is not None
    at = "2026-09-02T00:00:00+00:00"
    lost = Fact(id="f1", source="test", type="screening.uncertain", at=at, now=at)  # type: ignore[arg-type]
    quicker = Fact(id="f2", source="test", type="application.ended", at=at, now=at, data={"reason": "other_offer"})  # type: ignore[arg-type]
    state, intents = decide(before, lost, lost.now)
    await Steps(parts.db).apply_step(StepIn(state=state, fact=lost, intents=intents))  # and the worker dies: Temporal never hears of it
    async with worker(client, parts):
        assert await temporal.start(client, before, quicker, parts.settings.task_queue) == "taken"
        assert await temporal.take(client, hire, lost) in ("known", "late", "gone")
    facts = await parts.rows("select step_no, fact_id from steps where hire_id = :id order by step_no", id=hire)
    assert [tuple(row) for row in facts][:2] == [(1, "f1"), (2, "f2")]
    closed = await parts.count("select count(*) from hires where hire_id = :id and (state ->> 'outcome') is not null", id=hire)
    assert closed == 1, "the quicker fact was swallowed by the other one's result"


async def test_applications_when_temporal_is_away_then_all_are_confirmed_and_their_hires_begin_when_it_is_back(
    parts: Parts, client: Client, monkeypatch: pytest.MonkeyPatch,
) -> None:
    requisition = await parts.refer()
    hires = [uuid4() for _ in range(30)]
    away = await temporal.connect(parts.settings.model_copy(update={"temporal": "127.0.0.1:9"}), lazy=True)
    monkeypatch.setattr("workflows.options.RPC_SECONDS", 0.5)
    bridge = Bridge(parts.db, away, parts.settings.task_queue)
    await parts.take_in(parts.receipts, *(parts.applied(requisition, hire) for hire in hires))
    await parts.take_in(bridge.router(), *(parts.judged(requisition, hire) for hire in hires))
    receipts = await parts.count("select count(*) from outbox where topic = 'notification.commands' and key = any(cast(:keys as text[]))",
                                 keys=[str(hire) for hire in hires])
    held = "select count(*) from held_facts where hire_id = any(cast(:ids as uuid[]))"
    assert receipts == 30 and await parts.count(held, ids=hires) == 30
    monkeypatch.setattr("workflows.options.RPC_SECONDS", 10.0)
    back = Bridge(parts.db, client, parts.settings.task_queue)
    async with worker(client, parts):
        async def all_begun() -> bool:
            await back._retry_held()
            return await parts.count(held, ids=hires) == 0
        await eventually(all_begun, within=60)
    assert await parts.count("select count(*) from hires where hire_id = any(cast(:ids as uuid[])) and state is not null", ids=hires) == 30


async def test_a_fact_when_the_hire_is_over_then_it_is_noted_as_late(parts: Parts, client: Client) -> None:
    requisition, hire = await parts.refer(), uuid4()
    bridge = Bridge(parts.db, client, parts.settings.task_queue)
    await parts.take_in(parts.receipts, parts.applied(requisition, hire))
    async with parts.db.unit() as uow:
        await uow.run("update hires set closed_at = :now where hire_id = :id", now=uow.now, id=hire)
    await parts.take_in(bridge.router(), parts.judged(requisition, hire))
    assert await parts.count("select count(*) from late_facts where hire_id = :id", id=hire) == 1
    assert await parts.count("select count(*) from held_facts where hire_id = :id", id=hire) == 0


async def test_a_hire_when_screening_never_judges_then_it_begins_by_itself_and_operators_owe(parts: Parts, client: Client) -> None:
    requisition, hire = await parts.refer(), uuid4()
    bridge = Bridge(parts.db, client, parts.settings.task_queue)
    await parts.take_in(parts.receipts, parts.applied(requisition, hire))
    async with parts.db.unit() as uow:
        await uow.run("update hires set screen_by = :now where hire_id = :id", now=uow.now - timedelta(seconds=1), id=hire)
    async with worker(client, parts):
        async def owed() -> bool:
            await bridge.desk.again()
            await hear_fans(parts, bridge, hire)
            await bridge._retry_held()
            return bool(await parts.count("select count(*) from hires where hire_id = :id and duty = 'machine_step'", id=hire))
        await eventually(owed)


async def hear_fans(parts: Parts, bridge: Bridge, hire: UUID) -> None:
    """What stands in the outbox for this hire comes back to the bridge, as through Kafka."""
    async with parts.db.unit() as uow:
        rows = await uow.rows("select value from outbox where topic = 'workflows.commands' and key = :key", key=str(hire))
    if rows:
        await parts.take_in(bridge.router(), *(FanOut.model_validate_json(bytes(row["value"])) for row in rows))


async def test_an_event_for_many_hires_when_it_comes_then_each_open_one_gets_its_own_record(parts: Parts) -> None:
    requisition, hires = await parts.refer(), [uuid4() for _ in range(3)]
    await parts.take_in(parts.receipts, *(parts.applied(requisition, hire) for hire in hires))
    async with parts.db.unit() as uow:
        await uow.run("update hires set closed_at = :now where hire_id = :id", now=uow.now, id=hires[0])
        await uow.run("update hires set panel = array[cast(:who as uuid)] where hire_id = :id", who=MANAGER, id=hires[1])
    fans = ("select count(*) from outbox where topic = 'workflows.commands' and key = any(cast(:keys as text[]))"
            " and convert_from(value, 'UTF8') like :what")
    keys = [str(hire) for hire in hires]
    await parts.take_in(parts.receipts, RequisitionEnded(
        requisition_id=requisition, version=2, client_id=CLIENT, at="2026-09-02T08:00:00+08:00", reason="filled"))  # type: ignore[arg-type]
    while await Bridge(parts.db, None, "").desk.hand_out():  # type: ignore[arg-type]
        pass
    assert await parts.count(fans, keys=keys, what="%requisition.ended%") == 2
    await parts.take_in(parts.receipts, AbsenceNoted(person_id=MANAGER, absence={  # type: ignore[arg-type]
        "starts_at": "2026-09-02T08:00:00+08:00", "ends_at": "2026-09-09T08:00:00+08:00"}))
    assert await parts.count(fans, keys=keys, what="%interviewer.away%") == 1
    calendar = {"person_id": MANAGER, "feed_id": uuid4(), "at": "2026-09-02T08:00:00+08:00"}
    house = "select count(*) from subject_facts where kind = 'house' and fact->>'type' like 'calendar.%'"
    async with parts.db.unit() as uow:  # a house that earlier tests opened would hear of it
        for table in ("subject_facts", "subject_steps", "subjects"):
            await uow.run(f"delete from {table} where kind = 'house'")
    await parts.take_in(parts.receipts, CalendarRead(**calendar, busy=2))
    assert await parts.count(house) == 0, "that a calendar can be read concerns nobody who did not ask"
    async with parts.db.unit() as uow:
        await uow.run("truncate inbox")
    await parts.take_in(parts.receipts, CalendarFailed(**calendar, reason="gone"), CalendarRead(**calendar, busy=2))
    assert await parts.count(house) == 2
    assert await parts.count(fans, keys=keys, what="%calendar.failed%") == 1


async def test_open_hires_when_temporal_forgot_them_then_their_rows_begin_them_again(parts: Parts, client: Client) -> None:
    requisition, hire = await parts.refer(), uuid4()
    bridge = Bridge(parts.db, client, parts.settings.task_queue)
    await parts.take_in(parts.receipts, parts.applied(requisition, hire))
    async with worker(client, parts):
        await parts.take_in(bridge.router(), parts.judged(requisition, hire))
        await eventually(lambda: _begun(parts, bridge, hire))
        await client.get_workflow_handle(f"hire/{hire}").terminate()
        assert await rebuild(parts.db, client, parts.settings.task_queue) >= 1
        async with parts.db.unit() as uow:
            state = load(await uow.value("select state from hires where hire_id = :id", id=hire))
        review = state.of_kind("review_application")[0]
        answered = ask.AskAnswered(
            ask_id=review.ask_id, version=1, kind=review.kind, hire_id=hire, obligation_id=review.id,  # type: ignore[arg-type]
            answer=ask.Answer(by=RECRUITER, happened_at=state.last_word_at, clear={"decision": "reject"}), final_at=state.last_word_at)  # type: ignore[arg-type]
        await parts.take_in(bridge.router(), answered)

        async def rejected() -> bool:
            await bridge._retry_held()
            return bool(await parts.count("select count(*) from hires where hire_id = :id and outcome = 'rejected'", id=hire))
        await eventually(rejected)


async def _begun(parts: Parts, bridge: Bridge, hire: UUID) -> bool:
    await bridge._retry_held()
    return bool(await parts.count("select count(*) from hires where hire_id = :id and state is not null", id=hire))
