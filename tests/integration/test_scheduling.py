"""Scheduling on real servers: every command's answer, and no double booking whoever asks at the same time."""

from __future__ import annotations

import asyncio
import random
from itertools import pairwise
from uuid import uuid4

import pytest
from asyncpg import ExclusionViolationError

from shared.contracts.party import Absence, AbsenceNoted
from shared.contracts.scheduling import Attend, Book, BusyNoted, Cancel, Move, Release, Replace, RoomRecord
from tests.support.bus import record_of
from tests.support.interview_desk import DAY, HOUR, MONDAY, Desk, know, said, scheduling_db, staff

db = scheduling_db


async def test_offer_and_book_then_one_is_scheduled_and_the_others_are_free_again(db):
    a, b = uuid4(), uuid4()
    await know(db, staff(a), staff(b, zone="Europe/Berlin", calendar="DE-BY"))
    desk = Desk(db, [[a], [b]])
    offered = await desk.ask(desk.wish)
    assert (offered.TYPE, len(offered.slots), offered.held_until) == ("baton.slots.offered", 4, offered.slots[0].starts_at)
    assert len({slot.starts_at.date() for slot in offered.slots}) == 4
    rival = Desk(db, [[a]], not_before=offered.slots[0].starts_at, not_after=offered.slots[0].ends_at)
    assert (await rival.ask(rival.wish)).TYPE == "baton.slots.unavailable"
    scheduled = await desk.ask(desk.of(Book, slot_id=offered.slots[2].slot_id))
    assert (scheduled.TYPE, scheduled.version, scheduled.panel) == ("baton.interview.scheduled", 1, [a, b])
    assert scheduled.wall_start == (scheduled.starts_at + 8 * HOUR).strftime("%Y-%m-%dT%H:%M")
    assert (await rival.ask(rival.wish)).TYPE == "baton.slots.offered"
    again = await desk.ask(desk.of(Book, slot_id=offered.slots[2].slot_id))
    other = await desk.ask(desk.of(Book, slot_id=offered.slots[1].slot_id))
    assert (again.version, other.TYPE, other.reason) == (1, "baton.booking.refused", "already_scheduled")


async def test_offer_when_a_person_is_not_known_then_the_command_waits_for_the_record(db):
    a, desk_id = uuid4(), uuid4()
    desk = Desk(db, [[a]])
    await desk.router.process(db, [record_of(desk.wish, id=desk_id)])
    assert await said(db) == []
    await know(db, staff(a))
    [(cause, offered)] = await said(db)
    assert (cause, offered.TYPE) == (str(desk_id), "baton.slots.offered")


async def test_offer_when_somebody_is_absent_busy_or_left_then_no_slot_with_them(db):
    a, b, c = uuid4(), uuid4(), uuid4()
    gone = {"starts_at": MONDAY, "ends_at": MONDAY + 2 * DAY}
    await know(db, staff(a), staff(b, left_at=MONDAY), staff(c, absences=[Absence(starts_at=MONDAY, ends_at=MONDAY + 4 * DAY)]),
               AbsenceNoted(person_id=a, absence=Absence(**gone)), BusyNoted(person_id=a, busy_id=uuid4(), starts_at=MONDAY + 2 * DAY, ends_at=MONDAY + 3 * DAY))
    desk = Desk(db, [[a, b]])
    offered = await desk.ask(desk.wish)
    assert offered.slots and all(slot.panel == [a] and slot.starts_at >= MONDAY + 3 * DAY for slot in offered.slots)
    alone = Desk(db, [[b]])
    assert (await alone.ask(alone.wish)).reason == "nobody_free"
    late = Desk(db, [[c]])
    assert all(slot.starts_at >= MONDAY + 4 * DAY for slot in (await late.ask(late.wish)).slots)


async def test_book_when_the_slot_is_gone_or_the_panel_left_meanwhile_then_refused(db):
    a = uuid4()
    await know(db, staff(a))
    desk = Desk(db, [[a]])
    offered = await desk.ask(desk.wish)
    assert (await desk.ask(desk.of(Book, slot_id=uuid4()))).reason == "slot_gone"
    await know(db, staff(a, version=2, left_at=MONDAY))
    refused = await desk.ask(desk.of(Book, slot_id=offered.slots[0].slot_id))
    assert (refused.TYPE, refused.reason) == ("baton.booking.refused", "panel_away")
    released = await desk.ask(desk.of(Release))
    assert released.TYPE == "baton.slots.released"
    assert (await desk.ask(desk.of(Book, slot_id=offered.slots[0].slot_id))).reason == "slot_gone"


async def test_move_cancel_and_version_then_counted_up_and_everything_freed(db):
    a = uuid4()
    await know(db, staff(a))
    desk = Desk(db, [[a]])
    first = await desk.booked()
    offered = await desk.ask(desk.wish)
    moved = await desk.ask(desk.of(Move, slot_id=offered.slots[1].slot_id))
    assert (moved.TYPE, moved.version, moved.old_starts_at) == ("baton.interview.moved", 2, first.starts_at)
    cancelled = await desk.ask(desk.of(Cancel, reason="withdrawn"))
    assert (cancelled.TYPE, cancelled.version, cancelled.reason) == ("baton.interview.cancelled", 3, "withdrawn")
    assert (await desk.ask(desk.of(Cancel, reason="withdrawn"))).version == 3
    async with db.unit() as uow:
        assert await uow.value("select count(*) from bookings where active") == 0
    assert (await desk.ask(desk.of(Attend, result="both"))).TYPE == "baton.scheduling.command_refused"


async def test_cancel_when_only_offered_then_released_and_unknown_is_refused(db):
    a = uuid4()
    await know(db, staff(a))
    desk = Desk(db, [[a]])
    refused = await desk.ask(desk.of(Cancel, reason="x"))
    assert (refused.TYPE, refused.reason) == ("baton.scheduling.command_refused", "interview_unknown")
    await desk.ask(desk.wish)
    assert (await desk.ask(desk.of(Cancel, reason="x"))).TYPE == "baton.slots.released"
    async with db.unit() as uow:
        assert await uow.value("select count(*) from bookings where active") == 0


async def test_replace_when_somebody_resigned_then_the_first_free_one_takes_the_seat(db):
    a, b, c, d = (uuid4() for _ in range(4))
    await know(db, *(staff(one) for one in (a, b, c, d)))
    desk = Desk(db, [[a], [b]])
    scheduled = await desk.booked()
    span = {"starts_at": scheduled.starts_at - HOUR, "ends_at": scheduled.ends_at}
    await know(db, AbsenceNoted(person_id=c, absence=Absence(**span)), staff(a, version=2, left_at=MONDAY - DAY))
    replaced = await desk.ask(desk.of(Replace, out_id=a, candidates=[b, c, d], reason="left"))
    assert (replaced.TYPE, replaced.version, replaced.panel, replaced.in_id) == ("baton.interviewer.replaced", 2, [d, b], d)
    assert replaced.starts_at == scheduled.starts_at
    assert (await desk.ask(desk.of(Replace, out_id=b, candidates=[c], reason="x"))).reason == "nobody_free"
    assert (await desk.ask(desk.of(Replace, out_id=a, candidates=[c], reason="x"))).reason == "not_in_panel"


@pytest.mark.parametrize(("result", "type_", "party"), [
    ("both", "interview.attended", None), ("candidate_absent", "interview.no_show", "candidate"),
    ("interviewer_absent", "interview.no_show", "interviewer"), ("unknown", "scheduling.command_refused", None)])
async def test_attend_then_who_was_there_is_said_and_unknown_is_never_attended(db, result, type_, party):
    a = uuid4()
    await know(db, staff(a))
    desk = Desk(db, [[a]])
    await desk.booked()
    reply = await desk.ask(desk.of(Attend, result=result))
    assert (reply.TYPE, getattr(reply, "party", None)) == (f"baton.{type_}", party)


async def test_onsite_when_the_room_is_taken_then_another_or_none(db):
    a, b, room = uuid4(), uuid4(), uuid4()
    await know(db, staff(a), staff(b), RoomRecord(room_id=room, version=1, name="A", capacity=4), RoomRecord(room_id=uuid4(), version=1, name="B", capacity=1))
    hour = {"not_before": MONDAY + HOUR, "not_after": MONDAY + 2 * HOUR, "mode": "onsite"}
    first, second = Desk(db, [[a]], **hour), Desk(db, [[b]], **hour)
    assert (await first.booked()).room_id == room
    assert (await second.ask(second.wish)).TYPE == "baton.slots.unavailable"


@pytest.mark.parametrize("table", ["bookings", "room_bookings"])
async def test_constraint_when_code_forgets_then_the_database_refuses(db, table):
    a, room = uuid4(), uuid4()
    await know(db, staff(a), RoomRecord(room_id=room, version=1, name="A"))
    desk = Desk(db, [[a]], mode="onsite")
    await desk.booked()
    async with db.unit() as uow:
        session, freed = await uow.value("select session_id from sessions where state = 'booked'"), await uow.value("select session_id from sessions where state = 'freed'")
        await uow.run(f"update {table} set at = (select at from {table} where session_id = :one limit 1) where session_id = :other", one=session, other=freed)
    with pytest.raises(ExclusionViolationError, match="at_a_time"):
        async with db.unit() as uow:
            await uow.run(f"update {table} set active = true where session_id = :other", other=freed)


async def test_fifty_clients_at_once_then_nobody_and_no_room_is_booked_twice(db):
    """50 clients offer, book, move, replace and cancel for 5 people and 2 rooms at the same time; every one gets its answers."""
    people, candidates = [uuid4() for _ in range(5)], [uuid4() for _ in range(12)]
    await know(db, *(staff(one) for one in people), *(RoomRecord(room_id=uuid4(), version=1, name="r", capacity=4) for _ in range(2)))

    async def client(number: int) -> list[str]:
        rng = random.Random(number)
        panel = [rng.sample(people, 2) for _ in range(rng.randint(1, 2))]
        desk = Desk(db, panel, mode=rng.choice(["video", "onsite"]), candidate_id=rng.choice(candidates), count=2,
                    not_after=MONDAY + DAY * rng.randint(1, 3), minutes=rng.choice([30, 60]))
        offered = await desk.ask(desk.wish)
        if offered.TYPE == "baton.slots.unavailable":
            return [offered.TYPE]
        booked = await desk.ask(desk.of(Book, slot_id=rng.choice(offered.slots).slot_id))
        then = await desk.ask(rng.choice([
            desk.of(Replace, out_id=booked.panel[0], candidates=rng.sample(people, 3), reason="x"), desk.of(Cancel, reason="x"), desk.wish, desk.of(Release)]))
        return [offered.TYPE, booked.TYPE, then.TYPE]

    answers = await asyncio.gather(*(client(number) for number in range(50)))
    assert {answer[1] for answer in answers if len(answer) > 1} == {"baton.interview.scheduled"}
    assert len([answer for answer in answers if len(answer) > 1]) >= 10
    async with db.unit() as uow:
        for table, who in (("bookings", "person_id"), ("room_bookings", "room_id")):
            rows = await uow.rows(f"select {who} as who, lower(at) as a, upper(at) as b from {table} where active order by 1, 2")
            assert rows
            assert all(one["who"] != other["who"] or one["b"] <= other["a"] for one, other in pairwise(rows))
        assert await uow.value("select count(*) from parked") == 0
        assert await uow.value("select count(*) from interviews i where state = 'scheduled' and not exists"
                               " (select 1 from sessions s where s.session_id = i.session_id and s.state = 'booked')") == 0


async def test_fifty_clients_book_the_same_slots_at_once_then_each_slot_has_one_owner(db):
    """50 candidates want the same four hours of one interviewer in one room, held and booked at the same moment."""
    a = uuid4()
    await know(db, staff(a), RoomRecord(room_id=uuid4(), version=1, name="r", capacity=4))
    hours = {"not_before": MONDAY + HOUR, "not_after": MONDAY + 5 * HOUR, "mode": "onsite", "count": 1}

    async def client() -> str:
        desk = Desk(db, [[a]], **hours)
        offered = await desk.ask(desk.wish)
        if offered.TYPE == "baton.slots.unavailable":
            return "none"
        slot = offered.slots[0].slot_id
        answers = await asyncio.gather(*(desk.ask(desk.of(Book, slot_id=slot)) for _ in range(3)))
        assert {(one.TYPE, one.version) for one in answers} == {("baton.interview.scheduled", 1)}
        return "booked"

    answers = await asyncio.gather(*(client() for _ in range(50)))
    async with db.unit() as uow:
        rows = await uow.rows("select lower(at) as a, upper(at) as b from bookings where person_id = :id and active order by 1", id=a)
        rooms = await uow.value("select count(*) from room_bookings where active")
    assert answers.count("booked") == len(rows) == rooms == 3  # 09-12 of Shanghai; lunch is nobody's
    assert all(one["b"] <= other["a"] for one, other in pairwise(rows))
