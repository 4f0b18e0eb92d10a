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

from .. import people, store
from ..domain.interview import Interview
from ..domain.search import stand_in
from .answers import booking_refused, known, limits_of, panel_known
from .conflicts import settled


async def _offered_session(uow: Uow, event: Received) -> store.Session | None:
    """The held slot that the command names, if it can still be had; else answers and gives None."""
    command: Book | Move = event.body
    session = await store.load_session(uow, command.slot_id)
    if session is None or session.interview_id != command.interview_id or session.state != "held":
        booking_refused(uow, event, "slot_gone")
    elif session.starts_at <= uow.now:
        booking_refused(uow, event, "slot_past")
    elif await people.away(uow, session.panel, (session.starts_at, session.ends_at)):
        booking_refused(uow, event, "panel_away")
    else:
        return session
    return None


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
    interview = interview.moved(session.appointment(interview.zone))
    await settle(uow, interview)
    uow.emit(InterviewMoved(
        **interview.fact(uow.now), old_starts_at=old.starts_at, old_panel=list(old.panel), old_shadows=list(old.shadows), old_room_id=old.room_id),
        cause=event)
    await settled(uow, event, interview.interview_id)


def _notice(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


async def settle(uow: Uow, interview: Interview) -> None:
    """Book the appointment's session, free all others."""
    session_id = interview.agreed().session_id
    await store.take_place(uow, session_id)
    await store.free(uow, interview.interview_id, states=["held", "booked"], keep=session_id)
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
    interview = interview.cancelled(command.reason)
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
        return booking_refused(uow, event, "not_in_panel")
    span = (now.starts_at, now.ends_at)
    limits = limits_of(command.limits, command.limits_of)
    free = [person for person in candidates if person not in (*now.panel, *now.shadows)]
    able = stand_in(free, await people.load_people(uow, free, span, limits=limits, but=[command.interview_id]), span)
    if not able:
        return booking_refused(uow, event, "nobody_free")
    interview = interview.replaced(command.out_id, able[0])
    await store.change_seat(uow, now.session_id, out_id=command.out_id, in_id=able[0])
    await store.save_interview(uow, interview)
    fact = {**interview.fact(uow.now), "reason": command.reason}
    uow.emit(InterviewerReplaced(**fact, out_id=command.out_id, in_id=able[0]), cause=event)
    await settled(uow, event, interview.interview_id, person_id=command.out_id)
