"""What becomes of an appointment that stands: conflicts, new clocks, unread calendars, answers to the invitation, taps, absences.

Each of them ends in a decision of a person, or in an act that the person's own clear word asked for; never in silence.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from workflows.hire.state import Interview, Owed
from workflows.hire.table import STAGES, answered, when
from workflows.hire.turn import Turn

from . import closing, interviewing, parts, sessions
from .always import AFTER_CALL

ELSEWHERE = tuple(stage for stage in STAGES if stage != "interviewing")
GONE = ("interview_conflict", "interview_touched")
"""Questions about an appointment that its taking place answers."""


def _to_come(turn: Turn) -> Interview | None:
    """The appointment that the fact is about, as long as it has not begun."""
    interview = interviewing.current(turn)
    return interview if interview is not None and interview.starts_at is not None and turn.now < interview.starts_at else None


def _ask(turn: Turn, interview: Interview, kind: str, **params: Any) -> None:
    clear = {name: value for name, value in params.items() if value is not None}
    turn.owe(kind, refs=interviewing.interview_ref(interview), anchors={"slot": interview.starts_at},
             params={**interviewing.about(turn, interview), **clear})


def _conflict(turn: Turn, interview: Interview, why: str, **about: Any) -> None:
    """Somebody of ours looks at it, once for each thing that stands over the appointment."""
    named = str(about.get("conflict_id") or f"{why}/{about.get('person_id')}/{interview.version}")
    if all(owed.params.get("conflict_id") != named for owed in parts.mine(turn, "interview_conflict")):
        _ask(turn, interview, "interview_conflict", why=why, owner_id=about.get("person_id"), **{**about, "conflict_id": named})


@when("interview.conflicted", "interviewing")
def _conflict_looked_at(turn: Turn) -> None:
    """Something stands over the appointment: our recruiter says whether it stays, another takes the chair, or another time is found."""
    interview = _to_come(turn)
    if interview is not None:
        _conflict(turn, interview, turn.fact.get("cause"), conflict_id=turn.fact.get("conflict_id"), person_id=turn.fact.get("person_id"))


@when("interview.conflicted", *ELSEWHERE)
@when("interview.touched", *ELSEWHERE)
@when("calendar.failed", *ELSEWHERE)
@when("invitation.answered", *ELSEWHERE)
def _no_appointment_stands(turn: Turn) -> None:
    """No appointment is to come in this stage."""


@when("interview.conflict_ended", "interviewing")
def _went_away(turn: Turn) -> None:
    _over(turn, lambda owed: owed.params.get("conflict_id") == turn.fact.get("conflict_id"))


def _over(turn: Turn, which: Any) -> None:
    for owed in turn.state.of_kind("interview_conflict"):
        if which(owed):
            turn.end(owed, "cancelled", reason="conflict_ended")


@when("calendar.failed", "interviewing")
def _calendar_unread_asked(turn: Turn) -> None:
    """An interviewer's calendar can't be read any more: our recruiter asks them whether the appointment still stands."""
    person = turn.fact.get("person_id")
    for interview in parts.each(turn):
        if interview.starts_at is not None and turn.now < interview.starts_at and person in map(str, interview.panel):
            _conflict(turn, interview, "calendar", person_id=person)


@when("calendar.read", "interviewing")
def _calendar_read(turn: Turn) -> None:
    _over(turn, lambda owed: owed.params.get("why") == "calendar" and owed.params.get("person_id") == turn.fact.get("person_id"))


@when("interview.touched", "interviewing")
def _touched_asked(turn: Turn) -> None:
    """New rules of a zone or a new holiday meet the appointment: nothing moves by itself, our recruiter says what was meant."""
    interview = _to_come(turn)
    if interview is None:
        return
    if turn.fact.get("reason") == "holiday":
        _conflict(turn, interview, "holiday", person_id=turn.fact.get("person_id"))
    elif not parts.mine(turn, "interview_touched"):
        _ask(turn, interview, "interview_touched", starts_at=turn.fact.get("starts_at"), starts_at_now=turn.fact.get("starts_at_now"))


@answered("interview_touched")
def _meant(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    if _stands(turn, owed):
        keep = "instant" if owed.answer.clear.get("decision") == "instant" else "wall"
        turn.command("scheduling.settle_touched", interview_id=owed.params["interview_id"], keep=keep)


def _stands(turn: Turn, owed: Owed) -> bool:
    interview = turn.state.interview
    known = turn.state.stage == "interviewing" and interview is not None and str(interview.id) == owed.params.get("interview_id")
    return bool(known and interview and interview.starts_at is not None and turn.now < interview.starts_at)


@answered("interview_conflict")
def _decided(turn: Turn, owed: Owed) -> None:
    """It stays as it is, somebody else takes the chair, or the candidate is shown other times while the old one still stands."""
    assert owed.answer is not None
    decision, person = owed.answer.clear.get("decision"), str(owed.params.get("person_id"))
    interview = turn.state.interview
    if interview is None or not _stands(turn, owed):
        return
    if decision == "replace" and person in map(str, interview.panel):
        _replace(turn, interview, person, str(owed.params.get("why")))
    elif decision in ("replace", "move"):
        proposed: dict[str, str] = {name: owed.params[name] for name in ("starts_at", "ends_at") if name in owed.params}
        interviewing.other_times(turn, proposed=proposed if len(proposed) == 2 else None)


def _replace(turn: Turn, interview: Interview, person: str, reason: str) -> None:
    turn.command("scheduling.replace", interview_id=str(interview.id), out_id=person,
                 panel=parts.plan_of(turn, interview).panel, reason=reason)


@when("invitation.answered", "interviewing")
def _invitation_heard(turn: Turn) -> None:
    """A no in the calendar counts: another interviewer, or other times for the candidate. Another time is looked at by our recruiter."""
    interview, person = _to_come(turn), turn.fact.get("person_id")
    if interview is None or turn.fact.get("version") != _told_version(turn, interview):
        return
    answer = turn.fact.get("answer")
    if answer == "counter":
        _conflict(turn, interview, "other_time", person_id=person, starts_at=turn.fact.get("starts_at"), ends_at=turn.fact.get("ends_at"))
    elif answer == "declined":
        _can_not(turn, interview, str(person), "declined")


def _told_version(turn: Turn, interview: Interview) -> int:
    """Of the candidate's own appointment, or of the session that the panel was invited to."""
    return interview.version if turn.fact.get("interview_id") == str(interview.id) else sessions.ref_of(interview)[1]


def _can_not(turn: Turn, interview: Interview, person: str, reason: str) -> None:
    """Their own clear word before it begins."""
    if person in map(str, interview.panel):
        _replace(turn, interview, person, reason)
    elif person == str(turn.state.person_id):
        turn.command("scheduling.cancel", interview_id=str(interview.id), reason=reason)


@answered("presence", "presence_panel")
def _tapped(turn: Turn, owed: Owed) -> None:
    """One tap in the reminder. Who can't come says so before it begins, and it is another interviewer's turn, or another time's."""
    assert owed.answer is not None
    interview = turn.state.interview
    if turn.state.stage != "interviewing" or interview is None or str(interview.id) != owed.params.get("interview_id"):
        return
    result, person = owed.answer.clear.get("result"), owed.person or turn.state.person_id
    if result == "cannot" and interview.starts_at is not None and owed.answer.at < interview.starts_at:
        _can_not(turn, interview, str(person), "cannot_come")
        return
    other = {"both": True, "alone": False}.get(str(result))
    turn.command(
        "scheduling.tap", interview_id=str(interview.id), person_id=str(person), here=result != "cannot", at=owed.answer.at.isoformat(),
        side="candidate" if person == turn.state.person_id else "interviewer", **({} if other is None else {"other": other}))


@when("attendance.noted", "interviewing")
def _both_are_there(turn: Turn) -> None:
    """Both sides say the same: nobody need ask any more. Whatever is less clear is our recruiter's to find out."""
    interview, asking = interviewing.current(turn), parts.mine(turn, "attendance", "session_attendance")
    if interview is None or turn.fact.get("result") != "both" or not asking:
        return
    for owed in asking:
        asked = owed.status in ("asked", "open")
        turn.end(owed, "met", reason="tapped")
        if asked:
            turn.close_ask(owed, "elsewhere")
    parts.off(turn, "presence", "presence_panel", *GONE, reason="tapped")
    turn.command("scheduling.attend", interview_id=str(interview.id), result="both")


@answered("no_show_ruling")
def _ruled(turn: Turn, owed: Owed) -> None:
    """Stayed away, or did not answer, as often as the policy bears: a person decides, never a counter."""
    assert owed.answer is not None
    if turn.state.stage != "interviewing":
        return
    if owed.answer.clear.get("decision") == "end":
        closing.decided(turn, owed, "reject")
        closing.close(turn, "rejected", owed.params.get("reason", "no_show"))
    else:
        turn.state.silent_offers = 0
        interviewing.find_slots(turn, uncapped=True)


def _other_time_again(turn: Turn, owed: Owed) -> None:
    """The call is made and the old time still does not do: the candidate is shown times once more."""
    interview = turn.state.interview
    if turn.state.stage == "interviewing" and interview is not None and interview.moving and interview.starts_at is not None:
        if turn.now < interview.starts_at:
            interviewing.other_times(turn)


AFTER_CALL["other_time"] = _other_time_again


# -- the chairs ----------------------------------------------------------------------------------------------------------
@when("interviewer.away", "interviewing")
def _another_takes_the_chair(turn: Turn) -> None:
    """An interviewer left or is absent then: somebody else of the panel's seats takes the chair."""
    for interview in parts.each(turn):
        _chair_empty(turn, interview)


def _chair_empty(turn: Turn, interview: Interview) -> None:
    person = turn.fact.get("person_id")
    if interview.starts_at is None or person not in map(str, interview.panel) or turn.now >= interview.starts_at:
        return
    since, until = turn.fact.get("starts_at"), turn.fact.get("ends_at")
    if since and until and not datetime.fromisoformat(since) < (interview.ends_at or interview.starts_at) <= datetime.fromisoformat(until):
        return
    turn.command(
        "scheduling.replace", interview_id=str(interview.id), out_id=person, panel=parts.plan_of(turn, interview).panel,
        reason=turn.fact.get("reason") or "away")


@when("interviewer.replaced", "interviewing")
def _replaced(turn: Turn) -> None:
    interview = interviewing.current(turn)
    if interview is None or interview.version >= turn.fact.get("version"):
        return
    out = UUID(turn.fact.get("out_id"))
    interview.out = [*interview.out, out]
    for owed in [mine for mine in parts.mine(turn, "scorecard", "presence_panel") if mine.person == out]:
        turn.end(owed, "cancelled", reason="replaced")
    interviewing.take(turn, interview)
    interviewing.tell_all(turn, interview, "moved" if turn.fact.get("moved") else "invitation")
    if interview.session is not None:
        sessions.excuse(turn, interview, out)
    else:
        turn.tell("cancelled_panel", "interviewer", person=out, purpose="cancelled", occasion=f"{interview.id}/{interview.version}",
                  refs=interviewing.interview_ref(interview), params=interviewing.about(turn, interview))
    who: dict[str, Any] = {
        "role": "interviewer", "person": UUID(turn.fact.get("in_id")), "refs": interviewing.interview_ref(interview),
        "anchors": {"slot": interview.starts_at, "interview_end": interview.ends_at}}
    turn.owe("scorecard", params=interviewing.for_card(turn, interview), opens_at=interview.ends_at, **who)
    if turn.wants("presence"):
        turn.owe("presence_panel", params=interviewing.about(turn, interview), **who)


def _panel_settled(turn: Turn, owed: Owed) -> None:
    """No replacement was found: the appointment is given up and another time is looked for."""
    interview = turn.state.interview
    if turn.state.stage == "interviewing" and interview is not None and str(interview.id) == owed.params.get("interview_id"):
        if interview.starts_at is not None and turn.now < interview.starts_at:
            turn.command("scheduling.cancel", interview_id=str(interview.id), reason="panel")


AFTER_CALL["panel"] = _panel_settled
