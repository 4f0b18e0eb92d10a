"""Bridge and worker as their own processes on real Kafka, PostgreSQL and Temporal; the test plays the other services on the bus.

The clock is held and moved by the test: what is due is woken, as the time-keeper does it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from temporalio.client import WorkflowHandle

from deploy.local.stack import Stack
from shared.contracts import ask, notification, scheduling, screening
from shared.contracts.application import ApplicationReceived, Facts
from shared.contracts.base import Message
from shared.contracts.catalog import decode
from shared.contracts.client import ClientRecord
from shared.contracts.envelope import Envelope, from_kafka
from shared.contracts.hire import StageEntered
from shared.contracts.party import PersonRecord
from shared.contracts.requisition import RequisitionRecord, Round
from shared.contracts.topics import TOPICS, topic_of
from shared.runtime.settings import ServiceSettings
from tests.support.bus import envelope_of
from tests.support.process import running
from workflows import client as temporal

NOW = datetime(2026, 9, 2, 0, 0, tzinfo=UTC)
HEARD = [topic.name for topic in TOPICS if topic.name.startswith("workflows.") or topic.name.endswith(".commands")]


class Others:
    """Everybody else on the bus: publishes as they would, hears what workflows say."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env, self.heard = env, []  # type: ignore[var-annotated]
        self.now = NOW
        self.person, self.client, self.recruiter, self.manager = uuid4(), uuid4(), uuid4(), uuid4()
        self.requisition = uuid4()

    async def open(self) -> None:
        self._producer = AIOKafkaProducer(bootstrap_servers=self.env["BATON_KAFKA"])
        self._consumer = AIOKafkaConsumer(*HEARD, bootstrap_servers=self.env["BATON_KAFKA"], auto_offset_reset="earliest", group_id=None)
        await self._producer.start()
        await self._consumer.start()
        self.pg = await asyncpg.connect(self.env["BATON_DATABASE_OPS"])
        self.temporal = await temporal.connect(ServiceSettings(
            temporal=self.env["BATON_TEMPORAL"], temporal_namespace=self.env["BATON_TEMPORAL_NAMESPACE"]))

    async def close(self) -> None:
        await self._producer.stop()
        await self._consumer.stop()
        await self.pg.close()

    async def say(self, message: Message, *, cause: str = "", id: str = "") -> str:
        envelope = envelope_of(message, id=id or None, source="test/others", time=self.now)
        headers = envelope.kafka_headers() + ([("ce_causationid", cause.encode())] if cause else [])
        await self._producer.send_and_wait(topic_of(type(message)).name, envelope.data, key=message.key().encode(), headers=headers)
        return envelope.id

    async def hear(self, wanted: Callable[[Any], bool], *, within: float = 20.0) -> tuple[Envelope, Any]:
        until = asyncio.get_running_loop().time() + within
        while True:
            for envelope, body in self.heard:
                if wanted(body):
                    return envelope, body
            if asyncio.get_running_loop().time() > until:
                raise AssertionError(f"not heard; came: {[body.TYPE for _, body in self.heard]}")
            for records in (await self._consumer.getmany(timeout_ms=100)).values():
                for record in records:
                    envelope = from_kafka(record.headers, record.value)
                    self.heard.append((envelope, decode(envelope)))

    async def asked(self, hire: UUID, kind: str, nth: int = 0) -> tuple[Envelope, ask.AskCommand]:
        def mine(body: Any) -> bool:
            return isinstance(body, ask.AskCommand) and body.hire_id == hire and body.spec.kind == kind
        await self.hear(lambda body: sum(mine(known) for _, known in self.heard) > nth)
        return [(envelope, body) for envelope, body in self.heard if mine(body)][nth]

    async def answer(self, body: ask.AskCommand, clear: dict[str, Any], *, by: UUID | None = None) -> None:
        final = self.now + timedelta(seconds=body.spec.undo_within)
        await self.say(ask.AskAnswered(
            ask_id=body.ask_id, version=1, kind=body.spec.kind, hire_id=body.hire_id, obligation_id=body.spec.obligation_id,
            answer=ask.Answer(by=by, happened_at=self.now, clear=clear), final_at=final))

    async def deliver(self, envelope: Envelope, body: ask.AskCommand) -> None:
        message = body.message
        await self.say(notification.MessageDelivered(
            message_id=message.message_id, hire_id=body.hire_id, ask_id=body.ask_id, obligation_id=body.spec.obligation_id,
            party=message.party, purpose="ask", occasion=message.occasion, template=message.template, at=self.now), cause=envelope.id)

    async def jump(self, length: timedelta) -> None:
        self.now += length
        await self.pg.execute("update runtime.clock set now = $1", self.now)
        rows = await self.pg.fetch("select hire_id from workflows.hires where next_wake_at <= $1", self.now)
        for row in rows:
            await temporal.wake(self.temporal, row["hire_id"])

    async def refer(self) -> None:
        """People, client and requisition of an in-house hire with one round."""
        await self.say(ClientRecord(client_id=self.client, version=1, name="own house", external=False, response_group=[self.manager]))
        for person, kind, roles in ((self.recruiter, "staff", ["recruiter"]), (self.manager, "staff", ["hiring_manager"]), (self.person, "candidate", [])):
            await self.say(PersonRecord(person_id=person, version=1, party_class=kind, roles=roles))  # type: ignore[arg-type]
        await self.say(RequisitionRecord(
            requisition_id=self.requisition, version=1, client_id=self.client, externalref="test#1", code="T-1", title="Engineer",
            policy="inhouse-cn", team={"recruiter": self.recruiter, "hiring_manager": self.manager}, external=False,
            rounds=[Round(name="talk", panel=["hiring_manager"], minutes=45)]))

    async def apply(self, verdict: type[screening.ScreeningFact] = screening.ScreeningUncertain, *, hire: UUID | None = None) -> UUID:
        hire = hire or uuid4()
        common = {"application_id": hire, "hire_id": hire, "person_id": self.person, "requisition_id": self.requisition,
                  "requisition_version": 1, "client_id": self.client}
        received = await self.say(ApplicationReceived(**common, origin="applied", facts=Facts(), submitted_at=self.now))
        await self.say(verdict(**common, rules_version="1", score=0.5, results=[], at=self.now), cause=received)
        return hire


@pytest.fixture(scope="module")
async def others(engines: Stack, provisioned: dict[str, str]) -> AsyncIterator[Others]:
    """Bridge and worker run; everybody else is the test."""
    everybody = Others(provisioned)
    await everybody.open()
    await everybody.pg.execute("update runtime.clock set now = $1", NOW)
    async with running(engines, "worker"), running(engines, "bridge"):
        yield everybody
    await everybody.close()


async def to_choose_slot(others: Others) -> tuple[UUID, scheduling.OfferSlots, str]:
    """A hire whose application was reviewed and whose undo window is over: slots are being looked for."""
    hire = await others.apply()
    _, review = await others.asked(hire, "review_application")
    assert review.spec.holder.person_id == others.recruiter
    await others.answer(review, {"decision": "advance"}, by=others.recruiter)
    await asyncio.sleep(0.5)
    await others.jump(timedelta(minutes=10))
    envelope, order = await others.hear(lambda body: isinstance(body, scheduling.OfferSlots) and body.hire_id == hire)
    return hire, order, envelope.id


async def test_a_hire_when_records_come_last_then_it_begins_by_itself(others: Others) -> None:
    hire = await others.apply()
    await asyncio.sleep(0.5)
    await others.refer()
    _, review = await others.asked(hire, "review_application")
    assert review.message.party.person_id == others.recruiter
    entered = [body for _, body in others.heard if isinstance(body, StageEntered) and body.hire_id == hire]
    assert [body.stage for body in entered] == ["screening"]
    receipt = [body for _, body in others.heard if isinstance(body, notification.Tell) and body.hire_id == hire]
    assert [body.message.purpose for body in receipt] == ["receipt"]


async def test_a_hire_when_walked_to_a_booking_then_every_step_is_there_once(others: Others) -> None:
    await others.refer()
    hire, order, cause = await to_choose_slot(others)
    start = others.now + timedelta(days=3)
    slot = scheduling.Slot(slot_id=uuid4(), starts_at=start, ends_at=start + timedelta(minutes=45), panel=[others.manager])
    await others.say(scheduling.SlotsOffered(
        interview_id=order.interview_id, hire_id=hire, round=1, minutes=45, mode="video", slots=[slot], held_until=start), cause=cause)
    envelope, choose = await others.asked(hire, "choose_slot")
    await others.deliver(envelope, choose)
    await others.answer(choose, {"slot": str(slot.slot_id)}, by=others.person)
    _, book = await others.hear(lambda body: isinstance(body, scheduling.Book) and body.hire_id == hire)
    assert book.slot_id == slot.slot_id
    for kind in ("review_application", "choose_slot"):
        await others.hear(lambda body, kind=kind: body.TYPE == "baton.obligation.met" and body.hire_id == hire and body.kind == kind)


async def test_a_fact_when_published_twice_then_one_step(others: Others) -> None:
    await others.refer()
    hire = await others.apply()
    _, review = await others.asked(hire, "review_application")
    steps = await others.pg.fetchval("select max(step_no) from workflows.steps where hire_id = $1", hire)
    for _ in range(2):
        await others.answer(review, {"decision": "hold"})
    await asyncio.sleep(1.0)
    again = await others.pg.fetchval("select max(step_no) from workflows.steps where hire_id = $1", hire)
    assert again == steps + 2, "the second answer is another event: taken, but it changes nothing"
    state = json.loads(await others.pg.fetchval("select state from workflows.hires where hire_id = $1", hire))
    assert [owed["kind"] for owed in state["owed"].values()].count("review_application") == 1


async def at_rest(others: Others, hire: UUID) -> tuple[WorkflowHandle, int]:
    """The run that goes on, and how long its history is once it grows no more: at a stage's boundary a new run begins a moment after the step."""
    handle = others.temporal.get_workflow_handle(f"hire/{hire}")
    seen, same = ("", 0), 0
    for _ in range(150):
        found = await handle.describe()
        same = same + 1 if (found.run_id, found.history_length) == seen else 0
        seen = (found.run_id, found.history_length)
        if same == 5:
            return others.temporal.get_workflow_handle(f"hire/{hire}", run_id=seen[0]), seen[1]
        await asyncio.sleep(0.2)
    raise AssertionError(f"still growing after 30 s: {seen}")


async def test_history_when_a_fact_is_taken_then_at_most_eight_events_one_task_three_actions(others: Others) -> None:
    await others.refer()
    hire, order, cause = await to_choose_slot(others)
    handle, before = await at_rest(others, hire)
    await others.say(scheduling.SlotsUnavailable(interview_id=order.interview_id, hire_id=hire, round=1, reason="full"), cause=cause)
    await others.asked(hire, "call")
    names: list[int] = []
    until = asyncio.get_running_loop().time() + 30
    while 7 not in names and asyncio.get_running_loop().time() < until:  # the Ask may be read before the worker's answer is in the history
        await asyncio.sleep(0.1)
        names = [event.event_type async for event in handle.fetch_history_events()][before:]
    assert len(names) <= 8, names
    assert names.count(7) == 1, "one workflow task completed"
