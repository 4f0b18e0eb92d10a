"""Loops of several interviews: lawful, found wherever the oracle finds one, and only the broken leg is planned again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.loops import STEP, Leg, Loop, plan_loop
from services.scheduling.domain.search import Found, Person, Room
from services.scheduling.domain.seats import Seat
from services.scheduling.domain.spans import overlaps
from shared.policy.loader import load_calendar
from shared.policy.wall import zone_of

ZONE = "Asia/Shanghai"
CALENDAR = load_calendar("CN").in_zone(ZONE)
MONDAY = datetime(2026, 9, 13, 16, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A, B, C, D, E = (UUID(int=n) for n in range(1, 6))


def leg(number: int, *pools: list[UUID], minutes: int = 45, **more) -> Leg:
    """One interview with plain chairs."""
    return Leg(UUID(int=100 + number), tuple(Seat(tuple(pool)) for pool in pools), minutes, **more)


def people(**blocked: list[tuple[float, float]]) -> list[Person]:
    """Five people with usual hours; blocks in hours since Monday."""
    return [Person(id, CALENDAR, [(MONDAY + a * HOUR, MONDAY + b * HOUR) for a, b in blocked.get(name, [])])
            for name, id in zip("abcde", (A, B, C, D, E), strict=True)]


def hour(instant: datetime) -> float:
    """Hours since Monday's midnight."""
    return (instant - MONDAY) / HOUR


def lawful(loop: Loop, crew: list[Person], way: tuple[Found, ...]) -> None:
    """Every rule of a loop, read aloud."""
    known = {one.person_id: one for one in crew}
    sits = [one for slot in way for one in slot.panel]
    assert len(sits) == len(set(sits))
    for one, slot in zip(loop.legs, way, strict=True):
        if one.fixed:
            assert slot == one.fixed
            continue
        span = (slot.starts_at, slot.ends_at)
        assert span[1] - span[0] == one.minutes * MINUTE and loop.earliest <= span[0] and span[1] <= loop.latest
        assert all(who in seat.people() for who, seat in zip(slot.panel, one.seats, strict=True))
        assert not any(overlaps(span, block) for block in loop.candidate_blocked)
        for who in slot.panel:
            assert not any(overlaps(span, block) for block in known[who].blocked)
            assert any(opens <= span[0] and span[1] <= closes for opens, closes in CALENDAR.spans(span[0].astimezone(zone_of(ZONE)).date()))
    ordered = sorted(way, key=lambda slot: slot.starts_at)
    days = [slot.starts_at.astimezone(zone_of(ZONE)).date() for slot in ordered]
    assert len(set(days)) <= loop.days and max(days.count(day) for day in days) <= loop.per_day
    if loop.ordered:
        assert ordered == list(way)
    for n in range(len(ordered) - 1):
        gap = ordered[n + 1].starts_at - ordered[n].ends_at
        assert gap >= timedelta() and (days[n] != days[n + 1] or loop.min_gap <= gap <= loop.max_gap)


def exists(loop: Loop, crew: list[Person]) -> bool:
    """The oracle, for one day: all starts on the grid times all panels."""
    starts = [loop.earliest + n * STEP for n in range((loop.latest - loop.earliest) // STEP)]
    free = {}
    for one in crew:
        working = [span for span in CALENDAR.spans((MONDAY + DAY / 2).date())]
        free[one.person_id] = lambda span, one=one, working=working: any(a <= span[0] and span[1] <= b for a, b in working) and not any(
            overlaps(span, block) for block in one.blocked)
    for order in [tuple(range(len(loop.legs)))] if loop.ordered else permutations(range(len(loop.legs))):
        for times in product(starts, repeat=len(loop.legs)):
            spans = [(at, at + loop.legs[n].minutes * MINUTE) for at, n in zip(times, order, strict=True)]
            gaps = [other[0] - one[1] for one, other in zip(spans, spans[1:], strict=False)]
            if any(not loop.min_gap <= gap <= loop.max_gap for gap in gaps) or spans[-1][1] > loop.latest:
                continue
            if any(overlaps(span, block) for span in spans for block in loop.candidate_blocked):
                continue
            chairs = [(span, seat) for span, n in zip(spans, order, strict=True) for seat in loop.legs[n].seats]
            for panel in product(*(seat.pool for _, seat in chairs)):
                if len(set(panel)) == len(panel) and all(free[who](span) for who, (span, _) in zip(panel, chairs, strict=True)):
                    return True
    return False


quarters = st.tuples(st.integers(0, 20), st.integers(1, 10)).map(lambda q: (13 + q[0] / 4, 13 + (q[0] + q[1]) / 4))
pool = st.lists(st.sampled_from([A, B, C]), min_size=1, max_size=2, unique=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(pool, st.sampled_from([30, 60])), min_size=2, max_size=3), st.lists(st.lists(quarters, max_size=3), min_size=3, max_size=3),
       st.booleans(), st.sampled_from([0, 15, 30]), st.lists(quarters, max_size=1))
def test_plan_loop_on_one_afternoon_then_found_whenever_there_is_one(legs, blocks, ordered, gap, away):
    crew = people(a=blocks[0], b=blocks[1], c=blocks[2])
    loop = Loop(
        [leg(n, who, minutes=minutes) for n, (who, minutes) in enumerate(legs)], MONDAY + 13 * HOUR, MONDAY + 17 * HOUR, ordered=ordered,
        min_gap=gap * MINUTE, max_gap=60 * MINUTE, candidate_blocked=[(MONDAY + a * HOUR, MONDAY + b * HOUR) for a, b in away])
    ways = plan_loop(loop, crew)
    for way in ways:
        lawful(loop, crew, way)
    assert bool(ways) == exists(loop, crew)


def test_plan_loop_when_three_departments_then_one_way_a_day_in_order():
    crew = people(b=[(9, 10)])
    loop = Loop([leg(0, [A]), leg(1, [B, C], [D]), leg(2, [E], minutes=30)], MONDAY, MONDAY + 5 * DAY, min_gap=15 * MINUTE, max_gap=HOUR)
    ways = plan_loop(loop, crew)
    assert len(ways) == 3 and len({way[0].starts_at.date() for way in ways}) == 3
    for way in ways:
        lawful(loop, crew, way)


def test_plan_loop_over_two_days_then_no_more_legs_a_day_than_allowed():
    loop = Loop([leg(n, [who]) for n, who in enumerate((A, B, C, D))], MONDAY, MONDAY + 5 * DAY, days=2, per_day=2)
    ways = plan_loop(loop, people())
    assert ways
    for way in ways:
        lawful(loop, people(), way)
        assert len({slot.starts_at.date() for slot in way}) == 2


def test_plan_loop_when_one_leg_broke_then_the_others_stay_where_they_are():
    crew = people()
    first = Loop([leg(0, [A]), leg(1, [B, C]), leg(2, [D])], MONDAY, MONDAY + 5 * DAY)
    before = plan_loop(first, crew)[0]
    ill = people(b=[(0, 200)])
    mend = Loop([leg(0, [A], fixed=before[0]), leg(1, [B, C]), leg(2, [D], fixed=before[2])], MONDAY, MONDAY + 5 * DAY, ordered=False)
    [way, *_] = plan_loop(mend, ill)
    lawful(mend, ill, way)
    assert (way[0], way[2]) == (before[0], before[2])
    assert way[1].panel == (C,) and way[1].starts_at.date() == before[0].starts_at.date()


def test_plan_loop_when_somebody_is_needed_twice_then_none():
    assert plan_loop(Loop([leg(0, [A]), leg(1, [A])], MONDAY, MONDAY + 5 * DAY), people()) == []


@pytest.mark.parametrize(("blocked", "starts"), [([], 9), ([(9, 10)], 10)])
def test_plan_loop_when_a_room_is_taken_then_the_leg_waits_for_it(blocked, starts):
    room = Room(UUID(int=7), 4, [(MONDAY + a * HOUR, MONDAY + b * HOUR) for a, b in blocked])
    loop = Loop([leg(0, [A], rooms=[room])], MONDAY, MONDAY + DAY)
    [[slot]] = plan_loop(loop, people())
    assert (hour(slot.starts_at), slot.room_id) == (starts, room.room_id)


def test_plan_loop_when_a_trainee_sits_then_beside_somebody_qualified_of_the_same_leg():
    alone = Leg(UUID(int=1), (Seat((A,), trainees=(E,)),), 45)
    beside = Leg(UUID(int=2), (Seat((A,), trainees=(E,)), Seat((B,))), 45)
    ill = people(a=[(0, 200)])
    assert plan_loop(Loop([alone, leg(3, [B])], MONDAY, MONDAY + DAY), ill) == []
    [[slot, _]] = plan_loop(Loop([beside, leg(3, [C])], MONDAY, MONDAY + DAY), ill)
    assert slot.panel == (E, B)
