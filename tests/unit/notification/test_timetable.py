"""Timetables: of a person as a feed that lints, of a day as a digest, of a requisition by days of any wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.notification.sending.calendar_entry import feed_bytes
from services.notification.timetable import by_day, digest_of, entries_of, row_of
from tests.support.ical_lint import faults

START = datetime(2026, 9, 14, 6, tzinfo=UTC)
A, B, CANDIDATE = UUID(int=1), UUID(int=2), UUID(int=3)


def fact(n: int, after: timedelta, *, state: str = "scheduled", panel: tuple[UUID, ...] = (A,), shadows: tuple[UUID, ...] = ()) -> dict[str, Any]:
    """As the directory keeps it."""
    body = {"interview_id": str(UUID(int=n)), "hire_id": str(UUID(int=50 + n)), "requisition_id": str(UUID(int=99)), "candidate_id": str(CANDIDATE), "round": 1,
            "starts_at": (START + after).isoformat(), "ends_at": (START + after + timedelta(hours=1)).isoformat(), "zone": "Asia/Shanghai",
            "panel": [str(one) for one in panel], "shadows": [str(one) for one in shadows], "room_id": None}
    return {"id": UUID(int=n), "version": 2, "state": state, "at": START - timedelta(days=1), "body": body}


FACTS = [fact(12, timedelta(hours=1, minutes=5)), fact(11, timedelta()), fact(13, timedelta(hours=12), panel=(B,), shadows=(A,)),
         fact(14, timedelta(days=1), state="cancelled"), {**fact(15, timedelta()), "state": ""}]
ROWS = [row for one in FACTS if (row := row_of(one))]


def test_row_of_when_nothing_is_agreed_then_none():
    assert len(ROWS) == 4
    assert row_of({**FACTS[0], "body": {"round": 1, "panel": []}}) is None


def test_feed_then_bytes_are_the_same_until_something_changes():
    feed = feed_bytes(entries_of(ROWS, lambda row: f"第 {row.round} 轮"), name="陈维", organizer_mail="b@qiheng.example")
    assert feed == feed_bytes(entries_of(reversed(ROWS), lambda row: f"第 {row.round} 轮"), name="陈维", organizer_mail="b@qiheng.example")
    assert faults(feed) == [] and feed.count(b"STATUS:CANCELLED") == 1 and feed.count(b"BEGIN:VEVENT") == 4


def test_by_day_then_days_of_the_wall_that_reads_it():
    assert {day: len(rows) for day, rows in by_day(ROWS, "Asia/Shanghai").items()} == {date(2026, 9, 14): 2, date(2026, 9, 15): 1}
    assert {day: len(rows) for day, rows in by_day(ROWS, "Europe/Berlin").items()} == {date(2026, 9, 14): 3}


def test_digest_then_own_interviews_of_the_day_in_order_with_tight_gaps():
    digest = digest_of(ROWS, A, date(2026, 9, 14), zone="Asia/Shanghai")
    assert digest is not None
    assert [row.interview_id.int for row in digest.rows] == [11, 12] and [(one.int, other.int) for one, other in digest.tight] == [(11, 12)]
    assert digest_of(ROWS, A, date(2026, 9, 15), zone="Asia/Shanghai").rows[0].interview_id.int == 13  # listens
    assert digest_of(ROWS, B, date(2026, 9, 14), zone="Asia/Shanghai") is None
    assert digest_of(ROWS, A, date(2026, 9, 16), zone="Asia/Shanghai") is None
