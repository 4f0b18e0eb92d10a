"""What a policy would change before it does: every open hire it touches, how each due and step moves. Reads only.

It runs the same `decide`, `resolve` and `replan` as the change itself, against the stored states, and writes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.party import PersonRecord
from shared.policy.model import Policy
from shared.runtime.db import Uow

from . import store
from .directory import Directory
from .hire.decide import decide
from .hire.facts import POLICY, Fact
from .hire.resolution import take_in
from .hire.state import HireState, Owed, load
from .resolve import resolve

PAGE = 500
_OPEN = """select h.hire_id, h.state, h.requisition_id, h.policy, p.record as candidate from hires h left join parties p using (person_id)
  where h.closed_at is null and h.state is not null and h.hire_id > :after and {which} order by h.hire_id limit :page"""


@dataclass(frozen=True)
class DueChange:
    """One obligation whose instants move. `rungs`: how many steps of the ladder are still ahead."""

    obligation_id: str
    kind: str
    role: str
    due_from: datetime | None
    due_to: datetime | None
    rungs_from: list[str]
    rungs_to: list[str]
    planned: bool = False
    """It opens later; the instants are those of its opening."""


@dataclass(frozen=True)
class HirePlan:
    """What changes for one hire; both lists empty: only the version."""

    hire_id: UUID
    requisition: str
    stage: str
    policy_from: str
    dues: list[DueChange] = field(default_factory=list)
    steps: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Name of what is still ahead (rounds, decides, chains, check-ins) -> before, after."""


async def plan_policy(uow: Uow, policy: Policy, *, hire_ids: Collection[UUID] | None = None) -> list[HirePlan]:
    """The plan for all open hires under this policy's name, or for those named. Hires that have this very version are not in it."""
    formers: dict[str, Policy] = {}
    directories: dict[UUID, Directory] = {}
    plans = []
    async for row in _open_hires(uow, policy.policy, hire_ids):
        if row["policy"] == policy.version:
            continue
        if row["policy"] not in formers:
            formers[row["policy"]] = await store.read_policy(uow, row["policy"])
        if row["requisition_id"] not in directories:
            directories[row["requisition_id"]] = await store.read_directory(uow, row["requisition_id"], policy)
        shared, state = directories[row["requisition_id"]], load(row["state"])
        people = {**shared.people, **({state.person_id: PersonRecord.model_validate(row["candidate"])} if row["candidate"] else {})}
        directory = Directory(policy, shared.requisition, shared.client, people, formers[row["policy"]])
        plans.append(plan_hire(state, directory, now=uow.now))
    return plans


async def not_begun(uow: Uow, name: str) -> int:
    """Applications under this policy that nobody has judged yet: they begin under whatever is current then."""
    return int(await uow.value(
        "select count(*) from hires h join requisitions r using (requisition_id) where h.state is null and h.closed_at is null"
        " and r.record->>'policy' = :name", name=name) or 0)


async def _open_hires(uow: Uow, name: str, hire_ids: Collection[UUID] | None) -> AsyncIterator[Any]:
    which = "h.policy in (select version from policies where name = :name)" if hire_ids is None else "h.hire_id = any(cast(:ids as uuid[]))"
    params = {"name": name} if hire_ids is None else {"ids": list(hire_ids)}
    after = UUID(int=0)
    while True:
        rows = await uow.rows(_OPEN.format(which=which), after=after, page=PAGE, **params)
        for row in rows:
            yield row
        if len(rows) < PAGE:
            return
        after = rows[-1]["hire_id"]


def plan_hire(state: HireState, directory: Directory, *, now: datetime) -> HirePlan:
    """The plan for one hire; `directory` holds the new policy, and as `former` the one it runs under. Pure."""
    version = directory.policy.version
    fact = Fact(id=f"plan/{version}", source="baton/plan", type=POLICY, at=now, now=now, data={"version": version})
    changed, intents = decide(state, fact, now)
    result = resolve(changed, intents, directory, at=now, now=now)
    after = take_in(changed, result.found)
    before_steps = state.model_dump(mode="json", include=set(result.found.hire))
    dues = [_due(state.owed[key], after.owed[key]) for key in result.found.owed if key in state.owed and key in after.owed]
    return HirePlan(
        hire_id=state.hire_id, requisition=directory.requisition.code, stage=state.stage, policy_from=state.policy, dues=dues,
        steps={name: (before_steps.get(name), value) for name, value in result.found.hire.items()})


def _due(before: Owed, after: Owed) -> DueChange:
    planned = before.status == "planned"
    return DueChange(
        obligation_id=str(before.id), kind=before.kind, role=before.holder.role if before.holder else before.role, planned=planned,
        due_from=before.opens_at if planned else before.due_at, due_to=after.opens_at if planned else after.due_at,
        rungs_from=_rungs(before), rungs_to=_rungs(after))


def _rungs(owed: Owed) -> list[str]:
    return [f"{rung.at.isoformat()} {', '.join(rung.acts)}" for rung in owed.rungs]
