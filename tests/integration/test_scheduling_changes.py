"""What happens after an offer: holds that end, changes within policy, later conflicts, changed clocks, loops, taps - on real servers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.scheduling.usecases import changes
from shared.contracts.appointments import BookLoop, LoopLeg, OfferLoop, SettleTouched, Tap
from shared.contracts.party import Absence, AbsenceNoted
from shared.contracts.scheduling import Attend, Book, BusyNoted, Cancel, Limits, Move, Replace, RoomRecord, Seat
from shared.contracts.sessions import Period
from shared.runtime.consume import process_until_done
from shared.runtime.db import Database
from tests.support.bus import record_of
from tests.support.interview_desk import DAY, HOUR, MONDAY, Desk, know, said, scheduling_db, staff

db = scheduling_db


async def facts(db: Database, *names: str) -> list:
    """What was told with these names, in order."""
    return [body for _, body in await said(db) if body.TYPE.removeprefix("baton.") in names]


async def test_move_then_one_act_frees_the_room_and_names_the_old_panel(db):
    a, b, room = uuid4(), uuid4(), uuid4()
    await know(db, staff(a), staff(b), RoomRecord(room_id=room, version=1, name="A"))
    desk = Desk(db, [[a, b]], mode="onsite")
    first = await desk.booked()
    other = b if first.panel == [a] else a
    await know(db, AbsenceNoted(person_id=first.panel[0], absence=Absence(starts_at=first.ends_at, ends_at=MONDAY + 60 * DAY)))
    offered = await desk.ask(desk.wish)
    later = next(slot for slot in offered.slots if slot.starts_at > first.ends_at)
    moved = await desk.ask(desk.of(Move, slot_id=later.slot_id))
    assert (moved.version, moved.old_panel, moved.old_room_id, moved.panel, moved.old_starts_at) == (2, first.panel, room, [other], first.starts_at)
    async with db.unit() as uow:
        assert await uow.value("select count(*) from bookings where active") == 2
        assert await uow.value("select lower(at) from room_bookings where active") == moved.starts_at


async def test_change_when_policy_has_something_against_it_then_refused_and_nothing_changes(db):
    a = uuid4()
    await know(db, staff(a))
    desk = Desk(db, [[a]])
    first = await desk.booked()
    slots = (await desk.ask(desk.wish)).slots
    year = 60 * 24 * 365 * 5
    assert (await desk.ask(desk.of(Move, slot_id=slots[0].slot_id, notice_minutes=year))).reason == "too_late"
    assert (await desk.ask(desk.of(Cancel, reason="withdrawn", notice_minutes=year))).reason == "too_late"
    moved = await desk.ask(desk.of(Move, slot_id=slots[0].slot_id, notice_minutes=60, max_moves=1))
    assert (moved.version, moved.old_starts_at) == (2, first.starts_at)
    slots = (await desk.ask(desk.wish)).slots
    assert (await desk.ask(desk.of(Move, slot_id=slots[0].slot_id, max_moves=1))).reason == "too_many_moves"


async def test_offer_when_the_candidate_asks_for_others_or_proposes_then_only_those(db):
    a = uuid4()
    await know(db, staff(a))
    desk = Desk(db, [[a]])
    first = await desk.ask(desk.wish)
    others = await desk.ask(desk.wish.model_copy(update={"not_at": [slot.starts_at for slot in first.slots]}))
    assert not {slot.starts_at for slot in first.slots} & {slot.starts_at for slot in others.slots}
    mine = Period(starts_at=MONDAY + DAY + 6 * HOUR, ends_at=MONDAY + DAY + 7 * HOUR)
    proposed = await desk.ask(desk.wish.model_copy(update={"candidate_open": [mine]}))
    assert [(slot.starts_at, slot.ends_at) for slot in proposed.slots] == [(mine.starts_at, mine.ends_at)]
    free = Period(starts_at=MONDAY - 2 * DAY, ends_at=MONDAY - DAY)
    assert (await desk.ask(desk.wish.model_copy(update={"candidate_open": [free]}))).TYPE == "baton.slots.unavailable"


async def test_hold_when_its_time_is_over_then_others_may_have_it_and_the_first_is_told(db):
    a = uuid4()
    await know(db, staff(a))
    hour = {"not_before": MONDAY + HOUR, "not_after": MONDAY + 2 * HOUR, "count": 1}
    slow, quick = Desk(db, [[a]], hold_minutes=30, **hour), Desk(db, [[a]], **hour)
    offered = await slow.ask(slow.wish)
    assert offered.held_until <= MONDAY + HOUR
    assert (await quick.ask(quick.wish)).TYPE == "baton.slots.unavailable"
    async with db.unit() as uow:
        await uow.run("update sessions set held_until = :past", past=uow.now - timedelta(seconds=1))
    assert (await quick.booked()).TYPE == "baton.interview.scheduled"
    assert (await slow.ask(slow.of(Book, slot_id=offered.slots[0].slot_id))).reason == "slot_gone"


async def test_limits_and_no_shows_then_no_offer_beyond_them(db):
    a, hire = uuid4(), uuid4()
    await know(db, staff(a))
    first = Desk(db, [[a]], not_after=MONDAY + DAY)
    await first.booked()
    second = Desk(db, [[a]], not_after=MONDAY + DAY, limits=Limits(per_day=1))
    assert (await second.ask(second.wish)).reason == "nobody_free"
    third = Desk(db, [[a]], not_after=MONDAY + DAY, limits=Limits(per_day=2, buffer_minutes=30, lunch="11:30-14:00", focus=["MON 14:00-18:00"]))
    [*slots] = (await third.ask(third.wish)).slots
    assert slots and all(slot.ends_at <= MONDAY + 6 * HOUR for slot in slots)
    broken = Desk(db, [[a]], limits=Limits(lunch="noon"))
    assert (await broken.ask(broken.wish)).reason == "limits_unreadable"
    for absent in (1, 2):
        desk = Desk(db, [[a]], not_before=MONDAY + absent * DAY)
        desk.hire = hire
        desk.wish = desk.wish.model_copy(update={"hire_id": hire})
        await desk.booked()
        await desk.ask(desk.of(Attend, result="candidate_absent"))
    capped = desk.wish.model_copy(update={"interview_id": uuid4(), "max_no_shows": 2})
    assert (await desk.ask(capped)).reason == "no_show_cap"
    assert (await desk.ask(capped.model_copy(update={"max_no_shows": 3}))).TYPE == "baton.slots.offered"


async def test_panel_of_seats_then_shadow_listens_and_a_link_is_taken(db):
    a, b, c, link = (uuid4() for _ in range(4))
    await know(db, staff(a), staff(b), staff(c), RoomRecord(room_id=link, version=1, name="meet", capacity=50, kind="link"))
    desk = Desk(db, [], seats=[Seat(pool=[a], trainees=[b]), Seat(pool=[c], optional=True)], not_after=MONDAY + DAY, count=1)
    [slot] = (await desk.ask(desk.wish)).slots
    assert (slot.panel, slot.shadows, slot.room_id) == ([a], [c], link)
    scheduled = await desk.ask(desk.of(Book, slot_id=slot.slot_id))
    assert (scheduled.panel, scheduled.shadows, scheduled.room_id) == ([a], [c], link)
    rival = Desk(db, [[b]], not_before=scheduled.starts_at, not_after=scheduled.ends_at)
    assert (await rival.ask(rival.wish)).TYPE == "baton.slots.unavailable"  # the only link is taken


async def test_busy_later_over_a_booked_interview_then_a_fact_once_and_another_when_it_goes_away(db):
    a, b = uuid4(), uuid4()
    await know(db, staff(a), staff(b))
    desk = Desk(db, [[a]])
    scheduled = await desk.booked()
    busy = BusyNoted(person_id=a, busy_id=uuid4(), starts_at=scheduled.starts_at - HOUR, ends_at=scheduled.starts_at + HOUR / 2)
    await know(db, busy)
    await know(db, busy.model_copy(update={"ends_at": scheduled.ends_at}), BusyNoted(person_id=b, busy_id=uuid4(), starts_at=scheduled.starts_at, ends_at=scheduled.ends_at))
    [conflict] = await facts(db, "interview.conflicted")
    assert (conflict.interview_id, conflict.person_id, conflict.cause, conflict.version, conflict.hire_id) == (desk.interview, a, "busy", 1, desk.hire)
    await know(db, busy.model_copy(update={"starts_at": scheduled.ends_at, "ends_at": scheduled.ends_at + HOUR}))
    [ended] = await facts(db, "interview.conflict_ended")
    assert ended.conflict_id == conflict.conflict_id
    await know(db, busy)
    assert len(await facts(db, "interview.conflicted")) == 2


@pytest.mark.parametrize("act", ["move", "cancel", "replace"])
async def test_conflict_when_the_interview_is_changed_then_nobody_has_to_decide_any_more(db, act):
    a, b = uuid4(), uuid4()
    await know(db, staff(a), staff(b))
    desk = Desk(db, [[a]])
    scheduled = await desk.booked()
    await know(db, BusyNoted(person_id=a, busy_id=uuid4(), starts_at=scheduled.starts_at, ends_at=scheduled.ends_at))
    slots = (await desk.ask(desk.wish)).slots
    command = {"move": desk.of(Move, slot_id=slots[0].slot_id), "cancel": desk.of(Cancel, reason="panel"),
               "replace": desk.of(Replace, out_id=a, candidates=[b], reason="busy")}[act]
    await process_until_done(desk.router, db, [record_of(command, id=uuid4())])
    [begun], [ended] = await facts(db, "interview.conflicted"), await facts(db, "interview.conflict_ended")
    assert begun.conflict_id == ended.conflict_id


async def test_room_when_it_becomes_too_small_then_a_fact(db):
    a, room = uuid4(), uuid4()
    await know(db, staff(a), RoomRecord(room_id=room, version=1, name="A", capacity=4))
    desk = Desk(db, [[a]], mode="onsite")
    await desk.booked()
    await know(db, RoomRecord(room_id=room, version=2, name="A", capacity=1))
    [conflict] = await facts(db, "interview.conflicted")
    assert (conflict.cause, conflict.interview_id, conflict.person_id) == ("room", desk.interview, None)


async def test_holiday_data_when_it_changes_then_listed_once_and_settled_by_a_person(db):
    a = uuid4()
    await know(db, staff(a))
    desk = Desk(db, [[a]])
    scheduled = await desk.booked()
    async with db.unit() as uow:
        assert await changes.look(uow) == 0
    async with db.unit() as uow:  # the wall that was agreed is another instant by the new rules of the zone
        await uow.run("update interviews set wall_start = :wall", wall=(scheduled.starts_at + 9 * HOUR).strftime("%Y-%m-%dT%H:%M"))
    for expected in (1, 0):
        async with db.unit() as uow:
            assert await changes.look(uow) == expected
    [touched] = await facts(db, "interview.touched")
    assert (touched.reason, touched.starts_at, touched.starts_at_now) == ("zone_rules", scheduled.starts_at, scheduled.starts_at + HOUR)
    moved = await desk.ask(desk.of(SettleTouched, keep="wall"))
    assert (moved.TYPE, moved.version, moved.starts_at, moved.old_starts_at) == ("baton.interview.moved", 2, scheduled.starts_at + HOUR, scheduled.starts_at)
    async with db.unit() as uow:
        assert await uow.value("select lower(at) from bookings where active and person_id = :a", a=a) == moved.starts_at
        await uow.run("update people set calendar = 'DE-BY', zone = 'America/Los_Angeles'")
    async with db.unit() as uow:
        assert await changes.look(uow) == 1
    assert [one.reason for one in await facts(db, "interview.touched")] == ["zone_rules", "holiday"]
    assert (await desk.ask(desk.of(SettleTouched, keep="instant"))).version == 3


def loop_of(crew: list[UUID], **more) -> OfferLoop:
    """Three interviews by three departments, one after the other."""
    legs = [LoopLeg(interview_id=uuid4(), round=n + 1, seats=[Seat(pool=[who])], minutes=45) for n, who in enumerate(crew)]
    return OfferLoop(loop_id=uuid4(), hire_id=uuid4(), requisition_id=uuid4(), candidate_id=uuid4(), legs=legs, not_before=MONDAY,
                     not_after=MONDAY + 5 * DAY, min_gap_minutes=15, **more)


async def answer(desk: Desk, db: Database, command) -> list:
    """All that one command says."""
    id = uuid4()
    await process_until_done(desk.router, db, [record_of(command, id=id)])
    return [body for _, body in await said(db, cause=str(id))]


async def test_loop_then_the_candidate_books_it_whole_and_a_broken_leg_is_planned_alone(db):
    a, b, c, d = (uuid4() for _ in range(4))
    await know(db, *(staff(one) for one in (a, b, c, d)))
    desk, wish = Desk(db, []), loop_of([a, b, c])
    [offered] = await answer(desk, db, wish)
    assert offered.TYPE == "baton.loop.offered" and len(offered.ways) == 3 and all(len(way.slots) == 3 for way in offered.ways)
    told = await answer(desk, db, BookLoop(loop_id=wish.loop_id, hire_id=wish.hire_id, way_id=offered.ways[1].way_id))
    scheduled = [one for one in told if one.TYPE == "baton.interview.scheduled"]
    assert [one.starts_at for one in scheduled] == [slot.starts_at for slot in offered.ways[1].slots]
    assert {one.loop_id for one in scheduled} == {wish.loop_id} and told[-1].TYPE == "baton.loop.booked"
    again = await answer(desk, db, BookLoop(loop_id=wish.loop_id, hire_id=wish.hire_id, way_id=offered.ways[1].way_id))
    assert [one.TYPE for one in again] == ["baton.loop.booked"]
    [gone] = await answer(desk, db, BookLoop(loop_id=wish.loop_id, hire_id=wish.hire_id, way_id=offered.ways[0].way_id))
    assert (gone.TYPE, gone.reason) == ("baton.loop.unavailable", "way_gone")
    broken = scheduled[1]
    await answer(desk, db, Cancel(interview_id=broken.interview_id, hire_id=wish.hire_id, reason="panel"))
    legs = [leg if leg.interview_id != broken.interview_id else leg.model_copy(update={"seats": [Seat(pool=[d])]}) for leg in wish.legs]
    [mended] = await answer(desk, db, wish.model_copy(update={"legs": legs}))
    assert all([slot.interview_id for slot in way.slots] == [broken.interview_id] for way in mended.ways)
    [slot] = mended.ways[0].slots
    assert (slot.panel, slot.starts_at.date()) == ([d], broken.starts_at.date())
    told = await answer(desk, db, BookLoop(loop_id=wish.loop_id, hire_id=wish.hire_id, way_id=mended.ways[0].way_id))
    assert [(one.TYPE, getattr(one, "version", None)) for one in told] == [("baton.interview.scheduled", 3), ("baton.loop.booked", None)]
    [stands] = await answer(desk, db, wish)
    assert (stands.TYPE, stands.reason) == ("baton.scheduling.command_refused", "loop_stands")


async def test_loop_when_twenty_candidates_want_the_same_day_at_once_then_nobody_sits_twice(db):
    crew = [uuid4() for _ in range(3)]
    await know(db, *(staff(one) for one in crew))
    desk = Desk(db, [])

    async def client() -> str:
        wish = loop_of(crew, count=1)
        [offered] = await answer(desk, db, wish.model_copy(update={"not_after": MONDAY + 2 * DAY}))
        if offered.TYPE == "baton.loop.unavailable":
            return "none"
        return (await answer(desk, db, BookLoop(loop_id=wish.loop_id, hire_id=wish.hire_id, way_id=offered.ways[0].way_id)))[-1].TYPE

    answers = await asyncio.gather(*(client() for _ in range(20)))
    assert set(answers) <= {"none", "baton.loop.booked"} and answers.count("baton.loop.booked") >= 4
    async with db.unit() as uow:
        assert await uow.value("select count(*) from interviews where state = 'scheduled'") == 3 * answers.count("baton.loop.booked")
        assert await uow.value("select count(*) from parked") == 0


async def test_taps_then_what_both_sides_say_and_strangers_say_nothing(db):
    a = uuid4()
    await know(db, staff(a))
    desk = Desk(db, [[a]])
    scheduled = await desk.booked()
    mine = {"person_id": desk.candidate, "side": "candidate", "at": scheduled.starts_at}
    theirs = {"person_id": a, "side": "interviewer", "at": scheduled.starts_at + timedelta(minutes=7)}
    assert (await desk.ask(desk.of(Tap, **mine, here=True))).result == "unknown"
    noted = await desk.ask(desk.of(Tap, **theirs, here=True))
    assert (noted.result, noted.late_minutes) == ("both", 7)
    assert (await desk.ask(desk.of(Tap, **theirs, here=True, other=False))).result == "disputed"
    refused = await desk.ask(desk.of(Tap, **{**mine, "person_id": uuid4()}, here=True))
    assert (refused.TYPE, refused.reason) == ("baton.scheduling.command_refused", "not_in_this_interview")
