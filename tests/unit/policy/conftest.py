"""Instants as people say them, so that the tests read like the practice they check."""
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.policy.calendar import WorkingCalendar
from shared.policy.loader import load_calendar, shipped_policy
from shared.policy.model import Policy

ZONES = {"shanghai": "Asia/Shanghai", "munich": "Europe/Berlin", "bengaluru": "Asia/Kolkata", "new_york": "America/New_York"}


def _at(text: str, place: str = "shanghai") -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(ZONES[place])).astimezone(UTC)


@pytest.fixture
def at() -> Callable[..., datetime]:
    """`at("2026-09-11 17:30")` in Shanghai, `at(..., "munich")` elsewhere; in UTC."""
    return _at


@pytest.fixture
def cn() -> WorkingCalendar:
    return load_calendar("CN")


@pytest.fixture
def munich() -> WorkingCalendar:
    return load_calendar("DE-BY")


@pytest.fixture
def agency() -> Policy:
    return shipped_policy("agency-cn")
