"""The door as other systems meet it: plain aiokafka and plain HTTP against the running process."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.stack import Stack
from services.intake.parsing.model import MAX_DOCUMENT_BYTES
from tests.support.foreign import SCHEMAS, Foreign
from tests.support.process import running

BATCH = "application/cloudevents-batch+json"
STRUCTURED = "application/cloudevents+json"


@pytest.fixture(scope="module")
async def door(engines: Stack, provisioned: dict[str, str]) -> AsyncIterator[dict[str, str]]:
    async with running(engines, "intake"):
        yield {**provisioned, "admin": engines.admin_url("intake")}


@pytest.fixture
async def http(door: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    token = next(iter(json.loads(Path(door["BATON_TOKENS"]).read_text())))
    base = f"http://{door['BATON_INTAKE_HTTP']}"
    async with httpx.AsyncClient(base_url=base, headers={"authorization": f"Bearer {token}"}, timeout=30) as client:
        yield client


@pytest.fixture
async def foreign(door: dict[str, str]) -> AsyncIterator[Foreign]:
    async with Foreign(door, source=f"urn:foreign:{uuid.uuid4().hex[:8]}") as publisher:
        yield publisher


async def _until(look: Callable[[], Awaitable[bool]], within: float = 30) -> None:
    end = asyncio.get_running_loop().time() + within
    while not await look():
        assert asyncio.get_running_loop().time() < end, "it did not happen in time"
        await asyncio.sleep(0.1)


async def _tally(door: dict[str, str]) -> dict[str, int]:
    async with httpx.AsyncClient() as client:
        return dict((await client.get(f"{door['admin']}/ops/tally")).json())


def _event(source: str, type_: str, data: dict[str, Any], id_: str = "", version: int = 1) -> dict[str, Any]:
    return {"specversion": "1.0", "id": id_ or f"{type_}-{data.get('externalid')}", "source": source, "type": f"baton.{type_}",
            "dataschema": f"{SCHEMAS}/baton.{type_}/{version}.json", "data": data}


def _application(number: int, source: str) -> dict[str, Any]:
    return {"externalid": f"A-{number}", "requisition": "R-9", "person": {"name": "Ada Brook", "email": f"ada{number}.{source[-6:]}@example.com"}, "skills": ["C++"]}


WORLD: list[tuple[str, dict[str, Any]]] = [
    ("requisition.raised", {"externalid": "R-9", "client": "C-9", "title": "Engineer"}),
    ("client.registered", {"externalid": "C-9", "name": "Harbour Works"}),
]


async def test_kafka_when_any_order_twice_and_rubbish_between_then_one_hire_and_all_accounted_for(
    door: dict[str, str], foreign: Foreign, http: httpx.AsyncClient,
) -> None:
    before = await _tally(door)
    await foreign.publish("application.submitted", _application(1, foreign.source), version=2)
    headers = foreign.headers("application.submitted", "x", version=2)
    for value, marks in [
        (b"\x00\x01 rubbish", []), (b"{}", headers), (json.dumps(_application(2, foreign.source)).encode(), [*headers[:-1], ("ce_subject", None)]),
        (b"{}", [*headers, ("ce_subject", b"\xff\xfe")]), (None, foreign.headers("application.submitted", "t")), (None, []),
        (b"{}", foreign.headers("nobody.knows", "u")), (b'{"specversion": "1.0"}', [("content-type", STRUCTURED.encode())]),
    ]:  # fmt: skip
        await foreign.raw(value, marks, key=b"k" if value is None else None)
    for type_, data in WORLD:
        await foreign.publish(type_, data)
        await foreign.publish(type_, data)
    await foreign.publish("application.submitted", _application(1, foreign.source), version=2)

    async def arrived() -> bool:
        seen = (await http.get(f"/events/{foreign.source}/application.submitted/A-1")).json()
        return seen.get("outcome") == "accepted" and "subject" in seen

    await _until(arrived)

    async def counted() -> bool:
        return (await _tally(door))["sent"] - before["sent"] == foreign.sent

    await _until(counted)
    after = await _tally(door)
    moved = {name: after[name] - before[name] for name in ("sent", "accepted", "duplicate", "parked")}
    assert moved == {"sent": 14, "accepted": 3, "duplicate": 3, "parked": 8}
    refs = (await http.get("/refs", params={"source": foreign.source, "externalid": "A-1"})).json()["refs"]
    assert [r["kind"] for r in refs] == ["application"]


async def test_http_when_batch_then_answers_in_order_and_durable(http: httpx.AsyncClient) -> None:
    source = f"urn:http:{uuid.uuid4().hex[:8]}"
    events = [_event(source, type_, data) for type_, data in reversed(WORLD)]
    events += [_event(source, "application.submitted", _application(1, source), version=2), {"no": "event"}, _event(source, "nobody.knows", {"externalid": "x"})]
    dry = await http.post("/events?dry_run=true", content=json.dumps(events), headers={"content-type": BATCH})
    assert dry.status_code == 200 and [r["outcome"] for r in dry.json()["results"]] == ["accepted"] * 3 + ["parked"] * 2
    assert (await http.get(f"/events/{source}/client.registered-C-9")).status_code == 404
    real = await http.post("/events", content=json.dumps(events), headers={"content-type": BATCH})
    assert real.status_code == 202 and (real.json()["accepted"], real.json()["parked"]) == (3, 2)
    assert [r.get("code") for r in real.json()["results"][3:]] == ["not_a_cloudevent", "unknown_type"]
    again = await http.post("/events", content=json.dumps(events[:3]), headers={"content-type": BATCH})
    assert [r["outcome"] for r in again.json()["results"]] == ["duplicate"] * 3
    seen = (await http.get(f"/events/{source}/application.submitted-A-1")).json()
    assert seen["subject"] == real.json()["results"][2]["subject"]


async def test_http_when_binary_or_structured_then_the_same_event(http: httpx.AsyncClient) -> None:
    source = f"urn:http:{uuid.uuid4().hex[:8]}"
    data = {"externalid": "C-1", "name": "Harbour Works"}
    binary = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": source, "ce-type": "baton.client.registered", "content-type": "application/json",
              "ce-dataschema": f"{SCHEMAS}/baton.client.registered/1.json"}  # fmt: skip
    assert (await http.post("/events", json=data, headers=binary)).json()["accepted"] == 1
    structured = _event(source, "client.registered", data, id_="1")
    assert (await http.post("/events", content=json.dumps(structured), headers={"content-type": STRUCTURED})).json()["duplicate"] == 1


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({"authorization": "Bearer nobody"}, b"{}", 401, "no_token"),
        ({"content-type": "text/plain"}, b"hello", 415, "media_type"),
        ({"content-type": STRUCTURED}, b"\xff\xfe", 400, "not_json"),
        ({"content-type": STRUCTURED}, b"{}", 400, "not_a_cloudevent"),
        ({"content-type": BATCH}, b"{}", 400, "not_a_batch"),
        ({"content-type": BATCH}, b"[" + b",".join([b"{}"] * 501) + b"]", 413, "too_many_events"),
        ({"content-type": BATCH}, b" " * 12_000_000, 413, "too_large"),
    ],
)
async def test_http_when_request_is_wrong_then_a_problem_with_a_cure(
    http: httpx.AsyncClient, headers: dict[str, str], body: bytes, status: int, code: str,
) -> None:
    answer = await http.post("/events", content=body, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json" and problem["detail"] and problem["cure"]
    assert "Traceback" not in answer.text


async def test_documents_when_put_then_named_by_digest_and_limits_hold(http: httpx.AsyncClient) -> None:
    data = f"plain text {uuid.uuid4()}".encode()
    digest = hashlib.sha256(data).hexdigest()
    assert (await http.put(f"/documents/{digest}", content=data)).status_code == 201
    assert (await http.put(f"/documents/{'0' * 64}", content=data)).json()["code"] == "digest_differs"
    huge = await http.put(f"/documents/{digest}", content=b"x" * (MAX_DOCUMENT_BYTES + 1))
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")


async def test_files_when_handed_over_then_each_becomes_something_or_is_parked(http: httpx.AsyncClient) -> None:
    source = f"urn:files:{uuid.uuid4().hex[:8]}"
    posting = json.dumps({"@type": "JobPosting", "title": "Engineer", "hiringOrganization": {"name": f"Org {source}"}}).encode()
    resume = json.dumps({"basics": {"name": "Ida Lind", "email": f"ida.{source[-6:]}@example.com"}}).encode()
    results = []
    for name, data in [("job.json", posting), ("ida.json", resume), ("ida.txt", b"Ida Lind\nida." + source[-6:].encode() + b"@example.com\nC++ engineer"), ("x.doc", b"\xd0\xcf")]:
        answer = await http.post("/files", params={"name": name, "requisition": "R-F", "source": source}, content=data)
        results.append(answer.json()["results"][0])
    assert [r["outcome"] for r in results] == ["accepted", "accepted", "accepted", "parked"]
    assert results[2]["code"] == "joined" and results[2]["subject"] == results[1]["subject"] and results[3]["code"] == "word_97"


async def test_parked_when_repaired_over_ops_then_replayed(door: dict[str, str], http: httpx.AsyncClient) -> None:
    source = f"urn:http:{uuid.uuid4().hex[:8]}"
    bad = _event(source, "client.registered", {"externalid": "C-1"})
    parked = (await http.post("/events", content=json.dumps(bad), headers={"content-type": STRUCTURED})).json()["results"][0]["parked_id"]
    url = f"{door['admin']}/ops/parked/{parked}"
    async with httpx.AsyncClient() as ops:
        assert (await ops.post(f"{url}/replay")).json()["code"] == "still_wrong"
        assert (await ops.get(url)).json()["code"] == "wrong_body"
        assert (await ops.post(f"{url}/repair", json={"externalid": "C-1", "name": "Harbour Works"})).json() == {"state": "repaired"}
        assert (await ops.post(f"{url}/replay")).json() == {"state": "replayed"}
        assert (await ops.post(f"{url}/replay")).status_code == 404
        assert (await ops.post(f"{url}/discard", json={})).json()["code"] == "reason_missing"
    assert (await http.get(f"/events/{source}/client.registered-C-1")).json()["outcome"] == "accepted"


async def test_description_when_asked_for_then_names_types_and_schemas_are_served(http: httpx.AsyncClient) -> None:
    described = (await http.get("/openapi.json")).json()
    names = described["components"]["schemas"]["CloudEvent"]["properties"]["type"]["examples"]
    assert described["openapi"] == "3.1.0" and "baton.application.submitted" in names
    schema = (await http.get("/schemas/baton.application.submitted/2.json")).json()
    assert schema["$id"].endswith("/schemas/baton.application.submitted/2.json")
    assert (await http.get("/schemas/../topics.py")).status_code == 404
