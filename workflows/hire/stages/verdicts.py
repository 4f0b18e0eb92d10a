"""Interviewing, second half: who was there, the cards closed until all are in, the round's verdict, the word to the candidate."""

from __future__ import annotations

from uuid import UUID

from workflows.hire.state import Owed
from workflows.hire.table import answered, lapsed, when
from workflows.hire.turn import Turn

from . import closing, deciding, interviewing, parts, sessions
from .always import AFTER_CALL, MENDED, OPEN_STAGES


@answered("attendance", "session_attendance")
def _attendance(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    result = owed.answer.clear.get("result") or owed.answer.clear.get("done")
    if turn.state.stage == "interviewing" and result in ("both", "candidate_absent", "interviewer_absent"):
        turn.command("scheduling.attend", interview_id=owed.params["interview_id"], result=result)


@when("interview.no_show", "interviewing")
def _no_show(turn: Turn) -> None:
    """Nobody is judged by an absence: the duties of this appointment go, a person calls, another time is found."""
    interview = interviewing.current(turn)
    if interview is None:
        return
    parts.off(turn, *interviewing.APPOINTMENT, reason="no_show")
    parts.gone(turn)
    turn.call("recruiter", "slots", reason=f"no_show_{turn.fact.get('party')}", round=turn.state.round)


@answered("scorecard")
def _carded(turn: Turn, owed: Owed) -> None:
    """A card proves that both were there. Screening seals it; its word that it is in comes as `feedback.submitted`."""
    for attendance in parts.mine(turn, "attendance", "session_attendance"):
        turn.end(attendance, "met", reason="scorecard")
        if attendance.status == "open":
            turn.close_ask(attendance, "elsewhere")
    parts.off(turn, "presence", "presence_panel", "interview_conflict", "interview_touched", reason="scorecard")
    if turn.state.stage == "interviewing" and owed.person in _waiting(turn):
        turn.expect(turn.fact.id if turn.fact.type == "ask.answered" else str(owed.id), "screening.card", person=str(owed.person), **_which(turn))


def _which(turn: Turn) -> dict[str, str]:
    """Of a loop: the part that the card is about."""
    return {"interview_id": str(turn.state.interview.id)} if turn.state.others and turn.state.interview is not None else {}


def _waiting(turn: Turn) -> list[UUID]:
    return turn.state.interview.waiting if turn.state.interview is not None else []


@when("feedback.submitted", "interviewing")
def _submitted(turn: Turn) -> None:
    if interviewing.current(turn) is not None:
        _card_in(turn, UUID(turn.fact.get("interviewer_id")))


@lapsed("scorecard")
def _decided_without(turn: Turn, owed: Owed) -> None:
    if owed.person is not None:
        _card_in(turn, owed.person)


def _card_lost(turn: Turn, owed: Owed) -> None:
    """The card never came out of screening: it is decided without, and that is said."""
    turn.state.look_at(owed.params["again"].get("interview_id"))
    _card_in(turn, UUID(owed.params["again"]["person"]))


MENDED["screening.card"] = _card_lost


def _card_in(turn: Turn, person: UUID) -> None:
    interview = turn.state.interview
    card = {"person": str(person), **_which(turn)}
    turn.state.steps = [step for step in turn.state.steps if any(step.params.get(name) != value for name, value in card.items())]
    if interview is None:
        return
    interview.waiting = [member for member in interview.waiting if member != person]
    if not interview.waiting and not interview.revealing:
        interview.revealing = True
        turn.command("screening.reveal", interview_id=str(interview.id))


@when("feedback.revealed", "interviewing")
def _revealed(turn: Turn) -> None:
    interview = interviewing.current(turn)
    if interview is None or turn.state.of_kind("round_verdict", "session_verdict"):
        return
    turn.state.held_interviews += 1
    interview.revealed = bool(turn.state.others)
    if any(not one.revealed for one in turn.state.others):
        return
    planned = turn.state.rounds[turn.state.round - 1]
    turn.owe(
        sessions.kind_of(interview, "round_verdict"), role=planned.decides, refs=interviewing.interview_ref(interview),
        params={"interview_id": str(interview.id), "round": turn.state.round})


@answered("round_verdict", "session_verdict")
def _verdict(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    if owed.answer.clear.get("decision") != "pass":
        if closing.reason_questioned(turn, owed):
            return
        closing.decided(turn, owed, "reject")
        closing.close(turn, "rejected", owed.answer.clear.get("reason_code"))
        return
    closing.decided(turn, owed, "pass")
    turn.tell("passed", "candidate", refs=owed.refs, params=owed.params)
    closing.word_given(turn)
    turn.cancel("debrief", "attendance", "session_attendance", reason="verdict")
    if turn.state.round < len(turn.state.rounds):
        interviewing.next_round(turn)
    else:
        deciding.enter(turn)


@lapsed("attendance", "session_attendance", "presence", "presence_panel", "debrief")
def _unknown(turn: Turn, owed: Owed) -> None:
    """Unknown stays unknown; the lead sees it, nothing is sent."""


@answered("debrief")
def _talked(turn: Turn, owed: Owed) -> None:
    turn.spoke = True


@answered("word_after_interview")
def _word(turn: Turn, owed: Owed) -> None:
    """The recruiter's word goes to the candidate in writing too: what was said on the telephone, and when the next word comes."""
    turn.tell("interim", "candidate", purpose="interim_word", refs=owed.refs, params={**owed.params, "words_of": str(owed.ask_id)})


@answered("silence_guard")
def _said(turn: Turn, owed: Owed) -> None:
    turn.spoke = True


@answered("confirm_panel")
def _panel_answer(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "no":
        turn.call("recruiter", "panel", interview_id=owed.params.get("interview_id"))


@answered("pause_word")
def _pause_said(turn: Turn, owed: Owed) -> None:
    turn.spoke = True


@answered("data_defect")
def _repaired(turn: Turn, owed: Owed) -> None:
    """Repaired data changes what the rules see only while they still decide."""


@when("onboarding.task_done", *(stage for stage in OPEN_STAGES if stage != "joining"))
def _task(turn: Turn) -> None:
    """Only joining has departments at work."""


def _no_more(turn: Turn, owed: Owed) -> None:
    """The talk was the point."""


AFTER_CALL["offer_question"] = _no_more
