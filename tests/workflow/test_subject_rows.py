"""Subjects that are no hire on a real PostgreSQL, without Temporal and Kafka: what is queued, stepped, remembered, handed out in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from deploy.local.stack import Stack
from shared.contracts import ask, requisition
from shared.contracts.application import ApplicationReceived, Facts
from shared.contracts.base import Message, derive_id
from shared.contracts.client import ClientRecord, ComplaintNoted, ServiceContract
from shared.contracts.hire import BulkAct, HireClosed
from shared.contracts.party import PersonRecord
from shared.contracts.requisition import HasSkill, Opening, RequisitionRecord
from shared.policy.loader import load_policy
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.provision import prepare_database
from shared.runtime.settings import ServiceSettings
from tests.support.bus import record_of
from tests.support.engines import HELD, clean_environment
from workflows import ops
from workflows import store as hires
from workflows.bridge import Bridge
from workflows.hire.decide import due_by
from workflows.projections import receipts_router, records_router
from workflows.subject import inflow, store
from workflows.subject.activities import SubjectSteps
from workflows.subject.stories import SubjectStep, load, story_of

CONFIRMED = load_policy("policy: confirmed-cn\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\nrequisition: confirmed\nnurture: \"on\"\n")
AT = "2026-09-02T10:00:00+08:00"
NAMES = ("recruiter", "lead", "manager", "client_manager", "candidate")
WHO = {name: derive_id("test", "rows", name) for name in NAMES}
CLIENT = derive_id("test", "rows", "client")


class House:
    """Consumers and steps on one database; facts are handed over here as the desk does, but decided in this process."""

    def __init__(self, db: Database) -> None:
        self.db, self.records, self.receipts = db, records_router(), receipts_router()
        self.bridge = Bridge(db, None, "", "confirmed-cn")  # type: ignore[arg-type]
        self.steps = SubjectSteps(db)

    async def hear(self, *messages: Message) -> None:
        """Records of intake, then its events, then replies, each to their consumer."""
        for message in messages:
            router = self.records if message.TYPE.endswith(".recorded") else (
                self.bridge.router() if isinstance(message, ask.AskAnswered) else self.receipts)
            await router.process(self.db, [record_of(message)])

    async def settle(self) -> None:
        """Hand over everything that waits, and fire everything that is due."""
        for _ in range(60):
            async with self.db.unit() as uow:
                queued = await uow.rows("select id, kind, subject_id, fact from subject_facts order by id limit 1")
            if not queued:
                return
            row = queued[0]
            async with self.db.unit() as uow:
                known = await store.row_of(uow, row["kind"], row["subject_id"])
                fact = (await store.facts_for(uow, row["kind"], row["subject_id"]))[0][1]
                state = load(known["state"]) if known["state"] else await self.bridge.desk._first(uow, row["kind"], row["subject_id"], fact)
                await store.handed_over(uow, row["id"])
            new, intents = story_of(state).decide(state, fact)  # type: ignore[arg-type]
            if new.step_no > state.step_no:  # type: ignore[union-attr]
                step = SubjectStep(state=new, fact=fact, intents=intents)  # type: ignore[arg-type]
                first = await self.steps.apply_subject_step(step)
                again = await self.steps.apply_subject_step(SubjectStep.model_validate(step.model_dump()))
                assert first.found.model_dump(mode="json") == again.found.model_dump(mode="json"), "run again it finds its row"

    async def state(self, kind: str, subject_id: UUID) -> Any:
        """The stored state."""
        async with self.db.unit() as uow:
            return load((await store.row_of(uow, kind, subject_id))["state"])

    async def answer(self, kind: str, subject_id: UUID, question: str, clear: dict[str, Any]) -> None:
        """Somebody answers the first open question of this kind."""
        owed = (await self.state(kind, subject_id)).of_kind(question)[0]
        now = datetime.fromisoformat(AT)
        await self.hear(ask.AskAnswered(
            ask_id=owed.ask_id, version=1, kind=question, obligation_id=owed.id, answer=ask.Answer(by=WHO["manager"], happened_at=now, clear=clear),
            final_at=now))
        await self.settle()

    async def count(self, sql: str, **params: Any) -> int:
        """One number."""
        async with self.db.unit() as uow:
            return int(await uow.value(sql, **params) or 0)


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """PostgreSQL alone, with roles, schemas and tables; a firm, its client, the policy in force."""
    clean_environment()
    async with Stack(home=tmp_path_factory.mktemp("rows"), only=["postgres"], env=HELD) as stack:
        env = stack.process_env("provision")
        settings = ServiceSettings(**{name.removeprefix("BATON_").lower(): value for name, value in env.items() if name.startswith("BATON_")})
        await prepare_database(settings)
        db = Database(settings.database_of("workflows"), schema="workflows", clock=Clock("held"))
        made = House(db)
        async with db.unit() as uow:
            await hires.learn_policy(uow, "confirmed-cn", CONFIRMED.version, CONFIRMED.model_dump(mode="json"), datetime(2026, 9, 1, tzinfo=UTC))
        classes = {"candidate": "candidate", "manager": "client"}
        await made.hear(*(PersonRecord(person_id=one, version=1, party_class=classes.get(name, "staff"), roles=[name] if name not in classes else [],
                                       manager_id=WHO["lead"] if name == "recruiter" else None) for name, one in WHO.items()))
        await made.hear(ClientRecord(client_id=CLIENT, version=1, name="harbour", manager_id=WHO["client_manager"], response_group=[WHO["manager"]]))
        yield made
        await db.close()


def raised(requisition_id: UUID, **more: Any) -> list[Message]:
    """The record and the fact of a requirement that has just come in."""
    given = {"state": "raised", "policy": "confirmed-cn", "team": {"recruiter": WHO["recruiter"], "hiring_manager": WHO["manager"]}, **more}
    record = RequisitionRecord(
        requisition_id=requisition_id, version=1, client_id=CLIENT, externalref="t#1", code="T-1", title="Engineer", text_hash="h1",
        openings=[Opening(opening_id=uuid4())], rules=[HasSkill(id="s", skills=["servo"])], **given)
    fact = requisition.RequisitionRegistered(
        requisition_id=requisition_id, version=1, client_id=CLIENT, at=AT, state=record.state, text_hash="h1")  # type: ignore[arg-type]
    return [record, fact]


def moved(cls: type[requisition.RequisitionFact], requisition_id: UUID, **more: Any) -> Message:
    """Intake's fact about a requisition."""
    return cls(requisition_id=requisition_id, version=1, client_id=CLIENT, at=AT, **more)  # type: ignore[arg-type]


def applied(hire: UUID, requisition_id: UUID) -> ApplicationReceived:
    """An application."""
    return ApplicationReceived(
        application_id=hire, hire_id=hire, person_id=WHO["candidate"], requisition_id=requisition_id, requisition_version=1, client_id=CLIENT,
        origin="applied", facts=Facts(skills=["servo"], years=7), submitted_at=AT)  # type: ignore[arg-type]


async def test_a_requisition_when_confirmed_then_each_side_signs_the_pool_is_asked_and_its_rows_begin_it_again(house: House) -> None:
    await in_the_pool(house)
    mine = uuid4()
    await house.hear(*raised(mine))
    await house.settle()
    for _ in range(2):
        await house.answer("requisition", mine, "requirement_confirmation", {"decision": "sign"})
    orders = "select count(*) from outbox where topic = 'intake.commands' and key = :key"
    assert await house.count(orders, key=str(mine)) == 1
    await house.hear(moved(requisition.RequisitionConfirmed, mine))
    await house.settle()
    await house.answer("requisition", mine, "plan_confirmation", {"decision": "agree"})
    state = await house.state("requisition", mine)
    search = state.of_kind("pool_search")[0]
    assert search.params["why_0"] == "skills:servo,interview:strong" and ("person", str(WHO["candidate"]), 1) in search.refs
    await house.answer("requisition", mine, "pool_search", {"decision": "none_fit"})
    await house.hear(moved(requisition.RequisitionOpened, mine, state="open"))
    await house.settle()
    state = await house.state("requisition", mine)
    assert state.stage == "open" and state.of_kind("first_shortlist", "opening_due")
    async with house.db.unit() as uow:
        stored = [load(one) for one in await store.open_states(uow)]
    assert any(one.id == mine and one == state for one in stored), "the row alone is enough to begin it again"


async def in_the_pool(house: House) -> None:
    """Somebody whose hire ended, and who said yes."""
    hire, old = uuid4(), uuid4()
    await house.hear(*raised(old, state="open"))
    await house.hear(applied(hire, old))
    async with house.db.unit() as uow:
        closed = HireClosed(hire_id=hire, requisition_id=old, client_id=CLIENT, person_id=WHO["candidate"], at=AT, outcome="reserve", stage="deciding", tags=["interview:strong"])  # type: ignore[arg-type]
        where = {"requisition_id": old, "step": 9, "at": datetime.fromisoformat(AT), "policy": "confirmed-cn", "owner": str(WHO["recruiter"])}
        await inflow.tell_others(uow, closed, where)
    await house.settle()
    await house.answer("nurture", WHO["candidate"], "pool_consent", {"decision": "yes"})
    assert (await house.state("nurture", WHO["candidate"])).stage == "pool"


async def test_a_requisition_when_it_closes_with_a_thousand_hires_then_all_are_told_page_by_page(house: House) -> None:
    mine = uuid4()
    await house.hear(*raised(mine, state="open"))
    async with house.db.unit() as uow:
        await uow.run(
            "insert into hires (hire_id, person_id, requisition_id, client_id, origin, received_at) select gen_random_uuid(), :p, :r, :c, 'applied', :now"
            " from generate_series(1, 1000)", p=WHO["candidate"], r=mine, c=CLIENT, now=uow.now)
    await house.hear(moved(requisition.RequisitionEnded, mine, reason="filled"))
    told = "select count(*) from outbox o join hires h on o.key = cast(h.hire_id as text) where o.topic = 'workflows.commands' and h.requisition_id = :r"
    assert await house.count(told, r=mine) == 0, "the event's own transaction tells nobody"
    pages = 0
    while await house.bridge.desk.hand_out():
        pages += 1
    assert await house.count(told, r=mine) == 1000 and pages >= 5
    assert await house.count("select count(*) from fan_outs") == 0


async def test_an_act_on_many_requisitions_when_run_dry_then_it_says_what_it_touches_and_changes_nothing(house: House) -> None:
    mine, hire = uuid4(), uuid4()
    await house.hear(*raised(mine, state="open"))
    await house.hear(applied(hire, mine))
    async with AsyncClient(transport=ASGITransport(app=Starlette(routes=ops.routes(house.db))), base_url="http://ops") as http:
        said = (await http.get("/ops/requisitions/impact", params=[("id", str(mine)), ("id", str(uuid4()))])).json()
        assert (await http.get("/ops/requisitions/impact", params={"id": "R-118"})).status_code == 422
        assert (await http.get("/ops/requisitions/impact")).status_code == 422
    assert [one["state"] for one in said["requisitions"]] == ["open", "unknown"] and said["total"] == {"hires": 1, "duties": 0, "dues": 0}
    assert said["requisitions"][0]["stages"] == {"screening": 1} and said["changed"] == 0


async def test_an_application_when_its_requisition_is_over_paused_or_shut_then_the_hire_hears_it_first(house: House) -> None:
    for facts, heard in (
            ([requisition.RequisitionEnded], "requisition.ended"), ([requisition.RequisitionHeld], "requisition.held"),
            ([requisition.RequisitionHeld, requisition.RequisitionContinued], None)):
        mine = uuid4()
        await house.hear(*raised(mine, state="open"), *(moved(cls, mine) for cls in facts))
        standing = await house.bridge._standing(mine)
        assert (standing.type if standing else None) == heard
    mine = uuid4()
    await house.hear(*raised(mine))
    shut = await house.bridge._standing(mine)
    assert shut is not None and (shut.type, shut.get("reason")) == ("requisition.held", "not_open")


async def test_a_client_when_it_has_a_contract_then_its_account_is_held_and_complaints_reach_it(house: House) -> None:
    other = uuid4()
    await house.hear(ClientRecord(client_id=other, version=1, name="pine", manager_id=WHO["client_manager"], contract=ServiceContract(), data_agreement=True))
    await house.settle()
    assert {one.kind for one in (await house.state("client", other)).owed.values()} == {"release_report", "account_review", "client_survey"}
    await house.hear(ComplaintNoted(client_id=other, complaint_id=uuid4(), raised_at=AT))  # type: ignore[arg-type]
    await house.settle()
    assert (await house.state("client", other)).of_kind("complaint_answer")
    assert await house.count("select count(*) from subjects where kind = 'client' and subject_id = :c", c=CLIENT) == 0, "no contract, no account"


async def test_an_owner_when_the_team_changes_then_hires_and_requisition_are_told_in_one_act(house: House) -> None:
    mine, hire = uuid4(), uuid4()
    await house.hear(*raised(mine))
    await house.hear(applied(hire, mine))
    await house.settle()
    record = raised(mine, team={"recruiter": WHO["lead"], "hiring_manager": WHO["manager"]})[0].model_copy(update={"version": 2})
    await house.hear(record)
    while await house.bridge.desk.hand_out():
        pass
    assert await house.count(
        "select count(*) from outbox where topic = 'workflows.commands' and key = :k and convert_from(value, 'UTF8') like '%owner.replaced%'", k=str(hire)) == 1


async def test_new_work_goes_to_the_recruiter_with_least_to_do(house: House) -> None:
    mine, others = uuid4(), [uuid4(), uuid4()]
    await house.hear(*(PersonRecord(person_id=one, version=1, party_class="staff", roles=["recruiter"]) for one in others))
    await house.hear(*raised(mine, state="open", team={"hiring_manager": WHO["manager"]}, pools={"recruiter": others}))
    given = []
    for _ in range(4):
        hire = uuid4()
        await house.hear(applied(hire, mine))
        assert await house.bridge._beginning(hire) is not None
        async with house.db.unit() as uow:
            given.append((await uow.value("select team from hires where hire_id = :id", id=hire))["recruiter"])
    assert sorted(given) == sorted([str(one) for one in others] * 2), "turn by turn"


async def test_the_house_when_applications_wait_then_it_is_told_once_and_sweeps_who_is_late(house: House) -> None:
    mine, hire = uuid4(), uuid4()
    await house.hear(*raised(mine, state="open"))
    await house.hear(applied(hire, mine))
    for _ in range(3):
        await house.bridge.desk.open_house()
    await house.settle()
    async with house.db.unit() as uow:
        assert await store.unwatched(uow) is None
        state = load((await store.row_of(uow, "house", store.HOUSE_ID))["state"])
        due = due_by(state, datetime(2100, 1, 1, tzinfo=UTC))
        await uow.run("update hires set screen_by = :now where hire_id = :id", now=uow.now, id=hire)
    assert due is not None and due.id == "house.sweep"
    fact = due.fact(state.id)
    new, intents = story_of(state).decide(state, fact)
    await house.steps.apply_subject_step(SubjectStep(state=new, fact=fact, intents=intents))
    late = "select count(*) from outbox where topic = 'workflows.commands' and key = :k and convert_from(value, 'UTF8') like '%screening.overdue%'"
    assert await house.count(late, k=str(hire)) == 1
    assert await house.count("select count(*) from hires where hire_id = :id and screen_by is not null", id=hire) == 0


async def test_an_act_in_bulk_when_ordered_then_the_house_keeps_it_until_its_window_has_passed(house: House) -> None:
    mine, batch = uuid4(), uuid4()
    await house.hear(*raised(mine, state="open"))
    async with house.db.unit() as uow:
        now = uow.now
    act = BulkAct(batch_id=batch, act="close", requisition_ids=[mine], actor="operator", reason="given_up", at=now, due_at=now + timedelta(minutes=10))
    await house.bridge.router().process(house.db, [record_of(act)])
    await house.settle()
    state = await house.state("house", store.HOUSE_ID)
    assert [step.deadline for step in state.steps if step.id == str(batch)] == [act.due_at]
    orders = "select count(*) from outbox where topic = 'intake.commands' and key = :key"
    assert await house.count(orders, key=str(mine)) == 0
    now_act = act.model_copy(update={"batch_id": uuid4(), "due_at": now, "at": now})
    await house.bridge.router().process(house.db, [record_of(now_act)])
    await house.settle()
    assert await house.count(orders, key=str(mine)) == 1
