"""Timetables out of notification's own tables, fed with scheduling's facts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.notification.store import directory, timetable
from shared.contracts.scheduling import InterviewScheduled
from shared.runtime.clock import Clock
from shared.runtime.db import Database

START = datetime(2026, 9, 14, 6, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def db(database) -> AsyncIterator[Database]:
    """Notification's schema through its own role."""
    database = Database(database["BATON_DATABASE_NOTIFICATION"], schema="notification", clock=Clock("held"), size=4)
    yield database
    await database.close()


async def test_timetable_then_whoever_sits_there_in_the_range_and_the_requisition(db):
    panel, shadow, candidate, requisition = (uuid4() for _ in range(4))

    def scheduled(after: timedelta) -> InterviewScheduled:
        return InterviewScheduled(
            interview_id=uuid4(), version=1, hire_id=uuid4(), requisition_id=requisition, candidate_id=candidate, round=1, starts_at=START + after,
            ends_at=START + after + timedelta(hours=1), wall_start="2026-09-14T14:00", zone="Asia/Shanghai", panel=[panel], shadows=[shadow], at=START)

    near, far = scheduled(timedelta()), scheduled(9 * DAY)
    async with db.unit() as uow:
        for one in (near, far):
            await directory.put_fact(uow, "interview", one.interview_id, one.model_dump(mode="json"), hire_id=one.hire_id, version=1, state="scheduled")
    async with db.unit() as uow:
        for person in (panel, shadow, candidate):
            [row] = await timetable.of_person(uow, person, START, START + DAY)
            assert row.interview_id == near.interview_id and row.sits(person)
        assert await timetable.of_person(uow, uuid4(), START, START + DAY) == []
        assert [row.interview_id for row in await timetable.of_requisition(uow, requisition, START, START + 20 * DAY)] == [near.interview_id, far.interview_id]
