"""Hiring policies at the door: judged as a whole, kept under the hash of their meaning, put into force for whom the operator says."""

from __future__ import annotations

from services.intake.apply.work import Work
from services.intake.domain import Delivery
from services.intake.store import entities
from shared.contracts import operators
from shared.contracts.base import derive_id
from shared.contracts.policy import PolicyApplied, PolicyRecord
from shared.policy.loader import judge


async def policy_commanded(w: Work, d: Delivery) -> None:
    """A policy that no lint refuses is recorded and put into force; a wrong one is parked with place and cure of its first fault."""
    assert isinstance(d.body, operators.PolicyCommandV1)
    b = d.body
    judged = judge(b.text + "\n", name=f"{b.externalid}.yaml")
    policy = judged.policy
    if policy is None:
        return d.park("wrong_policy", str(judged.errors[0]))
    if policy.policy != b.externalid:
        return d.park("other_name", f"the text is of policy {policy.policy}: send it under that name")
    if b.hires == "chosen" and not b.hire_ids:
        return d.park("nobody_chosen", "hires: chosen needs hire_ids")
    policy_id = derive_id("intake", "policy", policy.policy, policy.version)
    before = await entities.load(w.uow, PolicyRecord, "policy", policy_id)
    since = w.uow.now if b.hires != "chosen" else before.current_since if before else None
    meaning = policy.model_dump(mode="json")
    record = PolicyRecord(policy_id=policy_id, version=(before.version if before else 0) + 1, name=policy.policy, hash=policy.version,
                          body=meaning, current_since=since, note=b.reason[:300])
    await entities.save(w.uow, "policy", policy_id, record.version, record.model_dump_json())
    w.uow.emit(record, cause=d.said, policyversion=policy.version)
    w.uow.emit(PolicyApplied(policy_id=policy_id, name=policy.policy, hash=policy.version, hires=b.hires, hire_ids=b.hire_ids, body=meaning,
                             at=w.uow.now), cause=d.said, policyversion=policy.version)
    return d.accept(f"policy/{policy_id}")
