"""Instants, spans, money and names are said exactly as the look's copy guide writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.notification import wording

NOW = datetime(2026, 12, 2, 2, tzinfo=UTC)
START, END = datetime(2026, 12, 3, 6, tzinfo=UTC), datetime(2026, 12, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "lang", "said"),
    [
        ("Asia/Shanghai", "zh", "12月3日（周四）14:00–15:00（北京时间）"),
        ("Asia/Shanghai", "en", "Thu 3 Dec, 14:00–15:00 your time (Shanghai)"),
        ("Europe/Berlin", "en", "Thu 3 Dec, 07:00–08:00 your time (Berlin)"),
        ("Europe/Berlin", "zh", "12月3日（周四）07:00–08:00（柏林时间）"),
        ("Asia/Kolkata", "en", "Thu 3 Dec, 11:30–12:30 your time (Kolkata)"),
    ],
)
def test_a_span_names_weekday_and_zone(zone: str, lang: str, said: str) -> None:
    assert wording.span_zoned(START, END, zone, lang, NOW) == said


def test_the_year_stands_only_where_it_is_another() -> None:
    assert wording.day(date(2026, 12, 8), "zh", NOW) == "12月8日（周二）"
    assert wording.day(date(2027, 1, 4), "zh", NOW) == "2027年1月4日（周一）"
    assert wording.day(date(2027, 1, 4), "en", NOW) == "Mon 4 Jan 2027"


def test_a_limit_is_an_instant_never_a_span_of_hours() -> None:
    due = datetime(2026, 12, 2, 12, tzinfo=UTC)
    assert wording.by(due, "Asia/Shanghai", "zh", NOW) == "12月2日（周三）20:00 前"
    assert wording.by(due, "Asia/Shanghai", "en", NOW) == "by Wed 2 Dec, 20:00"
    assert wording.by_short(due, "Asia/Shanghai", "zh") == "12月2日 20:00 前"


def test_the_other_side_is_added_only_where_its_clock_differs() -> None:
    assert wording.other_side(START, END, ("Asia/Shanghai", "Asia/Singapore"), "zh") == ""
    assert wording.other_side(START, END, ("Europe/Berlin", "Asia/Shanghai"), "en") == "14:00–15:00 in Shanghai"
    late = datetime(2026, 12, 3, 22, tzinfo=UTC)
    assert (
        wording.other_side(late, late + timedelta(hours=1), ("Europe/Berlin", "Asia/Shanghai"), "en")
        == "06:00–07:00 in Shanghai (Fri 4 Dec)"
    )


def test_summer_time_ends_and_nine_o_clock_stays_nine() -> None:
    before, after = datetime(2026, 10, 23, 7, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert wording.instant(before, "Europe/Berlin", "en") == "Fri 23 Oct, 09:00"
    assert wording.instant(after, "Europe/Berlin", "en") == "Mon 26 Oct, 09:00"


def test_money_is_full_figures_with_its_currency() -> None:
    assert wording.money(3_800_000, "CNY", "zh") == "¥38,000"
    assert wording.money(3_800_050, "CNY", "zh") == "¥38,000.50"
    assert wording.money(950_000, "EUR", "en") == "€9,500"


def test_names_are_listed_as_each_language_does() -> None:
    assert wording.listing(["陈维", "Priya"], "zh") == "陈维、Priya"
    assert wording.listing(["A", "B", "C"], "en") == "A, B and C"
    assert wording.listing([], "en") == ""


def test_a_line_is_clipped_without_line_breaks() -> None:
    assert wording.clip("one\r\ntwo  three", 40) == "one two three"
    assert len(wording.clip("长" * 100, 20)) == 20


def test_an_address_is_recognisable_to_its_owner_only() -> None:
    assert wording.masked("linyue@qq.com") == "l•••@qq.com"
