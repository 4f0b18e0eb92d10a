"""Screening: the rules have looked; a person looks where the machine may not decide, and by default that is every no."""

from __future__ import annotations

from workflows.hire.state import Owed
from workflows.hire.table import answered, when
from workflows.hire.turn import Turn

from . import closing, interviewing, submission


def _defect(turn: Turn) -> bool:
    defect = turn.fact.get("defect")
    if defect and not turn.state.of_kind("data_defect"):
        turn.owe("data_defect", params={"defect": defect})
    return bool(defect)


def _looked_at(turn: Turn) -> bool:
    return bool(turn.state.of_kind("review_application", "screen_out"))


@when("screening.passed", "screening")
def _passed(turn: Turn) -> None:
    if _looked_at(turn):
        return
    if _defect(turn):
        turn.owe("review_application")
    else:
        advance(turn)


@when("screening.uncertain", "screening")
def _uncertain(turn: Turn) -> None:
    _defect(turn)
    if not _looked_at(turn):
        turn.owe("review_application")


@when("screening.failed", "screening")
def _failed(turn: Turn) -> None:
    _defect(turn)
    if not _looked_at(turn):
        turn.owe("screen_out")


@when("screening.overdue", "screening")
def _overdue(turn: Turn) -> None:
    """No verdict within the machine's deadline: operators look, and the verdict is asked for again."""
    if not _looked_at(turn) and not turn.state.of_kind("machine_step"):
        turn.owe("machine_step", role="operators", params={"command": "screening.evaluate", "again": {}})


@when("application.changed")
def _changed(turn: Turn) -> None:
    if not turn.fact.get("defect"):
        for owed in turn.state.of_kind("data_defect"):
            turn.end(owed, "met", reason="repaired")
            if owed.ask_id and owed.status == "open":
                turn.close_ask(owed, "elsewhere")


@answered("review_application", "screen_out")
def _decided(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    decision = owed.answer.clear.get("decision")
    if decision == "advance":
        advance(turn)
    elif decision == "reject" and not closing.reason_questioned(turn, owed):
        closing.decided(turn, owed, "reject")
        closing.close(turn, "rejected", owed.answer.clear.get("reason_code"))
    elif decision != "reject":
        turn.owe(owed.kind, role=owed.role, params={"held": 1 + owed.params.get("held", 0)})


def look_again(turn: Turn) -> None:
    """A person looks once more."""
    turn.owe("review_application")


def advance(turn: Turn) -> None:
    """On to the client where it is another house, else straight to the interviews."""
    if turn.state.external:
        submission.enter(turn)
    else:
        interviewing.enter(turn)
