"""(b) Hire steps a second: `take` called -> the next command's row committed; against a bare Temporal workflow of the same shape.

The step is a real one: a recruiter's answer to a review ("hold") ends one obligation, opens the next and commands the next Ask. The bare
workflow takes an update, runs one local activity with one insert, and arms one timer. (c) What such a step costs in Temporal.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from temporalio.client import Client
from temporalio.worker import Worker

from deploy.local.stack import Stack
from shared.contracts.base import derive_id
from shared.contracts.client import ClientRecord
from shared.contracts.party import PersonRecord
from shared.contracts.requisition import RequisitionRecord
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.settings import ServiceSettings
from tests.bench import bare_workflow
from tests.support.bus import record_of
from workflows import client as temporal
from workflows import store
from workflows.first import first_state
from workflows.hire.facts import Fact
from workflows.hire.state import HireState
from workflows.projections import records_router

STEPS = 6
AT_ONCE = 32
Step = Callable[[UUID, int], Awaitable[None]]


def _fact(kind: str, hire: UUID, number: int, /, **data: Any) -> Fact:
    now = datetime.now(UTC)
    return Fact(id=str(derive_id("bench", kind, hire, number)), source="bench", type=kind, at=now, now=now, data=data)


class Ours:
    """Hires on the production worker; the bench only plays the bridge."""

    def __init__(self, db: Database, client: Client, settings: ServiceSettings) -> None:
        self._db, self._client, self._queue = db, client, settings.task_queue
        self._first: dict[UUID, HireState] = {}
        self._asked_by: dict[UUID, Fact] = {}

    async def prepare(self, hires: int) -> list[UUID]:
        """Records, and a row for each hire, as the bridge writes them."""
        client_id, requisition_id, recruiter = uuid4(), uuid4(), uuid4()
        client = ClientRecord(client_id=client_id, version=1, name="bench")
        requisition = RequisitionRecord(requisition_id=requisition_id, version=1, client_id=client_id, externalref="bench#R", code="R", title="R",
                                        team={"recruiter": recruiter, "lead": recruiter, "client_manager": recruiter})
        people = [PersonRecord(person_id=recruiter, version=1, party_class="staff", roles=["recruiter", "lead"])]
        ids = [uuid4() for _ in range(hires)]
        people += [PersonRecord(person_id=hire, version=1, party_class="candidate") for hire in ids]
        await records_router().process(self._db, [record_of(body) for body in (client, requisition, *people)])
        async with self._db.unit() as uow:
            policy = await store.keep_policy(uow, requisition.policy)
            for hire in ids:
                row = {"hire_id": hire, "person_id": hire, "requisition_id": requisition_id, "client_id": client_id}
                self._first[hire] = first_state(row, origin="applied", requisition=requisition, client=client, policy=policy)
                await store.add_hire(uow, {**row, "origin": "applied", "externalref": "", "correlation": "", "received_at": uow.now, "screen_by": None,
                                           "profile": "{}", "fact": "{}"})
        return ids

    async def begin(self, hire: UUID) -> None:
        """The first verdict starts the workflow and asks the recruiter."""
        self._asked_by[hire] = _fact("screening.uncertain", hire, 0)
        assert await temporal.start(self._client, self._first[hire], self._asked_by[hire], self._queue) in ("taken", "known")

    async def step(self, hire: UUID, number: int) -> None:
        """The recruiter's answer `hold` to the question that is open now."""
        owed = derive_id("workflows", "obligation", "bench", self._asked_by[hire].id, hire, "review_application", 0)
        fact = _fact("ask.answered", hire, number, ask_id=str(derive_id("notification", "ask", owed)), kind="review_application", obligation_id=str(owed),
                     clear={"decision": "hold"}, final_at=datetime.now(UTC).isoformat(), answered_at=datetime.now(UTC).isoformat())
        assert await temporal.take(self._client, hire, fact) == "taken"
        self._asked_by[hire] = fact

    async def prove(self, hire: UUID) -> None:
        """Every answer had its effect: the question of now was held back as often as it was answered."""
        async with self._db.unit() as uow:
            state = await store.state_of(uow, hire)
        assert state is not None
        held = [one["params"]["held"] for one in state["owed"].values() if one["kind"] == "review_application"]
        assert held == [STEPS], f"{held} instead of {STEPS} answers"


async def _rate(ids: list[UUID], begin: Callable[[UUID], Awaitable[None]], step: Step) -> float:
    """Steps a second over all hires, AT_ONCE of them side by side; the starts are not counted."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def started(hire: UUID) -> None:
        async with slots:
            await begin(hire)

    async def walk(hire: UUID) -> None:
        async with slots:
            for number in range(1, STEPS + 1):
                await step(hire, number)

    await asyncio.gather(*(started(hire) for hire in ids))
    begun = time.perf_counter()
    await asyncio.gather(*(walk(hire) for hire in ids))
    return len(ids) * STEPS / (time.perf_counter() - begun)


async def cost_of_a_step(client: Client, workflow_id: str) -> dict[str, float]:
    """History events, workflow tasks and actions of one taken fact, averaged over the steps after the first."""
    events = [event.event_type for event in (await client.get_workflow_handle(workflow_id).fetch_history()).events]
    names = [type_ if isinstance(type_, str) else _name(type_) for type_ in events]
    starts = [n for n, name in enumerate(names) if name.endswith("WORKFLOW_EXECUTION_UPDATE_ACCEPTED")]
    span = Counter(names[starts[1]:starts[-1]])
    taken = len(starts) - 2
    actions = sum(span[f"EVENT_TYPE_{name}"] for name in ("WORKFLOW_EXECUTION_UPDATE_ACCEPTED", "TIMER_STARTED", "MARKER_RECORDED"))
    return {"events": sum(span.values()) / taken, "workflow_tasks": span["EVENT_TYPE_WORKFLOW_TASK_COMPLETED"] / taken, "actions": actions / taken}


def _name(type_: int) -> str:
    from temporalio.api.enums.v1 import EventType

    return str(EventType.Name(type_))


async def _bare(client: Client, dsn: str, ids: list[UUID]) -> float:
    pool = await asyncpg.create_pool(dsn, min_size=6, max_size=6)
    await pool.execute("create table if not exists bench_steps (id text, n int)")
    bare_workflow.POOL = pool
    worker = Worker(client, task_queue="bare", workflows=[bare_workflow.Bare], activities=[bare_workflow.insert], max_cached_workflows=2000)

    async def begin(hire: UUID) -> None:
        await client.start_workflow(bare_workflow.Bare.run, id=f"bare/{hire}", task_queue="bare")
        await step(hire, 0)

    async def step(hire: UUID, number: int) -> None:
        await client.get_workflow_handle(f"bare/{hire}").execute_update(bare_workflow.Bare.take, number, id=f"{hire}-{number}")

    async with worker:
        rate = await _rate(ids, begin, step)
    await pool.close()
    return rate


async def measure(home: Path, *, hires: int) -> dict[str, object]:
    """The bare workflow first, then ours, on the same engines."""
    async with Stack(home=home, only=["kafka", "postgres", "temporal", "provision", "worker"], env={"BATON_CLOCK": "real"}) as stack:
        env = stack.process_env("provision") | stack.env
        settings = ServiceSettings(**{name.removeprefix("BATON_").lower(): value for name, value in env.items() if name.startswith("BATON_")})
        client = await temporal.connect(settings)
        ids = [uuid4() for _ in range(hires)]
        bare = await _bare(client, settings.database, ids)
        db = Database(settings.database_of("workflows"), schema="workflows", clock=Clock("real"))
        ours = Ours(db, client, settings)
        ids = await ours.prepare(hires)
        rate = await _rate(ids, ours.begin, ours.step)
        await ours.prove(ids[-1])
        cost = await cost_of_a_step(client, f"hire/{ids[0]}")
        await db.close()
    return {"n_steps": hires * STEPS, "bare_steps_per_s": bare, "ours_steps_per_s": rate, "ratio": rate / bare, "wanted": 0.70,
            "events_per_step": cost["events"], "workflow_tasks_per_step": cost["workflow_tasks"], "actions_per_step": cost["actions"],
            "wanted_cost": "8 events, 1 workflow task, 3 actions"}
