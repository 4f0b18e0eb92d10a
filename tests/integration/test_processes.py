"""Processes as they are, one after the other on the same servers: by Kafka in, by Kafka out; a question by mail and page as well."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import httpx

from deploy.demo.browser import hidden_values, read_page
from deploy.local.stack import Stack
from tests.support.applicants import application, requisition
from tests.support.bus import collect, publish
from tests.support.interview_desk import offer, staff
from tests.support.notices import Bureau
from tests.support.process import running


async def test_scheduling_when_commands_come_by_kafka_then_answers_leave_by_kafka(engines: Stack, provisioned: dict[str, str]):
    a = uuid4()
    wish = offer(uuid4(), [[a]])
    async with running(engines, "scheduling"):
        await publish(provisioned["BATON_KAFKA"], [wish, staff(a)])
        got = await collect(provisioned["BATON_KAFKA"], ["scheduling.events"], lambda all: any(body.hire_id == wish.hire_id for _, body in all))
    assert [body.TYPE for _, body in got if body.hire_id == wish.hire_id] == ["baton.slots.offered"]


async def test_notification_when_asked_by_kafka_then_it_is_mailed_shown_and_answered(engines: Stack, provisioned: dict[str, str]) -> None:
    bureau = Bureau(provisioned)
    await bureau.empty()
    await bureau.clock("2026-09-07T10:00:00")
    sent: list = []

    async def keep(*messages) -> None:  # noqa: ANN002
        sent.extend(messages)

    bureau.tell = keep  # type: ignore[method-assign]
    w = await bureau.settle()
    ask = bureau.ask("review_application", w.recruiter, "recruiter", due_at=datetime(2026, 9, 9, 10, tzinfo=UTC))
    async with running(engines, "notification"):
        await publish(provisioned["BATON_KAFKA"], [ask, *reversed(sent)])
        for _ in range(200):
            if await bureau.mails(bureau.mail_of("zhou")):
                break
            await asyncio.sleep(0.1)
        (mail,) = await bureau.mails(bureau.mail_of("zhou"))
        link = next(one for one in mail["links"] if "/a/" in one).partition("?")[0]
        async with httpx.AsyncClient() as http:
            page = read_page((await http.get(link)).text)
            assert page.kind == "review_application" and "林悦" in page.heading
            css = await http.get(link.partition("/a/")[0] + "/static/baton.css")
            assert css.headers["content-type"].startswith("text/css")
            done = await http.post(link, data={**hidden_values(page), "decision": "advance", "do": "go"})
        assert done.status_code == 200
        got = await collect(
            provisioned["BATON_KAFKA"],
            ["notification.events"],
            lambda events: any(body.TYPE == "baton.ask.answered" and body.ask_id == ask.ask_id for _, body in events),
        )
    answered = next(body for _, body in got if body.TYPE == "baton.ask.answered" and body.ask_id == ask.ask_id)
    assert answered.answer.clear == {"decision": "advance"}
    opened = next(envelope for envelope, body in got if body.TYPE == "baton.ask.opened" and body.ask_id == ask.ask_id)
    assert opened.causationid and opened.sequence == "1"
    async with bureau.db.unit() as uow:
        rows = {row["kind"]: row["n"] for row in await uow.rows("select kind, n from in_flight")}
    assert rows.get("send", 0) == 0, "nothing waits to be sent"
    await bureau.close()


async def test_screening_when_events_come_by_kafka_then_verdicts_leave_by_kafka(engines: Stack, provisioned: dict[str, str]):
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
