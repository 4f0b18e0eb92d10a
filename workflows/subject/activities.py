"""A subject's one effect a step: resolve, write step, subject and messages in one transaction; run again it gives the stored result."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from temporalio import activity

from shared.contracts.ask import AskCommand
from shared.contracts.envelope import Envelope
from shared.contracts.notification import Tell
from shared.policy.model import Policy
from shared.runtime.clock import real_wait_seconds
from shared.runtime.db import Database, Uow
from shared.runtime.observability import get_logger
from workflows.account.contract import under_contract
from workflows.activities import nameless
from workflows.hire.decide import due_by, next_due
from workflows.hire.resolution import Resolution, take_in
from workflows.hire.wire import StepOut
from workflows.options import APPLY_SUBJECT_STEP
from workflows.resolve import Outgoing
from workflows.store import read_policy

from . import store
from .resolve import resolve_subject
from .state import Subject
from .stories import SubjectStep, load

log = get_logger(__name__)


class SubjectSteps:
    """`apply_subject_step` with what it needs."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._policies: dict[str, Policy] = {}

    @activity.defn(name=APPLY_SUBJECT_STEP)
    async def apply_subject_step(self, step: SubjectStep) -> StepOut:
        """Apply one decided step, or say that it is not due yet."""
        try:
            async with self._db.unit() as uow:
                return await self._apply(uow, step)
        except Exception as problem:
            log.error("subject_step_failed", subject=f"{step.state.kind}/{step.state.id}", step=step.state.step_no, fact=step.fact.type,
                      problem=type(problem).__name__, exc_info=True)
            raise nameless(problem) from None

    async def _apply(self, uow: Uow, step: SubjectStep) -> StepOut:
        state: Any = step.state
        row = await store.lock(uow, state)
        if row is None:
            raise LookupError(f"{state.kind} {state.id} has no row")
        if row["done"] is not None and row["done_for"] != step.fact.id:  # as for hires: a worker died before Temporal knew
            stands = load(row["state"])
            return StepOut(applied=False, adopt=row["state"], wait_s=self._wait(uow.now, stands), more=due_by(stands, uow.now) is not None)  # type: ignore[arg-type]
        if row["done"] is not None:
            found = Resolution.model_validate(row["done"]["found"])
            state = take_in(state, found)
            return self._out(found, uow.now, state)
        if step.due is not None:
            before: Any = load(row["state"])
            chosen = due_by(before, uow.now)
            if chosen != step.due:
                return StepOut(applied=False, wait_s=self._wait(uow.now, before), instead=chosen)
        if state.policy not in self._policies:
            self._policies[state.policy] = await read_policy(uow, state.policy)
        sweeping = any(intent.do == "command" and intent.name == "house.sweep" for intent in step.intents)
        world = await store.read_world(uow, state, self._policies[state.policy], sweeping=sweeping)
        world.policy = under_contract(world.policy, world.client.contract)
        result = resolve_subject(state, step.intents, world, at=step.fact.at, now=uow.now)
        state = take_in(state, result.found)
        self._publish(uow, step, result.out)
        await store.remember(uow, state, refs_of(result.out))
        next_at = next_due(state)
        await store.save(uow, state, step.fact, result.found, next_at.at if next_at else None)
        return self._out(result.found, uow.now, state)

    def _out(self, found: Resolution, now: datetime, state: Subject) -> StepOut:
        return StepOut(found=found, wait_s=self._wait(now, state), more=due_by(state, now) is not None)  # type: ignore[arg-type]

    def _wait(self, now: datetime, state: Subject) -> float | None:
        due = next_due(state)  # type: ignore[arg-type]
        return None if due is None else real_wait_seconds(self._db.clock, now, due.at)

    def _publish(self, uow: Uow, step: SubjectStep, out: list[Outgoing]) -> None:
        cause = Envelope(id=step.fact.id, source=step.fact.source, type="", data=b"")
        for sent in out:
            uow.emit(sent.body, cause=cause, at=sent.at, event_id=sent.event_id, ordinal=sent.ordinal, policyversion=step.state.policy)


def refs_of(out: list[Outgoing]) -> list[UUID]:
    """Ids by which replies name what they answer: questions, messages, orders."""
    refs: list[UUID] = []
    for sent in out:
        refs += [sent.body.ask_id] if isinstance(sent.body, AskCommand) else []
        refs += [sent.body.message_id] if isinstance(sent.body, Tell) else []
        refs += [sent.event_id] if sent.event_id is not None else []
    return list(dict.fromkeys(refs))
