"""Interviewing, first half: slots found, chosen and booked; the panel and the candidate know; changes and absences."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from workflows.hire.state import Interview, Owed
from workflows.hire.table import answered, lapsed, when
from workflows.hire.turn import Turn

from . import closing, loops, parts, sessions
from .always import AFTER_CALL
from .parts import TRIES, interview_ref

APPOINTMENT = ("attendance", "session_attendance", "presence", "presence_panel", "scorecard", "debrief", "word_after_interview", "interview_conflict", "interview_touched")
"""Duties that hang on one appointment and go with it."""
OWN_WORD = frozenset({"declined", "cannot_come"})
"""Reasons of a cancelled appointment that are the candidate's own: after so many tries a person talks to them first."""


def enter(turn: Turn) -> None:
    """First round."""
    turn.go("interviewing")
    turn.state.round = 0
    next_round(turn)


def next_round(turn: Turn) -> None:
    """Find times for the round that follows."""
    turn.state.round += 1
    turn.state.attempt = 0
    turn.state.others, turn.state.loop_id = [], None
    if turn.state.rounds[turn.state.round - 1].loop:
        turn.state.interview = None
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


def find_slots(turn: Turn, **wishes: Any) -> None:
    """Ask for free times of the whole panel; every attempt is an appointment of its own. `uncapped`: whatever was missed before."""
    if loops.to_book(turn):
        loops.offer(turn)
        return
    parts.off(turn, "choose_slot", reason="new_times")
    turn.state.attempt += 1
    _offer(turn, turn.new_interview(), **wishes)


def other_times(turn: Turn, proposed: dict[str, str] | None = None) -> None:
    """Show the candidate other times for an appointment that stands until one is chosen; `proposed`: only what they named themselves."""
    interview = turn.state.interview
    assert interview is not None
    parts.off(turn, "choose_slot", reason="new_times")
    turn.state.attempt += 1
    interview.moving = True
    _offer(turn, interview, **({"open": [proposed]} if proposed else {}))


def _offer(turn: Turn, interview: Interview, **wishes: Any) -> None:
    planned = parts.plan_of(turn, interview)
    turn.command(
        "scheduling.offer_slots", interview_id=str(interview.id), round=turn.state.round, panel=planned.panel, minutes=planned.minutes,
        mode=planned.mode, attempt=turn.state.attempt, **({"group": planned.group} if planned.group else {}), **wishes)


def current(turn: Turn) -> Interview | None:
    """The present appointment, if the fact is about it, or about the session that it is a chair of."""
    interview = turn.state.interview
    return interview if interview is not None and turn.fact.get("interview_id") in (str(interview.id), sessions.ref_of(interview)[0]) else None


def _booked(interview: Interview) -> bool:
    """It stands, and no other time is looked for."""
    return interview.starts_at is not None and not interview.moving


@when("slots.offered", "interviewing")
def _offered(turn: Turn) -> None:
    interview = current(turn)
    if interview is None or _booked(interview) or parts.mine(turn, "choose_slot"):
        return
    slots = turn.fact.get("slots") or []
    if not slots:
        turn.call("recruiter", _about(interview))
        return
    first = min(datetime.fromisoformat(slot["starts_at"]) for slot in slots)
    shown = [{key: slot[key] for key in ("slot_id", "starts_at", "ends_at")} for slot in slots]
    turn.owe(
        "choose_slot", refs=interview_ref(interview), anchors={"slot": first},
        params={"round": turn.state.round, "minutes": turn.fact.get("minutes"), "mode": turn.fact.get("mode"), "slots": shown,
                "interview_id": str(interview.id), **({"chairs": turn.fact.get("chairs")} if turn.fact.get("chairs") else {})})


@when("slots.unavailable", "interviewing")
def _unavailable(turn: Turn) -> None:
    interview = current(turn)
    if interview is None or _booked(interview):
        return
    if turn.fact.get("reason") == "no_show_cap":
        turn.owe("no_show_ruling", params=about(turn, interview))
    else:
        turn.call("recruiter", _about(interview), reason=turn.fact.get("reason"), round=turn.state.round)


def _about(interview: Interview) -> str:
    """What our recruiter calls about when no time is found: the first one, or another one than that which stands."""
    return "other_time" if interview.moving else "slots"


def _again(turn: Turn, owed: Owed) -> None:
    parts.look_at_broken(turn)
    interview = turn.state.interview
    if turn.state.stage == "interviewing" and (interview is None or interview.starts_at is None):
        find_slots(turn)


AFTER_CALL["slots"] = _again


@answered("choose_slot")
def _chosen(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None and turn.state.interview is not None
    turn.state.silent_offers = 0
    slot = owed.answer.clear.get("slot")
    interview = turn.state.interview
    interview_id = str(interview.id)
    if owed.params.get("loop_id"):
        loops.chosen(turn, owed, slot)
        return
    if slot and slot != "none":
        turn.command("scheduling.move" if interview.moving else "scheduling.book", interview_id=interview_id, slot_id=str(slot))
    else:
        turn.command("scheduling.release", interview_id=interview_id)
        turn.call("recruiter", _about(interview), reason="none_fits", round=turn.state.round)


@lapsed("choose_slot")
def _slots_freed(turn: Turn, owed: Owed) -> None:
    if owed.params.get("loop_id"):
        loops.release(turn)
    else:
        turn.command("scheduling.release", interview_id=owed.params["interview_id"])
    turn.tell("slots_released", "candidate")
    state = turn.state
    about = _about(state.interview) if state.interview is not None else "slots"
    state.silent_offers += 1
    if about == "slots" and state.silent_offers >= state.max_silent_offers:
        turn.owe("no_show_ruling", params={"round": state.round, "reason": "no_answer"})
    else:
        turn.call("recruiter", about, reason="no_answer", round=state.round)


@when("booking.refused", "interviewing")
def _booking_refused(turn: Turn) -> None:
    interview = current(turn)
    if interview is None:
        return
    if interview.moving:
        turn.call("recruiter", "other_time", reason=turn.fact.get("reason"), round=turn.state.round)
    elif interview.starts_at is not None:
        turn.call("recruiter", "panel", reason=turn.fact.get("reason"), interview_id=str(interview.id))
    elif turn.state.attempt < TRIES:
        find_slots(turn)
    else:
        turn.call("recruiter", "slots", reason=turn.fact.get("reason"), round=turn.state.round)


@when("interview.scheduled", "interviewing")
def _scheduled(turn: Turn) -> None:
    interview = current(turn)
    if interview is None or interview.version >= turn.fact.get("version"):
        return
    take(turn, interview)
    tell_all(turn, interview, "invitation")
    _plan_duties(turn, interview)


def take(turn: Turn, interview: Interview) -> None:
    """The appointment as the fact says it stands: version, times, panel."""
    interview.version = turn.fact.get("version")
    interview.starts_at = datetime.fromisoformat(turn.fact.get("starts_at"))
    interview.ends_at = datetime.fromisoformat(turn.fact.get("ends_at"))
    interview.panel = [UUID(str(member)) for member in turn.fact.get("panel")]
    interview.waiting = list(interview.panel)
    sessions.join(interview, turn.fact.get("session"))


def about(turn: Turn, interview: Interview) -> dict[str, Any]:
    """Which appointment of which round a question is about."""
    return {"interview_id": str(interview.id), "round": turn.state.round}


def for_card(turn: Turn, interview: Interview) -> dict[str, Any]:
    """What screening needs with a scorecard, whatever of scheduling's events it has read by then."""
    assert interview.ends_at is not None
    return {**about(turn, interview), "interview_end": interview.ends_at.isoformat()}


def tell_all(turn: Turn, interview: Interview, template: str) -> None:
    """Candidate and each panel member, once per version of the appointment."""
    guard = {"guard": "interview_is", "interview_id": str(interview.id), "version": interview.version}
    guards = [] if template == "cancelled" else [guard]
    told: dict[str, Any] = {
        "purpose": template, "occasion": f"{interview.id}/{interview.version}", "refs": interview_ref(interview),
        "guards": guards, "params": about(turn, interview)}
    turn.tell(template, "candidate", **told)
    if interview.session is not None:
        sessions.tell_panel(turn, interview, template)
        return
    for member in interview.panel:
        turn.tell(f"{template}_panel", "interviewer", person=member, **told)


def _plan_duties(turn: Turn, interview: Interview) -> None:
    assert interview.starts_at is not None and interview.ends_at is not None
    refs, params = interview_ref(interview), about(turn, interview)
    anchors = {"slot": interview.starts_at, "interview_end": interview.ends_at}
    turn.owe(sessions.kind_of(interview, "attendance"), refs=refs, params=params, anchors=anchors)
    if turn.wants("presence"):
        turn.owe("presence", refs=refs, params=params, anchors=anchors)
        for member in interview.panel:
            turn.owe("presence_panel", role="interviewer", person=member, refs=refs, params=params, anchors=anchors)
    for member in interview.panel:
        turn.owe("scorecard", role="interviewer", person=member, refs=refs, params=for_card(turn, interview), anchors=anchors,
                 opens_at=interview.ends_at)
    _plan_end(turn, interview)


def _plan_end(turn: Turn, interview: Interview) -> None:
    """What follows the interview; of a loop, what follows its last part as soon as all stand."""
    if turn.state.others:
        turn.cancel(*parts.SHARED, reason="planned_again")
    last = parts.last_of(turn) if turn.state.others else interview
    if last is None:
        return
    anchors = {"slot": last.starts_at, "interview_end": last.ends_at}
    for kind in ("debrief", "word_after_interview"):
        turn.owe(kind, refs=interview_ref(last), params=about(turn, last), anchors=anchors, opens_at=last.ends_at)


@when("interview.moved", "interviewing")
def _moved(turn: Turn) -> None:
    interview = current(turn)
    if interview is None or interview.version >= turn.fact.get("version"):
        return
    parts.off(turn, *APPOINTMENT, "choose_slot", reason="moved")
    interview.moving, interview.out = False, []
    sessions.left(turn, interview, turn.fact.get("old_session"))
    take(turn, interview)
    tell_all(turn, interview, "moved")
    _plan_duties(turn, interview)


@when("interview.cancelled")
def _cancelled(turn: Turn) -> None:
    interview = current(turn)
    if interview is None or interview.version >= turn.fact.get("version"):
        return
    if interview.ends_at is not None and turn.now >= interview.ends_at:
        return
    interview.version = turn.fact.get("version")
    sessions.left(turn, interview, turn.fact.get("session"))
    tell_all(turn, interview, "cancelled")
    if turn.state.stage == "interviewing" and not turn.state.of_kind("round_verdict", "session_verdict"):
        parts.off(turn, *APPOINTMENT, reason="cancelled")
        if turn.fact.get("reason") in OWN_WORD and turn.state.attempt >= TRIES:
            parts.gone(turn)
            turn.call("recruiter", "slots", reason="too_many_changes", round=turn.state.round)
        elif not parts.wait_for_the_rest(turn):
            find_slots(turn)
    elif turn.state.stage in ("interviewing", "closed"):
        turn.state.interview = turn.state.others.pop() if turn.state.others else None
