"""`baton verify`'s question of agreements.md 8, asked of rows of workflows.hires: who holds this hire?"""

from datetime import UTC, datetime, timedelta

import pytest

from deploy.verify.hires import missing_holder

NOW = datetime(2026, 9, 3, 9, tzinfo=UTC)


def row(*, owed=(), steps=(), wake=None, screen_by=None, state=True):
    return {"hire_id": "h", "stage": "interviewing", "next_wake_at": wake, "screen_by": screen_by,
            "state": {"owed": {str(n): {"status": status} for n, status in enumerate(owed)}, "steps": list(steps)} if state else None}


def step(minutes: float):
    return {"id": "s", "name": "notification.tell", "deadline": (NOW + timedelta(minutes=minutes)).isoformat()}


@pytest.mark.parametrize("held", [
    row(owed=["open"], wake=NOW + timedelta(hours=1)), row(owed=["open"]), row(owed=["planned"], wake=NOW + timedelta(days=30)), row(steps=[step(5)]),
    row(owed=["asked"], steps=[step(14)]), row(state=False, screen_by=NOW + timedelta(minutes=1))])
def test_holder_when_open_planned_or_a_step_before_its_deadline_then_held(held):
    assert missing_holder(held, NOW) == ""


@pytest.mark.parametrize(("lost", "word"), [
    (row(), "no obligation is open"), (row(owed=["planned"]), "no obligation is open"), (row(owed=["asked"]), "no obligation is open"),
    (row(steps=[step(-20)]), "past its deadline"), (row(owed=["open"], wake=NOW - timedelta(hours=1)), "has passed and nothing happened"),
    (row(state=False, screen_by=NOW - timedelta(hours=1)), "no first verdict")])
def test_holder_when_nothing_stands_then_the_reason_is_said(lost, word):
    assert word in missing_holder(lost, NOW)
