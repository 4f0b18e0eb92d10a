"""Scheduling as the process it is: commands by Kafka in, answers by Kafka out."""

from __future__ import annotations

from uuid import uuid4

from tests.support.bus import collect, publish
from tests.support.interview_desk import offer, staff
from tests.support.process import running


async def test_process_when_commands_come_by_kafka_then_answers_leave_by_kafka(engines, provisioned):
    a = uuid4()
    wish = offer(uuid4(), [[a]])
    async with running(engines, "scheduling"):
        await publish(provisioned["BATON_KAFKA"], [wish, staff(a)])
        got = await collect(provisioned["BATON_KAFKA"], ["scheduling.events"], lambda all: any(body.hire_id == wish.hire_id for _, body in all))
    assert [body.TYPE for _, body in got if body.hire_id == wish.hire_id] == ["baton.slots.offered"]
