"""A paper hire on a real Temporal server: the workflow is the one of production, its step resolves against the paper directory.

The world (arbiter, services, people) is the rehearsal's; what it says is handed over as updates, and time is skipped between.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from temporalio import activity
from temporalio.client import Client

from workflows import client as temporal
from workflows import options
from workflows.hire.decide import due_by, next_due
from workflows.hire.facts import Fact
from workflows.hire.resolution import take_in
from workflows.hire.state import HireState, dump
from workflows.hire.wire import StepIn, StepOut
from workflows.rehearsal import Rehearsal
from workflows.resolve import resolve

Begun = TypeVar("Begun")


@dataclass
class World(Rehearsal):
    """The rehearsal without its own turns: facts go to the workflow."""

    ready: deque[Fact] = field(default_factory=deque)

    def take(self, fact: Fact) -> None:
        """Somebody has to hand it over."""
        self.ready.append(fact)


class PaperSteps:
    """`apply_step` in memory, with the same promises: a step is written once, a tick reads the clock first."""

    def __init__(self, world: World, clock: Any) -> None:
        self.world, self._clock = world, clock
        self.done: dict[int, tuple[str, StepOut]] = {}
        self.states: dict[int, HireState] = {}
        """The state after each step."""
        self.failures = 0
        """How many of the next attempts fail, as if the database were away."""
        self.attempts = 0
        self.given = Counter[str]()
        """Steps by the fact that caused them; a timer may try one of its own at any moment between."""

    @activity.defn(name=options.APPLY_STEP)
    async def apply_step(self, step: StepIn) -> StepOut:
        """One step."""
        self.attempts += 1
        self.given[step.fact.id] += 1
        if self.failures:
            self.failures -= 1
            raise OSError("away")
        now = await self._clock()
        before = self.world.state
        if step.state.step_no in self.done:
            done_for, out = self.done[step.state.step_no]
            overtaken = StepOut(applied=False, adopt=dump(before), wait_s=_wait(before, now), more=due_by(before, now) is not None)
            return out if done_for == step.fact.id else overtaken  # as the row tells it: a task may be done again with its news in another order
        if step.due is not None and due_by(before, now) != step.due:
            return StepOut(applied=False, wait_s=_wait(before, now), instead=due_by(before, now))
        result = resolve(step.state, step.intents, self.world.directory, at=step.fact.at, now=now)
        state = take_in(step.state, result.found)
        self.world.state, self.world.now, self.states[state.step_no] = state, now, state
        self.world.log += result.out
        for sent in result.out:
            self.world._react(sent)
        out = StepOut(found=result.found, wait_s=_wait(state, now), more=due_by(state, now) is not None)
        self.done[state.step_no] = step.fact.id, out
        return out


async def runs_of(client: Client, workflow_id: str) -> list[Any]:
    """The histories of all runs of this workflow, oldest first."""
    run_id, histories = None, []
    while True:
        history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        histories.append(history)
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if not run_id:
            return histories[::-1]


async def began_with(client: Client, history: Any, kind: type[Begun]) -> Begun:
    """The argument with which this run began."""
    given = history.events[0].workflow_execution_started_event_attributes.input.payloads
    found: Begun = (await client.data_converter.decode(given, [kind]))[0]
    return found


def _wait(state: HireState, now: datetime) -> float | None:
    due = next_due(state)
    return None if due is None else max(0.0, (due.at - now).total_seconds())


async def hand_over(client: Client, world: World, fact: Fact, queue: str) -> str:
    """Give the hire this fact; the first one starts it. A slow machine is tried again, as the bridge does."""
    while True:
        try:
            if world.state.step_no == 0:
                return await temporal.start(client, world.state, fact, queue)
            return await temporal.take(client, world.state.hire_id, fact)
        except temporal.UnreachableError:
            await asyncio.sleep(0.2)


async def play(env: Any, world: World, queue: str, *, until: datetime | None = None) -> None:
    """Hand over what the world says, in order, skipping the time between; until the hire is over, or `until`."""
    for _ in range(1_000):
        now = (await env.get_current_time()).astimezone(UTC)
        while world.ready:
            await hand_over(env.client, world, world.ready.popleft(), queue)
        if world.state.closed or (until is not None and now >= until):
            return
        at = world._queue[0][0] if world._queue else None
        due = next_due(world.state)
        target = min((instant for instant in (at, due.at if due else None, until) if instant is not None), default=None)
        if target is None:
            return
        before = world.state.step_no
        if target > now:
            await env.sleep(target - now)
        if at is not None and at <= target:
            world._happen(heapq.heappop(world._queue)[2])
        elif due is not None and due.at <= target:
            await _settled(env, world, before)
    raise AssertionError(f"no end: {world.state.stage}")


async def _settled(env: Any, world: World, before: int) -> None:
    """The workflow's own timer does this turn: wait until it has."""
    for _ in range(400):
        if world.state.step_no > before:
            return
        await asyncio.sleep(0.01)
        await env.sleep(0.2)
    raise AssertionError(f"the timer of {next_due(world.state)} did not fire")
