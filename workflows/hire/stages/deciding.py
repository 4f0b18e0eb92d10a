"""Deciding: all evidence is rolled up; the hiring manager decides, never silence."""

from __future__ import annotations

from workflows.hire.state import Owed
from workflows.hire.table import answered
from workflows.hire.turn import Turn

from . import closing, offering


def enter(turn: Turn, how: str = "advanced") -> None:
    """All rounds passed, or the decision to hire was taken back."""
    turn.go("deciding", how)
    ask(turn)


def ask(turn: Turn) -> None:
    """The decision is owed by whom the stage plan names."""
    turn.owe("hire_decision", role=turn.state.decides)


@answered("hire_decision")
def _decided(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    decision = str(owed.answer.clear.get("decision"))
    closing.decided(turn, owed, decision)
    if decision == "hire":
        offering.enter(turn)
    elif decision == "reserve":
        closing.close(turn, "reserve", owed.answer.clear.get("reason_code"))
    else:
        closing.close(turn, "rejected", owed.answer.clear.get("reason_code"))
