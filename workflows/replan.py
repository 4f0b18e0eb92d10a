"""What another policy changes in a hire that runs: dues and ladders that move, openings that shift, rounds and chains still ahead.

One code path for the plan that is only shown and for the change itself. What both policies say alike stays untouched, to the minute;
what a pause or an agreement had added to a due stays added; nobody is late, and nothing fires, because of the change alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.contracts.obligation import Rung as WireRung
from shared.policy.due import PlanError, Planned, opens_at, plan
from shared.policy.model import Policy

from .directory import Holder
from .first import rounds_of
from .hire.state import HireState, Owed, Rung

if TYPE_CHECKING:
    from .resolve import Resolver

BEFORE_ROUNDS = ("screening", "submission")
BEFORE_DECISION = (*BEFORE_ROUNDS, "interviewing")


@dataclass(frozen=True)
class Move:
    """What changes of one obligation."""

    due_at: datetime | None
    opens_at: datetime | None
    rungs: list[Rung]
    net: bool
    rule: str


def of_hire(resolver: Resolver) -> dict[str, Any]:
    """Fields of the state that the new policy changes, as JSON values: rounds still ahead, who decides, chains, check-ins to come."""
    state, policy = resolver.state, resolver.policy
    rounds, decides = rounds_of(resolver.directory.requisition, policy)
    new: dict[str, Any] = {}
    if state.stage in BEFORE_DECISION:
        held = 0 if state.stage in BEFORE_ROUNDS else state.round
        ahead = [*state.rounds[:held], *rounds[held:]] or state.rounds
        new |= {"rounds": [one.model_dump(mode="json") for one in ahead], "decides": decides}
    chains: dict[bool, list[str]] = {True: [], False: []}
    for approval in policy.offers.approvals:
        chains[approval.when == "always"] += list(approval.chain)
    if state.offer is None or not state.offer.sent:
        new |= {"always_chain": chains[True], "over_chain": chains[False]}
    if state.start_at is None or state.stage not in ("settling", "closed"):
        new["checkins"] = list(policy.onboarding.checkins)
    now = state.model_dump(mode="json", include=set(new))
    return {name: value for name, value in new.items() if now[name] != value}


def replan(resolver: Resolver, former: Policy) -> dict[str, Move]:
    """Everything that moves when `former` gives way to the resolver's policy, by obligation id; an obligation without a change is not in it."""
    moves = {}
    for key, owed in resolver.state.owed.items():
        if owed.answer is None and owed.closing is None and owed.kind in resolver.policy.obligations:
            move = _moved(resolver, owed, former) if owed.status == "open" else _later(resolver, owed, former) if owed.status == "planned" else None
            if move is not None:
                moves[key] = move
    return moves


def apply(resolver: Resolver) -> None:
    """Write the change into the state and say what moved. The directory holds the policy of before."""
    former = resolver.directory.former or resolver.policy
    for name, value in of_hire(resolver).items():
        resolver.result.found.hire[name] = value
    for key, move in replan(resolver, former).items():
        owed = resolver.state.owed[key]
        if move.opens_at is not None:
            resolver.patch(owed, opens_at=move.opens_at)
            continue
        old = owed.due_at
        resolver.patch(owed, due_at=move.due_at, rungs=move.rungs, net=move.net)
        wire = [WireRung.model_validate({"n": rung.n, "at": rung.at, **wire_acts(rung.acts)}) for rung in move.rungs]
        resolver._obligation("moved", owed, resolver.at, old_due_at=old, reason="policy", rungs=wire)


def wire_acts(acts: list[str]) -> dict[str, Any]:
    """The strongest act of a rung as the wire says it: verb, and the role it names."""
    verb, _, named = acts[0].partition("(")
    return {"do": verb, "role": named.rstrip(")") or None if verb != "tell" else None}


def plan_of(resolver: Resolver, owed: Owed, holder: Holder, *, policy: Policy | None = None, opened_at: datetime | None = None) -> Planned:
    """Due and ladder of one obligation under this policy (the resolver's own where none is named), in the voice of the hire's stage plan."""
    state, directory, under = resolver.state, resolver.directory, policy or resolver.policy
    tier = state.tier if state.tier in under.tiers else None
    reader = directory.holder("candidate", resolver.now, candidate=state.person_id).calendar
    return plan(
        under, owed.kind, opened_at=opened_at or owed.opened_at, calendar=holder.calendar, party_class=holder.party_class,  # type: ignore[arg-type]
        anchors=owed.anchors, tier=tier, reader=reader, voice=directory.voice(under) if state.hire_id is not None else "standard",
        hurry=under.stars if getattr(state, "star", False) else 1.0)


def _moved(resolver: Resolver, owed: Owed, former: Policy) -> Move | None:
    holder, now = resolver.holder(owed), resolver.now
    try:
        old, new = (plan_of(resolver, owed, holder, policy=policy) for policy in (former, resolver.policy))
    except PlanError:
        return None
    if (old.due_at, old.rungs) == (new.due_at, new.rungs) or owed.due_at is None:
        return None
    due = new.due_at + (owed.due_at - old.due_at)
    if due <= now < owed.due_at:
        due = min(owed.due_at, holder.calendar.add_working_days(now, 1))
    later = [rung if due == new.due_at else replace(rung, at=rung.at + (due - new.due_at)) for rung in new.rungs]
    ahead = [rung for rung in later if rung.at > now]
    if not ahead and owed.rungs:
        ahead = [replace(later[-1], at=holder.calendar.add_working_days(now, 1))] if later else []
    rungs = [Rung(n=owed.fired + n, at=rung.at, acts=[act_text(act) for act in rung.acts]) for n, rung in enumerate(ahead, 1)]
    same = due == owed.due_at and [(one.at, one.acts) for one in rungs] == [(one.at, one.acts) for one in owed.rungs]
    return None if same else Move(due, None, rungs, new.net, new.rule)


def _later(resolver: Resolver, owed: Owed, former: Policy) -> Move | None:
    try:
        old, new = (_opening(resolver, owed, policy) for policy in (former, resolver.policy))
    except PlanError:
        return None
    if old is None or new is None or old == new or owed.opens_at is None:
        return None
    at = max(new + (owed.opens_at - old), min(owed.opens_at, resolver.now))
    return None if at == owed.opens_at else Move(None, at, [], owed.net, "")


def _opening(resolver: Resolver, owed: Owed, policy: Policy) -> datetime | None:
    holder = resolver.holder(owed)
    if owed.params.get("planned_at_due"):
        return plan_of(resolver, owed, holder, policy=policy).due_at
    if policy.obligation(owed.kind).opens_at is None or not owed.anchors:
        return None
    return opens_at(policy, owed.kind, anchors=owed.anchors, calendar=holder.calendar)


def act_text(act: Any) -> str:
    """An act as the state remembers it, e.g. `transfer(lead)`."""
    named = act.role or act.template
    return f"{act.do}({named})" if named and act.do not in ("remind",) else act.do


def shown(state: HireState) -> dict[str, Owed]:
    """The obligations whose instants a policy could move, by id."""
    return {key: owed for key, owed in state.owed.items() if owed.status in ("open", "planned")}
