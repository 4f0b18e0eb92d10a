"""The policy that a hire runs under is pinned at its start; an operator's `policy apply` gives it another one, in any stage."""

from __future__ import annotations

from workflows.hire import intents as i
from workflows.hire.facts import POLICY
from workflows.hire.table import STAGES, when
from workflows.hire.turn import Turn


@when(POLICY, *(stage for stage in STAGES if stage != "closed"))
def _applied(turn: Turn) -> None:
    """Dues and steps still ahead follow the new policy; what has happened stands."""
    old, new = turn.state.policy, str(turn.fact.get("version"))
    if old != new:
        turn.state.policy = new
        turn.emit("hire.policy_changed", old_version=old, policy_version=new)
        turn.intents.append(i.Repolicy(old=old, new=new))
