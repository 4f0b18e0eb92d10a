"""Settling: check-ins with the new hire and the line manager to day 90; a bad sign opens `worry` at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.hire.state import Owed
from workflows.hire.table import ANSWERED, LAPSED, answered, when
from workflows.hire.turn import Turn

from . import closing

BAD_MOOD = 2
DAYS = (1, 7, 30, 60, 90)
LAST_DUTIES = ("worry", "client_call_30", "placement_confirmation", "call")
MONTH_DAYS = 30.44


def enter(turn: Turn) -> None:
    """All check-ins are planned at once; each side is asked by itself."""
    turn.go("settling")
    assert turn.state.start_at is not None
    anchors = {"start": turn.state.start_at}
    for day in turn.state.checkins:
        for role in ("new_hire", "line_manager"):
            turn.owe(f"checkin_{day}", role=role, anchors=anchors, params={"day": day})
    if turn.state.external:
        turn.owe("placement_confirmation")
        turn.owe("client_call_30", anchors=anchors)


def _checked_in(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    mood = owed.answer.clear.get("mood")
    bad = mood is not None and str(mood).isdigit() and int(mood) <= BAD_MOOD
    if bad or owed.answer.clear.get("call_me") == "yes":
        if not turn.state.of_kind("worry"):
            turn.owe("worry", params={"day": owed.params.get("day"), "side": owed.role})
    _finished(turn)


def _silent(turn: Turn, owed: Owed) -> None:
    _finished(turn)


for _day in DAYS:
    ANSWERED[f"checkin_{_day}"] = _checked_in
    LAPSED[f"checkin_{_day}"] = _silent


@answered("worry", "client_call_30")
def _done(turn: Turn, owed: Owed) -> None:
    _finished(turn)


@answered("placement_confirmation")
def _confirmed(turn: Turn, owed: Owed) -> None:
    turn.emit("placement.confirmed")
    _finished(turn)


def _finished(turn: Turn) -> None:
    """The last one done: settled. Calls that served a check-in went with it."""
    if turn.state.stage != "settling":
        return
    left = [owed for owed in turn.state.owed.values() if owed.kind.startswith("checkin_") or owed.kind in LAST_DUTIES]
    if not left:
        turn.emit("hire.settled")
        closing.close(turn, "settled", None, told=False)


@when("departure.noted", "settling")
def _left(turn: Turn) -> None:
    state = turn.state
    assert state.start_at is not None
    left_at = datetime.fromisoformat(turn.fact.get("left_at"))
    day = (left_at.date() - state.start_at.date()).days + 1
    turn.emit("hire.left", day=day, reason=turn.fact.get("reason"))
    guaranteed = state.external and left_at - state.start_at <= timedelta(days=state.guarantee_months * MONTH_DAYS)
    closing.close(turn, "left", turn.fact.get("reason"), told=False)
    if guaranteed:
        turn.owe("replacement_decision")


@when("start.noted", "settling")
def _corrected(turn: Turn) -> None:
    """A second report of the start changes nothing any more."""
