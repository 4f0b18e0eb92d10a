"""Limits of load, buffers, lunch and focus: what is found keeps all of them, and what is possible is found - against counting minutes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.limits import Limits, Sitting, keeps_lunch
from services.scheduling.domain.search import AWAKE, Person, Wish, find_slots, wall_hours
from services.scheduling.domain.spans import covers
from shared.policy.loader import load_calendar
from shared.policy.wall import Window, parse_window, zone_of

ZONE = "Asia/Shanghai"
MONDAY = datetime(2026, 9, 13, 16, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEKDAYS = "MON,TUE,WED,THU,FRI"
A = UUID(int=1)
CALENDAR = load_calendar("CN").in_zone(ZONE)
quarter = st.integers(8 * 4, 19 * 4)


@st.composite
def diaries(draw):
    """Somebody with sittings and blocks on quarter hours of two weeks, and limits of every kind."""
    def span() -> tuple[datetime, datetime]:
        start = MONDAY + draw(st.integers(0, 11)) * DAY + draw(quarter) * 15 * MINUTE
        return start, start + draw(st.sampled_from([30, 60, 90])) * MINUTE
    sittings = [Sitting(span(), UUID(int=100 + draw(st.integers(0, 4)))) for _ in range(draw(st.integers(0, 8)))]
    blocked = [span() for _ in range(draw(st.integers(0, 8)))]
    limits = Limits(
        per_day=draw(st.none() | st.integers(0, 3)), per_week=draw(st.none() | st.integers(1, 5)), minutes_per_day=draw(st.none() | st.sampled_from([60, 120, 180])),
        buffer=draw(st.sampled_from([0, 15, 30])) * MINUTE, lunch=draw(st.none() | st.just(Window(time(11, 30), time(14)))), lunch_minutes=45,
        focus=draw(st.sampled_from([(), (parse_window("WED 09:00-12:00"),), (parse_window("14:00-16:00"),)])))
    return Person(A, CALENDAR, blocked, sittings=sittings, limits=limits)


def minutes_of(start: datetime, end: datetime) -> range:
    """Minutes since that Monday."""
    return range((start - MONDAY) // MINUTE, (end - MONDAY) // MINUTE)


def allowed(person: Person, start: datetime, minutes: int) -> bool:
    """The oracle: every rule read aloud, minute by minute."""
    limits, end = person.limits, start + minutes * MINUTE
    wall = start.astimezone(zone_of(ZONE))
    day, mine = wall.date(), set(minutes_of(start, end))
    working = {m for opens, closes in CALENDAR.spans(day) for m in minutes_of(opens, closes)}
    padded = {m for one in person.sittings for m in minutes_of(one.span[0] - limits.buffer, one.span[1] + limits.buffer)}
    taken = {m for span in person.taken() for m in minutes_of(*span)}
    if not mine <= working or mine & padded or mine & taken:
        return False
    for window in limits.focus:
        if (not window.days or day.weekday() in window.days) and wall.time() < window.closes and (wall + minutes * MINUTE).time() > window.opens:
            return False
    days = {}
    for one in person.sittings:
        at = one.span[0].astimezone(zone_of(ZONE)).date()
        days.setdefault(at, {}).setdefault(one.interview_id, []).append(int((one.span[1] - one.span[0]) // MINUTE))
    today = days.get(day, {})
    week = {id for at, held in days.items() if at.isocalendar()[:2] == day.isocalendar()[:2] for id in held}
    if limits.per_day is not None and len(today) >= limits.per_day or limits.per_week is not None and len(week) >= limits.per_week:
        return False
    if limits.minutes_per_day is not None and minutes + sum(max(lengths) for lengths in today.values()) > limits.minutes_per_day:
        return False
    noon = (start - (wall.hour * 60 + wall.minute) * MINUTE)
    lunch = set(minutes_of(noon + 690 * MINUTE, noon + 840 * MINUTE))
    if limits.lunch and mine & lunch:
        free, run, best = lunch - taken - mine, 0, 0
        for m in sorted(lunch):
            run = run + 1 if m in free else 0
            best = max(best, run)
        return best >= limits.lunch_minutes
    return True


@settings(deadline=None)
@given(diaries(), st.sampled_from([30, 45, 60]))
def test_find_slots_when_limits_then_each_keeps_them_and_nothing_possible_is_missed(person, minutes):
    wish = Wish(panel=[[A]], minutes=minutes, earliest=MONDAY, latest=MONDAY + 5 * DAY, count=200, discreet=False)
    found = find_slots(wish, [person])
    assert all(allowed(person, one.starts_at, minutes) for one in found)
    awake = wall_hours(AWAKE, MONDAY, MONDAY + 5 * DAY, ZONE)
    days = {one.starts_at.astimezone(zone_of(ZONE)).date() for one in found}
    for quarters in range(5 * 96):  # the first of every possible time is on a quarter hour: all of the diary is
        start = MONDAY + quarters * 15 * MINUTE
        if start.astimezone(zone_of(ZONE)).date() not in days and covers(awake, (start, start + minutes * MINUTE)):
            assert not allowed(person, start, minutes), start


def test_limits_when_several_times_of_one_interview_are_held_then_they_count_once():
    held = [Sitting((MONDAY + n * HOUR, MONDAY + (n + 1) * HOUR), UUID(int=9)) for n in (10, 11, 14)]
    person = Person(A, CALENDAR, sittings=held, limits=Limits(per_day=2))
    wish = Wish(panel=[[A]], minutes=60, earliest=MONDAY, latest=MONDAY + DAY, discreet=False)
    assert find_slots(wish, [person])
    other = Sitting((MONDAY + 16 * HOUR, MONDAY + 17 * HOUR), UUID(int=8))
    assert find_slots(wish, [Person(A, CALENDAR, sittings=[*held, other], limits=Limits(per_day=2))]) == []


@pytest.mark.parametrize(("start", "kept"), [(11.5, True), (12, True), (12.5, True), (10, True), (12.2, False), (11.75, True)])
def test_keeps_lunch_when_the_rest_is_long_enough(start, kept):
    span = (MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=start) + 75 * MINUTE)
    assert keeps_lunch(Limits(lunch=Window(time(11, 30), time(14)), lunch_minutes=45), [], span, ZONE) is kept


def test_fairness_when_two_can_then_the_one_who_sits_less():
    b = UUID(int=2)
    wish = Wish(panel=[[A, b]], minutes=60, earliest=MONDAY, latest=MONDAY + 5 * DAY, discreet=False)
    assert {one.panel for one in find_slots(wish, [Person(A, CALENDAR, load=3), Person(b, CALENDAR, load=1)])} == {(b,)}
