"""A requisition: raised -> confirming -> planning -> pool -> open -> closed; what each side owes on the way (C22-C27, C103).

Nothing is worked on before both sides signed; nothing of a later change counts before its impact was seen and it was signed again.
"""

from __future__ import annotations

from datetime import timedelta

from workflows.hire.state import Owed
from workflows.subject.story import Story
from workflows.subject.turn import SubjectTurn

from .state import SIDES, RequisitionState, Seat

BEFORE_OPEN = ("raised", "confirming", "planning", "pool")
STAGES = (*BEFORE_OPEN, "open")
MOVE = "intake.move_requisition"
REVIEW_AFTER = timedelta(days=30)
"""How long a requisition is paused, or kept without an open seat, before somebody looks at it again."""
NOTICE_DAYS = 14
"""Days before an opening's date at which the recruiter says whether it will be met; without a date from its opening on."""
STORY = Story("requisition", stages=STAGES, kept=("plan_review", "call", "kickoff"), facts=(
    "requisition.registered", "requisition.updated", "requisition.proposed", "requisition.confirmed", "requisition.opened", "requisition.held",
    "requisition.continued", "requisition.ended", "candidate.submitted", "offer.accepted", "hire.reneged", "hire.not_started", "hire.left"))


def state_of(turn: SubjectTurn) -> RequisitionState:
    """The state with its own type."""
    return turn.state  # type: ignore[no-any-return]


# -- the need -------------------------------------------------------------------------------------------------------------
@STORY.when("requisition.registered", "raised")
@STORY.when("requisition.updated", *BEFORE_OPEN)
def _need(turn: SubjectTurn) -> None:
    """A text stands there in a new version: what is missing or unlawful is asked, else both sides are asked to sign."""
    state, fact = state_of(turn), turn.fact
    state.version, state.text_hash = int(fact.get("version", state.version)), str(fact.get("text_hash") or "")
    state.missing, state.unlawful = list(fact.get("missing") or ()), list(fact.get("unlawful") or ())
    for seat in fact.get("seats") or ():
        if all(known.id != seat["id"] for known in state.seats):
            state.seats.append(Seat.model_validate(seat))
    turn.go("raised")
    if state.missing or state.unlawful:
        turn.owe("requirement_questions", params={"missing": ",".join(state.missing), "unlawful": ",".join(state.unlawful), "version": state.version})
    else:
        sign(turn, state.version, state.text_hash)


def sign(turn: SubjectTurn, version: int, text_hash: str) -> None:
    """Both sides are asked to sign this very text."""
    state = state_of(turn)
    state.signed, state.signed_by = [], []
    if state.stage != "open":
        turn.go("confirming")
    for side in SIDES:
        # They wrote it a moment ago: what follows from somebody's own act waits for no digest.
        turn.owe("requirement_confirmation", role=side, params={"version": version, "text_hash": text_hash, "side": side, "own_act": True})


@STORY.answered("requirement_questions")
def _asked(turn: SubjectTurn, owed: Owed) -> None:
    """The answer is on its way into the text; the next version asks again, or goes to be signed."""
    turn.expect(turn.fact.id, "intake.requirement", version=owed.params.get("version"))


def _ask_again(turn: SubjectTurn) -> None:
    """The answer never reached the text: it is asked once more."""
    state = state_of(turn)
    if state.stage == "raised":
        turn.owe("requirement_questions", params={"missing": ",".join(state.missing), "unlawful": ",".join(state.unlawful), "version": state.version})


STORY.mends["intake.requirement"] = _ask_again


@STORY.answered("requirement_confirmation")
def _signed(turn: SubjectTurn, owed: Owed) -> None:
    assert owed.answer is not None
    state, version, text_hash = state_of(turn), owed.params["version"], owed.params["text_hash"]
    if (decision := owed.answer.clear.get("decision")) in ("change", "unlawful"):
        turn.cancel("requirement_confirmation", reason="unlawful" if decision == "unlawful" else "change_wanted")
        if state.change is not None:
            state.change = None
            turn.command(MOVE, to="drop", version=version)
            return
        turn.go("raised")
        if decision == "unlawful":  # the clause is on its way into the record: its next version asks the client, as for what the lint found
            turn.expect(turn.fact.id, "intake.requirement", version=version)
        else:
            turn.owe("requirement_questions", role="client_manager", params={"wanted_by": owed.params["side"], "version": version})
        return
    state.signed.append(owed.params["side"])
    if owed.answer.by:
        state.signed_by.append(owed.answer.by)
    if set(state.signed) >= set(SIDES):
        to = "apply" if state.change is not None else "confirmed"
        turn.command(MOVE, to=to, version=version, text_hash=text_hash, signed_by=state.signed_by)


@STORY.when("requisition.confirmed", *BEFORE_OPEN)
def _confirmed(turn: SubjectTurn) -> None:
    """Signed by both: the plan is put to the client."""
    state = state_of(turn)
    state.confirmed = int(turn.fact.get("version", state.version))
    turn.go("planning")
    turn.owe("plan_confirmation", params={"version": state.version, "own_act": True})


@STORY.answered("plan_confirmation")
def _planned(turn: SubjectTurn, owed: Owed) -> None:
    """Agreed: team and client get the kick-off pack, and our own pool is asked first. Otherwise our client manager mends the plan."""
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "change":
        turn.owe("plan_review", params={"reason": "plan_refused", "words_of": str(owed.ask_id)})
        return
    turn.go("pool")
    turn.owe("pool_search")
    for role in state_of(turn).kickoff:
        turn.owe("kickoff", role=role)


@STORY.answered("kickoff")
def _kicked_off(turn: SubjectTurn, owed: Owed) -> None:
    """Read; or something is not right: our client manager looks at the plan, the work goes on meanwhile."""
    if owed.answer is not None and owed.answer.clear.get("decision") == "change" and not turn.state.of_kind("plan_review"):
        turn.owe("plan_review", params={"reason": "kickoff", "words_of": str(owed.ask_id)})


@STORY.answered("pool_search")
def _searched(turn: SubjectTurn, owed: Owed) -> None:
    """Whoever fits in our own pool is known: the search outside begins."""
    turn.command(MOVE, to="open", version=state_of(turn).version)


@STORY.answered("plan_review")
def _reviewed(turn: SubjectTurn, owed: Owed) -> None:
    """A plan that was refused goes to the client again; a paused or kept requisition goes on, waits on, or is closed."""
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "close":
        turn.command(MOVE, to="closed", version=state_of(turn).version, reason="given_up")
    elif state_of(turn).stage == "planning":
        turn.owe("plan_confirmation", params={"version": state_of(turn).version})
    elif state_of(turn).paused_at is not None:
        look_again(turn)


# -- the search -----------------------------------------------------------------------------------------------------------
@STORY.when("requisition.opened", *BEFORE_OPEN)
def _opened(turn: SubjectTurn) -> None:
    """The first candidates are owed, and each seat by its date."""
    turn.go("open")
    turn.owe("first_shortlist")
    for seat in state_of(turn).open_seats():
        _watch(turn, seat)


def _watch(turn: SubjectTurn, seat: Seat) -> None:
    params = {"opening_id": seat.id, "planned_days": 30 if seat.due_at is None else 0, "planned_hour": 10}
    before = None if seat.due_at is None else max(turn.at + timedelta(days=1), seat.due_at - timedelta(days=NOTICE_DAYS))
    turn.owe("opening_due", params=params, opens_at=before, anchors={} if seat.due_at is None else {"due": seat.due_at})


@STORY.answered("opening_due")
def _on_course(turn: SubjectTurn, owed: Owed) -> None:
    """On course, another day, or given up: the seat is watched on, or closed."""
    assert owed.answer is not None
    state, said = state_of(turn), owed.answer.clear
    seat = next((one for one in state.open_seats() if one.id == owed.params.get("opening_id")), None)
    if seat is None:
        return
    if said.get("decision") == "give_up":
        seat.state = "closed"
        _all_filled(turn)
        return
    seat.due_at = None
    _watch(turn, seat)


@STORY.when("candidate.submitted", "open")
def _submitted(turn: SubjectTurn) -> None:
    """The client sees the first candidate: the short list is delivered."""
    state_of(turn).shortlisted = True
    for owed in turn.state.of_kind("first_shortlist"):
        turn.end(owed, "met", late=owed.due_at is not None and turn.at > owed.due_at)
        if owed.status == "open":
            turn.close_ask(owed, "elsewhere")


@STORY.when("offer.accepted", "open")
def _filled(turn: SubjectTurn) -> None:
    """An opening has its hire; the last one closes or keeps the rest, by policy."""
    seat = next(iter(state_of(turn).open_seats()), None)
    if seat is None:
        return
    seat.state, seat.hire = "filled", str(turn.fact.get("hire_id"))
    for owed in turn.state.of_kind("opening_due"):
        if owed.params.get("opening_id") == seat.id:
            turn.end(owed, "cancelled", reason="filled")
    _all_filled(turn)


def look_again(turn: SubjectTurn) -> None:
    """Somebody of ours says in a month how it goes on: it stands still, or has no open seat."""
    if not turn.state.of_kind("plan_review"):
        turn.owe("plan_review", opens_at=turn.at + REVIEW_AFTER, params={"reason": "paused" if turn.state.paused_at else "filled"})


def _all_filled(turn: SubjectTurn) -> None:
    state = state_of(turn)
    if state.open_seats():
        return
    turn.cancel("first_shortlist", reason="filled")
    if state.filled == "close":
        turn.command(MOVE, to="closed", version=state.version, reason="filled" if any(s.hire for s in state.seats) else "given_up")
    else:
        look_again(turn)


def _lost(turn: SubjectTurn) -> None:
    """Who had the seat does not come, or went: it is open again."""
    for seat in state_of(turn).seats:
        if seat.hire == str(turn.fact.get("hire_id")) and seat.state == "filled":
            seat.state, seat.hire = "open", None
            turn.cancel("plan_review", reason="seat_open")
            _watch(turn, seat)


for _name in ("hire.reneged", "hire.not_started", "hire.left"):
    STORY.when(_name, "open")(_lost)
