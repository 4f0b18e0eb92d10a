"""What breaks into a hire from outside: withdrawing, rejecting, taking back, two hires of one person. One named rule a cell.

The names and first lines of these rules are the table in ARCHITECTURE.md (`python -m workflows.hire.interruptions`).
"""

from __future__ import annotations

from workflows.hire.state import TAKEN_BACK, Leaving, Owed
from workflows.hire.table import STAGES, answered, when
from workflows.hire.turn import Turn

from . import closing, deciding, interviewing, offering, parts, screening, sessions, submission

OPEN_STAGES = tuple(stage for stage in STAGES if stage != "closed")
BEFORE_OFFER = ("screening", "submission", "interviewing", "deciding")
BEFORE_YES = (*BEFORE_OFFER, "offering")


def _reason(turn: Turn) -> str | None:
    return turn.fact.get("reason")


# -- the candidate ----------------------------------------------------------------------------------------------------
@when("application.ended", *BEFORE_OFFER)
@when("act.withdraw", *BEFORE_OFFER)
def _withdrawn(turn: Turn) -> None:
    """The hire ends; every question closes, and the candidate hears that it has stopped."""
    closing.close(turn, "withdrawn", _reason(turn))


@when("application.ended", "offering")
@when("act.withdraw", "offering")
def _withdrawn_unless_accepted(turn: Turn) -> None:
    """With a letter on the table the arbiter's row decides which was first, the yes or the withdrawal."""
    leave(turn, "withdrawn", _reason(turn))


def leave(turn: Turn, outcome: str, reason: str | None) -> None:
    """End, unless an acceptance is first: with a letter on the table the arbiter's row decides (agreements.md 3)."""
    owed = next(iter(turn.state.of_kind("offer_answer")), None)
    if owed is None or owed.ask_id is None:
        closing.close(turn, outcome, reason)
    elif turn.state.leaving is None:
        turn.state.leaving = Leaving(outcome=outcome, reason=reason, at=turn.at)
        turn.close_ask(owed, "cancelled", wait=True)


@when("application.ended", "joining")
@when("act.withdraw", "joining")
def _reneged(turn: Turn) -> None:
    """Accepted, then stepped back: the seat goes to the reserve at once, by telephone."""
    closing.renege(turn, _reason(turn))


@when("application.ended", "settling")
@when("act.withdraw", "settling")
def _worry(turn: Turn) -> None:
    """Who works there leaves by a departure; the wish alone is a bad sign, and somebody of ours calls at once."""
    if not turn.state.of_kind("worry"):
        turn.owe("worry", params={"side": "new_hire"})


@when("application.ended", "closed")
@when("act.withdraw", "closed")
def _spared_the_rejection(turn: Turn) -> None:
    """The end stands; words of rejection that nobody has written yet are not written any more."""
    for owed in turn.state.of_kind("rejection_words"):
        turn.end(owed, "cancelled", reason="withdrawn")
        turn.tell_and_wait("withdrawn", "candidate", purpose="result")


@when("person.erased", *OPEN_STAGES)
def _erased(turn: Turn) -> None:
    """Everything stops and nothing is told any more."""
    turn.state.erased = True
    closing.close(turn, "withdrawn", "erased", told=False)


@when("person.erased", "closed")
def _erased_while_ending(turn: Turn) -> None:
    """What was still to be told is not told any more."""
    turn.state.erased = True
    turn.cancel(reason="erased")
    turn.state.steps = []


# -- the company ------------------------------------------------------------------------------------------------------
@when("act.close", *BEFORE_OFFER)
def _rejected(turn: Turn) -> None:
    """The hire ends; after an interview a person writes the words, else the plain answer goes out."""
    closing.close(turn, "rejected", _reason(turn))


@when("act.close", "offering")
def _rejected_unless_delivered(turn: Turn) -> None:
    """Before the letter is on its way the hire ends; afterwards two people look, and the offer stands meanwhile."""
    if not offering.review_if_delivered(turn):
        closing.close(turn, "rejected", _reason(turn))


@when("act.close", "joining")
@when("act.unhire", "joining")
def _contract_stands(turn: Turn) -> None:
    """A yes was given: nobody takes it back alone; legal owner and client manager look, the contract stands."""
    offering.review(turn)


@when("act.close", "settling")
@when("act.unhire", "settling")
def _only_by_departure(turn: Turn) -> None:
    """Who works there leaves by a departure with its reason, never by an act here."""


@when("act.unhire", "offering")
def _back_to_deciding(turn: Turn) -> None:
    """Before the letter is on its way the decision is made again; afterwards two people look, and the offer stands."""
    if not offering.review_if_delivered(turn):
        turn.emit("decision.made", decision="taken_back", stage=turn.state.stage, by=None, reason=_reason(turn))
        turn.state.offer = None
        deciding.enter(turn, "taken_back")


@when("act.unreject", *OPEN_STAGES)
@when("act.reopen", *OPEN_STAGES)
@when("act.unhire", *BEFORE_OFFER)
def _nothing_to_take_back(turn: Turn) -> None:
    """No such decision stands."""


@when("act.unreject", "closed")
def _reopened(turn: Turn) -> None:
    """While the candidate has not heard it: words are called back, and the last decision is asked for again."""
    reopen(turn)


@when("act.reopen", "closed")
def _opened_again(turn: Turn) -> None:
    """An end that turned out wrong is taken back although it was told: whoever decided last is asked again, the candidate hears from a person."""
    turn.state.result_told = False
    reopen(turn)


def reopen(turn: Turn) -> None:
    """Take an end back, where it is one that can be and nobody was told. What stands still by then is paused as before."""
    state = turn.state
    if state.outcome not in TAKEN_BACK or state.result_told or state.closed_from is None:
        return
    if state.result_occasion:
        turn.command("notification.withdraw_message", said=state.result_occasion, reason="taken_back")
    turn.emit("decision.made", decision="taken_back", stage="closed", by=None, reason=_reason(turn))
    stage, state.outcome, state.closed_from, state.result_occasion = state.closed_from, None, None, []
    back = [step for step in state.steps if step.name in ("notification.withdraw_message", "scheduling.cancel")]
    turn.go(stage, "taken_back")
    state.steps = back
    if state.hold is not None:
        turn.pause(state.hold.reason)
    _AGAIN[stage](turn)


def _interview_again(turn: Turn) -> None:
    """What took place is judged. What is being called off is waited for: everybody hears that, then times are looked for."""
    found = [one for one in (turn.state.interview, *turn.state.others) if one is not None]
    took_place = [one for one in found if one.ends_at is not None and one.ends_at <= turn.now]
    if took_place:
        turn.state.look_at(took_place[-1].id)
    interview = turn.state.interview
    if interview is not None and took_place:
        verdict = turn.state.rounds[turn.state.round - 1].decides
        turn.owe(sessions.kind_of(interview, "round_verdict"), role=verdict, refs=interviewing.interview_ref(interview),
                 params={"interview_id": str(interview.id), "round": turn.state.round})
    elif parts.called_off(turn):
        for one in found:
            one.off = one.starts_at is None
    else:
        interviewing.find_slots(turn)


_AGAIN = {
    "screening": screening.look_again, "submission": submission.decide_again, "interviewing": _interview_again,
    "deciding": deciding.ask, "offering": offering.letter_again}
"""Stage that was left -> who decides there once more."""


@answered("human_review")
def _seen_by_a_person(turn: Turn, owed: Owed) -> None:
    """The lead says whether the end stands; where it does not the hire goes on where it ended."""
    assert owed.answer is not None
    if turn.state.stage == "closed" and owed.answer.clear.get("decision") == "again":
        turn.state.result_told = False
        reopen(turn)


# -- other hires of the same person -----------------------------------------------------------------------------------
@when("twin.noted", "screening", "submission")
def _twin_looked_at(turn: Turn) -> None:
    """Twice for the same requisition: a person decides which of the two goes on. For another one each goes its own way."""
    if turn.fact.get("same") == "requisition":
        turn.call("recruiter", "twin")


@when("twin.noted", *(stage for stage in STAGES if stage not in ("screening", "submission")))
def _each_goes_its_way(turn: Turn) -> None:
    """Two hires of one person are two stories: budgets, calendars and the submission guard are the person's."""


@when("other.accepted", *BEFORE_YES)
def _asked_to_release(turn: Turn) -> None:
    """The person said yes elsewhere: they are asked whether this goes on; nobody is rejected by it, no client hears where."""
    if not turn.state.of_kind("release_others"):
        turn.owe("release_others")
        turn.tell("told", "recruiter", params={"kind": "release_others"})


@answered("release_others")
def _let_go(turn: Turn, owed: Owed) -> None:
    """Their own word: it ends here, or it goes on. Silence leaves it going on."""
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "release":
        leave(turn, "withdrawn", "accepted_elsewhere")


@when("other.accepted", "joining")
def _two_yeses(turn: Turn) -> None:
    """Two acceptances of one person: our recruiter calls and finds out which holds."""
    turn.call("recruiter", "two_acceptances")


@when("other.accepted", "settling")
def _stays_until_departure(turn: Turn) -> None:
    """Who works here and said yes elsewhere may leave: a bad sign, somebody of ours calls."""
    _worry(turn)


@when("other.accepted", "closed")
@when("act.close", "closed")
@when("act.unhire", "closed")
def _over(turn: Turn) -> None:
    """The hire has ended; it is recorded."""


@when("person.merged")
def _goes_on_as_one(turn: Turn) -> None:
    """The person lives on under the other id: so do their duties and everything said from now on."""
    kept, gone = turn.fact.get("person_id"), turn.fact.get("merged_id")
    turn.state.rename_person(gone, kept)


# -- answers out of turn ----------------------------------------------------------------------------------------------
@when("ask.answered_late", *BEFORE_OFFER, "joining", "settling")
def _known_late(turn: Turn) -> None:
    """The page told the truth at once; what the silence caused stands."""


@when("ask.answered_late", "closed")
def _late_yes_heard(turn: Turn) -> None:
    """A yes that came after silence had ended it: our recruiter calls, the end is explained, nothing is submitted."""
    yes = (turn.fact.get("clear") or {}).get("decision") in ("yes", "accept")
    if yes and turn.fact.get("kind") in ("interest", "represent_consent", "offer_answer"):
        turn.call("recruiter", "late_yes")
