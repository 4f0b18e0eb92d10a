"""A linked calendar that can't be read, on the whole system: whose it is owes a look although no hire waits for it, until it reads again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.cli.admin import ask_process
from deploy.clock.keeper import Keeper
from deploy.demo.ledger import read_ledger
from deploy.local.stack import Stack
from shared.runtime.web import serve
from tests.e2e.outside.test_operators import morning, publish
from tests.support.radicale_server import free_port

MAIL = "uc-ada@example.org"
EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T\r\nEND:VCALENDAR\r\n"


async def _told(stack: Stack, keeper: Keeper, type_: str, kind: str = "") -> list[dict[str, Any]]:
    """Bodies of this type, once there is one; the reader of calendars looks every few seconds."""
    for _ in range(80):
        await keeper.settle()
        found = [dict(fact.body) for fact in (await read_ledger(stack.env["BATON_KAFKA"])).of(type_) if not kind or fact.body.get("kind") == kind]
        if found:
            return found
        await asyncio.sleep(0.5)
    raise AssertionError(f"{type_} {kind} never came")


async def test_a_calendar_that_cant_be_read_is_its_owners_duty_until_it_reads_again(stack: Stack, keeper: Keeper) -> None:
    answers, stop, port = {"status": 503}, asyncio.Event(), free_port()

    async def calendar(_: Request) -> Response:
        return Response(EMPTY, status_code=answers["status"], media_type="text/calendar")

    server = asyncio.create_task(serve(Starlette(routes=[Route("/ada.ics", calendar)]), f"127.0.0.1:{port}", stop))
    person = {"name": "Ada Heath", "email": MAIL, "locale": "en", "zone": "Asia/Shanghai"}
    await publish(stack, keeper, [("staff.registered", {"externalid": "uc-ada", "roles": ["interviewer"], "person": person}, 1)])
    await morning(keeper)
    pg = await asyncpg.connect(stack.env["BATON_DATABASE_OPS"])
    ada = await pg.fetchval("select id from intake.refs where externalid = 'uc-ada' limit 1")
    own = await asyncpg.connect(stack.env["BATON_DATABASE_SCHEDULING"])
    link = {"person_id": str(ada), "kind": "ics", "url": f"http://127.0.0.1:{port}/ada.ics"}
    feed = (await asyncio.to_thread(ask_process, Path(stack.home.path), "scheduling", "POST", "/ops/calendars", link))["feed_id"]
    await own.execute("update scheduling.feeds set failed_since = now() - interval '1 hour' where feed_id = $1", feed)
    (duty,) = await _told(stack, keeper, "obligation.opened", "calendar_unread")
    assert duty["owed_by"]["person_id"] == str(ada) and duty.get("hire_id") is None
    async with httpx.AsyncClient(base_url=f"http://{stack.env['BATON_SINK_HTTP']}") as http:
        (mail,) = (await http.get("/api/messages", params={"to": MAIL})).json()
    assert "calendar" in mail["subject"]
    answers["status"] = 200
    await own.execute("update scheduling.feeds set read_at = null where feed_id = $1", feed)
    (ended,) = await _told(stack, keeper, "obligation.cancelled", "calendar_unread")
    assert ended["obligation_id"] == duty["obligation_id"] and ended["reason"] == "read_again"
    await own.close()
    await pg.close()
    stop.set()
    await asyncio.wait({server}, timeout=10)
