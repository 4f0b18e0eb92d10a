"""How a hire begins: what is pinned at the start from requisition, client and policy (stage plan, chains, check-ins)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from shared.contracts.client import ClientRecord
from shared.contracts.requisition import RequisitionRecord
from shared.policy.model import Policy

from .hire.facts import Fact
from .hire.part import Hold
from .hire.state import TAKEN_BACK, HireState, PlannedRound, load

DEFAULT_ROUND = PlannedRound(name="interview", panel=["hiring_manager"])


def rounds_of(requisition: RequisitionRecord, policy: Policy) -> tuple[list[PlannedRound], str]:
    """The rounds in order and who decides at the end: the requisition's own, else its stage plan, else one round."""
    plan = policy.stage_plans.get(requisition.stage_plan)
    if requisition.rounds:
        own = [PlannedRound(name=one.name, panel=one.panel, minutes=one.minutes, mode=one.mode) for one in requisition.rounds]
        return own, plan.decides if plan else "hiring_manager"
    if plan is None:
        return [DEFAULT_ROUND], "hiring_manager"
    rounds = [
        PlannedRound(
            name=one.name, panel=list(one.panel), minutes=one.minutes, decides=one.decides, days=one.days,
            group=one.group.model_dump(mode="json") if one.group else None,
            loop=[PlannedRound(name=part.name, panel=list(part.panel), minutes=part.minutes) for part in one.loop])
        for one in plan.rounds]
    return rounds, plan.decides


def first_state(
    ids: dict[str, Any], *, origin: str, requisition: RequisitionRecord, client: ClientRecord, policy: Policy
) -> HireState:
    """The state before the first fact. `ids`: hire_id, person_id, requisition_id, client_id."""
    rounds, decides = rounds_of(requisition, policy)
    chains: dict[bool, list[str]] = {True: [], False: []}
    for approval in policy.offers.approvals:
        chains[approval.when == "always"] += list(approval.chain)
    return HireState(
        **ids, origin=origin, external=client.external and requisition.external, offer_by=requisition.offer_by, tier=client.tier,
        policy=policy.version, rounds=rounds, decides=decides, always_chain=chains[True], over_chain=chains[False],
        checkins=list(policy.onboarding.checkins), guarantee_months=client.guarantee_months, fee_shares=list(client.fee_shares), visits={"screening": 1}, **modes_of(policy))


REOPENED_WITHIN = timedelta(days=14)
"""How long after its end a hire can be taken up again under its own id; later the person applies anew."""


def reopened(stored: dict[str, Any] | None, closed_at: datetime, now: datetime, *, standing: Fact | None = None) -> HireState | None:
    """The state with which a hire that is over may go on; None where its end stands.

    `standing`: what became of its requisition. A hire that is over hears nothing, so what it remembers of a pause counts no more.
    """
    state = load(stored) if stored is not None else None
    if state is None or state.outcome not in TAKEN_BACK or state.closed_from is None or state.erased or now - closed_at > REOPENED_WITHIN:
        return None
    hold = Hold(at=standing.at, reason=standing.get("reason")) if standing is not None and standing.type == "requisition.held" else None
    return state.model_copy(update={"closed": False, "hold": hold})


def modes_of(policy: Policy) -> dict[str, Any]:
    """The switches of conduct as the state pins them."""
    return {
        "duties": list(policy.duties), "settling": list(policy.settling), "voters": list(policy.deciding.by),
        "votes_needed": policy.deciding.needed, "veto": list(policy.deciding.veto), "approving": policy.approving.mode,
        "approvals_needed": policy.approving.needed, "max_silent_offers": policy.interviews.max_silent_offers}
