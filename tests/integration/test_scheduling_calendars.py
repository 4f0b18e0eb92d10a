"""Linked calendars: a real CalDAV server and an ICS address, read into busy times; what comes later over a booked interview is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import icalendar
import pytest
from starlette.applications import Starlette

from services.notification.sending.calendar_entry import Entry, entry_bytes
from services.scheduling.ops import ops_routes
from services.scheduling.sources import feeds
from services.scheduling.sources.busy_times import busy_of
from services.scheduling.sources.feeds import Safe
from services.scheduling.sources.reader import Reader
from services.scheduling.sources.servers import Address, read
from shared.contracts.party import PersonErased
from shared.runtime.db import Database
from tests.support.interview_desk import DAY, HOUR, Desk, know, said, scheduling_db, staff
from tests.support.radicale_server import SECRET, USER, make_collection, put, radicale, remove

FIRM, CHEN = ("启衡人才", "baton@qiheng.example"), ("陈维", "chen@harbour.example")
SAFE = Safe(b"s" * 32)


db = scheduling_db


@pytest.fixture
async def server(tmp_path) -> AsyncIterator[str]:
    """A collection on a real CalDAV server."""
    async with radicale(tmp_path) as base:
        yield await make_collection(base)


def block(uid: str, start: datetime, end: datetime) -> bytes:
    """One entry of somebody's own."""
    return (f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T000000Z\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\n"
            f"DTEND:{end:%Y%m%dT%H%M%SZ}\r\nSUMMARY:private\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").encode()


async def facts(db: Database, name: str) -> list[Any]:
    """What was told with this name, in order."""
    return [body for _, body in await said(db) if body.TYPE == f"baton.{name}"]


async def turn(db: Database, transport: Callable[[httpx.Request], httpx.Response] | None = None, **more: Any) -> int:
    """One turn of the reader, as if everything were due."""
    def client() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(transport)) if transport else httpx.AsyncClient(timeout=10)
    return await Reader(db, lambda: SAFE, client, every=-1, **more).turn()


async def test_caldav_when_our_invitation_is_stored_then_the_server_shows_the_same_appointment(server):
    start = datetime(2026, 10, 26, 8, tzinfo=UTC)
    one = Entry(uuid4(), 1, start, start + timedelta(hours=1), "Europe/Berlin", "周敏：约好的时间", "REQUEST", start - DAY)
    moved = Entry(one.interview_id, 2, start + DAY, start + DAY + HOUR, "Europe/Berlin", one.summary, "REQUEST", start)
    async with httpx.AsyncClient() as client:
        for entry in (one, moved):
            await put(server, "invite", entry_bytes(entry, FIRM, CHEN))
            found = await read(client, Address("caldav", server, USER, SECRET), (start - DAY, start + 3 * DAY))
            [raw] = found.calendars or []
            [shown] = icalendar.Calendar.from_ical(raw).walk("VEVENT")
            assert (shown["DTSTART"].dt, int(shown["SEQUENCE"]), str(shown["SUMMARY"])) == (entry.start, entry.sequence, entry.summary)
            assert shown["DTSTART"].dt.strftime("%H:%M") == "09:00"
            assert [one.span for one in busy_of(raw, (start - DAY, start + 3 * DAY), "UTC")] == [(entry.start, entry.end)]
        away = await read(client, Address("caldav", server, USER, SECRET), (start + 5 * DAY, start + 9 * DAY))
        assert away.calendars == []


async def test_caldav_when_linked_then_busy_blocks_and_a_later_entry_over_an_interview_is_told_and_taken_back(db, server):
    a = uuid4()
    await know(db, staff(a))
    async with db.unit() as uow:
        monday = (uow.now + timedelta(days=(7 - uow.now.weekday()) % 7 or 7)).replace(hour=0, minute=0, second=0, microsecond=0)
        await feeds.link(uow, SAFE, a, Address("caldav", server, USER, SECRET))
    await put(server, "mine", block("mine", monday + HOUR, monday + 8 * HOUR))
    assert await turn(db) == 1
    [told] = await facts(db, "calendar.read")
    assert (told.person_id, told.busy) == (a, 1)
    desk = Desk(db, [[a]], not_before=monday, not_after=monday + 3 * DAY)
    scheduled = await desk.booked()
    assert scheduled.starts_at >= monday + 8 * HOUR
    await put(server, "ours", entry_bytes(Entry(desk.interview, 1, scheduled.starts_at, scheduled.ends_at, "Asia/Shanghai", "x", "REQUEST", monday), FIRM, CHEN))
    await turn(db)
    assert await facts(db, "interview.conflicted") == []  # our own invitation in their calendar is no conflict
    await put(server, "later", block("later", scheduled.starts_at, scheduled.ends_at))
    await turn(db)
    await turn(db)
    [conflict] = await facts(db, "interview.conflicted")
    assert (conflict.interview_id, conflict.person_id, conflict.cause) == (desk.interview, a, "busy")
    await remove(server, "later")
    await turn(db)
    [ended] = await facts(db, "interview.conflict_ended")
    assert ended.conflict_id == conflict.conflict_id
    assert len(await facts(db, "calendar.read")) == 1


async def test_ics_when_it_fails_for_long_then_told_once_and_what_was_read_still_blocks(db):
    a = uuid4()
    await know(db, staff(a))
    async with db.unit() as uow:
        now = uow.now.replace(minute=0, second=0, microsecond=0)
        feed = await feeds.link(uow, SAFE, a, Address("ics", "https://cal.example/chen.ics"))
    good = httpx.Response(200, content=block("x", now + DAY, now + DAY + HOUR))
    answers = iter([good, *[httpx.Response(503)] * 3, httpx.Response(200, content=b"<html>"), good])
    for _ in range(5):
        await turn(db, lambda _: next(answers), patience=0)
    [failed] = await facts(db, "calendar.failed")
    assert (failed.person_id, failed.feed_id, failed.reason) == (a, feed, "unreachable")
    async with db.unit() as uow:
        assert await uow.value("select count(*) from busy where person_id = :a", a=a) == 1
    await turn(db, lambda _: next(answers), patience=0)
    assert len(await facts(db, "calendar.read")) == 2
    async with db.unit() as uow:
        sealed = bytes(await uow.value("select address from feeds"))
    assert b"cal.example" not in sealed


async def test_operators_link_see_and_forget_calendars_and_erasure_forgets_them_too(db):
    a = uuid4()
    await know(db, staff(a))
    app = Starlette(routes=ops_routes(db, lambda: SAFE))
    body = {"person_id": str(a), "kind": "ics", "url": "https://cal.example/secret.ics"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://admin") as client:
        made = await client.post("/ops/calendars", json=body)
        assert made.status_code == 201
        assert (await client.post("/ops/calendars", json=body)).json() == made.json()
        for wrong in ({**body, "url": "file:///x"}, {**body, "kind": "x"}, {"kind": "ics"}):
            assert (await client.post("/ops/calendars", json=wrong)).status_code == 422
        listed = await client.get("/ops/calendars")
        assert len(listed.json()["calendars"]) == 1 and "secret" not in listed.text
        async with db.unit() as uow:
            now = uow.now
        await turn(db, lambda _: httpx.Response(200, content=block("x", now + DAY, now + DAY + HOUR)))
        gone = await client.delete(f"/ops/calendars/{made.json()['feed_id']}")
        assert (gone.status_code, (await client.delete(f"/ops/calendars/{made.json()['feed_id']}")).status_code) == (204, 404)
        async with db.unit() as uow:
            assert await uow.value("select count(*) from busy") == 0
        await client.post("/ops/calendars", json=body)
    await know(db, PersonErased(person_id=a, erased_at=now))
    async with db.unit() as uow:
        assert await uow.value("select count(*) from feeds") == 0
