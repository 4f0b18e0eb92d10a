"""A client that knows only the published schemas: any order, twice, and every kind of rubbish in between, by Kafka and by HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.clock.keeper import Keeper
from deploy.demo.ledger import read_ledger
from deploy.local.stack import Stack
from tests.support.foreign import Foreign, structured

AT = "2026-09-03T09:00:00+08:00"
CLOUDEVENT = [("content-type", b"application/cloudevents+json")]
TWELVE_MB = 12_000_000


class World:
    """One client's own small world under names nobody else uses."""

    def __init__(self) -> None:
        self.tag = uuid4().hex[:8]

    def contact(self) -> dict[str, Any]:
        return {"externalid": f"hm-{self.tag}", "client": f"org-{self.tag}", "roles": ["hiring_manager"], "person": {
            "name": "Ada Field", "email": f"hm-{self.tag}@example.org", "locale": "en", "zone": "Europe/Berlin"}}

    def client(self) -> dict[str, Any]:
        return {"externalid": f"org-{self.tag}", "name": f"Field Works {self.tag}", "data_agreement": True}

    def staff(self) -> dict[str, Any]:
        return {"externalid": f"rec-{self.tag}", "roles": ["recruiter"], "person": {"name": "Rae Lake", "email": f"rec-{self.tag}@example.org", "locale": "en"}}

    def requisition(self) -> dict[str, Any]:
        return {"externalid": f"job-{self.tag}", "client": f"org-{self.tag}", "title": "Gardener",
                "team": {"recruiter": f"rec-{self.tag}", "hiring_manager": f"hm-{self.tag}"}}

    def application(self, n: int = 1) -> dict[str, Any]:
        return {"externalid": f"app-{self.tag}-{n}", "requisition": f"job-{self.tag}", "origin": "applied", "submitted_at": AT, "skills": ["gardening"],
                "person": {"name": f"Kim Vale {n}", "email": f"kim-{self.tag}-{n}@example.net"}}

    def events(self) -> list[tuple[str, dict[str, Any], int]]:
        """Type, body, version; in the worst order."""
        return [("application.submitted", self.application(), 2), ("requisition.raised", self.requisition(), 1), ("contact.registered", self.contact(), 1),
                ("staff.registered", self.staff(), 1), ("client.registered", self.client(), 1)]


@pytest.fixture
async def http(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    token = next(iter(json.loads(Path(stack.env["BATON_TOKENS"]).read_text())))
    async with httpx.AsyncClient(base_url=f"http://{stack.env['BATON_INTAKE_HTTP']}", headers={"authorization": f"Bearer {token}"}, timeout=60) as client:
        yield client


async def holder_of(stack: Stack, world: World, n: int = 1) -> list[str]:
    """Kinds of the open obligations of this application's hire, from the facts on Kafka alone."""
    ledger = await read_ledger(stack.env["BATON_KAFKA"])
    mine = {hire for hire, body in ledger.hires().items() if str(body.get("externalref")).endswith(f"#app-{world.tag}-{n}")}
    assert len(mine) == 1, f"{len(mine)} hires"
    return [fact.body["kind"] for fact in ledger.of("obligation.opened") if fact.body.get("hire_id") in mine]


async def parked(stack: Stack) -> int:
    pg = await asyncpg.connect(stack.env["BATON_DATABASE_OPS"])
    try:
        return int(await pg.fetchval("select count(*) from intake.parked"))
    finally:
        await pg.close()


async def test_events_when_in_any_order_and_twice_then_one_hire_that_somebody_holds(stack: Stack, keeper: Keeper) -> None:
    world = World()
    async with Foreign(stack.env) as foreign:
        for type_, body, version in [*world.events(), *world.events()]:
            await foreign.publish(type_, body, version=version, time=AT)
            await keeper.settle()
    assert await holder_of(stack, world)


async def test_events_when_structured_by_curl_then_the_same(stack: Stack, keeper: Keeper) -> None:
    world = World()
    token = next(iter(json.loads(Path(stack.env["BATON_TOKENS"]).read_text())))
    for type_, body, version in world.events():
        event = {"specversion": "1.0", "id": f"{type_}/{body['externalid']}", "source": "urn:foreign:curl", "type": f"baton.{type_}", "time": AT,
                 "dataschema": f"https://baton.example/schemas/baton.{type_}/{version}.json", "data": body}
        for wanted in ("accepted", "duplicate"):
            process = await asyncio.create_subprocess_exec(
                "curl", "-sS", "-X", "POST", f"http://{stack.env['BATON_INTAKE_HTTP']}/events", "-H", f"authorization: Bearer {token}",
                "-H", "content-type: application/cloudevents+json", "--data-binary", "@-", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
            out, _ = await process.communicate(structured(event))
            assert wanted in out.decode(), out.decode()
    await keeper.settle()
    assert await holder_of(stack, world)


BAD: dict[str, tuple[bytes | None, list[tuple[str, bytes | None]]]] = {
    "malformed bytes": (b"\xff\xfe\x00{", CLOUDEVENT),
    "no event at all": (b'{"hello": 1}', []),
    "non-UTF-8 header": (b"{}", [("ce_id", b"\xff\xff"), ("ce_source", b"x"), ("ce_type", b"baton.person.registered"), ("ce_specversion", b"1.0")]),
    "null header": (b"{}", [("ce_id", None), ("ce_source", b"x"), ("ce_type", b"baton.person.registered"), ("ce_specversion", b"1.0")]),
    "tombstone": (None, []),
}


@pytest.mark.parametrize("name", BAD)
async def test_record_when_bad_then_set_aside_and_the_next_good_one_passes(stack: Stack, keeper: Keeper, name: str) -> None:
    value, headers = BAD[name]
    before = await parked(stack)
    world = World()
    async with Foreign(stack.env) as foreign:
        await foreign.raw(value, headers, key=b"k")
        for type_, body, version in reversed(world.events()):
            await foreign.publish(type_, body, version=version, time=AT)
    await keeper.settle()
    assert await parked(stack) == before + 1
    assert await holder_of(stack, world)


async def test_body_when_wrong_unknown_or_huge_then_set_aside_and_the_next_good_one_passes(stack: Stack, keeper: Keeper) -> None:
    world, before = World(), await parked(stack)
    async with Foreign(stack.env) as foreign:
        await foreign.publish("person.registered", {"externalid": f"wrong-{world.tag}"})
        await foreign.publish("weather.reported", {"externalid": f"unknown-{world.tag}"})
        for type_, body, version in reversed(world.events()):
            await foreign.publish(type_, body, version=version, time=AT)
        with pytest.raises(Exception, match="(?i)large|size"):
            await foreign.raw(b" " * TWELVE_MB, foreign.headers("person.registered", f"huge-{world.tag}"))
    await keeper.settle()
    assert await parked(stack) == before + 2
    assert await holder_of(stack, world)


async def test_http_when_bad_then_says_so_and_the_next_good_one_passes(stack: Stack, keeper: Keeper, http: httpx.AsyncClient) -> None:
    world = World()
    cloudevent = {"content-type": "application/cloudevents+json"}
    assert (await http.post("/events", content=b"\xff{", headers=cloudevent)).status_code in (400, 422)
    assert (await http.post("/events", content=b" " * TWELVE_MB, headers=cloudevent)).status_code == 413
    assert (await http.post("/events", content=b"{}", headers={**cloudevent, "authorization": "Bearer nobody"})).status_code == 401
    wrong = {"specversion": "1.0", "id": f"wrong-{world.tag}", "source": "urn:foreign:http", "type": "baton.person.registered", "data": {}}
    unknown = {**wrong, "id": f"unknown-{world.tag}", "type": "baton.weather.reported", "data": {"externalid": "x"}}
    for event in (wrong, unknown):
        answer = await http.post("/events", json=event, headers=cloudevent)
        assert answer.status_code < 500 and "parked" in answer.text or answer.status_code in (400, 422), answer.text
    for type_, body, version in reversed(world.events()):
        event = {"specversion": "1.0", "id": f"{type_}/{body['externalid']}", "source": "urn:foreign:http", "type": f"baton.{type_}", "time": AT,
                 "dataschema": f"https://baton.example/schemas/baton.{type_}/{version}.json", "data": body}
        answer = await http.post("/events", json=event, headers=cloudevent)
        assert answer.status_code == 202 and "accepted" in answer.text, answer.text
    await keeper.settle()
    assert await holder_of(stack, world)


async def test_door_when_counted_then_accepted_duplicate_and_parked_are_all_that_was_sent(stack: Stack, keeper: Keeper) -> None:
    await keeper.settle()
    pg = await asyncpg.connect(stack.env["BATON_DATABASE_OPS"])
    said = {row["name"]: row["n"] for row in await pg.fetch("select name, n from intake.tally")}
    await pg.close()
    assert said["sent"] == said["accepted"] + said["duplicate"] + said["parked"] > 0
