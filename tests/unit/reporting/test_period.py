"""Which days a report covers: each instant falls into one day of a wall, also around the hours that clocks skip or repeat (C137)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.metrics.cases import Case
from services.reporting.metrics.period import BRANCH, Period, place, read_period

HQ, BERLIN = "Asia/Shanghai", "Europe/Berlin"
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Beirut", "Pacific/Apia",
         "America/Havana", "Asia/Kolkata", "Africa/Casablanca", "America/Santiago", "Pacific/Chatham")
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 30)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
DAY = timedelta(days=1)


def _changes(zone: str) -> list[datetime]:
    """The hours around which this wall's offset changes, 2024 to 2030."""
    at, out, tz = datetime(2024, 1, 1, tzinfo=UTC), [], ZoneInfo(zone)
    while at.year < 2031:
        if at.astimezone(tz).utcoffset() != (at + DAY / 24).astimezone(tz).utcoffset():
            out.append(at)
        at += DAY / 24
    return out


CHANGES = [(zone, at) for zone in ZONES for at in _changes(zone)]


def case(at: datetime, *, hire: int = 1, state: str = "hit") -> Case:
    return Case("all", state, UUID(int=hire), at=at)  # type: ignore[arg-type]


def _only_its_own_day(at: datetime, zone: str) -> None:
    local = at.astimezone(ZoneInfo(zone)).date()
    for n in (-1, 0, 1):
        day = Period(zone, local + n * DAY, local + n * DAY, "day")
        assert day.holds(case(at), zone) is (n == 0), (at, zone, n)
    assert Period(zone, by="day").label(at, zone) == local.isoformat()


@given(st.sampled_from(ZONES), instants)
def test_a_day_when_any_instant_of_any_wall_then_exactly_its_own(zone: str, at: datetime) -> None:
    _only_its_own_day(at, zone)


@given(st.sampled_from(CHANGES), st.integers(-26 * 3600, 26 * 3600))
def test_a_day_when_clocks_change_in_it_then_still_exactly_its_own(change: tuple[str, datetime], seconds: int) -> None:
    _only_its_own_day(change[1] + timedelta(seconds=seconds), change[0])


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_when_summer_time_begins_or_ends_then_it_has_the_hours_that_it_has(day: date, hours: int) -> None:
    begin, end = Period(BERLIN, day, day).bounds(BERLIN)
    assert begin is not None and end is not None and end - begin == timedelta(hours=hours)


@given(st.lists(st.tuples(instants, st.integers(1, 3)), max_size=30), st.sampled_from(["day", "week", "month"]), st.sampled_from([HQ, BERLIN, BRANCH]))
def test_a_series_when_cut_then_each_case_is_in_one_step_and_none_is_lost(rows: list[tuple[datetime, int]], by: str, zone: str) -> None:
    zones = {UUID(int=1): HQ, UUID(int=2): BERLIN}
    found = [case(at, hire=hire) for at, hire in rows]
    placed = place(found, Period(zone, by=by), zones=zones, base=HQ)
    assert sum(map(len, placed.by_step().values())) == sum(map(len, placed.by_zone().values())) == len(found)
    assert list(placed.by_step()) == sorted(placed.by_step())
    for label, cases in placed.by_step().items():
        assert all(label in {Period(zone, by=by).label(one.at, wall) for wall in (HQ, BERLIN)} for one in cases if one.at)


def test_one_evening_when_read_by_the_head_office_and_by_the_branch_then_two_days() -> None:
    late = case(datetime(2026, 9, 30, 20, tzinfo=UTC), hire=2)  # 22:00 in Munich, 04:00 of the next day in Shanghai
    september = {"from": "2026-09-01", "until": "2026-09-30"}
    zones = {UUID(int=1): HQ, UUID(int=2): BERLIN}
    held = {zone: place([late], read_period({**september, "zone": zone}, HQ), zones=zones, base=HQ).cases for zone in ("", HQ, BERLIN, BRANCH)}
    assert held == {"": [], HQ: [], BERLIN: [late], BRANCH: [late]}
    assert place([late], read_period({"zone": BRANCH}, HQ), zones=zones, base=HQ).by_zone() == {BERLIN: [late]}


def test_what_is_open_when_it_began_before_the_period_then_it_counts_until_it_ends() -> None:
    period = read_period({"from": "2026-09-01", "until": "2026-09-30"}, HQ)
    before, after = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC)
    kept = place([case(before, state="open"), case(before), case(after, state="open")], period, zones={}, base=HQ).cases
    assert [(one.state, one.at) for one in kept] == [("open", before)]


@pytest.mark.parametrize(("asked", "said"), [
    ({"zone": "Mars/Base"}, "IANA"), ({"from": "soon"}, "2026-09-30"), ({"by": "hour"}, "day, week, month"), ({"from": "2026-09-02", "until": "2026-09-01"}, "before")])
def test_a_period_when_wrong_then_says_what_would_be_right(asked: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_period(asked, HQ)
