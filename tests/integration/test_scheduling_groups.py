"""Sessions of several candidates on real PostgreSQL: chairs are never too many, the panel is booked once, what changes for one is said to all."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.contracts.base import derive_id
from shared.contracts.party import Absence, AbsenceNoted
from shared.contracts.scheduling import Attend, Book, Cancel, Move, Release, Replace, RoomRecord
from shared.contracts.sessions import GroupSession, Period
from shared.runtime.consume import process_until_done
from shared.runtime.db import Database
from tests.support.bus import record_of
from tests.support.interview_desk import DAY, HOUR, MONDAY, Desk, know, said, scheduling_db, staff

FIRST = Period(starts_at=MONDAY + HOUR, ends_at=MONDAY + 3 * HOUR)
SECOND = Period(starts_at=MONDAY + DAY + HOUR, ends_at=MONDAY + DAY + 3 * HOUR)


db = scheduling_db


def candidates(db: Database, n: int, panel: list[list[UUID]], *, capacity: int = 2, **more: Any) -> list[Desk]:
    """So many candidates of one round of one requisition."""
    requisition = uuid4()
    group = GroupSession(capacity=capacity, windows=[FIRST, SECOND])
    return [Desk(db, panel, requisition_id=requisition, group=group, minutes=90, **more) for _ in range(n)]


async def facts(db: Database, name: str) -> list[Any]:
    """What was told with this name, in order."""
    return [body for _, body in await said(db) if body.TYPE == "baton." + name]


async def test_candidates_of_one_round_then_one_session_until_it_is_full_and_then_the_next(db):
    a, b, room = uuid4(), uuid4(), uuid4()
    await know(db, staff(a), staff(b), RoomRecord(room_id=room, version=1, name="A", capacity=4))
    desks = candidates(db, 3, [[a], [b]], mode="onsite")
    offered = [await desk.ask(desk.wish) for desk in desks]
    assert len({one.slots[0].slot_id for one in offered}) == 1 and {one.chairs for one in offered} == {2}, "nobody has a chair before booking it"
    first, second = [await desk.ask(desk.of(Book, slot_id=one.slots[0].slot_id)) for desk, one in zip(desks[:2], offered[:2], strict=True)]
    assert first.session == second.session and first.session.capacity == 2 and (first.panel, first.room_id) == ([a, b], room)
    assert first.starts_at == FIRST.starts_at and first.interview_id != second.interview_id
    assert (await desks[2].ask(desks[2].of(Book, slot_id=offered[2].slots[0].slot_id))).reason == "session_full"
    third = await desks[2].booked()
    assert third.session.session_id != first.session.session_id and third.starts_at == SECOND.starts_at
    again = await desks[0].ask(desks[0].of(Book, slot_id=offered[0].slots[0].slot_id))
    assert again.session == first.session and again.version == first.version
    async with db.unit() as uow:
        assert await uow.value("select count(*) from bookings where active and person_id = :a", a=a) == 2, "the panel is booked once a session"
        with pytest.raises(asyncpg.CheckViolationError):
            await uow.pg.execute("update sessions set taken = taken + 1 where session_id = $1", first.session.session_id)


async def test_many_at_once_for_the_last_chairs_then_exactly_as_many_as_there_are(db):
    a = uuid4()
    await know(db, staff(a))
    desks = candidates(db, 8, [[a]], capacity=3)
    slot = {(await desk.ask(desk.wish)).slots[0].slot_id for desk in desks}.pop()
    orders = [record_of(desk.of(Book, slot_id=slot), id=uuid4()) for desk in desks]
    await asyncio.gather(*(process_until_done(desk.router, db, [order]) for desk, order in zip(desks, orders, strict=True)))
    assert len(await facts(db, "interview.scheduled")) == 3
    assert [one.reason for one in await facts(db, "booking.refused")] == ["session_full"] * 5


async def test_a_chair_that_is_left_then_another_may_have_it_and_the_last_one_ends_the_session(db):
    a = uuid4()
    await know(db, staff(a))
    first, second, third = candidates(db, 3, [[a]])
    one = await first.booked()
    await second.booked()
    gone = await second.ask(second.of(Cancel, reason="declined"))
    assert gone.session.stands and gone.session.version == one.session.version
    assert (await third.booked()).session.session_id == one.session.session_id
    await third.ask(third.of(Cancel, reason="declined"))
    off = await first.ask(first.of(Cancel, reason="declined"))
    assert (off.session.stands, off.session.version) == (False, 2)
    async with db.unit() as uow:
        assert await uow.value("select count(*) from bookings where active") == 0


async def test_a_candidate_who_moves_then_the_old_chair_is_free_and_the_empty_session_is_off(db):
    a = uuid4()
    await know(db, staff(a))
    mover, other = candidates(db, 2, [[a]])
    before = await mover.booked()
    later = (await other.ask(other.wish.model_copy(update={"round": 2, "group": GroupSession(capacity=2, windows=[SECOND])}))).slots[0]
    moved = await mover.ask(mover.of(Move, slot_id=later.slot_id))
    assert moved.session.session_id == later.slot_id and (moved.old_session.session_id, moved.old_session.stands) == (before.session.session_id, False)
    assert moved.version == before.version + 1


async def test_one_of_the_panel_who_is_replaced_then_once_for_all_who_sit_there(db):
    a, b, c = uuid4(), uuid4(), uuid4()
    await know(db, staff(a), staff(b), staff(c))
    first, second = candidates(db, 2, [[a], [b]])
    await first.booked()
    await second.booked()
    id = uuid4()
    await process_until_done(first.router, db, [record_of(first.of(Replace, out_id=a, candidates=[c], reason="away"), id=id)])
    told = [body for _, body in await said(db, cause=str(id))]
    assert {one.interview_id for one in told} == {first.interview, second.interview} and {one.hire_id for one in told} == {first.hire, second.hire}
    assert {(*one.panel, one.version, one.session.version) for one in told} == {(c, b, 2, 2)}
    async with db.unit() as uow:
        ids = {row["id"] for row in await uow.rows("select headers::jsonb->>'id' as id from outbox where headers::jsonb->>'causationid' = :id", id=str(id))}
    version = {"session": told[0].session.session_id, "version": 2}
    assert ids == {str(derive_id("scheduling", "event", "session", *version.values(), desk.interview)) for desk in (first, second)}, "whoever ordered it"
    same = await second.ask(second.of(Replace, out_id=a, candidates=[c], reason="away"))
    assert (same.in_id, same.version, same.session.version) == (c, 2, 2), "ordered by another of the session before: the same answer again"
    assert (await second.ask(second.of(Replace, out_id=uuid4(), candidates=[a], reason="away"))).reason == "not_in_panel"


async def test_a_panel_that_is_away_before_anybody_sits_then_another_session_is_planned(db):
    a = uuid4()
    await know(db, staff(a))
    first, second = candidates(db, 2, [[a]])
    planned = (await first.ask(first.wish)).slots[0]
    await know(db, AbsenceNoted(person_id=a, absence=Absence(starts_at=planned.starts_at, ends_at=planned.ends_at)))
    assert (await first.ask(first.of(Book, slot_id=planned.slot_id))).reason == "panel_away"
    offered = (await second.ask(second.wish)).slots[0]
    assert offered.starts_at == SECOND.starts_at
    assert (await first.booked()).session.session_id == offered.slot_id


async def test_a_session_that_nobody_takes_then_its_panel_is_free_again_when_the_last_one_is_not_asked_any_more(db):
    a = uuid4()
    await know(db, staff(a))
    first, second = candidates(db, 2, [[a]])
    slots = {(await desk.ask(desk.wish)).slots[0].slot_id for desk in (first, second)}
    rival = Desk(db, [[a]], not_before=FIRST.starts_at, not_after=FIRST.starts_at + HOUR)
    await first.ask(first.of(Release))
    assert (await rival.ask(rival.wish)).TYPE == "baton.slots.unavailable", "the other one is still asked"
    await second.ask(second.of(Release))
    assert (await rival.ask(rival.wish)).TYPE == "baton.slots.offered"
    assert (await second.ask(second.of(Book, slot_id=slots.pop()))).reason == "slot_gone"


async def test_who_stays_away_then_only_this_one_and_no_window_means_no_session(db):
    a = uuid4()
    await know(db, staff(a))
    first, second = candidates(db, 2, [[a]])
    await first.booked()
    await second.booked()
    absent = await first.ask(first.of(Attend, result="candidate_absent"))
    assert absent.TYPE == "baton.interview.no_show" and absent.session.stands
    assert (await second.ask(second.of(Attend, result="both"))).TYPE == "baton.interview.attended"
    none = candidates(db, 1, [[a]])[0]
    none.wish = none.wish.model_copy(update={"group": GroupSession(capacity=2, windows=[])})
    assert (await none.ask(none.wish)).reason == "no_session"
