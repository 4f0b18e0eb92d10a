"""One application, published by a system that knows only the schemas, walks to the check-in of day 90 with nobody scripted."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from deploy.clock.keeper import Keeper, StuckError
from deploy.clock.wakes import Wakes
from deploy.demo.browser import hidden_values, read_page
from deploy.demo.ledger import read_ledger
from deploy.demo.people import People
from deploy.demo.small import application, reference, requisitions, script
from deploy.demo.timetable import Timetable
from deploy.demo.walk import Plan, walk
from deploy.local.stack import Stack
from tests.support.engines import logs
from tests.support.foreign import Foreign, structured
from tests.support.traces import in_kafka, in_logs, in_tables, in_temporal

STRAIGHT = ["screening", "submission", "interviewing", "deciding", "offering", "joining", "settling", "closed"]
AT = datetime.fromisoformat("2026-09-03T09:00:00+08:00")


@pytest.mark.timeout(600)
async def test_one_hire_when_applied_then_walks_to_day_90(stack: Stack) -> None:
    people, timetable = People("http://" + stack.env["BATON_SINK_HTTP"], script()), Timetable()
    async with Foreign(stack.env) as foreign:
        for each in [*reference(), requisitions()["R-118"]]:
            await foreign.raw(structured(each), [("content-type", b"application/cloudevents+json")])
        applied = application(1, "urn:qiheng:ats#R-118", at=AT, source=foreign.source)

        async def apply() -> None:
            await foreign.raw(structured(applied), [("content-type", b"application/cloudevents+json")])

        timetable.add(AT, "applies", apply)
        try:
            await walk(Plan(stack.env, people, timetable, hires=1))
        except StuckError as error:
            raise AssertionError(f"{error}\n{logs(stack)}") from None
    await people.close()
    assert people.problems == []
    ledger = await read_ledger(stack.env["BATON_KAFKA"])
    (hire,) = ledger.hires()
    assert ledger.outcomes() == {hire: "settled"}
    told = ledger.stages()[hire]
    assert [stage for stage in STRAIGHT if stage in told] == STRAIGHT[1:] or told[-len(STRAIGHT) :] == STRAIGHT
    counts = ledger.obligations()
    assert counts["ended_twice"] == counts["never_opened"] == counts["open"] == 0
    assert counts["opened"] == sum(counts[how] for how in ("met", "met_late", "waived", "transferred", "lapsed", "cancelled"))
    assert max(ledger.messages()[1].values()) == 1
    assert ledger.gaps() == []
    async with httpx.AsyncClient() as http:
        mails = (await http.get(f"http://{stack.env['BATON_SINK_HTTP']}/api/messages")).json()
    ids = [mail["message_id"] for mail in mails]
    assert len(ids) == len(set(ids)) and len(ids) >= 15


async def test_after_the_walk_no_person_can_be_read_anywhere_but_under_their_key(stack: Stack) -> None:
    person = application(1, "urn:qiheng:ats#R-118", at=AT, source="x")["data"]["person"]
    needles = [person["name"], person["email"], *([person["phone"]] if person.get("phone") else [])]
    assert in_logs(Path(stack.home.path), needles) == []
    assert await in_kafka(stack.env["BATON_KAFKA"], needles) == []
    assert await in_kafka(stack.env["BATON_KAFKA"], needles, clear=()) != [], "the search itself finds what is in the clear in `inbound`"
    assert await in_tables(stack.env["BATON_DATABASE"], needles) == []
    read, hits = await in_temporal(stack.env, needles)
    assert read >= 1
    assert hits == []


async def test_after_the_walk_a_crawler_that_opens_and_sends_every_link_changes_nothing(stack: Stack) -> None:
    before = Counter(fact.type for fact in (await read_ledger(stack.env["BATON_KAFKA"])).facts)
    pages = f"http://{stack.env['BATON_NOTIFICATION_HTTP']}"
    async with httpx.AsyncClient(timeout=30) as http:
        mails = (await http.get(f"http://{stack.env['BATON_SINK_HTTP']}/api/messages")).json()
        links = sorted({link for mail in mails for link in mail["links"] if link.startswith(pages)})
        for link in links:
            await http.head(link)
            await http.get(link, headers={"sec-purpose": "prefetch"})
            page = read_page((await http.get(link)).text)
            for _ in range(2):
                await http.post(link, data=hidden_values(page))
    keeper = Keeper(stack.env["BATON_DATABASE_OPS"], Wakes(stack.env["BATON_TEMPORAL"], namespace=stack.env["BATON_TEMPORAL_NAMESPACE"]))
    await keeper.settle()
    await keeper.close()
    assert len(links) > 15, "every mail leads somewhere"
    assert Counter(fact.type for fact in (await read_ledger(stack.env["BATON_KAFKA"])).facts) == before
