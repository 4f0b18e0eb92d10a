"""Offering: find times for one interview and hold them for the candidate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.base import derive_id
from shared.contracts.scheduling import OfferSlots, Slot, SlotsOffered, SlotsUnavailable
from shared.policy.wall import CalendarError, zone_of
from shared.runtime.db import Uow
from shared.runtime.records import Received

from .. import groups, people, store
from ..domain.interview import Interview
from ..domain.search import Found, Wish, find_slots
from ..domain.seats import Seat
from .answers import limits_of, panel_known, refuse, seats_of


async def offer_slots(uow: Uow, event: Received) -> None:
    """Find and hold times; slots held before for this interview are freed first, a standing appointment stands."""
    command: OfferSlots = event.body
    seats = seats_of(command)
    persons = {person for seat in seats for person in seat.people()}
    await panel_known(uow, persons)
    rooms = await people.room_ids(uow, command.mode)
    await store.lock_calendars(uow, [*persons, command.candidate_id, *rooms, *([command.requisition_id] if command.group else [])])
    interview = await store.load_interview(uow, command.interview_id) or Interview(
        command.interview_id, command.hire_id, command.requisition_id, command.candidate_id, command.round, command.minutes, command.mode, command.zone)
    interview.may_offer()
    await store.free(uow, command.interview_id, states=["held"])
    await store.expire_holds(uow, [*persons, command.candidate_id])
    if command.max_no_shows is not None and await store.no_shows(uow, command.hire_id) >= command.max_no_shows:
        return await _unavailable(uow, event, interview, "no_show_cap")
    try:
        zone_of(command.zone)
        interview = replace(interview, zone=command.zone) if interview.state != "scheduled" else interview
        if command.group is not None:
            return await _offer_chair(uow, event, interview, (seats, rooms))
        found = await _search(uow, command, seats, rooms)
    except CalendarError:
        return refuse(uow, event, "zone_unknown")
    if not found:
        return await _unavailable(uow, event, interview, "nobody_free" if persons else "panel_empty")
    await store.save_interview(uow, interview.offered(True))
    slots = [(derive_id("scheduling", "slot", event.envelope.source, event.envelope.id, n), slot) for n, slot in enumerate(found)]
    until = held_until(uow.now, found[0].starts_at, command.hold_minutes)
    await store.hold(uow, interview, slots, until=until if command.hold_minutes else None)
    uow.emit(SlotsOffered(
        interview_id=command.interview_id, hire_id=command.hire_id, round=command.round, minutes=command.minutes, mode=command.mode,
        held_until=until, slots=[Slot(**slot_body(id, one)) for id, one in slots]), cause=event)


async def _offer_chair(uow: Uow, event: Received, interview: Interview, able: tuple[tuple[Seat, ...], list[UUID]]) -> None:
    """One chair of the round's earliest session that has one; where there is none, a session is planned in the first window that does."""
    command: OfferSlots = event.body
    group = command.group
    assert group is not None
    session = await groups.open_session(uow, command.requisition_id, command.round, command.candidate_id)
    if session is not None and not session.taken and await people.away(uow, session.panel, (session.starts_at, session.ends_at)):
        await groups.free(uow, session.session_id)  # nobody has a chair yet: another panel is looked for
        session = None
    for window in group.windows if session is None else ():
        range_ = {"not_before": window.starts_at, "not_after": window.ends_at, "count": 1}
        for one in await _search(uow, command.model_copy(update=range_), *able, persons=group.capacity):
            session = await groups.plan(uow, one, requisition_id=command.requisition_id, round=command.round, capacity=group.capacity)
        if session is not None:
            break
    if session is None:
        return await _unavailable(uow, event, interview, "no_session")
    await store.save_interview(uow, interview.offered(True))
    slot = Slot(slot_id=session.session_id, starts_at=session.starts_at, ends_at=session.ends_at, panel=list(session.panel),
                room_id=session.room_id, shadows=list(session.shadows))
    uow.emit(SlotsOffered(
        interview_id=command.interview_id, hire_id=command.hire_id, round=command.round, minutes=command.minutes, mode=command.mode,
        held_until=session.starts_at, slots=[slot], chairs=group.capacity), cause=event)


async def _unavailable(uow: Uow, event: Received, interview: Interview, reason: str) -> None:
    command: OfferSlots = event.body
    await store.save_interview(uow, interview.offered(False))
    uow.emit(SlotsUnavailable(interview_id=command.interview_id, hire_id=command.hire_id, round=command.round, reason=reason), cause=event)


def held_until(now: datetime, first: datetime, minutes: int | None) -> datetime:
    """Until when the offer is sure: so long, at most until its first time begins."""
    return first if minutes is None else min(first, now + timedelta(minutes=minutes))


def slot_body(id: UUID, one: Found) -> dict[str, Any]:
    """A slot as it stands in an event."""
    return {"slot_id": id, "starts_at": one.starts_at, "ends_at": one.ends_at, "panel": list(one.panel), "room_id": one.room_id,
            "shadows": list(one.shadows)}


async def _search(uow: Uow, command: OfferSlots, seats: tuple[Seat, ...], room_ids: list[UUID], *, persons: int = 1) -> list[Found]:
    """Free times for the panel and so many candidates."""
    within = (max(command.not_before, uow.now), command.not_after)
    if within[1] <= within[0]:
        return []
    rooms = None
    if command.mode == "onsite" or room_ids:
        rooms = await people.load_rooms(uow, room_ids, within, seats=len(seats) + persons)
    but = [command.interview_id]
    candidate = await people.diaries(uow, [command.candidate_id], within, but=but)
    wish = Wish(
        panel=(), seats=seats, minutes=command.minutes, earliest=within[0], latest=within[1], count=command.count, zone=command.zone,
        discreet=command.discreet, rooms=rooms, candidate_blocked=candidate[command.candidate_id].spans(), not_at=command.not_at,
        candidate_open=[(one.starts_at, one.ends_at) for one in command.candidate_open] or None)
    panel = {person for seat in seats for person in seat.people()}
    limits = limits_of(command.limits, command.limits_of)
    return find_slots(wish, await people.load_people(uow, panel, within, limits=limits, but=but))
