"""The durable loop of a requisition, a client account, a person in the pool, the house: decided by the kind's own story."""

from __future__ import annotations

from typing import Any, Never

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import options
    from workflows.hire.decide import Due
    from workflows.hire.facts import Fact
    from workflows.obligation.workflow import Loop
    from workflows.subject.stories import SubjectBegin, SubjectStep, story_of


@workflow.defn(name=options.SUBJECT)
class SubjectLoop(Loop):
    """One subject that is no hire; continues as new at each of its stages."""

    step_name = options.APPLY_SUBJECT_STEP
    _state: Any

    @workflow.init
    def __init__(self, begin: SubjectBegin) -> None:
        self._set_up(begin.state, begin.wait_s)

    @workflow.run
    async def run(self, begin: SubjectBegin) -> str:
        """Until it is over; returns its outcome."""
        return await self._go_on()

    def _decided(self, fact: Fact) -> tuple[Any, list[Any]]:
        return story_of(self._state).decide(self._state, fact)

    def _step(self, state: Any, fact: Fact, intents: list[Any], due: Due | None) -> SubjectStep:
        return SubjectStep(state=state, fact=fact, intents=intents, due=due)

    def _due_fact(self, due: Due) -> Fact:
        return due.fact(self._state.id)

    def _next_run(self, wait_s: float | None) -> Never:
        workflow.continue_as_new(SubjectBegin(state=self._state, wait_s=wait_s))
