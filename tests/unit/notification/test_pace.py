"""The pace of a door: a sliding minute, each link by itself, and memory that does not grow without end."""

from __future__ import annotations

from services.notification.pages import limits
from services.notification.pages.limits import Pace


def test_a_minute_slides_and_each_link_counts_by_itself() -> None:
    now = [600.0]
    pace = Pace(clock=lambda: now[0])
    assert [pace.knock("a", 3) for _ in range(4)] == [True, True, True, False]
    assert pace.knock("b", 3)
    now[0] += 61
    assert [pace.knock("a", 3) for _ in range(2)] == [True, False], "the last minute still counts by its share"
    now[0] += 180
    assert [pace.knock("a", 3) for _ in range(4)] == [True, True, True, False]


def test_no_guesser_fills_the_memory() -> None:
    now = [600.0]
    pace = Pace(clock=lambda: now[0])
    for n in range(limits.KEPT + 10):
        pace.knock(f"link {n}", 5)
        if n == limits.KEPT - 1:
            now[0] += 300
    assert len(pace._seen) <= 20
