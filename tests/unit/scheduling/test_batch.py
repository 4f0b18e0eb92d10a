"""Batch days: always lawful, as many as a matching can place where that is known, evenly spread, quick."""

from __future__ import annotations

import time as clock
from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.batch import Batch, Guest, loads, plan_batch
from services.scheduling.domain.limits import Limits, Sitting
from services.scheduling.domain.search import Person, Room
from services.scheduling.domain.seats import Seat
from shared.policy.loader import load_calendar
from tests.support.batch_days import DAY, HOUR, MONDAY, ZONE, batch_of, faults

CALENDAR = load_calendar("CN").in_zone(ZONE)
STEP = timedelta(hours=1)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 25), st.integers(1, 6), st.integers(1, 3), st.integers(0, 10**6), st.none() | st.integers(1, 4))
def test_plan_batch_then_nothing_unlawful(guests, interviewers, days, seed, rooms):
    batch = batch_of(guests, interviewers, days, seed=seed, rooms=rooms)
    plan = plan_batch(batch)
    assert faults(batch, plan) == []
    assert plan == plan_batch(batch)


def most(options: list[set[tuple[int, int]]]) -> int:
    """The oracle: how many guests can have a place of their own at most, by trying everything."""
    if not options:
        return 0
    best = most(options[1:])
    for place in options[0]:
        best = max(best, 1 + most([one - {place} for one in options[1:]]))
    return best


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sets(st.integers(0, 3), min_size=1), st.sets(st.integers(0, 1), min_size=1)), min_size=1, max_size=6),
       st.sets(st.tuples(st.integers(0, 1), st.integers(0, 3)), max_size=4))
def test_plan_batch_when_one_interviewer_each_then_as_many_as_can_be(wishes, busy):
    hours = [(MONDAY + n * HOUR, MONDAY + (n + 1) * HOUR) for n in (14, 15, 16, 17)]
    people = [Person(UUID(int=n + 1), CALENDAR, [hours[hour] for who, hour in busy if who == n] + [(MONDAY + 9 * HOUR, MONDAY + 14 * HOUR)]) for n in (0, 1)]
    guests = [
        Guest(UUID(int=100 + n), (Seat(tuple(UUID(int=who + 1) for who in sorted(pool))),), 60, ZONE, open=[hours[hour] for hour in sorted(times)])
        for n, (times, pool) in enumerate(wishes)]
    batch = Batch(guests, people, MONDAY, MONDAY + DAY, step=STEP)
    plan = plan_batch(batch)
    assert faults(batch, plan) == []
    assert len(plan.placed) == most([{(who, hour) for who in pool for hour in times if (who, hour) not in busy} for times, pool in wishes])


def test_plan_batch_when_sixty_candidates_twelve_interviewers_three_days_then_all_placed_in_seconds():
    batch = batch_of(60, 12, 3)
    begin = clock.process_time()
    plan = plan_batch(batch)
    assert clock.process_time() - begin < 10
    assert faults(batch, plan) == []
    assert plan.left == ()
    halves = [[loads(plan).get(one.person_id, 0) for one in part] for part in (batch.people[:6], batch.people[6:])]
    assert all(max(half) - min(half) <= 3 for half in halves), halves


def test_plan_batch_when_one_room_then_one_after_the_other_and_the_rest_is_named():
    people = [Person(UUID(int=n), CALENDAR) for n in (1, 2, 3)]
    guests = [Guest(UUID(int=100 + n), (Seat(tuple(one.person_id for one in people)),), 60, ZONE, open=[(MONDAY + 14 * HOUR, MONDAY + 16 * HOUR)]) for n in range(3)]
    plan = plan_batch(Batch(guests, people, MONDAY, MONDAY + DAY, [Room(UUID(int=9), 4)], STEP))
    assert (len(plan.placed), len(plan.left)) == (2, 1)
    assert sorted(one.starts_at for one in plan.placed.values()) == [MONDAY + 14 * HOUR, MONDAY + 15 * HOUR]


def test_plan_batch_when_the_day_is_partly_used_then_limits_count_what_was_booked_before():
    sitting = Sitting((MONDAY + 9 * HOUR, MONDAY + 10 * HOUR), UUID(int=50))
    person = Person(UUID(int=1), CALENDAR, sittings=[sitting], limits=Limits(per_day=2, per_week=3))
    guests = [Guest(UUID(int=100 + n), (Seat((UUID(int=1),)),), 60, ZONE) for n in range(5)]
    plan = plan_batch(Batch(guests, [person], MONDAY, MONDAY + 3 * DAY, step=STEP))
    assert len(plan.placed) == 2
    assert len({one.starts_at.date() for one in plan.placed.values()}) == 2
