"""Slots lie inside everybody's windows, seats are taken once, the search misses nothing, and spans add up to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.domain.search import Person, Room, Wish, find_slots, free_time, stand_in
from services.scheduling.domain.seats import seated, seats_of
from services.scheduling.domain.spans import common, covers, merged, overlaps, without
from shared.policy.loader import load_calendar
from shared.policy.wall import zone_of

MONDAY = datetime(2026, 9, 14, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A, B, C, D = (UUID(int=n) for n in range(1, 5))
HOMES = [("CN", "Asia/Shanghai"), ("DE-BY", "Europe/Berlin"), ("IN-KA", "Asia/Kolkata")]

minutes = st.integers(0, 240)
raw_spans = st.lists(st.tuples(minutes, minutes), max_size=6).map(
    lambda pairs: [(MONDAY + a * MINUTE, MONDAY + b * MINUTE) for a, b in pairs if a < b])


def as_minutes(spans) -> set[int]:
    """The oracle's view: which minutes are covered."""
    return {minute for start, end in spans for minute in range((start - MONDAY) // MINUTE, (end - MONDAY) // MINUTE)}


@given(raw_spans, raw_spans)
def test_spans_when_combined_then_equal_to_counting_minutes(one, other):
    assert as_minutes(merged(one)) == as_minutes(one)
    assert as_minutes(without(one, other)) == as_minutes(one) - as_minutes(other)
    assert as_minutes(common(one, other)) == as_minutes(one) & as_minutes(other)
    for result in (merged(one), without(one, other), common(one, other)):
        assert all(before[1] < after[0] for before, after in pairwise(result))


@st.composite
def searches(draw):
    """People of three countries with random blocks, and a wish over two weeks."""
    start = MONDAY + draw(st.integers(-3, 20)) * DAY
    block = st.tuples(st.integers(0, 14 * 24 * 4), st.integers(1, 16)).map(lambda b: (start + b[0] * 15 * MINUTE, start + (b[0] + b[1]) * 15 * MINUTE))
    people = [
        Person(id, load_calendar(home[0]).in_zone(home[1]), draw(st.lists(block, max_size=20)), draw(st.none() | st.just(start + 3 * DAY)), draw(st.integers(0, 2)))
        for id in (A, B, C, D) for home in [draw(st.sampled_from(HOMES))]]
    seats = draw(st.lists(st.lists(st.sampled_from([A, B, C, D]), min_size=1, max_size=3, unique=True), min_size=1, max_size=3))
    rooms = draw(st.none() | st.lists(st.builds(Room, st.sampled_from([C, D]), st.just(4), st.lists(block, max_size=5)), max_size=2, unique_by=lambda r: r.room_id))
    wish = Wish(
        panel=seats, minutes=draw(st.sampled_from([30, 45, 60, 90])), earliest=start + draw(st.integers(0, 600)) * MINUTE, latest=start + 10 * DAY,
        count=draw(st.integers(1, 6)), zone=draw(st.sampled_from(HOMES))[1], discreet=draw(st.booleans()), rooms=rooms,
        candidate_blocked=draw(st.lists(block, max_size=10)))
    return wish, people


@given(searches())
def test_find_slots_then_each_lies_in_everybodys_windows_and_seats_are_taken_once(search):
    wish, people = search
    found, known = find_slots(wish, people), {person.person_id: person for person in people}
    assert len(found) <= wish.count
    assert found == find_slots(wish, people)
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(found))
    for one in found:
        span = (one.starts_at, one.ends_at)
        assert one.ends_at - one.starts_at == wish.minutes * MINUTE
        assert wish.earliest <= one.starts_at and one.ends_at <= wish.latest
        assert len(set(one.panel)) == len(wish.panel)
        assert all(person in seat for person, seat in zip(one.panel, wish.panel, strict=True))
        assert not any(overlaps(span, block) for block in wish.candidate_blocked)
        wall = [instant.astimezone(zone_of(wish.zone)) for instant in span]
        assert (wall[0].hour, wall[1].date()) >= (8, wall[0].date()) and wall[1].hour * 60 + wall[1].minute <= 21 * 60
        for person in one.panel:
            working = [hours for day in (-1, 0, 1) for hours in known[person].calendar.spans((one.starts_at + day * DAY).date())]
            assert any(opens <= one.starts_at and one.ends_at <= closes for opens, closes in working)
            assert not any(overlaps(span, block) for block in known[person].blocked)
            assert known[person].left_at is None or one.ends_at <= known[person].left_at
        if wish.rooms is not None:
            [room] = [room for room in wish.rooms if room.room_id == one.room_id]
            assert not any(overlaps(span, block) for block in room.blocked)


@given(searches())
def test_find_slots_when_nothing_is_found_then_no_quarter_hour_fits(search):
    wish, people = search
    if find_slots(wish, people):
        return
    free = {person.person_id: free_time(person, wish.earliest, wish.latest) for person in people}
    start = wish.earliest.replace(minute=0, second=0, microsecond=0)
    while start < wish.latest:
        span = (start, start + wish.minutes * MINUTE)
        wall = [instant.astimezone(zone_of(wish.zone)) for instant in span]
        awake = wall[0].hour >= 8 and wall[1].date() == wall[0].date() and wall[1].hour * 60 + wall[1].minute <= 21 * 60
        room = wish.rooms is None or any(not any(overlaps(span, block) for block in one.blocked) for one in wish.rooms)
        if start >= wish.earliest and span[1] <= wish.latest and awake and room and not any(overlaps(span, block) for block in wish.candidate_blocked):
            panels = [panel for panel in product(*wish.panel) if len(set(panel)) == len(panel)]
            assert not any(all(covers(free[person], span) for person in panel) for panel in panels), start
        start += 15 * MINUTE


def person(id: UUID, home=("CN", "Asia/Shanghai"), **more) -> Person:
    """Somebody with usual hours."""
    return Person(id, load_calendar(home[0]).in_zone(home[1]), **more)


def test_find_slots_when_free_then_spread_over_days_at_round_times():
    wish = Wish(panel=[[A]], minutes=60, earliest=MONDAY + 7 * MINUTE, latest=MONDAY + 12 * DAY, discreet=False)
    found = find_slots(wish, [person(A)])
    assert len({one.starts_at.date() for one in found}) == 4
    assert {one.starts_at.minute for one in found} <= {0, 30}


def test_find_slots_when_discreet_and_the_panel_is_far_then_evening_hours_come_first():
    wish = Wish(panel=[[A]], minutes=60, earliest=MONDAY, latest=MONDAY + 12 * DAY)
    found = find_slots(wish, [person(A, ("DE-BY", "Europe/Berlin"))])
    walls = [one.starts_at.astimezone(zone_of("Asia/Shanghai")) for one in found]
    assert [(wall.hour, wall.minute) for wall in walls] == [(18, 30)] * 4


def test_find_slots_on_the_make_up_sunday_then_shanghai_works_and_munich_rests():
    sunday = datetime(2026, 9, 19, 16, tzinfo=UTC)
    wish = Wish(panel=[[A]], minutes=60, earliest=sunday, latest=sunday + DAY, discreet=False)
    assert find_slots(wish, [person(A)])
    assert find_slots(wish, [person(A, ("DE-BY", "Europe/Berlin"))]) == []


def test_find_slots_when_an_opening_is_odd_then_still_found():
    block = [(MONDAY - DAY, MONDAY + 2 * HOUR + 10 * MINUTE), (MONDAY + 3 * HOUR + 10 * MINUTE, MONDAY + 30 * DAY)]
    wish = Wish(panel=[[A]], minutes=61, earliest=MONDAY, latest=MONDAY + 5 * DAY)
    assert find_slots(wish, [person(A, blocked=block)]) == []
    shorter = Wish(panel=[[A]], minutes=60, earliest=MONDAY, latest=MONDAY + 5 * DAY)
    assert [one.starts_at for one in find_slots(shorter, [person(A, blocked=block)])] == [MONDAY + 2 * HOUR + 10 * MINUTE]


@pytest.mark.parametrize(("panel", "able", "load", "expected"), [
    ([[A, B], [A]], {A, B}, {}, (B, A)), ([[A], [A]], {A}, {}, None), ([[A, B]], {A, B}, {A: 2}, (B,)), ([], {A}, {}, None), ([[A], []], {A}, {}, None)])
def test_seated_then_one_person_a_seat(panel, able, load, expected):
    assert seated(seats_of(panel), [able] * len(panel), load) == expected


def test_stand_in_when_absent_left_or_busy_then_passed_over():
    span = (MONDAY + 2 * HOUR, MONDAY + 3 * HOUR)
    people = [person(A, blocked=[span]), person(B, left_at=MONDAY), person(C, load=1), person(D)]
    assert stand_in([A, B, C, D], people, span) == [D, C]
