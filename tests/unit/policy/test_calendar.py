"""Working calendars: make-up days, Golden Week, summer time, and what is not known yet."""
from datetime import UTC, date, datetime, time, timedelta

import pytest
from pydantic import ValidationError

from shared.policy.calendar import WorkingCalendar, next_open
from shared.policy.loader import PolicyError, available_calendars, load_calendar
from shared.policy.wall import CalendarError, instant_of, parse_window


def test_the_make_up_sunday_works_in_shanghai_and_rests_in_munich(cn, munich) -> None:
    sunday = date(2026, 9, 20)
    assert cn.is_working_day(sunday)
    assert not munich.is_working_day(sunday)
    assert [str(one) for one in cn.hours_of(sunday)] == ["09:00-12:00", "13:00-18:00"]


def test_golden_week_is_closed_by_law_each_day_and_its_make_up_saturday_works(cn) -> None:
    assert all(cn.is_closed_holiday(date(2026, 10, day)) for day in range(1, 8))
    assert cn.step(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert cn.is_working_day(date(2026, 10, 10))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_chinese_lists_hold_the_make_up_days_of_the_year(cn, year: int) -> None:
    swapped = [day for day in cn.swapped if day.year == year]
    assert len(swapped) >= 5
    assert all(day.weekday() >= 5 and cn.is_working_day(day) for day in swapped)
    off_on_weekdays = sum(day.weekday() < 5 for day in cn.holidays if day.year == year)
    assert off_on_weekdays - len(swapped) >= 9  # what is not worked again is the statutory days on weekdays


def test_what_comes_after_the_known_list_is_provisional(cn, munich, at) -> None:
    assert not cn.is_provisional(at("2026-12-31 23:59"))
    assert cn.is_provisional(at("2027-01-01 00:00"))
    assert not munich.is_provisional(at("2027-06-01 12:00", "munich"))


def test_working_days_keep_the_wall_time_when_summer_time_ends(munich, at) -> None:
    friday = at("2026-10-23 15:00", "munich")
    monday = munich.add_working_days(friday, 1)
    assert monday == at("2026-10-26 15:00", "munich")
    assert monday - friday == timedelta(days=3, hours=1)


def test_a_working_day_from_closed_time_counts_from_the_next_opening(cn, at) -> None:
    assert cn.add_working_days(at("2026-09-12 10:00"), 1) == at("2026-09-15 09:00")
    assert cn.add_working_days(at("2026-09-11 20:00"), 1) == at("2026-09-15 09:00")
    assert cn.add_working_days(at("2026-09-11 18:00"), 1) == at("2026-09-14 18:00")


def test_working_days_count_back_over_the_holiday(cn, at) -> None:
    assert cn.add_working_days(at("2026-10-09 10:00"), -2) == at("2026-09-30 10:00")
    assert cn.add_working_days(at("2026-10-04 10:00"), -1) == at("2026-09-29 18:00")


def test_working_hours_skip_lunch_night_and_weekend(cn, at) -> None:
    assert cn.add_working_hours(at("2026-09-11 11:00"), 2) == at("2026-09-11 14:00")
    assert cn.add_working_hours(at("2026-09-11 17:00"), 4) == at("2026-09-14 12:00")
    assert cn.add_working_hours(at("2026-09-14 11:00"), -4) == at("2026-09-11 16:00")
    assert cn.add_working_hours(at("2026-09-30 16:00"), 4) == at("2026-10-08 11:00")
    assert cn.working_time_between(at("2026-09-11 17:30"), at("2026-09-14 12:00")) == timedelta(hours=3, minutes=30)


def test_next_working_day_at(cn, at) -> None:
    assert cn.next_working_day_at(at("2026-09-11 17:30"), time(12)) == at("2026-09-14 12:00")
    assert cn.next_working_day_at(at("2026-09-19 10:00"), time(12)) == at("2026-09-20 12:00")


def test_a_wall_time_in_the_gap_becomes_the_gaps_end_and_a_doubled_one_its_first_occurrence() -> None:
    gap_end = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert instant_of(date(2026, 3, 29), time(2, 30), "Europe/Berlin") == gap_end
    assert instant_of(date(2026, 3, 29), time(2), "Europe/Berlin") == gap_end
    assert instant_of(date(2026, 10, 25), time(2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_windows_skip_holidays_and_weekends_but_not_what_names_the_day(cn, at) -> None:
    evening = [parse_window("18:30-20:30"), parse_window("SAT 10:00-17:00")]
    assert next_open(at("2026-09-11 21:00"), evening, cn) == at("2026-09-12 10:00")
    assert next_open(at("2026-09-12 17:00"), evening, cn) == at("2026-09-14 18:30")
    assert next_open(at("2026-09-12 17:00"), [parse_window("18:30-20:30")], cn, weekends=True) == at("2026-09-12 18:30")
    assert next_open(at("2026-10-01 10:00"), evening, cn, weekends=True) == at("2026-10-08 18:30")


def test_the_same_days_on_another_wall(cn, at) -> None:
    bengaluru = cn.in_zone("Asia/Kolkata")
    assert bengaluru.next_working_instant(at("2026-09-14 08:00", "bengaluru")) == at("2026-09-14 09:00", "bengaluru")
    assert cn.in_zone("Asia/Shanghai") is cn


def test_the_version_is_a_hash_of_the_meaning(cn) -> None:
    same = WorkingCalendar.model_validate({**cn.model_dump(), "holidays": dict(reversed(cn.holidays.items()))})
    other = WorkingCalendar.model_validate({**cn.model_dump(), "holidays": {**cn.holidays, date(2027, 2, 11): "day off"}})
    assert same.version == cn.version
    assert other.version != cn.version


def test_every_calendar_that_comes_along_covers_the_years(at) -> None:
    assert available_calendars() == ("CN", "DE-BY", "IN-KA", "US")
    for name in available_calendars():
        calendar = load_calendar(name)
        assert {day.year for day in calendar.holidays} == {2024, 2025, 2026, 2027}
        assert calendar.next_working_instant(at("2030-05-05 12:00")) > at("2030-05-05 12:00")


def test_wrong_calendars_are_refused(cn, at) -> None:
    with pytest.raises(PolicyError, match="CN, DE-BY, IN-KA, US"):
        load_calendar("FR")
    fields = cn.model_dump()
    for wrong, word in [
        ({"zone": "Asia/Beijing"}, "Asia/Shanghai"),
        ({"week": {}}, "no working hours"),
        ({"week": {"MO": ["09:00-18:00"]}}, "no weekday"),
        ({"week": {"MON": ["09:00-12:00", "11:00-18:00"]}}, "not overlap"),
        ({"week": {"MON": ["9-18"]}}, "HH:MM"),
    ]:
        with pytest.raises(ValidationError, match=word):
            WorkingCalendar.model_validate({**fields, **wrong})
    with pytest.raises(CalendarError, match="aware"):
        cn.next_working_instant(datetime(2026, 9, 1, 9))  # noqa: DTZ001 (a naive instant is the case)
