"""The durable loop of every workflow: wait for the next fact or the one timer, decide, run one local activity, repeat.

No hiring logic stands here. History of a taken fact: 8 events, 1 workflow task (temporal.md). Versions: AUTO_UPGRADE with `patched`;
continue-as-new at the boundaries that each kind names keeps a patched branch alive for one stage at most.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import Any, Never

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from workflows import options
    from workflows.hire.decide import Due, next_due
    from workflows.hire.facts import Fact
    from workflows.hire.resolution import take_in
    from workflows.hire.wire import StepOut
    from workflows.obligation.wait import until


class Loop:
    """One subject of any kind, from its first fact to its end. Kinds fill in what is abstract here."""

    step_name = ""
    _state: Any
    _wait_s: float | None
    _queue: deque[Fact]
    _results: dict[str, str]
    _poked: bool

    def _set_up(self, state: Any, wait_s: float | None) -> None:
        self._state, self._wait_s = state, wait_s
        self._queue, self._results, self._poked = deque(), {}, False

    # -- what a kind fills in -----------------------------------------------------------------------------------------
    def _decided(self, fact: Fact) -> tuple[Any, list[Any]]:
        raise AssertionError("each kind decides by its own table")

    def _step(self, state: Any, fact: Fact, intents: list[Any], due: Due | None) -> Any:
        raise AssertionError("each kind has its own step")

    def _due_fact(self, due: Due) -> Fact:
        raise AssertionError("each kind names its own instants")

    def _next_run(self, wait_s: float | None) -> Never:
        raise AssertionError("each kind begins its own next run")

    def _at_boundary(self, due: Due) -> bool:
        return False

    def _at_end(self) -> None:
        """Nothing more to say by default."""

    # -- the loop -----------------------------------------------------------------------------------------------------
    async def _go_on(self) -> str:
        workflow.set_current_details(self._line())
        while not self._state.closed:
            await until(lambda: bool(self._queue) or self._poked, self._wait_s, summary="next rung")
            self._poked = False
            stage, steps = self._state.stage, self._state.step_no
            boundary = await (self._take_next() if self._queue else self._tick())
            if self._state.step_no > steps:
                workflow.set_current_details(self._line())
            if not self._state.closed and (boundary or self._state.stage != stage or self._is_long()):
                await self._continue()
        self._at_end()
        for fact in self._queue:
            self._results[fact.id] = "late"
        self._queue.clear()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._state.outcome or ""

    @workflow.update
    async def take(self, fact: Fact) -> str:
        """Take one fact in; answers when the step it caused is settled: `taken`, `known`, or `late` where all is over."""
        if fact.id in self._state.seen:
            return "known"
        if self._state.closed:
            return "late"
        if all(waiting.id != fact.id for waiting in self._queue):
            self._queue.append(fact)
        await workflow.wait_condition(lambda: fact.id in self._results)
        return self._results[fact.id]

    @workflow.signal
    def wake(self) -> None:
        """Look at the clock: an instant may have come, or a due may have moved."""
        self._poked = True

    @workflow.query
    def timeline(self) -> dict[str, object]:
        """Stage, outcome, and what is owed, for operators."""
        owed = [{"kind": one.kind, "status": one.status, "due_at": str(one.due_at or one.opens_at)} for one in self._state.owed.values()]
        return {"stage": self._state.stage, "outcome": self._state.outcome, "step": self._state.step_no, "owed": owed}

    async def _take_next(self) -> bool:
        fact = self._queue[0]
        state, intents = self._decided(fact)
        if state.step_no > self._state.step_no:
            out = await self._apply(self._step(state, fact, intents, None))
            if out.adopt is not None:
                return self._adopt(out)
            self._state, self._wait_s, self._poked = take_in(state, out.found), out.wait_s, self._poked or out.more
        self._queue.popleft()
        self._results[fact.id] = "taken"
        return False

    async def _tick(self) -> bool:
        """Propose what is due next; the activity reads the clock and may say: not yet, or another one."""
        proposal = next_due(self._state)
        while proposal is not None:
            fact = self._due_fact(proposal)
            state, intents = self._decided(fact)
            out = await self._apply(self._step(state, fact, intents, proposal))
            if out.adopt is not None:
                return self._adopt(out)
            self._wait_s = out.wait_s
            if out.applied:
                boundary = self._at_boundary(proposal)
                self._state, self._poked = take_in(state, out.found), self._poked or out.more
                return boundary
            proposal = out.instead
        return False

    def _adopt(self, out: StepOut) -> bool:
        """Go on from the stored state; what was decided on an older one is decided again, nothing of it was written."""
        self._state, self._wait_s, self._poked = type(self._state).model_validate(out.adopt), out.wait_s, self._poked or out.more
        return False

    async def _apply(self, step: Any) -> StepOut:
        """The step's only effect. When its attempts are used up the outside is away: wait and try on, never give a step up."""
        while True:
            try:
                return await workflow.execute_local_activity(
                    self.step_name, step, result_type=StepOut, start_to_close_timeout=options.STEP_TIMEOUT,
                    retry_policy=options.STEP_RETRY, local_retry_threshold=timedelta(seconds=3))
            except FailureError as failure:  # a local activity's own error comes without the wrapper of a regular one
                if is_cancelled_exception(failure):
                    raise
                await workflow.sleep(options.STEP_PAUSE)

    def _is_long(self) -> bool:
        info = workflow.info()
        return info.is_continue_as_new_suggested() or info.get_current_history_length() > options.EVENTS_CAP

    async def _continue(self) -> None:
        """Next run with the same state; facts that are already here are taken first."""
        await workflow.wait_condition(lambda: bool(self._queue) or workflow.all_handlers_finished())
        if not self._queue:
            self._next_run(0.0 if self._poked else self._wait_s)

    def _line(self) -> str:
        """Who holds the baton until when, without a name."""
        owed = self._state.baton()
        if owed is not None and owed.holder is not None:
            return f"{self._state.stage}: {owed.holder.role} owes {owed.kind}" + (f" until {owed.due_at.isoformat()}" if owed.due_at else "")
        due = next_due(self._state)
        return f"{self._state.stage}: waiting" + (f" until {due.at.isoformat()}" if due else "")


