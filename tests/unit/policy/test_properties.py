"""due(policy, fact, calendar) over 2024-2030: what holds for every opening, kind and calendar (agreements.md 6)."""
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.policy.due import offer_expiry, plan
from shared.policy.grammar import parse_instant
from shared.policy.loader import available_calendars, load_calendar, shipped_policy
from shared.policy.sending import send_after
from shared.policy.wall import instant_of

AGENCY = shipped_policy("agency-cn")
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis adds the zone)
CALENDARS = st.sampled_from(available_calendars()).map(load_calendar)
KINDS = st.sampled_from(sorted(AGENCY.obligations))
CLASSES = st.sampled_from(["staff", "client", "candidate", "new_hire", "referee", "vendor", "house"])
WORKING = st.sampled_from(["1 wh", "4 wh", "9 wh", "1 wd", "3 wd", "10 wd", "earlier of (4 wh, 1 wd)", "later of (2 wh, 1 wd)"])
RISING = st.sampled_from(["10 min", "48 h", "1 wd", "4 wh", "5 wd 20:00", "next wd 12:00", "later of (24 h, next wd 20:00)", "MON 10:00"])


def anchors_after(opened: datetime) -> dict[str, datetime]:
    names = ("slot", "start", "interview_end", "probation_end", "guarantee_end", "last_day")
    return {name: opened + timedelta(days=20 + number) for number, name in enumerate(names)}


def in_hours(instant: datetime, calendar) -> bool:
    return any(opens <= instant <= closes for opens, closes in calendar.spans(calendar.local(instant).date()))


@given(INSTANTS, CALENDARS, KINDS, CLASSES)
@settings(max_examples=400, deadline=None)
def test_a_plan_is_ordered_and_never_before_its_opening(opened, calendar, kind, party_class) -> None:
    planned = plan(AGENCY, kind, opened_at=opened, calendar=calendar, party_class=party_class, anchors=anchors_after(opened))
    assert planned.due_at >= opened
    assert planned.due_at.utcoffset() == timedelta()
    instants = [rung.at for rung in planned.rungs]
    assert instants == sorted(set(instants))
    assert all(at >= opened for at in instants)
    assert [rung.n for rung in planned.rungs] == list(range(1, len(instants) + 1))
    assert planned.provisional is (calendar.local(planned.due_at).date() > calendar.complete_until)


@given(INSTANTS, CALENDARS, WORKING)
@settings(max_examples=400, deadline=None)
def test_a_working_term_ends_in_working_hours(opened, calendar, text) -> None:
    planned = plan(AGENCY, "scorecard", opened_at=opened, calendar=calendar, party_class="staff", within=parse_instant(text))
    assert in_hours(planned.due_at, calendar)
    assert planned.net


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=12)), CALENDARS, RISING)
@settings(max_examples=400, deadline=None)
def test_a_later_opening_is_never_due_earlier(opened, later, calendar, text) -> None:
    rule = parse_instant(text)
    first, second = (
        plan(AGENCY, "scorecard", opened_at=at, calendar=calendar, party_class="staff", within=rule).due_at for at in (opened, opened + later)
    )
    assert first <= second


@given(
    st.dates(datetime(2024, 1, 1).date(), datetime(2030, 12, 31).date()), st.times(), st.sampled_from([  # noqa: DTZ001
        "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo",
    ]),
)
@settings(max_examples=400, deadline=None)
def test_a_wall_time_becomes_an_instant_that_the_wall_shows_or_the_gaps_end(day, at, zone) -> None:
    wall = datetime.combine(day, at)
    shown = instant_of(day, at, zone).astimezone(ZoneInfo(zone))
    if shown.replace(tzinfo=None, fold=0) != wall:
        assert wall < shown.replace(tzinfo=None, fold=0) <= wall + timedelta(hours=1)
        second_before = (shown.astimezone(UTC) - timedelta(seconds=1)).astimezone(shown.tzinfo)
        assert shown.utcoffset() - second_before.utcoffset() > timedelta()


@given(INSTANTS, CALENDARS, st.integers(1, 40))
@settings(max_examples=200, deadline=None)
def test_working_hours_added_are_working_hours_passed(instant, calendar, hours) -> None:
    end = calendar.add_working_hours(instant, hours)
    assert calendar.working_time_between(instant, end) == timedelta(hours=hours)
    assert calendar.working_time_between(calendar.add_working_hours(instant, -hours), instant) == timedelta(hours=hours)


@given(INSTANTS, CALENDARS, st.sampled_from(["standard", "campus", "executive"]))
@settings(max_examples=300, deadline=None)
def test_an_offer_expires_on_a_working_evening_well_after_any_holiday(delivered, calendar, voice) -> None:
    expiry = offer_expiry(AGENCY, delivered_at=delivered, zone=calendar.zone, calendar=calendar, voice=voice)
    wall = calendar.local(expiry)
    assert expiry > delivered
    assert (wall.hour, wall.minute) == (20, 0)
    assert calendar.is_working_day(wall.date())
    day = wall.date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        assert not calendar.is_closed_holiday(day)
        day -= timedelta(days=1)


@given(INSTANTS, CALENDARS, st.sampled_from(["mail", "sms", "call", "chat"]), CLASSES, st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_message_leaves_in_a_window_and_never_on_a_day_off(instant, calendar, channel, party_class, weekends, bad_news) -> None:
    sent = send_after(
        AGENCY, channel, recipient_zone=calendar.zone, calendar=calendar, party_class=party_class, instant=instant,
        weekends=weekends, bad_news=bad_news,
    )
    wall = calendar.local(sent)
    assert sent >= instant
    assert not calendar.is_closed_holiday(wall.date())
    assert 8 <= wall.hour < 21
    if bad_news:
        assert not calendar.is_closed_holiday(wall.date() + timedelta(days=1))
        assert not (wall.weekday() == 4 and wall.hour >= 17)
