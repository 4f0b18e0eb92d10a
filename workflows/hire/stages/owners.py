"""Who owes changes: one duty waived or given on, an owner replaced in everything at once, somebody away. One named rule a cell."""

from __future__ import annotations

from uuid import UUID

from workflows.hire.state import Owed
from workflows.hire.table import STAGES, answered, when
from workflows.hire.turn import CANDIDATE_KINDS, CANDIDATE_ROLES, Turn
from workflows.obligation import rules

from .always import AFTER_CALL


def _named(turn: Turn) -> Owed | None:
    return turn.state.owed.get(str(turn.fact.get("obligation_id")))


@when("act.waive")
def _waived(turn: Turn) -> None:
    """The duty named is released; what silence would have brought follows. Nobody's own yes can be waived."""
    owed = _named(turn)
    brings_forward = owed is not None and (owed.kind in rules.NEVER_WAIVED or owed.params.get("about") in AFTER_CALL)
    if owed is not None and not brings_forward:
        turn.end(owed, "waived", reason=turn.fact.get("reason"))
        rules.LAPSED.get(owed.kind, rules.nothing_more)(turn, owed)


@when("act.reassign")
def _given_on(turn: Turn) -> None:
    """Somebody else of ours takes the duty named; a candidate's own duty can't be given to anybody."""
    owed = _named(turn)
    if owed is not None and turn.fact.get("role"):
        _hand(turn, owed, role=turn.fact.get("role"))


@when("owner.replaced")
@when("act.hand_over")
def _handed_over(turn: Turn) -> None:
    """Every open duty of the one who goes becomes a duty of the one who comes, in one act."""
    gone, comes = turn.fact.get("out_id"), turn.fact.get("in_id")
    for owed in list(turn.state.owed.values()):
        held_by = owed.holder.person_id if owed.holder else None
        if gone and comes and gone != comes and gone == str(held_by):
            _hand(turn, owed, role=owed.role, person=UUID(str(comes)))


def _hand(turn: Turn, owed: Owed, *, role: str, person: UUID | None = None) -> None:
    """Two steps as with any silence: the question closes first, unless an answer was first. What one saw can't be told by another."""
    if owed.kind in CANDIDATE_KINDS or owed.role in CANDIDATE_ROLES or owed.person is not None:
        return
    if owed.answer is not None or owed.closing is not None:
        return
    if owed.status == "planned" or owed.ask_id is None:
        owed.person, owed.role = person or owed.person, role
        return
    owed.hand_to, owed.hand_person, owed.turn = role, person, 0
    turn.close_ask(owed, "transferred", wait=True)


@when("act.review")
def _looked_at_by_a_person(turn: Turn) -> None:
    """Somebody asked that a person looks: our lead does, and may take the end back while it stands here."""
    if not turn.state.of_kind("human_review"):
        turn.owe("human_review")


@when("act.star")
@when("act.unstar")
def _starred(turn: Turn) -> None:
    """A star shortens the prompts of our own side from the next duty on; to the candidate it changes nothing."""
    turn.state.star = turn.fact.get("act") == "star"


@when("act.right_request")
def _right_asked_for(turn: Turn) -> None:
    """Access, correction, erasure, explanation: owed by the privacy owner, in any stage, and never lapses."""
    if not turn.state.of_kind("right_request"):
        turn.owe("right_request", params={"reason": turn.fact.get("reason")})


@when("act.release")
def _let_go(turn: Turn) -> None:
    """Drafts that wait for their consultant's word leave as they are, by an operator's word."""
    for owed in turn.state.of_kind("release_draft"):
        if owed.answer is None and owed.closing is None:
            turn.end(owed, "met", reason="released")
            if owed.status in ("asked", "open"):
                turn.close_ask(owed, "elsewhere")
            _released(turn, owed)


@answered("release_draft")
def _released(turn: Turn, owed: Owed) -> None:
    """The consultant read it: now it goes out, in their own words where they changed it."""
    draft = dict(owed.params["draft"])
    wait, template, role = draft.pop("wait"), draft.pop("template"), draft.pop("role")
    say = turn.tell_and_wait if wait else turn.tell
    if owed.answer is not None:
        draft["params"] = {**draft.get("params", {}), "words_of": str(owed.ask_id)}
    say(template, role, released=True, **draft)


@when("interviewer.away", *(stage for stage in STAGES if stage != "interviewing"))
def _represented(turn: Turn) -> None:
    """Nothing moves: at each rung who is away is represented by the delegate, else by their line."""


