"""Interviewing, first half: slots found, chosen and booked; the panel and the candidate know; changes and absences."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from workflows.hire.state import Interview, Owed
from workflows.hire.table import answered, lapsed, when
from workflows.hire.turn import Turn

from . import closing
from .always import AFTER_CALL

APPOINTMENT = ("attendance", "scorecard", "debrief", "word_after_interview")
"""Duties that hang on one appointment and go with it."""
TRIES = 3


def enter(turn: Turn) -> None:
    """First round."""
    turn.go("interviewing")
    turn.state.round = 0
    next_round(turn)


def next_round(turn: Turn) -> None:
    """Find times for the round that follows."""
    turn.state.round += 1
    turn.state.attempt = 0
    find_slots(turn)
    if turn.state.round > 1:
        how_it_stands(turn)


def how_it_stands(turn: Turn) -> None:
    """From the second round on the candidate is asked now and then where they stand, if the policy wants it."""
    if turn.wants("standing") and not turn.state.of_kind("standing"):
        turn.owe("standing", params={"repeat": True})


@answered("standing")
def _stands(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "no":
        closing.close(turn, "withdrawn", owed.answer.clear.get("reason_code"))
    elif turn.state.stage in ("interviewing", "deciding"):
        how_it_stands(turn)
        if owed.answer.clear.get("decision") == "pressed":
            turn.call("recruiter", "other_deadline")


def find_slots(turn: Turn) -> None:
    """Ask for free times of the whole panel; every attempt is an appointment of its own."""
    state = turn.state
    turn.cancel("choose_slot", reason="new_times")
    state.attempt += 1
    planned = state.rounds[state.round - 1]
    interview = turn.new_interview()
    turn.command(
        "scheduling.offer_slots", interview_id=str(interview.id), round=state.round, panel=planned.panel, minutes=planned.minutes,
        mode=planned.mode, attempt=state.attempt)


def _current(turn: Turn) -> Interview | None:
    """The present appointment, if the fact is about it."""
    interview = turn.state.interview
    return interview if interview is not None and str(interview.id) == turn.fact.get("interview_id") else None


def interview_ref(interview: Interview) -> list[tuple[str, str, int]]:
    """How an Ask or message names the appointment."""
    return [("interview", str(interview.id), interview.version)]


@when("slots.offered", "interviewing")
def _offered(turn: Turn) -> None:
    interview = _current(turn)
    if interview is None or interview.starts_at is not None or turn.state.of_kind("choose_slot"):
        return
    slots = turn.fact.get("slots") or []
    if not slots:
        turn.call("recruiter", "slots")
        return
    first = min(datetime.fromisoformat(slot["starts_at"]) for slot in slots)
    shown = [{key: slot[key] for key in ("slot_id", "starts_at", "ends_at")} for slot in slots]
    turn.owe(
        "choose_slot", refs=interview_ref(interview), anchors={"slot": first},
        params={"round": turn.state.round, "minutes": turn.fact.get("minutes"), "mode": turn.fact.get("mode"), "slots": shown,
                "interview_id": str(interview.id)})


@when("slots.unavailable", "interviewing")
def _unavailable(turn: Turn) -> None:
    if _current(turn) is not None:
        turn.call("recruiter", "slots", reason=turn.fact.get("reason"), round=turn.state.round)


def _again(turn: Turn, owed: Owed) -> None:
    interview = turn.state.interview
    if turn.state.stage == "interviewing" and (interview is None or interview.starts_at is None):
        find_slots(turn)


AFTER_CALL["slots"] = _again


@answered("choose_slot")
def _chosen(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None and turn.state.interview is not None
    slot = owed.answer.clear.get("slot")
    interview_id = str(turn.state.interview.id)
    if slot and slot != "none":
        turn.command("scheduling.book", interview_id=interview_id, slot_id=str(slot))
    else:
        turn.command("scheduling.release", interview_id=interview_id)
        turn.call("recruiter", "slots", reason="none_fits", round=turn.state.round)


@lapsed("choose_slot")
def _slots_freed(turn: Turn, owed: Owed) -> None:
    turn.command("scheduling.release", interview_id=owed.params["interview_id"])
    turn.tell("slots_released", "candidate")
    turn.call("recruiter", "slots", reason="no_answer", round=turn.state.round)


@when("booking.refused", "interviewing")
def _booking_refused(turn: Turn) -> None:
    interview = _current(turn)
    if interview is None:
        return
    if interview.starts_at is not None:
        turn.call("recruiter", "panel", reason=turn.fact.get("reason"), interview_id=str(interview.id))
    elif turn.state.attempt < TRIES:
        find_slots(turn)
    else:
        turn.call("recruiter", "slots", reason=turn.fact.get("reason"), round=turn.state.round)


@when("interview.scheduled", "interviewing")
def _scheduled(turn: Turn) -> None:
    interview = _current(turn)
    if interview is None or interview.version >= turn.fact.get("version"):
        return
    _take(turn, interview)
    _tell_all(turn, interview, "invitation")
    _plan_duties(turn, interview)


def _take(turn: Turn, interview: Interview) -> None:
    interview.version = turn.fact.get("version")
    interview.starts_at = datetime.fromisoformat(turn.fact.get("starts_at"))
    interview.ends_at = datetime.fromisoformat(turn.fact.get("ends_at"))
    interview.panel = [UUID(str(member)) for member in turn.fact.get("panel")]
    interview.waiting = list(interview.panel)


def _common(turn: Turn, interview: Interview) -> dict[str, Any]:
    return {"interview_id": str(interview.id), "round": turn.state.round}


def _for_card(turn: Turn, interview: Interview) -> dict[str, Any]:
    """What screening needs with a scorecard, whatever of scheduling's events it has read by then."""
    assert interview.ends_at is not None
    return {**_common(turn, interview), "interview_end": interview.ends_at.isoformat()}


def _tell_all(turn: Turn, interview: Interview, template: str) -> None:
    """Candidate and each panel member, once per version of the appointment."""
    guard = {"guard": "interview_is", "interview_id": str(interview.id), "version": interview.version}
    guards = [] if template == "cancelled" else [guard]
    told: dict[str, Any] = {
        "purpose": template, "occasion": f"{interview.id}/{interview.version}", "refs": interview_ref(interview),
        "guards": guards, "params": _common(turn, interview)}
    turn.tell(template, "candidate", **told)
    for member in interview.panel:
        turn.tell(f"{template}_panel", "interviewer", person=member, **told)


def _plan_duties(turn: Turn, interview: Interview) -> None:
    assert interview.starts_at is not None and interview.ends_at is not None
    refs, params = interview_ref(interview), _common(turn, interview)
    anchors = {"slot": interview.starts_at, "interview_end": interview.ends_at}
    turn.owe("attendance", refs=refs, params=params, anchors=anchors)
    for member in interview.panel:
        turn.owe("scorecard", role="interviewer", person=member, refs=refs, params=_for_card(turn, interview), anchors=anchors,
                 opens_at=interview.ends_at)
    for kind in ("debrief", "word_after_interview"):
        turn.owe(kind, refs=refs, params=params, anchors=anchors, opens_at=interview.ends_at)


@when("interview.moved", "interviewing")
def _moved(turn: Turn) -> None:
    interview = _current(turn)
    if interview is None or interview.version >= turn.fact.get("version"):
        return
    turn.cancel(*APPOINTMENT, reason="moved")
    _take(turn, interview)
    _tell_all(turn, interview, "moved")
    _plan_duties(turn, interview)


@when("interview.cancelled")
def _cancelled(turn: Turn) -> None:
    interview = _current(turn)
    if interview is None or interview.version >= turn.fact.get("version"):
        return
    if interview.ends_at is not None and turn.now >= interview.ends_at:
        return
    interview.version = turn.fact.get("version")
    _tell_all(turn, interview, "cancelled")
    if turn.state.stage == "interviewing":
        turn.cancel(*APPOINTMENT, reason="cancelled")
        find_slots(turn)
    elif turn.state.stage == "closed":
        turn.state.interview = None


@when("interviewer.away", "interviewing")
def _another_takes_the_chair(turn: Turn) -> None:
    """An interviewer left or is absent then: somebody else of the panel's seats takes the chair."""
    interview, person = turn.state.interview, turn.fact.get("person_id")
    if interview is None or interview.starts_at is None or person not in map(str, interview.panel) or turn.now >= interview.starts_at:
        return
    since, until = turn.fact.get("starts_at"), turn.fact.get("ends_at")
    if since and until and not datetime.fromisoformat(since) < (interview.ends_at or interview.starts_at) <= datetime.fromisoformat(until):
        return
    turn.command(
        "scheduling.replace", interview_id=str(interview.id), out_id=person, panel=turn.state.rounds[turn.state.round - 1].panel,
        reason=turn.fact.get("reason") or "away")


@when("interviewer.replaced", "interviewing")
def _replaced(turn: Turn) -> None:
    interview = _current(turn)
    if interview is None or interview.version >= turn.fact.get("version"):
        return
    out = UUID(turn.fact.get("out_id"))
    for owed in [card for card in turn.state.of_kind("scorecard") if card.person == out]:
        turn.end(owed, "cancelled", reason="replaced")
    _take(turn, interview)
    _tell_all(turn, interview, "moved" if turn.fact.get("moved") else "invitation")
    turn.tell("cancelled_panel", "interviewer", person=out, purpose="cancelled", occasion=f"{interview.id}/{interview.version}",
              refs=interview_ref(interview), params=_common(turn, interview))
    turn.owe(
        "scorecard", role="interviewer", person=UUID(turn.fact.get("in_id")), refs=interview_ref(interview),
        params=_for_card(turn, interview), opens_at=interview.ends_at,
        anchors={"slot": interview.starts_at, "interview_end": interview.ends_at})


def _panel_settled(turn: Turn, owed: Owed) -> None:
    """No replacement was found: the appointment is given up and another time is looked for."""
    interview = turn.state.interview
    if turn.state.stage == "interviewing" and interview is not None and str(interview.id) == owed.params.get("interview_id"):
        if interview.starts_at is not None and turn.now < interview.starts_at:
            turn.command("scheduling.cancel", interview_id=str(interview.id), reason="panel")


AFTER_CALL["panel"] = _panel_settled
