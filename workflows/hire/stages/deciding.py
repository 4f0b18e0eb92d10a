"""Deciding: all evidence is rolled up; the hiring manager decides, or several vote as the policy says; never silence."""

from __future__ import annotations

from workflows.hire.state import Owed
from workflows.hire.table import answered
from workflows.hire.turn import Turn

from . import closing, interviewing, offering

DECISIONS = ("hire", "reserve", "reject")
"""Anything else decides nothing: it is asked again."""


def enter(turn: Turn, how: str = "advanced") -> None:
    """All rounds passed, or the decision to hire was taken back."""
    turn.go("deciding", how)
    ask(turn)
    interviewing.how_it_stands(turn)


def ask(turn: Turn) -> None:
    """The decision is owed by whom the stage plan names, or by everybody who votes."""
    turn.state.votes = {}
    for role in turn.state.voters or [turn.state.decides]:
        turn.owe("wave_decision" if turn.wants("wave_decision") else "hire_decision", role=role)


@answered("hire_decision", "wave_decision")
def _decided(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    decision, reason = str(owed.answer.clear.get("decision")), owed.answer.clear.get("reason_code")
    if decision not in DECISIONS:
        turn.owe(owed.kind, role=owed.role, params=owed.params)
        return
    if decision == "reject" and closing.reason_questioned(turn, owed):
        return
    alone = not turn.state.voters or owed.params.get("split")
    closing.decided(turn, owed, decision if alone else f"vote_{decision}")
    if alone:
        _final(turn, decision, reason)
        return
    turn.state.votes = {**turn.state.votes, owed.role: decision}
    counted = "reject" if decision == "reject" and owed.role in turn.state.veto else tally(
        list(turn.state.votes.values()), len(turn.state.voters), turn.state.votes_needed)
    if counted == "split":
        turn.owe(owed.kind, role=turn.state.decides, params={"split": True})
    elif counted is not None:
        closing.decided(turn, owed, counted)
        _final(turn, counted, reason)


def tally(votes: list[str], voters: int, needed: str) -> str | None:
    """What the votes say: hire, reserve or reject; `split` where one has to decide between them; None while it can still turn."""
    yes = votes.count("hire")
    if yes >= {"all": voters, "majority": voters // 2 + 1, "one": 1}[needed]:
        return "hire"
    if len(votes) < voters:
        return None
    if yes and (needed == "all" or 2 * yes == voters):
        return "split"
    return "reserve" if 2 * votes.count("reserve") > voters - yes else "reject"


def _final(turn: Turn, decision: str, reason: str | None) -> None:
    turn.cancel("hire_decision", "wave_decision", reason="decided")
    if decision == "hire":
        offering.enter(turn)
    else:
        closing.close(turn, "reserve" if decision == "reserve" else "rejected", reason)
