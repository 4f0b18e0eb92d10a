"""What becomes of offered times: booked, moved, cancelled, released, another person in a seat. Every command gets exactly one reply."""

from __future__ import annotations

from datetime import timedelta

from shared.contracts.scheduling import (
    Book,
    Cancel,
    InterviewCancelled,
    InterviewerReplaced,
    InterviewMoved,
    InterviewScheduled,
    Move,
    Release,
    Replace,
    SlotsReleased,
)
from shared.runtime.db import Uow
from shared.runtime.records import Received

from .. import groups, people, store
from ..domain.interview import Interview
from ..domain.search import stand_in
from .answers import booking_refused, known, limits_of, panel_known
from .conflicts import settled


async def _offered_session(uow: Uow, event: Received) -> store.Session | None:
    """The held slot that the command names, if it can still be had; else answers and gives None."""
    command: Book | Move = event.body
    session = await store.load_session(uow, command.slot_id)
    if session is None or (why := await _gone(uow, session, command)):
        booking_refused(uow, event, "slot_gone" if session is None else why)
    elif session.starts_at <= uow.now:
        booking_refused(uow, event, "slot_past")
    elif await people.away(uow, session.panel, (session.starts_at, session.ends_at)):
        booking_refused(uow, event, "panel_away")
    else:
        return session
    return None


async def _gone(uow: Uow, session: store.Session, command: Book | Move) -> str:
    """Why this session is not to be had by this candidate any more; empty: it is."""
    if session.group is None:
        return "" if session.interview_id == command.interview_id and session.state == "held" else "slot_gone"
    if session.state == "freed":
        return "slot_gone"
    if session.taken >= session.group.capacity:
        return "session_full"
    candidate = (await known(uow, command.interview_id)).candidate_id
    return "candidate_booked" if await groups.elsewhere(uow, candidate, (session.starts_at, session.ends_at)) else ""


async def book(uow: Uow, event: Received) -> None:
    """The candidate's choice becomes the appointment; the other slots are free again. The same slot twice gives the same answer."""
    command: Book = event.body
    interview = await known(uow, command.interview_id)
    now = interview.appointment
    if interview.state == "scheduled" and now is not None and now.session_id == command.slot_id:
        uow.emit(InterviewScheduled(**interview.fact(uow.now)), cause=event)
        return
    if interview.state == "scheduled":
        return booking_refused(uow, event, "already_scheduled")
    session = await _offered_session(uow, event)
    if session is None:
        return
    interview = interview.scheduled(session.appointment(interview.zone))
    await settle(uow, interview)
    uow.emit(InterviewScheduled(**interview.fact(uow.now)), cause=event)


async def move(uow: Uow, event: Received) -> None:
    """Another held slot becomes the appointment; the old time is free again."""
    command: Move = event.body
    interview = await known(uow, command.interview_id)
    old = interview.agreed()
    if (why := interview.why_not_changed(uow.now, notice=_notice(command.notice_minutes), max_moves=command.max_moves)) is not None:
        return booking_refused(uow, event, why)
    session = await _offered_session(uow, event)
    if session is None:
        return
    left = await groups.rise(uow, interview)
    interview = interview.moved(session.appointment(interview.zone))
    await settle(uow, interview)
    uow.emit(InterviewMoved(
        **interview.fact(uow.now), old_starts_at=old.starts_at, old_panel=list(old.panel), old_shadows=list(old.shadows), old_room_id=old.room_id,
        old_session=left.fact(uow.now)["session"]), cause=event)
    await settled(uow, event, interview.interview_id)


def _notice(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


async def settle(uow: Uow, interview: Interview) -> None:
    """Book the appointment's session, or take a chair of it; free all others."""
    now = interview.agreed()
    await (store.take_place(uow, now.session_id) if now.group is None else groups.sit(uow, interview))
    await store.free(uow, interview.interview_id, states=["held", "booked"], keep=now.session_id)
    await store.save_interview(uow, interview)


async def cancel(uow: Uow, event: Received) -> None:
    """Free everything. Nothing was booked yet: `slots.released` is the answer. Cancelled already: the same answer again."""
    command: Cancel = event.body
    interview = await known(uow, command.interview_id)
    if interview.state == "cancelled":
        uow.emit(InterviewCancelled(**interview.fact(uow.now)), cause=event)
        return
    if interview.state in ("offered", "unavailable", "released"):
        return await release(uow, event)
    if interview.state == "scheduled" and (why := interview.why_not_changed(uow.now, notice=_notice(command.notice_minutes))) is not None:
        return booking_refused(uow, event, why)
    interview = await groups.rise(uow, interview.cancelled(command.reason))
    await store.free(uow, command.interview_id, states=["held", "booked"])
    await store.save_interview(uow, interview)
    uow.emit(InterviewCancelled(**interview.fact(uow.now)), cause=event)
    await settled(uow, event, interview.interview_id)


async def release(uow: Uow, event: Received) -> None:
    """Free what is held; an appointment stands."""
    command: Release = event.body
    interview = await known(uow, command.interview_id)
    await store.free(uow, command.interview_id, states=["held"])
    await store.save_interview(uow, interview.released())
    await groups.drop_empty(uow, interview)
    uow.emit(SlotsReleased(interview_id=command.interview_id, hire_id=command.hire_id, at=uow.now), cause=event)


async def replace_member(uow: Uow, event: Received) -> None:
    """Put the first of the candidates who is free in the seat of `out_id`; time and the others stay."""
    command: Replace = event.body
    candidates = [person for person in command.candidates if person != command.out_id]
    await panel_known(uow, set(candidates))
    await store.lock_calendars(uow, [*candidates, command.out_id])
    interview = await known(uow, command.interview_id)
    now = interview.agreed()
    if command.out_id not in now.panel:
        return await _taken_over(uow, event, interview)
    span = (now.starts_at, now.ends_at)
    limits = limits_of(command.limits, command.limits_of)
    free = [person for person in candidates if person not in (*now.panel, *now.shadows)]
    able = stand_in(free, await people.load_people(uow, free, span, limits=limits, but=[command.interview_id]), span)
    if not able:
        return booking_refused(uow, event, "nobody_free")
    await store.change_seat(uow, now.session_id, out_id=command.out_id, in_id=able[0])
    for one in [interview] if now.group is None else await store.seated(uow, now.session_id):
        one = one.replaced(command.out_id, able[0])  # noqa: PLW2901 - the same one, with somebody else in the seat
        await store.save_interview(uow, one)
        uow.emit(InterviewerReplaced(**{**one.fact(uow.now), "reason": command.reason}, out_id=command.out_id, in_id=able[0]), cause=event,
                 event_id=groups.told_id(one))
        await settled(uow, event, one.interview_id, person_id=command.out_id)
    if now.group is not None:
        await groups.renew(uow, now.session_id)


async def _taken_over(uow: Uow, event: Received, interview: Interview) -> None:
    """Somebody of the same session ordered it before: the same answer again. Else: nobody to replace."""
    command: Replace = event.body
    now = interview.agreed()
    who = None if now.group is None else await groups.successor(uow, now.session_id, command.out_id)
    if who is None:
        return booking_refused(uow, event, "not_in_panel")
    uow.emit(InterviewerReplaced(**{**interview.fact(uow.now), "reason": command.reason}, out_id=command.out_id, in_id=who), cause=event)
