"""The hire's own part of the durable loop (workflows/obligation/workflow.py): its decision, its step, its boundaries.

Continue-as-new at every stage boundary and check-in; what operators may search by changes only there.
"""

from __future__ import annotations

from typing import Any, Never

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import options
    from workflows.hire.decide import Due, decide
    from workflows.hire.facts import Fact
    from workflows.hire.intents import Intent
    from workflows.hire.state import HireState
    from workflows.hire.wire import Begin, StepIn
    from workflows.obligation.workflow import Loop


@workflow.defn(name=options.HIRE)
class Hire(Loop):
    """One hire, from its first fact to its end."""

    step_name = options.APPLY_STEP
    _state: HireState

    @workflow.init
    def __init__(self, begin: Begin) -> None:
        self._set_up(begin.state, begin.wait_s)

    @workflow.run
    async def run(self, begin: Begin) -> str:
        """Until the hire is over; returns its outcome."""
        return await self._go_on()

    def _decided(self, fact: Fact) -> tuple[HireState, list[Intent]]:
        return decide(self._state, fact, fact.now)

    def _step(self, state: Any, fact: Fact, intents: list[Any], due: Due | None) -> StepIn:
        return StepIn(state=state, fact=fact, intents=intents, due=due)

    def _due_fact(self, due: Due) -> Fact:
        return due.fact(self._state.hire_id)

    def _next_run(self, wait_s: float | None) -> Never:
        workflow.continue_as_new(Begin(state=self._state, wait_s=wait_s), search_attributes=options.attributes(self._state))

    def _at_boundary(self, due: Due) -> bool:
        owed = self._state.owed.get(due.id)
        return due.what == "open" and owed is not None and owed.kind.startswith("checkin_")

    def _at_end(self) -> None:
        workflow.upsert_search_attributes([
            options.STAGE.value_set(self._state.stage), options.OUTCOME.value_set(self._state.outcome or "none")])
