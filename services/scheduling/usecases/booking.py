"""What scheduling does with each command: load, decide (domain, slots), save, answer. Every command gets exactly one reply."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from shared.contracts.base import derive_id
from shared.contracts.scheduling import (
    Attend,
    Book,
    BookingRefused,
    Cancel,
    InterviewAttended,
    InterviewCancelled,
    InterviewerReplaced,
    InterviewMoved,
    InterviewNoShow,
    InterviewScheduled,
    Move,
    OfferSlots,
    Release,
    Replace,
    SchedulingCommandRefused,
    Slot,
    SlotsOffered,
    SlotsReleased,
    SlotsUnavailable,
)
from shared.policy.wall import CalendarError, zone_of
from shared.runtime.db import Uow
from shared.runtime.errors import WaitsFor
from shared.runtime.records import Received

from . import people, store
from .domain.interview import ABSENT, IllegalMoveError, Interview
from .domain.search import Found, Wish, find_slots, stand_in


def refuse(uow: Uow, event: Received, reason: str) -> None:
    """Answer a command that can't be carried out."""
    uow.emit(SchedulingCommandRefused(
        command_id=UUID(event.envelope.id), hire_id=event.body.hire_id, command_type=event.body.TYPE, reason=reason), cause=event)


def _booking_refused(uow: Uow, event: Received, reason: str) -> None:
    uow.emit(BookingRefused(interview_id=event.body.interview_id, hire_id=event.body.hire_id, reason=reason), cause=event)


async def _known(uow: Uow, interview_id: UUID) -> Interview:
    interview = await store.load_interview(uow, interview_id)
    if interview is None:
        raise IllegalMoveError("interview_unknown")
    return interview


async def _panel_known(uow: Uow, ids: set[UUID]) -> None:
    """Raises WaitsFor for a person whom intake's records have not brought yet."""
    if (missing := await people.unknown_among(uow, ids)) is not None:
        raise WaitsFor(f"person/{missing}")


async def offer_slots(uow: Uow, event: Received) -> None:
    """Find and hold times; slots held before for this interview are freed first, a standing appointment stands."""
    command: OfferSlots = event.body
    persons = {person for seat in command.panel for person in seat} - set(command.avoid)
    await _panel_known(uow, persons)
    rooms = await people.room_ids(uow) if command.mode == "onsite" else []
    await store.lock_calendars(uow, [*persons, command.candidate_id, *rooms])
    interview = await store.load_interview(uow, command.interview_id) or Interview(
        command.interview_id, command.hire_id, command.requisition_id, command.candidate_id, command.round, command.minutes, command.mode, command.zone)
    interview.may_offer()
    await store.free(uow, command.interview_id, states=["held"])
    try:
        zone_of(command.zone)
        found = await _search(uow, command, persons)
    except CalendarError:
        return refuse(uow, event, "zone_unknown")
    interview = replace(interview, zone=command.zone) if interview.state != "scheduled" else interview
    interview = interview.offered(bool(found))
    await store.save_interview(uow, interview)
    slots = [(derive_id("scheduling", "slot", event.envelope.source, event.envelope.id, n), slot) for n, slot in enumerate(found)]
    await store.hold(uow, interview, slots)
    if not slots:
        uow.emit(SlotsUnavailable(interview_id=command.interview_id, hire_id=command.hire_id, round=command.round,
                                  reason="nobody_free" if persons else "panel_empty"), cause=event)
        return
    uow.emit(SlotsOffered(
        interview_id=command.interview_id, hire_id=command.hire_id, round=command.round, minutes=command.minutes, mode=command.mode,
        held_until=found[0].starts_at,
        slots=[Slot(slot_id=id, starts_at=one.starts_at, ends_at=one.ends_at, panel=list(one.panel), room_id=one.room_id) for id, one in slots]),
        cause=event)


async def _search(uow: Uow, command: OfferSlots, persons: set[UUID]) -> list[Found]:
    earliest, latest = max(command.not_before, uow.now), command.not_after
    if latest <= earliest:
        return []
    panel = [[person for person in seat if person in persons] for seat in command.panel]
    rooms = None
    if command.mode == "onsite":
        rooms = await people.load_rooms(uow, seats=len(panel) + 1, earliest=earliest, latest=latest)
    candidate = await people.blocked_of(uow, [command.candidate_id], earliest, latest)
    wish = Wish(
        panel=panel, minutes=command.minutes, earliest=earliest, latest=latest, count=command.count, zone=command.zone, discreet=command.discreet,
        rooms=rooms, candidate_blocked=[span for span, _ in candidate.get(command.candidate_id, ())])
    return find_slots(wish, await people.load_people(uow, persons, earliest, latest))


async def _offered_session(uow: Uow, event: Received) -> store.Session | None:
    """The held slot that the command names, if it can still be had; else answers and gives None."""
    command: Book | Move = event.body
    session = await store.load_session(uow, command.slot_id)
    if session is None or session.interview_id != command.interview_id or session.state != "held":
        _booking_refused(uow, event, "slot_gone")
    elif session.starts_at <= uow.now:
        _booking_refused(uow, event, "slot_past")
    elif await people.away(uow, session.panel, (session.starts_at, session.ends_at)):
        _booking_refused(uow, event, "panel_away")
    else:
        return session
    return None


async def book(uow: Uow, event: Received) -> None:
    """The candidate's choice becomes the appointment; the other slots are free again. The same slot twice gives the same answer."""
    command: Book = event.body
    interview = await _known(uow, command.interview_id)
    now = interview.appointment
    if interview.state == "scheduled" and now is not None and now.session_id == command.slot_id:
        uow.emit(InterviewScheduled(**interview.fact(uow.now)), cause=event)
        return
    if interview.state == "scheduled":
        return _booking_refused(uow, event, "already_scheduled")
    session = await _offered_session(uow, event)
    if session is None:
        return
    interview = interview.scheduled(session.appointment(interview.zone))
    await _settle(uow, interview)
    uow.emit(InterviewScheduled(**interview.fact(uow.now)), cause=event)


async def move(uow: Uow, event: Received) -> None:
    """Another held slot becomes the appointment; the old time is free again."""
    command: Move = event.body
    interview = await _known(uow, command.interview_id)
    old = interview.agreed()
    session = await _offered_session(uow, event)
    if session is None:
        return
    interview = interview.moved(session.appointment(interview.zone))
    await _settle(uow, interview)
    uow.emit(InterviewMoved(**interview.fact(uow.now), old_starts_at=old.starts_at), cause=event)


async def _settle(uow: Uow, interview: Interview) -> None:
    """Book the appointment's session, free all others."""
    session_id = interview.agreed().session_id
    await store.take_place(uow, session_id)
    await store.free(uow, interview.interview_id, states=["held", "booked"], keep=session_id)
    await store.save_interview(uow, interview)


async def cancel(uow: Uow, event: Received) -> None:
    """Free everything. Nothing was booked yet: `slots.released` is the answer. Cancelled already: the same answer again."""
    command: Cancel = event.body
    interview = await _known(uow, command.interview_id)
    if interview.state == "cancelled":
        uow.emit(InterviewCancelled(**interview.fact(uow.now)), cause=event)
        return
    if interview.state in ("offered", "unavailable", "released"):
        return await release(uow, event)
    interview = interview.cancelled(command.reason)
    await store.free(uow, command.interview_id, states=["held", "booked"])
    await store.save_interview(uow, interview)
    uow.emit(InterviewCancelled(**interview.fact(uow.now)), cause=event)


async def release(uow: Uow, event: Received) -> None:
    """Free what is held; an appointment stands."""
    command: Release = event.body
    interview = await _known(uow, command.interview_id)
    await store.free(uow, command.interview_id, states=["held"])
    await store.save_interview(uow, interview.released())
    uow.emit(SlotsReleased(interview_id=command.interview_id, hire_id=command.hire_id, at=uow.now), cause=event)


async def replace_member(uow: Uow, event: Received) -> None:
    """Put the first of the candidates who is free in the seat of `out_id`; time and the others stay."""
    command: Replace = event.body
    candidates = [person for person in command.candidates if person != command.out_id]
    await _panel_known(uow, set(candidates))
    await store.lock_calendars(uow, [*candidates, command.out_id])
    interview = await _known(uow, command.interview_id)
    now = interview.agreed()
    if command.out_id not in now.panel:
        return _booking_refused(uow, event, "not_in_panel")
    span = (now.starts_at, now.ends_at)
    able = stand_in([person for person in candidates if person not in now.panel], await people.load_people(uow, candidates, *span), span)
    if not able:
        return _booking_refused(uow, event, "nobody_free")
    interview = interview.replaced(command.out_id, able[0])
    await store.change_seat(uow, now.session_id, out_id=command.out_id, in_id=able[0])
    await store.save_interview(uow, interview)
    fact = {**interview.fact(uow.now), "reason": command.reason}
    uow.emit(InterviewerReplaced(**fact, out_id=command.out_id, in_id=able[0]), cause=event)


async def attend(uow: Uow, event: Received) -> None:
    """Record who was there."""
    command: Attend = event.body
    interview = (await _known(uow, command.interview_id)).attended(command.result)
    await store.save_interview(uow, interview)
    if command.result == "both":
        uow.emit(InterviewAttended(**interview.fact(uow.now)), cause=event)
    else:
        uow.emit(InterviewNoShow(**interview.fact(uow.now), party=ABSENT[command.result]), cause=event)
