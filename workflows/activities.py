"""The step's one effect: resolve parties and instants, write step, hire and messages, in one transaction.

Run again after a crash it finds the step's row and gives the stored result: nothing is written or said twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from prometheus_client import Counter
from temporalio import activity
from temporalio.exceptions import ApplicationError

from shared.contracts.envelope import Envelope
from shared.contracts.party import PersonRecord
from shared.policy.model import Policy
from shared.runtime.clock import real_wait_seconds
from shared.runtime.db import Database, Uow
from shared.runtime.observability import get_logger, registry

from . import store, twins
from .account.contract import under_contract
from .directory import Directory
from .hire.decide import due_by, next_due
from .hire.resolution import Resolution, take_in
from .hire.state import HireState, load
from .hire.wire import StepIn, StepOut
from .options import APPLY_STEP
from .resolve import Result, resolve
from .subject import inflow

log = get_logger(__name__)
STEPS = Counter("baton_hire_steps", "Steps of hires", ["result"], registry=registry)
FAILED = Counter("baton_hire_step_failures", "Attempts of steps that failed; a failing local activity is silent in Temporal",
                 ["problem"], registry=registry)


def nameless(problem: Exception) -> ApplicationError:
    """What Temporal may keep of a failed step: its type. The message could repeat somebody's data, and histories are not sealed."""
    return ApplicationError(type(problem).__name__, type=type(problem).__name__)


class Steps:
    """`apply_step` with what it needs: the database, and directories and policies it has read before."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._policies: dict[str, Policy] = {}
        self._directories: dict[Any, tuple[int, Directory]] = {}

    @activity.defn(name=APPLY_STEP)
    async def apply_step(self, step: StepIn) -> StepOut:
        """Apply one decided step, or say that it is not due yet."""
        try:
            async with self._db.unit() as uow:
                out = await self._apply(uow, step)
        except Exception as problem:
            FAILED.labels(type(problem).__name__).inc()
            log.error("step_failed", hire=str(step.state.hire_id), step=step.state.step_no, fact=step.fact.type,
                      problem=type(problem).__name__, attempt=activity.info().attempt if activity.in_activity() else 0, exc_info=True)
            raise nameless(problem) from None
        STEPS.labels("applied" if out.applied else "overtaken" if out.adopt else "not_due").inc()
        return out

    async def _apply(self, uow: Uow, step: StepIn) -> StepOut:
        row = await store.lock_hire(uow, step.state.hire_id, step.state.step_no)
        if row is None:
            raise LookupError(f"hire {step.state.hire_id} has no row")
        if row["done"] is not None and row["done_for"] != step.fact.id:
            log.warning("step_overtaken", hire=str(step.state.hire_id), step=step.state.step_no, fact=step.fact.type)
            return self._as_it_stands(row["state"], uow.now)
        if row["done"] is not None:
            found = Resolution.model_validate(row["done"]["found"])
            state = take_in(step.state, found)
            return self._out(found, uow.now, state)
        if step.due is not None:
            refusal = self._not_due(uow.now, step, load(row["state"]))
            if refusal is not None:
                return refusal
        directory = await self._directory(uow, step.state, row)
        for intent in step.intents:
            if intent.do == "policy":
                directory.former = await store.read_policy(uow, intent.old)
        result = resolve(step.state, step.intents, directory, at=step.fact.at, now=uow.now)
        state = take_in(step.state, result.found)
        next_at = next_due(state)
        self._publish(uow, step, result, row)
        where = {"requisition_id": state.requisition_id, "step": state.step_no, "at": step.fact.at, "policy": directory.requisition.policy,
                 "owner": _id_of(directory.requisition.team.get("recruiter"))}
        for sent in result.out:
            await inflow.tell_others(uow, sent.body, where)
        await twins.accepted(uow, state, result.out)
        await store.save_step(uow, state, step.fact, result.found, next_at.at if next_at else None)
        return self._out(result.found, uow.now, state)

    def _as_it_stands(self, stored: dict[str, Any], now: datetime) -> StepOut:
        """The step's row is another fact's: a worker died between commit and task completion, and this fact was quicker to come again."""
        state = load(stored)
        return StepOut(applied=False, adopt=stored, wait_s=self._wait(now, state), more=due_by(state, now) is not None)

    def _out(self, found: Resolution, now: datetime, state: HireState) -> StepOut:
        return StepOut(found=found, wait_s=self._wait(now, state), more=due_by(state, now) is not None)

    def _not_due(self, now: datetime, step: StepIn, before: HireState) -> StepOut | None:
        chosen = due_by(before, now)
        if chosen == step.due:
            return None
        return StepOut(applied=False, wait_s=self._wait(now, before), instead=chosen)

    def _wait(self, now: datetime, state: HireState) -> float | None:
        due = next_due(state)
        return None if due is None else real_wait_seconds(self._db.clock, now, due.at)

    def _publish(self, uow: Uow, step: StepIn, result: Result, row: Any) -> None:
        """The publisher's own ids come from the row: they may hold a name, and never enter Temporal."""
        fact = step.fact
        cause = Envelope(
            id=fact.id, source=fact.source, type="", data=b"", correlationid=row["correlation"],
            externalref=row["externalref"])
        for sent in result.out:
            uow.emit(sent.body, cause=cause, at=sent.at, event_id=sent.event_id, ordinal=sent.ordinal, policyversion=step.state.policy)

    async def _directory(self, uow: Uow, state: HireState, row: Any) -> Directory:
        """Cached by the projections' stamp; only the candidate differs from hire to hire."""
        key = (state.requisition_id, state.policy)
        known = self._directories.get(key)
        if known is None or known[0] != row["stamp"]:
            if len(self._directories) > 500:
                self._directories.clear()
            if state.policy not in self._policies:
                self._policies[state.policy] = await store.read_policy(uow, state.policy)
            found = await store.read_directory(uow, state.requisition_id, self._policies[state.policy])
            known = row["stamp"], replace(found, policy=under_contract(found.policy, found.client.contract))
            self._directories[key] = known
        shared = known[1]
        people = dict(shared.people)
        if row["candidate"] is not None:
            people[state.person_id] = PersonRecord.model_validate(row["candidate"])
        requisition = shared.requisition
        if row["team"]:
            given = {role: UUID(who) for role, who in row["team"].items()}
            requisition = requisition.model_copy(update={"team": {**given, **requisition.team}})
        return Directory(shared.policy, requisition, shared.client, people)


def _id_of(person: object) -> str | None:
    return str(person) if person is not None else None
