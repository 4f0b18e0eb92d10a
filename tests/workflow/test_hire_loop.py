"""The durable loop on a real Temporal with skipped time: timers fire by themselves, runs continue as new, updates come once."""

from __future__ import annotations

import sysconfig
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.unit.workflows.paper import asked, began, check, facts
from workflows import client as temporal
from workflows import options
from workflows.hire.state import dump
from workflows.hire.table import STAGES
from workflows.hire.wire import Begin
from workflows.hire.workflow import Hire

from .paper_run import PaperSteps, World, began_with, play, runs_of

QUEUE = "paper"
KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD


@pytest.fixture(scope="module")
async def env() -> AsyncIterator[WorkflowEnvironment]:
    """Temporal's test server, time standing still until somebody sleeps."""
    server = sysconfig.get_path("scripts") + "/temporal-test-server"
    async with await WorkflowEnvironment.start_time_skipping(test_server_existing_path=server, data_converter=pydantic_data_converter) as running:
        names = [key.name for key in (options.STAGE, options.TIER, options.REQUISITION, options.POLICY, options.OUTCOME)]
        await running.client.operator_service.add_search_attributes(AddSearchAttributesRequest(
            namespace="default", search_attributes=dict.fromkeys(names, KEYWORD)))
        yield running


async def world_of(env: WorkflowEnvironment, name: str, **ideas: Any) -> World:
    """A paper hire that begins now, under its own id."""
    from shared.contracts.base import derive_id

    rehearsal = began(**ideas)
    now = (await env.get_current_time()).astimezone(UTC)
    world = World(
        state=rehearsal.state.model_copy(update={"hire_id": derive_id("test", "hire", name)}), directory=rehearsal.directory, now=now,
        answers=rehearsal.answers)
    world.tell("screening.uncertain")
    return world


def worker(env: WorkflowEnvironment, steps: PaperSteps) -> Worker:
    """Production's workflow with the paper step."""
    return Worker(env.client, task_queue=QUEUE, workflows=[Hire], activities=[steps.apply_step], max_cached_workflows=20)


def at_boundaries(steps: PaperSteps, begun: list[Begin]) -> list[str]:
    """What each next run began for; it must begin with the very state after the last step: open duties, seen ids, sequence and all."""
    reasons = []
    for before, begin in zip(begun, begun[1:], strict=False):
        state = begin.state
        assert dump(state) == dump(steps.states[state.step_no]), f"run from step {state.step_no} on"
        assert state.step_no > before.state.step_no and set(before.state.seen[-1:]) <= set(state.seen)
        assert state.owed or state.steps, "what was owed is owed in the next run"
        opened = next((owed.kind for owed in state.owed.values() if owed.kind.startswith("checkin_") and owed.status != "planned"), "events")
        reasons.append(state.stage if state.stage != before.state.stage else opened)
    return reasons


async def test_a_hire_when_played_to_day_90_then_it_settles_and_stages_are_runs_of_their_own(env: WorkflowEnvironment) -> None:
    world = await world_of(env, "good")
    steps = PaperSteps(world, env.get_current_time)
    async with worker(env, steps):
        await play(env, world, QUEUE)
        handle = env.client.get_workflow_handle(options.workflow_id(world.state.hire_id))
        assert await handle.result() == "settled"
        runs = await runs_of(env.client, options.workflow_id(world.state.hire_id))
        begun = [await began_with(env.client, run, Begin) for run in runs]
    check(world)
    assert facts(world, "hire.settled") and len(asked(world, "checkin_90")) == 2
    reasons = at_boundaries(steps, begun)
    stages = list(dict.fromkeys(reason for reason in reasons if reason in STAGES))  # none where the next news was there already
    assert stages == [stage for stage in STAGES[1:7] if stage in stages] and len(stages) >= 4, reasons
    assert [reason for reason in reasons if reason.startswith("checkin")], "continued as new at check-ins too"
    text = "".join(str(event) for run in runs for event in run.events)
    assert "@" not in text.replace("@type", "") or "example" not in text


async def test_an_ask_when_nobody_answers_then_the_timer_alone_climbs_the_ladder(env: WorkflowEnvironment) -> None:
    world = await world_of(env, "silent", review_application=None)
    steps = PaperSteps(world, env.get_current_time)
    async with worker(env, steps):
        await play(env, world, QUEUE, until=world.now + timedelta(days=6))
        handle = env.client.get_workflow_handle(options.workflow_id(world.state.hire_id))
        await handle.terminate()
    assert len(asked(world, "review_application")) >= 2
    due = facts(world, "obligation.opened")[0].due_at
    fired = [body.fired_at for body in facts(world, "obligation.rung_fired")]
    assert due in fired and sorted(fired) == fired


async def test_a_fact_when_given_twice_then_the_second_is_known_and_after_the_end_it_is_late(env: WorkflowEnvironment) -> None:
    world = await world_of(env, "twice", represent_consent={"decision": "no"})
    steps = PaperSteps(world, env.get_current_time)
    first = world._queue[0][2]
    async with worker(env, steps):
        await play(env, world, QUEUE, until=world.now + timedelta(hours=3))
        assert await temporal.take(env.client, world.state.hire_id, first) in ("taken", "known")
        again = replace_id(first)
        assert await temporal.take(env.client, world.state.hire_id, again) == "taken"
        assert steps.given[again.id] == 1 and steps.given[first.id] <= 1
        await play(env, world, QUEUE)
        assert await env.client.get_workflow_handle(options.workflow_id(world.state.hire_id)).result() == "withdrawn"
        assert await temporal.take(env.client, world.state.hire_id, again.model_copy(update={"id": "another"})) == "gone"
        assert await temporal.start(env.client, world.state, again.model_copy(update={"id": "third"}), QUEUE) == "gone"


def replace_id(fact: Any) -> Any:
    """The same news under another id."""
    return fact.model_copy(update={"id": fact.id + "-2"})


async def test_a_step_when_the_database_is_away_then_nothing_is_lost_and_nothing_is_done_twice(env: WorkflowEnvironment) -> None:
    world = await world_of(env, "away")
    steps = PaperSteps(world, env.get_current_time)
    steps.failures = 3
    async with worker(env, steps):
        await play(env, world, QUEUE, until=world.now + timedelta(minutes=1))
        await env.client.get_workflow_handle(options.workflow_id(world.state.hire_id)).terminate()
    assert steps.attempts == 4 and len(asked(world, "review_application")) == 1


async def test_a_taken_fact_when_no_stage_changes_then_it_costs_eight_events_and_one_task(env: WorkflowEnvironment) -> None:
    world = await world_of(env, "cost", review_application=None)
    steps = PaperSteps(world, env.get_current_time)
    async with worker(env, steps):
        await play(env, world, QUEUE, until=world.now + timedelta(minutes=1))
        handle = env.client.get_workflow_handle(options.workflow_id(world.state.hire_id))
        before = len((await handle.fetch_history()).events)
        world.tell("candidate.contacted", {})
        world._happen(world._queue.pop()[2])
        await temporal.take(env.client, world.state.hire_id, world.ready.popleft())
        events = (await handle.fetch_history()).events[before:]
        await handle.terminate()
    names = [event.event_type for event in events]
    assert len(names) <= 8 and names.count(7) == 1, names


async def test_a_run_when_its_history_grows_long_then_the_next_one_goes_on_with_all_that_is_open(
    env: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(options, "EVENTS_CAP", 30)
    world = await world_of(env, "long", review_application=None)
    steps = PaperSteps(world, env.get_current_time)
    async with worker(env, steps):
        await play(env, world, QUEUE, until=world.now + timedelta(minutes=1))
        given = []
        for _ in range(9):
            world.tell("candidate.contacted", {})
            world._happen(world._queue.pop()[2])
            given.append(world.ready.popleft())
            assert await temporal.take(env.client, world.state.hire_id, given[-1]) == "taken"
        applied = dict(steps.given)
        assert await temporal.take(env.client, world.state.hire_id, given[0]) == "known", "what an earlier run took"
        assert await temporal.take(env.client, world.state.hire_id, given[-1]) in ("known", "taken") and all(steps.given[one.id] == applied[one.id] for one in given)
        name = options.workflow_id(world.state.hire_id)
        begun = [await began_with(env.client, run, Begin) for run in await runs_of(env.client, name)]
        await env.client.get_workflow_handle(name).terminate()
    assert len(begun) >= 2 and set(at_boundaries(steps, begun)) <= {"events", "submission"}
    assert all("review_application" in {owed.kind for owed in begin.state.owed.values()} for begin in begun[1:])
    check(world)


async def test_a_hire_when_no_worker_answers_then_it_is_unreachable_in_bounded_time(
    env: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(options, "RPC_SECONDS", 0.5)
    world = await world_of(env, "nobody")
    fact = world._queue[0][2]
    with pytest.raises(temporal.UnreachableError):
        await temporal.start(env.client, world.state, fact, QUEUE)
    with pytest.raises(temporal.UnreachableError):
        await temporal.take(env.client, world.state.hire_id, replace_id(fact))
    monkeypatch.setattr(options, "RPC_SECONDS", 10.0)
    steps = PaperSteps(world, env.get_current_time)
    async with worker(env, steps):
        assert await temporal.start(env.client, world.state, fact, QUEUE) in ("taken", "known")
        await env.client.get_workflow_handle(options.workflow_id(world.state.hire_id)).terminate()
    assert len(asked(world, "review_application")) == 1
