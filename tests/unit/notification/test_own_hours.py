"""A person's own hours: what is not urgent leaves inside them and inside the house's windows, on their wall, at the first chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.pages.my_data import HOURS
from services.notification.sending.when import own_hours
from services.notification.usecases.correcting import NO_HOURS
from shared.policy.loader import load_calendar, shipped_policy
from shared.policy.sending import send_after
from shared.policy.wall import parse_window

POLICY, CALENDAR = shipped_policy("agency-cn"), load_calendar("CN")
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def _house(zone: str, channel: str):  # noqa: ANN202
    return lambda instant: send_after(POLICY, channel, recipient_zone=zone, calendar=CALENDAR, party_class="candidate", instant=instant)


@settings(max_examples=60, deadline=None)
@given(minutes=st.integers(0, 7 * 365 * 24 * 60), hours=st.sampled_from([one for one in HOURS if one != NO_HOURS]),
       zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]), channel=st.sampled_from(["mail", "sms"]))
def test_a_message_when_the_person_named_hours_then_it_leaves_in_both_windows_and_soon(minutes: int, hours: str, zone: str, channel: str) -> None:
    start, house, wall = BEGIN + timedelta(minutes=minutes), _house(zone, channel), CALENDAR.in_zone(zone)
    at, window = own_hours(house, start, hours, wall), parse_window(hours)
    assert at >= start and house(at) == at
    assert window.opens <= wall.local(at).time() < window.closes
    assert at - house(start) <= timedelta(days=12), "a long holiday at most"


@pytest.mark.parametrize("hours", ["02:00-04:00", "23:00-23:30"])
def test_hours_that_meet_no_window_hold_nothing_back(hours: str) -> None:
    start = datetime(2026, 9, 7, 2, tzinfo=UTC)
    assert own_hours(_house("Asia/Shanghai", "mail"), start, hours, CALENDAR.in_zone("Asia/Shanghai")) == start
