"""Loops: several interviews held and booked together; legs that stand already stay where they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from shared.contracts.appointments import BookLoop, LegSlot, LoopBooked, LoopLeg, LoopOffered, LoopUnavailable, OfferLoop, Way
from shared.contracts.base import derive_id
from shared.contracts.scheduling import InterviewScheduled
from shared.policy.wall import CalendarError, zone_of
from shared.runtime.db import Uow
from shared.runtime.records import Received

from .. import people, store
from ..domain.interview import Interview
from ..domain.loops import Leg, Loop, plan_loop
from ..domain.search import Found
from ..domain.seats import Seat
from ..domain.spans import Span
from .answers import limits_of, panel_known, refuse
from .booking import settle
from .offering import held_until, slot_body


def _unavailable(uow: Uow, event: Received, reason: str) -> None:
    uow.emit(LoopUnavailable(loop_id=event.body.loop_id, hire_id=event.body.hire_id, reason=reason), cause=event)


def _seats(leg: LoopLeg) -> tuple[Seat, ...]:
    return tuple(Seat(tuple(one.pool), tuple(one.trainees), one.optional) for one in leg.seats)


async def offer_loop(uow: Uow, event: Received) -> None:
    """Find ways through all legs and hold them; a leg that is scheduled or took place is planned around, not again."""
    command: OfferLoop = event.body
    persons = {one for leg in command.legs for seat in _seats(leg) for one in seat.people()}
    await panel_known(uow, persons)
    rooms = {leg.interview_id: await people.room_ids(uow, leg.mode) for leg in command.legs}
    await store.lock_calendars(uow, [*persons, command.candidate_id, *{room for ids in rooms.values() for room in ids}])
    interviews = {leg.interview_id: await _interview(uow, command, leg) for leg in command.legs}
    if all(one.state in ("scheduled", "attended") for one in interviews.values()):
        return refuse(uow, event, "loop_stands")
    for id in interviews:
        await store.free(uow, id, states=["held"])
    await store.expire_holds(uow, [*persons, command.candidate_id])
    within = (max(command.not_before, uow.now), command.not_after)
    try:
        zone_of(command.zone)
    except CalendarError:
        return refuse(uow, event, "zone_unknown")
    ways = await _ways(uow, command, interviews, rooms, within) if within[0] < within[1] else []
    for one in interviews.values():
        await store.save_interview(uow, one.offered(bool(ways)) if one.state != "attended" else one)
    if not ways:
        return _unavailable(uow, event, "nobody_free")
    await _hold(uow, event, interviews, ways)


async def _interview(uow: Uow, command: OfferLoop, leg: LoopLeg) -> Interview:
    stands = await store.load_interview(uow, leg.interview_id) or Interview(
        leg.interview_id, command.hire_id, command.requisition_id, command.candidate_id, leg.round, leg.minutes, leg.mode, command.zone)
    return replace(stands, loop_id=command.loop_id)


async def _ways(
    uow: Uow, command: OfferLoop, interviews: dict[UUID, Interview], rooms: dict[UUID, list[UUID]], within: Span,
) -> list[tuple[Found, ...]]:
    legs = []
    for leg in command.legs:
        ids, stands = rooms[leg.interview_id], interviews[leg.interview_id]
        halls = await people.load_rooms(uow, ids, within, seats=len(leg.seats) + 1) if leg.mode == "onsite" or ids else None
        legs.append(Leg(leg.interview_id, _seats(leg), leg.minutes, _fixed(stands), halls))
    candidate = await people.diaries(uow, [command.candidate_id], within)
    persons = {one for leg in legs for seat in leg.seats for one in seat.people()}
    standing = any(leg.fixed for leg in legs)
    loop = Loop(
        legs, *within, zone=command.zone, days=command.days, per_day=command.per_day, min_gap=timedelta(minutes=command.min_gap_minutes),
        max_gap=timedelta(minutes=command.max_gap_minutes), ordered=command.ordered and not standing, count=command.count,
        candidate_blocked=candidate[command.candidate_id].spans(),
        candidate_open=[(one.starts_at, one.ends_at) for one in command.candidate_open] or None)
    found = plan_loop(loop, await people.load_people(
        uow, persons, within, limits=limits_of(command.limits, command.limits_of), but=list(interviews)))
    if not found and standing:  # nothing beside the legs that stand: another day is better than calling everybody off
        found = plan_loop(replace(loop, days=command.days + 1, max_gap=timedelta(days=1)), await people.load_people(uow, persons, within))
    return found


def _fixed(stands: Interview) -> Found | None:
    now = stands.appointment
    if now is None or stands.state not in ("scheduled", "attended"):
        return None
    return Found(now.starts_at, now.ends_at, now.panel, now.room_id, now.shadows)


async def _hold(uow: Uow, event: Received, interviews: dict[UUID, Interview], ways: list[tuple[Found, ...]]) -> None:
    command: OfferLoop = event.body
    told: list[Way] = []
    first = min(slot.starts_at for way in ways for slot, one in zip(way, interviews.values(), strict=True) if _fixed(one) is None)
    until = held_until(uow.now, first, command.hold_minutes)
    for n, way in enumerate(ways):
        way_id = derive_id("scheduling", "way", event.envelope.source, event.envelope.id, n)
        slots = [(derive_id("scheduling", "slot", way_id, id), id, slot) for id, slot in zip(interviews, way, strict=True) if _fixed(interviews[id]) is None]
        for slot_id, id, slot in slots:
            await store.hold(uow, interviews[id], [(slot_id, slot)], until=until if command.hold_minutes else None, ways=[way_id])
        told.append(Way(way_id=way_id, slots=[LegSlot.model_validate({**slot_body(slot_id, slot), "interview_id": id}) for slot_id, id, slot in slots]))
    uow.emit(LoopOffered(loop_id=command.loop_id, hire_id=command.hire_id, ways=told, held_until=until), cause=event)


async def book_loop(uow: Uow, event: Received) -> None:
    """Take one way whole: all its legs, or none."""
    command: BookLoop = event.body
    sessions = await store.sessions_of_way(uow, command.way_id)
    loop: dict[UUID | None, Interview] = {one.interview_id: one for one in await store.of_loop(uow, command.loop_id)}
    if not sessions or any(one.interview_id not in loop for one in sessions):
        return _unavailable(uow, event, "way_gone")
    booked = all(one.state == "booked" for one in sessions)
    if not booked and any(one.state != "held" for one in sessions):
        return _unavailable(uow, event, "way_gone")
    if not booked and sessions[0].starts_at <= uow.now:
        return _unavailable(uow, event, "way_past")
    if not booked and any([await people.away(uow, [*one.panel], (one.starts_at, one.ends_at)) for one in sessions]):
        return _unavailable(uow, event, "panel_away")
    for one in () if booked else sessions:
        interview = loop[one.interview_id].scheduled(one.appointment(loop[one.interview_id].zone))
        await settle(uow, interview)
        uow.emit(InterviewScheduled(**interview.fact(uow.now)), cause=event)
    uow.emit(LoopBooked(loop_id=command.loop_id, hire_id=command.hire_id, interviews=[loop[one.interview_id].interview_id for one in sessions], at=uow.now), cause=event)
