"""Policies against rows in PostgreSQL alone: a plan over 1,000 open hires, and that the change does what the plan said."""

from __future__ import annotations

import json
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from deploy.local.stack import Stack
from services.intake.domain import Delivery, Outcome
from services.intake.store import entities
from services.intake.usecases import Desk, receive
from services.notification.sending import when
from services.notification.store import directory
from shared.contracts.envelope import from_structured
from shared.contracts.hire import FanOut
from shared.contracts.policy import PolicyApplied, PolicyRecord
from shared.policy.loader import load_policy, shipped_policy, shipped_text
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.provision import prepare_database
from shared.runtime.settings import ServiceSettings
from tests.support.bus import record_of
from tests.support.engines import HELD, clean_environment
from tests.support.intake_desk import open_desk
from workflows import store
from workflows.activities import Steps
from workflows.hire.decide import decide, next_due
from workflows.hire.facts import POLICY, Fact
from workflows.hire.printer import paper_hire
from workflows.hire.state import HireState, dump, load
from workflows.hire.wire import StepIn
from workflows.planning import plan_policy
from workflows.projections import receipts_router, records_router

HIRES = 1_000
NOW = datetime(2026, 9, 4, 2, 0, tzinfo=UTC)
LONGER = load_policy(shipped_text("agency-cn").replace("client_verdict: {within: 2 wd}", "client_verdict: {within: 4 wd}"))


DSNS: dict[str, str] = {}


@pytest.fixture
async def senders(db: Database) -> AsyncIterator[Database]:
    """Notification's own schema, through its own role, in the same PostgreSQL."""
    found = Database(DSNS["BATON_DATABASE_NOTIFICATION"], schema="notification", clock=Clock("held"))
    yield found
    await found.close()


@pytest.fixture(scope="module")
async def db(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """The workflows' schema in a PostgreSQL of its own, with 1,000 open hires that wait for a client's verdict or for a recruiter."""
    clean_environment()
    async with Stack(home=tmp_path_factory.mktemp("plan"), only=["postgres"], env=HELD) as stack:
        os.environ.update(stack.process_env("provision"))
        await prepare_database(ServiceSettings())
        clean_environment()
        DSNS.update(stack.env)
        found = Database(stack.env["BATON_DATABASE_WORKFLOWS"], schema="workflows", clock=Clock("held"))
        ops = Database(stack.env["BATON_DATABASE_OPS"], schema="runtime", clock=Clock("held"))
        async with ops.unit() as uow:
            await uow.run("update runtime.clock set now = :now", now=NOW)
        await _seed(found)
        yield found
        await ops.close()
        await found.close()


async def _seed(db: Database) -> None:
    waiting = [_played("review_application"), _played("client_verdict")]
    directory = paper_hire("agency-cn").directory
    async with db.unit() as uow:
        await store.keep_policy(uow, "agency-cn")
        for person in directory.people.values():
            await store.project(uow, "parties", "person_id", person, party_class=person.party_class, org_id=None)
        await store.project(uow, "clients", "client_id", directory.client)
        await store.project(uow, "requisitions", "requisition_id", directory.requisition, client_id=directory.client.client_id, state="open")
        rows = []
        for n in range(HIRES):
            state = waiting[n % 2].model_copy(update={"hire_id": uuid4()})
            due = next_due(state)
            rows.append((state.hire_id, state.person_id, state.requisition_id, state.client_id, "applied", NOW, state.stage, state.policy,
                         json.dumps(dump(state)), state.step_no, due.at if due else None))
        await uow.pg.executemany(
            "insert into hires (hire_id, person_id, requisition_id, client_id, origin, received_at, stage, policy, state, step_no, next_wake_at)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11)", rows)


def _played(kind: str) -> HireState:
    hire = paper_hire("agency-cn")
    hire.tell("screening.uncertain")
    for _ in range(200):
        if any(owed.kind == kind and owed.status == "open" for owed in hire.state.owed.values()):
            return hire.state
        assert hire.step()
    raise AssertionError(f"{kind} is never owed")


async def test_a_plan_when_a_thousand_hires_are_open_then_it_lists_each_of_them_in_seconds(db: Database) -> None:
    began = time.process_time()  # what it costs, not what else this machine does meanwhile
    async with db.unit() as uow:
        plans = await plan_policy(uow, LONGER)
    assert time.process_time() - began < 6, "ten seconds on the wall of an idle machine, with room"
    assert len(plans) == HIRES
    moved = [plan for plan in plans if any(due.kind == "client_verdict" for due in plan.dues)]
    assert len(moved) == HIRES // 2
    for plan in moved:
        verdict = next(due for due in plan.dues if due.kind == "client_verdict")
        assert verdict.due_to > verdict.due_from and verdict.rungs_to != verdict.rungs_from
    assert not [plan for plan in plans if plan not in moved and (plan.dues or plan.steps)], "what both versions say alike does not move"
    async with db.unit() as uow:
        assert await plan_policy(uow, shipped_policy("agency-cn")) == []


async def test_a_policy_when_applied_to_chosen_hires_then_they_do_what_the_plan_said_and_the_others_keep_theirs(db: Database) -> None:
    async with db.unit() as uow:
        chosen = await uow.value("select hire_id from hires where stage = 'submission' order by hire_id limit 1")
        plan = (await plan_policy(uow, LONGER, hire_ids=[chosen]))[0]
    await receipts_router().process(db, [record_of(_applied("chosen", [chosen]))])
    async with db.unit() as uow:
        sent = [row["value"] for row in await uow.rows("select value from outbox where topic = 'workflows.commands'")]
        orders = [FanOut.model_validate_json(value) for value in sent]
        assert [(order.hire_id, order.cause_type, order.params["version"]) for order in orders] == [(chosen, POLICY, LONGER.version)]
        state = load(await store.state_of(uow, chosen))
    fact = Fact(id="applied", source="test", type=POLICY, at=NOW, now=NOW, data={"version": LONGER.version})
    after, intents = decide(state, fact, NOW)
    assert (await Steps(db).apply_step(StepIn(state=after, fact=fact, intents=intents))).applied
    async with db.unit() as uow:
        state = load(await store.state_of(uow, chosen))
        assert state.policy == LONGER.version
        for due in plan.dues:
            assert (state.owed[due.obligation_id].opens_at if due.planned else state.owed[due.obligation_id].due_at) == due.due_to
        moved = await uow.value("select count(*) from outbox where headers like '%baton.obligation.moved%' and headers like :hash", hash=f"%{LONGER.version}%")
        assert moved == sum(not due.planned for due in plan.dues)
        assert await uow.value("select count(*) from hires where policy = :old", old=shipped_policy("agency-cn").version) == HIRES - 1
    again, nothing = decide(state, fact.model_copy(update={"id": "twice"}), NOW)
    assert again.policy == LONGER.version and not [intent for intent in nothing if intent.do == "policy"]


async def test_new_hires_when_a_policy_is_published_then_they_begin_under_it_and_an_unknown_name_waits(db: Database) -> None:
    meaning = LONGER.model_dump(mode="json")
    record = PolicyRecord(policy_id=uuid4(), version=1, name="our-house", hash=LONGER.version, body=meaning, current_since=NOW)
    await records_router().process(db, [record_of(record)])
    async with db.unit() as uow:
        assert (await store.keep_policy(uow, "our-house")).version == LONGER.version
        assert (await store.keep_policy(uow, "agency-cn")).version == shipped_policy("agency-cn").version
        with pytest.raises(LookupError):
            await store.keep_policy(uow, "nobody-knows")


def _applied(hires: str, ids: list[UUID]) -> PolicyApplied:
    return PolicyApplied.model_validate({
        "policy_id": uuid4(), "name": "agency-cn", "hash": LONGER.version, "hires": hires, "hire_ids": ids,
        "body": LONGER.model_dump(mode="json"), "at": NOW})


async def test_a_message_when_a_policy_is_published_then_its_windows_count_for_the_sender(db: Database, senders: Database) -> None:
    early = load_policy(shipped_text("agency-cn").replace('mail: "08:30-21:00"', 'mail: "10:00-18:00"'))
    record = PolicyRecord(policy_id=uuid4(), version=1, name="early-house", hash=early.version, body=early.model_dump(mode="json"), current_since=NOW)
    async with senders.unit() as uow:
        await directory.put_record(uow, "policy", record.policy_id, 1, record.model_dump_json())
        assert str((await when._policy(uow, "early-house")).windows["mail"][0]) == "10:00-18:00"
        assert (await when._policy(uow, "agency-cn")).version == shipped_policy("agency-cn").version


async def test_the_door_when_an_operator_sends_a_policy_then_it_is_recorded_and_applied_and_a_wrong_one_is_parked_with_its_fault(db: Database) -> None:
    good = shipped_text("agency-cn").replace("client_verdict: {within: 2 wd}", "client_verdict: {within: 3 wd}")
    async with open_desk(DSNS) as desk:
        taken = await _command(desk, "p-1", good)
        assert (taken.state, taken.subject.split("/")[0]) == ("accepted", "policy")
        wrong = await _command(desk, "p-2", good.replace("3 wd", "3 wdd"))
        assert wrong.state == "parked" and "3 wd" in wrong.reason and "client_verdict" in wrong.reason
        anonymous = await _command(desk, "p-3", good, granted=False)
        assert (anonymous.state, anonymous.code) == ("parked", "no_grant")
        async with desk.db.unit() as uow:
            sent = [row["topic"] for row in await uow.rows("select topic from outbox where headers like '%baton.policy.%' order by topic")]
    assert sent == ["intake.events", "intake.records"]


async def test_the_door_when_an_operator_acts_on_many_requisitions_then_all_of_them_are_known_or_nothing_is_ordered(db: Database) -> None:
    async with open_desk(DSNS) as desk:
        known, unknown = uuid4(), uuid4()
        async with desk.db.unit() as uow:
            record = paper_hire("agency-cn").directory.requisition.model_copy(update={"requisition_id": known})
            await entities.save(uow, "requisition", known, 1, record.model_dump_json())
        for ids, state in (([known], "accepted"), ([known, unknown], "parked"), ([], "parked")):
            body = {"externalid": f"batch-{len(ids)}", "act": "pause", "requisitions": [str(one) for one in ids], "reason": "budget"}
            event = {"specversion": "1.0", "id": f"b-{len(ids)}", "source": "test/cli", "type": "baton.command.requisitions", "data": body}
            delivery = Delivery(from_structured(event), json.dumps(event).encode(), actor="operator", granted=True)
            await receive(desk, [delivery])
            assert delivery.outcome.state == state, delivery.outcome
        async with desk.db.unit() as uow:
            assert await uow.value("select count(*) from outbox where topic = 'workflows.commands' and headers like '%bulk_act%'") == 1


async def _command(desk: Desk, id_: str, text: str, *, granted: bool = True) -> Outcome:
    body = {"externalid": "agency-cn", "text": text, "hires": "new", "reason": "three days"}
    event = {"specversion": "1.0", "id": id_, "source": "test/cli", "type": "baton.command.policy", "data": body}
    value = json.dumps(event).encode()
    delivery = Delivery(from_structured(value), value, actor="operator", granted=granted)
    await receive(desk, [delivery])
    return delivery.outcome
