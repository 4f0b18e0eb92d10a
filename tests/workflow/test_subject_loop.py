"""The durable loop of a subject that is no hire, on a real Temporal with skipped time: timers fire, runs continue as new, rows suffice."""

from __future__ import annotations

import asyncio
import heapq
import sysconfig
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from temporalio import activity
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.unit.workflows.subjects.paper import Paper, check, paper_world
from workflows import client as temporal
from workflows import options
from workflows.hire.decide import due_by, next_due
from workflows.hire.facts import Fact
from workflows.hire.resolution import take_in
from workflows.hire.wire import StepOut
from workflows.subject import beginning
from workflows.subject.resolve import resolve_subject
from workflows.subject.state import dump
from workflows.subject.stories import SubjectBegin, SubjectStep, load
from workflows.subject.workflow import SubjectLoop

from .paper_run import began_with, runs_of

QUEUE = "paper-subjects"
ANSWERS = {"requirement_confirmation": {"decision": "sign"}, "plan_confirmation": {"decision": "agree"}, "pool_search": {"decision": "none_fit"}}


class PaperStep:
    """`apply_subject_step` in memory, with the same promises: a step is written once, a tick reads the clock first."""

    def __init__(self, paper: Paper, env: WorkflowEnvironment) -> None:
        self.paper, self._env = paper, env
        self.done: dict[int, tuple[str, StepOut]] = {}
        self.states: dict[int, Any] = {}

    @activity.defn(name=options.APPLY_SUBJECT_STEP)
    async def apply_subject_step(self, step: SubjectStep) -> StepOut:
        """One step."""
        paper, now = self.paper, (await self._env.get_current_time()).astimezone(UTC)
        if step.state.step_no in self.done:
            done_for, out = self.done[step.state.step_no]
            more = due_by(paper.state, now) is not None  # type: ignore[arg-type]
            return out if done_for == step.fact.id else StepOut(applied=False, adopt=dump(paper.state), wait_s=_wait(paper.state, now), more=more)
        if step.due is not None and due_by(paper.state, now) != step.due:  # type: ignore[arg-type]
            return StepOut(applied=False, wait_s=_wait(paper.state, now), instead=due_by(paper.state, now))  # type: ignore[arg-type]
        result = resolve_subject(step.state, step.intents, paper.world, at=step.fact.at, now=now)
        paper.state, paper.now = take_in(step.state, result.found), now  # type: ignore[type-var]
        self.states[paper.state.step_no] = paper.state
        paper.log += result.out
        for sent in result.out:
            paper._react(sent)
        made = StepOut(found=result.found, wait_s=_wait(paper.state, now), more=due_by(paper.state, now) is not None)  # type: ignore[arg-type]
        self.done[paper.state.step_no] = step.fact.id, made
        return made


def _wait(state: Any, now: datetime) -> float | None:
    due = next_due(state)
    return None if due is None else max(0.0, (due.at - now).total_seconds())


@pytest.fixture(scope="module")
async def env() -> AsyncIterator[WorkflowEnvironment]:
    """Temporal's test server, time standing still until somebody sleeps."""
    server = sysconfig.get_path("scripts") + "/temporal-test-server"
    async with await WorkflowEnvironment.start_time_skipping(test_server_existing_path=server, data_converter=pydantic_data_converter) as running:
        yield running


async def play(env: WorkflowEnvironment, paper: Paper, days: int) -> None:
    """Hand over what the world says, in order, skipping the time between; timers fire by themselves."""
    until = (await env.get_current_time()).astimezone(UTC) + timedelta(days=days)
    paper.now = until - timedelta(days=days)
    for _ in range(400):
        now = (await env.get_current_time()).astimezone(UTC)
        while paper._queue and paper._queue[0][0] <= now:
            fact = heapq.heappop(paper._queue)[2]
            if fact.type == "ask.answered" and paper.asks.get(UUID(fact.get("ask_id"))) != "open":
                continue
            await give(env, paper, fact)
        if paper.state.closed or now >= until:
            return
        due = next_due(paper.state)  # type: ignore[arg-type]
        nexts = [until, *([paper._queue[0][0]] if paper._queue else []), *([due.at] if due else [])]
        await env.sleep(max(min(nexts) - now, timedelta(seconds=1)))
        for _ in range(50):
            now = (await env.get_current_time()).astimezone(UTC)
            if due_by(paper.state, now) is None:  # type: ignore[arg-type]
                break
            await asyncio.sleep(0.02)
            await env.sleep(0.5)
    raise AssertionError(f"no end: {paper.state.stage}")


async def give(env: WorkflowEnvironment, paper: Paper, fact: Fact) -> None:
    """One fact, tried again on a slow machine as the desk does."""
    while True:
        try:
            await temporal.give(env.client, SubjectBegin(state=load(dump(paper.state))), fact, QUEUE)
            return
        except temporal.UnreachableError:
            await asyncio.sleep(0.2)


async def stages_of_runs(env: WorkflowEnvironment, steps: PaperStep) -> list[str]:
    """Stage in which each run began; each begins with the very state after the last step."""
    runs = await runs_of(env.client, options.subject_workflow_id("requisition", steps.paper.state.id))
    states = [(await began_with(env.client, run, SubjectBegin)).state for run in runs]
    for state in states[1:]:
        assert dump(state) == dump(steps.states[state.step_no]) and (state.owed or state.steps)
    assert sorted({state.step_no for state in states}) == [state.step_no for state in states]
    return [state.stage for state in states]


async def begun(env: WorkflowEnvironment, answers: dict[str, Any]) -> Paper:
    """A requirement that is raised now."""
    world = paper_world()
    now = (await env.get_current_time()).astimezone(UTC)
    paper = Paper(beginning.requisition(world.requisition, world.client, world.policy), world, answers, now=now)
    paper.tell("requisition.registered", {"version": 1, "text_hash": "h1", "state": "raised", "seats": [{"id": "s0"}]})
    return paper


async def test_a_requisition_when_played_then_it_opens_watches_its_seat_and_closes_when_filled(env: WorkflowEnvironment) -> None:
    paper = await begun(env, ANSWERS)
    steps = PaperStep(paper, env)
    async with Worker(env.client, task_queue=QUEUE, workflows=[SubjectLoop], activities=[steps.apply_subject_step]):
        await play(env, paper, 8)
        assert paper.state.stage == "open" and paper.questions("first_shortlist")
        assert await stages_of_runs(env, steps) == ["raised", "confirming", "planning", "pool", "open"], "each stage is a run of its own"
        handle = env.client.get_workflow_handle(options.subject_workflow_id("requisition", paper.state.id))
        await handle.terminate()
        await temporal.begin_subject_again(env.client, SubjectBegin(state=load(dump(paper.state)), wait_s=0.0), QUEUE)
        for seat in paper.state.open_seats():  # type: ignore[attr-defined]
            paper.tell("offer.accepted", {"hire_id": seat.id})
        await play(env, paper, 3)
        assert paper.state.closed and await handle.result() == "filled"
    assert paper.said("intake.move_requisition")[-1].reason == "filled"
    check(paper)


async def test_a_confirmation_when_nobody_signs_then_the_timer_alone_climbs_its_ladder(env: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "EVENTS_CAP", 25)
    paper = await begun(env, {})
    paper.state = paper.state.model_copy(update={"id": paper_world().client.client_id})
    steps = PaperStep(paper, env)
    async with Worker(env.client, task_queue=QUEUE, workflows=[SubjectLoop], activities=[steps.apply_subject_step]):
        await play(env, paper, 9)
        stages = await stages_of_runs(env, steps)
        assert stages[:2] == ["raised", "confirming"] and len(stages) >= 3, "a long history goes on in the next run, with what is open"
        await env.client.get_workflow_handle(options.subject_workflow_id("requisition", paper.state.id)).terminate()
    fired = [body.fired_at for body in paper.said("obligation.rung_fired")]
    assert len(fired) >= 4 and fired == sorted(fired) and paper.state.stage == "confirming"
    assert [spec for spec in paper.questions("call") if spec.params.get("serves_kind") == "requirement_confirmation"] or paper.said("obligation.overdue")
    check(paper)
