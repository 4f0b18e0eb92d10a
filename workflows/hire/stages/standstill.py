"""The requisition moves under the hire: paused, going on, changed, closed, filled by somebody else. One named rule a cell."""

from __future__ import annotations

from workflows.hire.part import Hold
from workflows.hire.state import NEVER_PAUSED, Owed
from workflows.hire.table import when
from workflows.hire.turn import Turn
from workflows.obligation import rules

from . import closing, offering
from .always import AFTER_CALL
from .interrupted import BEFORE_OFFER, OPEN_STAGES

UNDER_CONTRACT = ("joining", "settling")


@when("requisition.held", *BEFORE_OFFER)
@when("act.pause", *BEFORE_OFFER)
def _paused(turn: Turn) -> None:
    """Net clocks stand still, nobody is nagged; after some days the candidate is owed a word."""
    _hold(turn)
    turn.pause(turn.fact.get("reason"))


def _hold(turn: Turn) -> None:
    turn.state.hold = turn.state.hold or Hold(at=turn.at, reason=turn.fact.get("reason"))


@when("requisition.held", "offering")
@when("act.pause", "offering")
def _paused_unless_delivered(turn: Turn) -> None:
    """Before the letter is on its way it waits; afterwards two people look at the wish, and the offer stands."""
    _hold(turn)
    if not offering.review_if_delivered(turn):
        turn.pause(turn.fact.get("reason"))


@when("requisition.held", *UNDER_CONTRACT)
@when("requisition.ended", *UNDER_CONTRACT)
@when("requisition.updated", *UNDER_CONTRACT)
@when("act.pause", *UNDER_CONTRACT)
def _contract_goes_on(turn: Turn) -> None:
    """A contract does not pause and does not end with its requisition."""


@when("requisition.continued", *OPEN_STAGES)
@when("act.resume", *OPEN_STAGES)
def _resumed(turn: Turn) -> None:
    """What stood still is due later by as long as the pause was."""
    since = turn.state.paused_at
    turn.state.hold = turn.state.paused_at = None
    if since is None:
        return
    turn.emit("stage.left", stage="paused", visit=1, how="resumed")
    turn.cancel("pause_word", reason="resumed")
    for owed in turn.state.owed.values():
        if owed.status == "open" and owed.net and owed.kind not in NEVER_PAUSED:
            turn.intents.append(rules.i.Shift(id=owed.id, since=max(since, owed.opened_at), reason="resumed"))
    offering.deliver_held_back(turn)


def _paused_letter_settled(turn: Turn, owed: Owed) -> None:
    """The call is made while it still stands: asked again next working day, until it goes on or ends."""
    if turn.state.paused_at is not None and turn.state.stage == "offering":
        turn.owe("call", role=owed.role, params=owed.params, opens_at=rules.tomorrow(turn))


AFTER_CALL["paused_letter"] = _paused_letter_settled


@when("requisition.ended", *BEFORE_OFFER)
def _role_gone(turn: Turn) -> None:
    """Filled or given up: the hire ends, everybody still in hears so in words that fit how far they came."""
    closing.close(turn, _gone(turn), turn.fact.get("reason"))


@when("requisition.ended", "offering")
def _role_gone_unless_delivered(turn: Turn) -> None:
    """Before the letter is on its way the hire ends; afterwards two people look, and the offer stands."""
    if not offering.review_if_delivered(turn):
        closing.close(turn, _gone(turn), turn.fact.get("reason"))


def _gone(turn: Turn) -> str:
    return "filled" if turn.fact.get("reason") == "filled" else "closed_by_client"


@when("requisition.updated", "screening")
def _judged_again(turn: Turn) -> None:
    """The verdict is asked for again under the new rules; a review that is open stays with its reviewer."""
    if not any(step.name == "screening.evaluate" for step in turn.state.steps):
        turn.command("screening.evaluate")


@when("requisition.updated", "submission", "interviewing", "deciding", "offering")
def _goes_on_as_agreed(turn: Turn) -> None:
    """Nothing moves by itself: our recruiter hears of the new version; steps change only by a plan that somebody applied."""
    turn.tell("told", "recruiter", purpose="requisition_changed", params={"kind": "requisition_changed"})


@when("requisition.held", "closed")
@when("requisition.continued", "closed")
@when("requisition.ended", "closed")
@when("requisition.updated", "closed")
@when("act.pause", "closed")
@when("act.resume", "closed")
def _end_stands(turn: Turn) -> None:
    """The end is being told; what becomes of the requisition changes nothing about it."""
    if turn.fact.row in ("requisition.held", "act.pause"):
        _hold(turn)
    elif turn.fact.row in ("requisition.continued", "act.resume"):
        turn.state.hold = None
