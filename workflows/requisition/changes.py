"""A requisition changes, stands still, goes on, ends: what the way to its filling (story.py) does not know of (C25)."""

from __future__ import annotations

from workflows.hire.intents import Shift
from workflows.hire.state import Owed
from workflows.subject.turn import SubjectTurn

from .state import Change
from .story import MOVE, STORY, look_again, sign, state_of


@STORY.when("requisition.proposed", "open")
def _proposed(turn: SubjectTurn) -> None:
    """A change in flight: first its impact, before somebody of ours who says yes or no (C25)."""
    state, fact = state_of(turn), turn.fact
    turn.cancel("change_decision", "requirement_confirmation", reason="newer_change")
    state.change = Change(version=int(fact.get("version", 0)), text_hash=str(fact.get("text_hash") or ""), changed=list(fact.get("changed") or ()))
    turn.owe("change_decision", params={"version": state.change.version, "changed": ",".join(state.change.changed), "impact": True,
                                        "unlawful": ",".join(fact.get("unlawful") or ())})


@STORY.answered("change_decision")
def _decided(turn: SubjectTurn, owed: Owed) -> None:
    assert owed.answer is not None
    state = state_of(turn)
    if state.change is None:
        return
    if owed.answer.clear.get("decision") == "apply" and not owed.params.get("unlawful"):
        state.change.agreed = True
        sign(turn, state.change.version, state.change.text_hash)
    else:
        version, state.change = state.change.version, None
        turn.command(MOVE, to="drop", version=version)


@STORY.when("requisition.updated", "open")
def _updated(turn: SubjectTurn) -> None:
    """The signed change stands in the records now."""
    state = state_of(turn)
    state.version, state.text_hash = int(turn.fact.get("version", state.version)), str(turn.fact.get("text_hash") or state.text_hash)
    if state.change is not None and state.change.agreed:
        state.confirmed, state.change = state.version, None


@STORY.when("requisition.held")
def _held(turn: SubjectTurn) -> None:
    """Net clocks stand still; in a month somebody looks at it again."""
    if turn.state.paused_at is None:
        turn.state.paused_at = turn.at
        look_again(turn)


@STORY.when("requisition.continued")
def _continued(turn: SubjectTurn) -> None:
    """What stood still is due later by as long as the pause was."""
    since, turn.state.paused_at = turn.state.paused_at, None
    if since is None:
        return
    turn.cancel("plan_review", reason="resumed")
    for owed in turn.state.owed.values():
        if owed.status == "open" and owed.net:
            turn.intents.append(Shift(id=owed.id, since=max(since, owed.opened_at), reason="resumed"))


@STORY.when("requisition.ended")
def _ended(turn: SubjectTurn) -> None:
    """Over; the hires still in hear of it one by one (their own workflows tell them)."""
    turn.close(str(turn.fact.get("reason") or "closed"))


def _never_idle(turn: SubjectTurn) -> None:
    """An open requisition is always somebody's: without a seat to fill or a word to wait for, somebody looks at it in a month."""
    if not turn.state.owed and not turn.state.steps:
        look_again(turn)


STORY.after = _never_idle
