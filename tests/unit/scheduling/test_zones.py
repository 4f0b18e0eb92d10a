"""The wall that was agreed, over the zones of the world and the years 2024-2030: never in a gap, never twice, found when rules change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain import zones
from services.scheduling.domain.interview import wall_of
from services.scheduling.domain.search import AWAKE, Person, Wish, find_slots, wall_hours
from services.scheduling.domain.zones import instant_now, meanings, touched
from shared.policy.loader import load_calendar
from shared.policy.wall import zone_of

NAMES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
         "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Casablanca", "Europe/Dublin", "America/St_Johns", "Pacific/Chatham", "Asia/Tehran",
         "Africa/Cairo", "Asia/Gaza", "America/Santiago", "UTC", "Pacific/Kiritimati", "Antarctica/Troll"]
zone = st.sampled_from(NAMES)
minute = st.integers(0, 7 * 366 * 24 * 60 - 1).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
A = UUID(int=1)


@settings(deadline=None)
@given(minute, zone)
def test_wall_of_any_instant_then_it_is_one_of_what_the_wall_means(instant, name):
    found = meanings(wall_of(instant, name), name)
    assert instant in found and len(found) in (1, 2)
    assert instant_now(wall_of(instant, name), name) == found[0]
    assert touched((instant, instant + timedelta(hours=1)), wall_of(instant, name), name, []) == []


@settings(deadline=None)
@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 24 * 60 - 1), zone)
def test_instant_of_any_wall_then_exists_and_a_gap_gives_its_end(day, minutes, name):
    wall = datetime.combine(day, time(minutes // 60, minutes % 60))
    text, found = wall.isoformat(timespec="minutes"), meanings(wall.isoformat(timespec="minutes"), name)
    instant = instant_now(text, name)
    back = instant.astimezone(zone_of(name))
    assert (back.replace(tzinfo=None) == wall) == bool(found)
    if not found:
        assert back.replace(tzinfo=None) > wall and (instant - timedelta(seconds=1)).astimezone(zone_of(name)).utcoffset() != back.utcoffset()


def every_change(name: str) -> list[datetime]:
    """The instants from 2024 to 2030 at which the zone's offset changes, to the quarter hour."""
    found, now = [], datetime(2024, 1, 1, tzinfo=UTC)
    while now.year < 2031:
        if now.astimezone(ZoneInfo(name)).utcoffset() != (now + timedelta(hours=6)).astimezone(ZoneInfo(name)).utcoffset():
            found.append(now)
        now += timedelta(hours=6)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_slots_around_every_change_of_clocks_then_hours_of_the_wall_and_of_the_right_length(name):
    calendar = load_calendar("DE-BY").in_zone(name)
    for change in every_change(name) or [datetime(2026, 3, 1, tzinfo=UTC)]:
        earliest, latest = change - timedelta(days=2), change + timedelta(days=3)
        wish = Wish(panel=[[A]], minutes=60, earliest=earliest, latest=latest, count=40, zone=name, discreet=False)
        for one in find_slots(wish, [Person(A, calendar)]):
            walls = [instant.astimezone(ZoneInfo(name)) for instant in (one.starts_at, one.ends_at)]
            assert one.ends_at - one.starts_at == timedelta(hours=1)
            assert time(8) <= walls[0].time() and walls[1].time() <= time(21) and len(meanings(wall_of(one.starts_at, name), name)) == 1
        assert all(closes - opens <= timedelta(hours=13) for opens, closes in wall_hours(AWAKE, earliest, latest, name))


@pytest.mark.parametrize(("wall", "name", "instants"), [
    ("2026-03-29T02:30", "Europe/Berlin", []),
    ("2026-10-25T02:30", "Europe/Berlin", ["2026-10-25T00:30", "2026-10-25T01:30"]),
    ("2026-04-05T01:45", "Australia/Lord_Howe", ["2026-04-04T14:45", "2026-04-04T15:15"]),
    ("2026-09-11T16:30", "Asia/Shanghai", ["2026-09-11T08:30"])])
def test_meanings_in_gap_and_overlap(wall, name, instants):
    assert [one.strftime("%Y-%m-%dT%H:%M") for one in meanings(wall, name)] == instants


def test_touched_when_the_rules_of_the_zone_change_then_the_new_instant_is_named(monkeypatch):
    span = (datetime(2026, 7, 1, 7, tzinfo=UTC), datetime(2026, 7, 1, 8, tzinfo=UTC))
    wall = wall_of(span[0], "Europe/Berlin")
    assert touched(span, wall, "Europe/Berlin", []) == []
    winter_for_ever = zone_of("Africa/Lagos")  # the Union keeps winter time all year
    monkeypatch.setattr(zones, "zone_of", lambda _: winter_for_ever)
    monkeypatch.setattr(zones, "instant_of", lambda day, at, _: datetime.combine(day, at, winter_for_ever).astimezone(UTC))
    [one] = touched(span, wall, "Europe/Berlin", [])
    assert (one.reason, one.starts_at_now) == ("zone_rules", span[0] + timedelta(hours=1))


def test_touched_when_a_holiday_or_make_up_day_is_published_then_whose_day_it_is_no_longer():
    known = load_calendar("CN")
    span = (datetime(2026, 9, 18, 6, tzinfo=UTC), datetime(2026, 9, 18, 7, tzinfo=UTC))
    sunday = (span[0] + timedelta(days=2), span[1] + timedelta(days=2))
    closed = known.model_copy(update={"holidays": {**known.holidays, date(2026, 9, 18): "new"}, "swapped": {}})
    fresh = type(known).model_validate(closed.model_dump(by_alias=True))
    for when in (span, sunday):
        assert touched(when, wall_of(when[0], "Asia/Shanghai"), "Asia/Shanghai", [(A, known)]) == []
        assert [(one.reason, one.person_id) for one in touched(when, wall_of(when[0], "Asia/Shanghai"), "Asia/Shanghai", [(A, fresh)])] == [("holiday", A)]
