"""A crawler that opens, prefetches and sends again whatever it finds changes nothing; and what every door says in its headers."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from deploy.demo.browser import hidden_values
from services.notification.pages.app import make_app
from services.notification.pages.limits import Pace
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)
TABLES = ("asks", "links", "messages", "attempts", "used_once", "notices", "outbox", "facts", "directory")
PREFETCH = (
    {},
    {"purpose": "prefetch"},
    {"sec-purpose": "prefetch;prerender"},
    {"user-agent": "Mozilla/5.0 (compatible; SafeLinks)"},
)
ADDRESS = re.compile(r'(?:href|src|action)="([^"]*)"')


@pytest.fixture
async def asked(bureau: Bureau) -> Bureau:
    """Three open questions to four people, mailed."""
    w, interview = bureau.world, uuid4()
    await bureau.tell(
        bureau.disclosed(w.hire, w.candidate),
        bureau.slots(interview, [datetime(2026, 9, 10, 10, 30, tzinfo=UTC), datetime(2026, 9, 11, 4, tzinfo=UTC)]),
        bureau.ask("choose_slot", w.candidate, "candidate", refs=[("interview", interview, 1)], due_at=DUE),
        bureau.ask("client_verdict", w.manager, "hiring_manager", group=[w.second], due_at=DUE),
        bureau.ask("review_application", w.recruiter, "recruiter", due_at=DUE),
    )
    for _ in range(4):
        await bureau.sender.turn()
    return bureau


async def _everything(bureau: Bureau) -> dict[str, str]:
    async with bureau.db.unit() as uow:
        digest = "select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from {} t"
        return {table: str(await uow.value(digest.format(table))) for table in TABLES}


async def _all_links(bureau: Bureau) -> list[str]:
    """Every address of this house that mails and pages lead to."""
    found: dict[str, None] = {}
    for who in ("lin", "he", "zhang", "zhou"):
        for mail in await bureau.mails(bureau.mail_of(who)):
            found |= dict.fromkeys(link.removeprefix("http://pages.test").partition("#")[0] for link in mail["links"])
    waiting = list(found)
    while waiting:
        path = waiting.pop()
        answer = await bureau.http.get(path)
        more = [one for one in ADDRESS.findall(answer.text) if one.startswith("/")]
        more += [
            one.removeprefix("http://pages.test") for one in re.findall(r"http://pages\.test/calendar/[^\s<\"]+", answer.text)
        ]
        for one in (one.partition("#")[0] for one in more):
            if one and one not in found:
                found[one] = None
                waiting.append(one)
    return list(found)


async def test_opening_prefetching_and_sending_again_changes_nothing(asked: Bureau) -> None:
    answered = (await asked.link_for("zhou")).partition("?")[0]
    page, _ = await asked.open(answered)
    sent = {**hidden_values(page), "decision": "advance", "do": "go"}
    await asked.post(answered, sent)
    links = await _all_links(asked)
    assert len(links) >= 15 and {one.split("/")[1] for one in links} >= {"a", "me", "home", "calendar", "static"}
    before = await _everything(asked)
    for path in links:
        for headers in PREFETCH:
            assert (await asked.http.get(path, headers=headers)).status_code == 200, path
        assert (await asked.http.head(path)).status_code == 200, path
        for method in ("OPTIONS", "DELETE"):
            assert (await asked.http.request(method, path)).status_code in (404, 405)
        for body in (
            {},
            {"do": "undo"},
            {"once": "forged", "slot": "none", "decision": "advance", "do": "go"},
            sent,
        ):
            await asked.http.post(path, data=body)
    assert await _everything(asked) == before


async def test_a_value_made_for_one_page_is_no_key_to_another_and_an_answer_needs_one(asked: Bureau) -> None:
    mine, theirs = (await asked.link_for("lin")).partition("?")[0], (await asked.link_for("he")).partition("?")[0]
    page, _ = await asked.open(mine)
    slot = next(value for value in page.controls["slot"].values if value != "none")
    other, _ = await asked.open(theirs)
    for once in ("", "x", hidden_values(other)["once"]):
        _, answer = await asked.post(mine, {"once": once, "slot": slot, "do": "go"})
        assert answer.status_code == 409 and await asked.said("ask.answered") == []
    done, _ = await asked.post(mine, {**hidden_values(page), "slot": slot, "do": "go"})
    assert done.heading == "选好了"


async def test_every_door_keeps_to_itself(asked: Bureau) -> None:
    for path in [*(await _all_links(asked)), "/nowhere", "/a/forged"]:
        answer = await asked.http.get(path)
        assert "set-cookie" not in answer.headers and answer.headers["x-content-type-options"] == "nosniff"
        if answer.headers["content-type"].startswith("text/html"):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
            assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["cache-control"] == "no-store"
            loaded = re.findall(r'(?:src|href)="(https?:[^"]*|//[^"]*)"', answer.text)
            assert not loaded and "<style" not in answer.text and " on" + "click" not in answer.text
            assert len(answer.content) < 60_000, f"{path} has {len(answer.content)} bytes"


async def test_unknown_and_foreign_links_take_the_same_time(asked: Bureau) -> None:
    path = (await asked.link_for("zhou")).partition("?")[0]
    async with asked.db.unit() as uow:
        await uow.run("update asks set may_answer = array[cast(:o as uuid)]", o=asked.world.interviewer)
    for link, status in ((path, 403), (path[:-2] + "xx", 404), ("/a/" + "A" * 60, 404), (path.replace("/a/", "/me/"), 404)):
        began = time.monotonic()
        assert (await asked.http.get(link)).status_code == status
        assert time.monotonic() - began >= 0.03


async def test_who_knocks_too_often_waits_a_minute_and_loses_nothing(asked: Bureau) -> None:
    path = (await asked.link_for("lin")).partition("?")[0]
    app = make_app(asked.db, asked.desk, Pace(link=3, address=1000))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pages.test") as http:
        for _ in range(3):
            assert (await http.get(path)).status_code == 200
        answer = await http.post(path, data={"when": "周末全天都可以", "slot": "none", "do": "go"})
        assert answer.status_code == 429 and answer.headers["retry-after"] == "60" and "周末全天都可以" in answer.text
        assert (await http.get((await asked.link_for("he")).partition("?")[0])).status_code == 200, (
            "one link's haste slows no other"
        )
