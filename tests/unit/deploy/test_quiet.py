"""What the time-keeper waits for: everybody who acts, and not for those who only look on."""

from datetime import UTC, datetime, timedelta

from deploy.clock.quiet import judge

NOW = datetime(2026, 9, 3, 1, tzinfo=UTC)
CLOCK = {"what": "clock", "who": "", "n": 0, "at": NOW}


def lag(who: str) -> dict:
    return {"what": "lag", "who": who, "n": 2, "at": None}


def test_lag_when_an_actor_is_behind_then_busy_when_the_archive_is_then_only_behind():
    flight = judge([CLOCK, lag("reporting.archive workflows.events"), lag("workflows.bridge notification.events")])
    assert not flight.quiet and flight.busy == ("workflows.bridge notification.events: 2 unread",)
    assert judge([CLOCK, lag("reporting.archive workflows.events")]).quiet
    assert judge([CLOCK, lag("reporting.archive workflows.events")]).behind == ("reporting.archive workflows.events: 2 unread",)


def test_flight_when_an_instant_is_ahead_then_next_and_when_it_has_come_then_busy():
    ahead = {"what": "flight notification", "who": "send", "n": 0, "at": NOW + timedelta(hours=1)}
    assert judge([CLOCK, ahead]).next_at == NOW + timedelta(hours=1) and judge([CLOCK, ahead]).quiet
    assert not judge([CLOCK, {**ahead, "at": NOW}]).quiet
