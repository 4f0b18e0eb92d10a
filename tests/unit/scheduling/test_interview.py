"""An interview's life: which moves are allowed, and a version that only goes up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.domain.interview import Appointment, IllegalMoveError, Interview, wall_of

AT = datetime(2026, 9, 11, 8, 30, tzinfo=UTC)
PANEL = (uuid4(), uuid4())
MOVES = {
    "offer": lambda one: one.offered(True), "nothing": lambda one: one.offered(False), "book": lambda one: one.scheduled(appointment()),
    "move": lambda one: one.moved(appointment()), "cancel": lambda one: one.cancelled("withdrawn"), "release": lambda one: one.released(),
    "replace": lambda one: one.replaced(one.agreed().panel[0], uuid4()), "both": lambda one: one.attended("both"),
    "absent": lambda one: one.attended("candidate_absent"), "unknown": lambda one: one.attended("unknown")}


def appointment() -> Appointment:
    """A time."""
    return Appointment(uuid4(), AT, AT + timedelta(hours=1), wall_of(AT, "Asia/Shanghai"), PANEL)


def new() -> Interview:
    """Not offered yet."""
    return Interview(uuid4(), uuid4(), uuid4(), uuid4(), 1, 60, "video", "Asia/Shanghai")


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=25))
def test_interview_after_any_moves_then_version_never_goes_back_and_changes_with_what_was_agreed(moves):
    now, ever = new(), False
    for name in moves:
        try:
            after = MOVES[name](now)
        except IllegalMoveError:
            continue
        changed = after.appointment != now.appointment or name == "cancel"
        assert after.version == now.version + (1 if changed else 0)
        ever = ever or after.state == "scheduled"
        assert (after.appointment is not None) == ever
        assert after.state != "attended" or now.state in ("scheduled", "attended")
        now = after


@pytest.mark.parametrize(("moves", "code"), [
    (["book"], "not_offered"), (["offer", "release", "book"], "not_offered"), (["offer", "book", "book"], "already_scheduled"),
    (["offer", "move"], "not_scheduled"), (["cancel"], "not_scheduled"), (["offer", "book", "both", "cancel"], "already_attended"),
    (["offer", "book", "both", "offer"], "already_attended"), (["offer", "book", "unknown"], "attendance_unknown"), (["both"], "not_scheduled")])
def test_interview_when_a_move_is_not_allowed_then_says_why(moves, code):
    now = new()
    for name in moves[:-1]:
        now = MOVES[name](now)
    with pytest.raises(IllegalMoveError) as problem:
        MOVES[moves[-1]](now)
    assert problem.value.code == code


def test_interview_when_booked_moved_replaced_cancelled_then_versions_one_to_four():
    one = new().offered(True).scheduled(appointment())
    two = one.moved(appointment())
    three = two.replaced(PANEL[0], uuid4())
    assert [now.version for now in (one, two, three, three.cancelled("x"))] == [1, 2, 3, 4]
    assert three.agreed().panel[1] == PANEL[1] and three.agreed().panel[0] not in PANEL


def test_wall_of_across_the_end_of_summer_time_then_the_wall_stays():
    before, after = datetime(2026, 10, 19, 7, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert [wall_of(instant, "Europe/Berlin")[-5:] for instant in (before, after)] == ["09:00", "09:00"]
    assert [wall_of(instant, "Asia/Shanghai")[-5:] for instant in (before, after)] == ["15:00", "16:00"]
