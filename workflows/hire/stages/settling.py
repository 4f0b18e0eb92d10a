"""Settling: check-ins, the decision on the probation, the guarantee; a bad sign opens `worry` at once. It ends at the last of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.hire.state import Owed, Step
from workflows.hire.table import ANSWERED, LAPSED, answered, lapsed, when
from workflows.hire.turn import Turn

from . import closing

BAD_MOOD = 2
DAYS = (1, 7, 30, 60, 90)
LAST_DUTIES = (
    "worry", "client_call_30", "placement_confirmation", "call", "probation_decision", "guarantee_call", "invoice_details", "payment")
MONTH_DAYS = 30.44
MILESTONE = "settling.until"


def enter(turn: Turn) -> None:
    """All check-ins are planned at once; each side is asked by itself."""
    turn.go("settling")
    state = turn.state
    assert state.start_at is not None
    anchors = {"start": state.start_at}
    for day in state.checkins:
        for role in ("new_hire", "line_manager"):
            turn.owe(f"checkin_{day}", role=role, anchors=anchors, params={"day": day})
    if state.external:
        turn.owe("placement_confirmation")
        turn.owe("client_call_30", anchors=anchors)
    probation = state.start_at + months(state.offer.probation_months if state.offer else 0)
    guarantee = state.start_at + months(state.guarantee_months)
    if turn.wants("probation_decision"):
        turn.owe("probation_decision", anchors={**anchors, "probation_end": probation})
    if turn.wants("guarantee_call") and state.external:
        turn.owe("guarantee_call", anchors={**anchors, "guarantee_end": guarantee})
    if "probation" in state.settling:
        _not_before(turn, "probation", probation)
    if "guarantee" in state.settling and state.external:
        _not_before(turn, "guarantee", guarantee)


def months(n: int) -> timedelta:
    """A contract's months as time that passes."""
    return timedelta(days=round(n * MONTH_DAYS))


def _not_before(turn: Turn, what: str, at: datetime) -> None:
    """It is not settled before this instant: a wait that nobody owes anything for."""
    turn.state.steps.append(Step(id=f"{MILESTONE}/{what}", name=MILESTONE, deadline=at))


def _checked_in(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    mood = owed.answer.clear.get("mood")
    bad = mood is not None and str(mood).isdigit() and int(mood) <= BAD_MOOD
    if bad or owed.answer.clear.get("call_me") == "yes":
        if not turn.state.of_kind("worry"):
            turn.owe("worry", params={"day": owed.params.get("day"), "side": owed.role})


def _silent(turn: Turn, owed: Owed) -> None:
    """Nobody's manager is asked why a person is silent."""


for _day in DAYS:
    ANSWERED[f"checkin_{_day}"] = _checked_in
    LAPSED[f"checkin_{_day}"] = _silent


@answered("placement_confirmation")
def _confirmed(turn: Turn, owed: Owed) -> None:
    turn.emit("placement.confirmed")
    _fee(turn, "fee.due", first=True)
    if turn.wants("invoice_details"):
        turn.owe("invoice_details")
    elif turn.wants("payment"):
        turn.owe("payment")


@answered("invoice_details")
def _invoiced(turn: Turn, owed: Owed) -> None:
    if turn.wants("payment") and turn.state.stage == "settling":
        turn.owe("payment")


@answered("probation_decision")
def _probation_decided(turn: Turn, owed: Owed) -> None:
    """Passed: nothing more. Longer: decided again a month later. Ended: our people talk to both sides, the departure is reported."""
    assert owed.answer is not None
    decision = str(owed.answer.clear.get("decision"))
    closing.decided(turn, owed, f"probation_{decision}")
    end = owed.anchors.get("probation_end")
    if decision == "longer" and end is not None and turn.state.stage == "settling":
        later = end + months(1)
        turn.owe("probation_decision", anchors={**owed.anchors, "probation_end": later}, opens_at=end)
        if "probation" in turn.state.settling:
            turn.state.steps = [step for step in turn.state.steps if step.id != f"{MILESTONE}/probation"]
            _not_before(turn, "probation", later)
    elif decision == "ended":
        turn.call("recruiter", "probation_ended")


def after(turn: Turn) -> None:
    """At the end of every turn: the last one done, settled."""
    if turn.state.stage != "settling" or turn.state.outcome is not None:
        return
    left = [owed for owed in turn.state.owed.values() if owed.kind.startswith("checkin_") or owed.kind in LAST_DUTIES]
    if not left and not any(step.name == MILESTONE for step in turn.state.steps):
        turn.emit("hire.settled")
        _fee(turn, "fee.due", first=False)
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
        _fee(turn, "fee.held", first=False)
        turn.owe("replacement_decision")


def _fee(turn: Turn, name: str, *, first: bool) -> None:
    """The first instalment, or all others, by the client's shares."""
    shares = turn.state.fee_shares
    for n, share in list(enumerate(shares, start=1))[slice(1) if first else slice(1, None)]:
        turn.emit(name, instalment=n, of=len(shares), share=share)


@answered("replacement_decision")
def _replaced(turn: Turn, owed: Owed) -> None:
    """Free of fee: the recruiter owes a new shortlist."""
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "yes" and turn.wants("replacement_shortlist"):
        turn.owe("replacement_shortlist", params={"fee_free": True})


@lapsed("probation_decision", "guarantee_call", "payment", "invoice_details")
def _people_know(turn: Turn, owed: Owed) -> None:
    """Nothing follows by itself."""


@when("start.noted", "settling")
def _corrected(turn: Turn) -> None:
    """A second report of the start changes nothing any more."""
