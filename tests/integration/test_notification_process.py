"""The process itself: commands by Kafka, a mail by SMTP, the page by HTTP, the answer back on Kafka."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx

from deploy.demo.browser import hidden_values, read_page
from deploy.local.stack import Stack
from tests.support.bus import collect, publish
from tests.support.notices import Bureau
from tests.support.process import running


async def test_a_question_by_kafka_is_mailed_shown_and_answered(engines: Stack, provisioned: dict[str, str]) -> None:
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
    assert rows["send"] == 0 if "send" in rows else True
    await bureau.close()
