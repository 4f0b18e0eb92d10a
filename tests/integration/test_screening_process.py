"""Screening as the process it is: applications by Kafka in, each verdict once by Kafka out."""

from __future__ import annotations

from uuid import uuid4

from tests.support.applicants import application, requisition
from tests.support.bus import collect, publish
from tests.support.process import running


async def test_process_when_events_come_by_kafka_then_verdicts_leave_by_kafka(engines, provisioned):
    wanted = uuid4()
    applications = [application(wanted, years=number % 7) for number in range(300)]
    mine = {one.application_id for one in applications}
    async with running(engines, "screening"):
        await publish(provisioned["BATON_KAFKA"], [*applications[:150], requisition(wanted), *applications[150:]])
        got = await collect(
            provisioned["BATON_KAFKA"], ["screening.events"],
            lambda all: sum(1 for _, body in all if getattr(body, "application_id", None) in mine) >= 300)
    verdicts = {body.application_id: body.TYPE for _, body in got if getattr(body, "application_id", None) in mine}
    assert verdicts == {one.application_id: f"baton.screening.{'passed' if one.facts.years >= 3 else 'failed'}" for one in applications}
