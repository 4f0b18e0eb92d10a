"""Reporting on real servers: every fact archived once, projections equal to the archive, the read API with its errors, the report."""

import asyncio
import json
import random
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaProducer

from services.reporting import store
from shared.contracts.catalog import LATEST, decode
from shared.contracts.topics import topic_of
from tests.support.process import running
from tests.support.reporting_story import BEGIN, CLIENT, HireStory, Teller, records, rejected, settled, waiting

PREFIX = "reporting-test"


def stories() -> tuple[list, dict[str, HireStory]]:
    teller = Teller()
    records(teller)
    made = {"settled": settled(teller, f"{PREFIX}-song"), "rejected": rejected(teller, f"{PREFIX}-wei"), "waiting": waiting(teller, f"{PREFIX}-lin")}
    return teller.told, made


async def publish(bootstrap: str, told: list) -> None:
    """Each owner's facts in their order, owners mixed; the first twenty twice; and one that nobody knows, and one that is broken."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    by_owner: dict[str, list] = {}
    for envelope in told:
        by_owner.setdefault(envelope.source, []).append(envelope)
    order = random.Random(7)
    queues = [list(queue) for queue in by_owner.values()]
    sent = []
    while queues:
        queue = order.choice(queues)
        sent.append(queue.pop(0))
        queues = [q for q in queues if q]
    for envelope in [*sent, *sent[:20]]:
        topic = topic_of(LATEST[envelope.type]).name
        await producer.send(topic, envelope.data, key=decode(envelope).key().encode(), headers=envelope.kafka_headers())
    await producer.send("workflows.events", b"{}", key=b"k", headers=[("ce_id", b"1"), ("ce_source", b"s"), ("ce_type", b"baton.never.heard")])
    await producer.flush()
    await producer.stop()


@pytest.fixture(scope="module")
async def reporting(engines, provisioned):
    """The process with all facts of three hires read; an HTTP client with the local token."""
    told, made = stories()
    async with running(engines, "reporting"):
        await publish(provisioned["BATON_KAFKA"], told)
        pg = await asyncpg.connect(provisioned["BATON_DATABASE_REPORTING"], server_settings={"search_path": "reporting"})
        ids = [envelope.id for envelope in told]
        for _ in range(300):
            if await pg.fetchval("select count(*) from events where id = any($1::text[])", ids) == len(ids):
                break
            await asyncio.sleep(0.1)
        token = next(iter(json.loads(Path(provisioned["BATON_TOKENS"]).read_text())))
        async with httpx.AsyncClient(base_url="http://" + provisioned["BATON_REPORTING_HTTP"], headers={"authorization": f"Bearer {token}"}, timeout=30) as http:
            yield pg, http, made, told
        await pg.close()


async def test_archive_when_facts_come_twice_and_mixed_then_each_is_there_once_as_published(reporting):
    pg, _, _, told = reporting
    rows = {row["id"]: row for row in await pg.fetch("select * from events where id = any($1::text[])", [e.id for e in told])}
    assert len(rows) == len(told)
    for envelope in told:
        row = rows[envelope.id]
        body = envelope.json()
        if envelope.type == "baton.person.recorded":
            assert body.pop("identity")
        assert json.loads(row["body"]) == body
        assert (row["source"], row["type"], row["subject"], row["time"], row["sequence"]) == (
            envelope.source, envelope.type, envelope.subject, envelope.time, int(envelope.sequence))


async def test_rebuild_when_projections_are_dropped_then_the_difference_is_empty(reporting):
    pg, _, made, _ = reporting
    assert await store.differences(pg) == []
    before = {table: await pg.fetch(f"select * from {table} order by 1, 2") for table in store.KEYS}
    async with pg.transaction():
        counts = await store.rebuild(pg)
    after = {table: await pg.fetch(f"select * from {table} order by 1, 2") for table in store.KEYS}
    assert after == before and counts["hires"] == len(before["hires"])
    assert await store.differences(pg) == []


async def test_differences_when_a_row_is_changed_missing_or_too_many_then_each_is_found(reporting):
    pg, _, made, _ = reporting
    transaction = pg.transaction()
    await transaction.start()
    await pg.execute("update hires set outcome = 'left' where hire_id = $1", made["settled"].hire)
    await pg.execute("delete from messages where hire_id = $1 and purpose = 'result'", made["rejected"].hire)
    await pg.execute("insert into decisions (event_id, hire_id, decision, stage, at) values ('never', $1, 'hire', 'deciding', now())", made["settled"].hire)
    found = await store.differences(pg)
    await transaction.rollback()
    assert f"hires/{made['settled'].hire}" in found
    assert any(name.startswith("messages/") and name.endswith("/missing") for name in found)
    assert "decisions/1 rows too many" in found
    assert len(found) == 3


async def test_hires_when_filtered_and_paged_then_complete_and_in_order(reporting):
    _, http, made, _ = reporting
    mine = {str(story.hire) for story in made.values()}
    seen, after = [], ""
    while True:
        page = (await http.get("/hires", params={"limit": 1, "after": after})).json()
        seen += [row["hire_id"] for row in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert mine <= set(seen) and len(seen) == len(set(seen))
    live = (await http.get("/hires", params={"state": "live", "owner": "candidate", "client": "Harbour Robotics", "requisition": "R-118"})).json()["items"]
    assert [row["hire_id"] for row in live if row["hire_id"] in mine] == [str(made["waiting"].hire)]
    row = next(row for row in live if row["hire_id"] in mine)
    assert (row["baton"]["role"], row["baton"]["kind"]) == ("candidate", "choose_slot")
    assert (await http.get("/hires", params={"outcome": "settled"})).json()["items"]


async def test_hire_when_asked_by_id_beginning_or_reference_then_its_whole_story(reporting):
    _, http, made, _ = reporting
    story = made["settled"]
    for name in (str(story.hire), str(story.hire)[:12], f"ats/{story.name}"):
        got = (await http.get(f"/hires/{name}")).json()
        assert got["hire_id"] == str(story.hire)
    assert [leg["kind"] for leg in got["legs"] if leg["state"] != "house"] == ["review_application", "choose_slot", "round_verdict"]
    assert got["outcome"] == "settled" and got["client"] == "海港机器人"
    assert len(got["facts"]) > 20 and got["facts"][0]["type"] == "baton.application.received"
    svg = await http.get(f"/hires/{story.hire}/lane.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml") and "hiring manager" in svg.text


async def test_why_and_whynot_when_asked_then_rule_facts_and_reason(reporting):
    _, http, made, _ = reporting
    why = (await http.get(f"/why/{made['waiting'].hire}")).json()
    assert why["rule"] == "choose_slot: within 1 wd" and why["policy_version"] == "p1"
    assert why["facts"][0]["type"] == "baton.obligation.opened" and why["facts"][-1]["type"] == "baton.application.received"
    hire = made["rejected"].hire
    not_reminded = (await http.get(f"/whynot/remind/{hire}")).json()
    assert not_reminded["happened"] is False and not_reminded["reasons"][0]["code"] == "message_suppressed"
    assert (await http.get(f"/whynot/offer_answer/{hire}")).json()["reasons"][0]["code"] == "hire_closed"
    assert (await http.get(f"/whynot/result/{hire}")).json()["happened"] is True
    assert (await http.get(f"/whynot/scorecard/{made['waiting'].hire}")).json()["reasons"][0]["code"] == "waits_for"


async def test_metric_when_drilled_then_the_event_ids_are_in_the_archive(reporting):
    pg, http, made, _ = reporting
    listed = (await http.get("/metrics")).json()["items"]
    for contract in listed:
        got = (await http.get(f"/metrics/{contract['id']}", params={"drill": "1"})).json()
        assert got["definition"]["zh"] and got["kind"] in ("cohort", "completion", "snapshot")
        assert sum(g["n"] + g["open"] + g["apart"] for g in got["groups"]) == len(got["cases"])
        ids = [name for case in got["cases"] for name in case["events"]]
        assert ids and await pg.fetchval("select count(distinct id) from events where id = any($1::text[])", ids) == len(set(ids))
    told = (await http.get("/metrics/M19", params={"drill": "1"})).json()["cases"]
    mine = {case["hire_id"]: case for case in told}
    assert mine[str(made["rejected"].hire)]["state"] == "miss" and mine[str(made["settled"].hire)]["state"] == "hit"


async def test_metric_when_cut_by_days_of_a_wall_then_its_steps_hold_what_ended_in_them_and_a_branch_stands_apart(reporting):
    _, http, _, _ = reporting
    whole = (await http.get("/metrics/M19", params={"drill": "1"})).json()
    days = sorted(datetime.fromisoformat(case["at"]).astimezone(ZoneInfo("Europe/Berlin")).date() for case in whole["cases"])
    first = {"from": days[0].isoformat(), "until": days[0].isoformat(), "zone": "Europe/Berlin", "by": "day", "drill": "1"}
    cut = (await http.get("/metrics/M19", params=first)).json()
    assert cut["period"] == {"from": first["from"], "until": first["until"], "zone": "Europe/Berlin", "by": "day"}
    assert 0 < len(cut["cases"]) == days.count(days[0]) and [step["day"] for step in cut["series"]] == [first["from"]]
    branches = (await http.get("/metrics/M19", params={"zone": "branch"})).json()["branches"]
    assert {one["zone"] for one in branches} and sum(g["n"] for one in branches for g in one["groups"]) == sum(g["n"] for g in whole["groups"])
    text = (await http.get("/report", params={"lang": "en", "from": first["from"], "zone": "branch"})).text
    assert f"{first['from']} – … (each branch’s own time)" in text


async def test_invariants_when_all_is_well_then_no_gaps_and_the_ledger_adds_up(reporting):
    pg, http, made, told = reporting
    got = (await http.get("/invariants")).json()
    assert got["ledger"]["adds_up"] and not [gap for gap in got["gaps"] if str(made["settled"].hire) in gap["subject"]]
    lost = next(e for e in told if e.subject == f"hire/{made['settled'].hire}" and e.sequence == "3")
    await pg.execute("update events set sequence = 99 where id = $1", lost.id)
    got = (await http.get("/invariants")).json()
    await pg.execute("update events set sequence = 3 where id = $1", lost.id)
    assert [gap["subject"] for gap in got["gaps"]] == [f"hire/{made['settled'].hire}"]


@pytest.mark.parametrize(("path", "status", "code"), [
    ("/hires/00000000-0000-0000-0000-000000000000", 404, "no_such_hire"), ("/hires?limit=many", 422, "bad_parameter"),
    ("/metrics/M99", 404, "no_such_metric"), ("/metrics/M8?zone=Mars", 422, "bad_parameter"), ("/report?from=soon", 422, "bad_parameter"), ("/nothing", 404, "not_found"), ("/schemas/baton.none/1.json", 404, "no_such_schema")])
async def test_api_when_asked_wrongly_then_a_problem_with_a_stable_code(reporting, path, status, code):
    _, http, _, _ = reporting
    got = await http.get(path)
    assert got.status_code == status and got.headers["content-type"] == "application/problem+json"
    assert got.json()["code"] == code and got.json()["detail"]


async def test_api_when_no_or_a_wrong_token_then_refused(reporting):
    _, http, _, _ = reporting
    for header in ("", "Bearer nonsense", "Basic abc"):
        got = await http.get("/hires", headers={"authorization": header})
        assert got.status_code == 401 and got.json()["code"] in ("no_token", "unknown_token")


async def test_described_when_read_without_a_token_then_schemas_and_openapi(reporting):
    _, http, _, _ = reporting
    async with httpx.AsyncClient(base_url=http.base_url) as foreign:
        schema = (await foreign.get("/schemas/baton.application.submitted/2.json")).json()
        assert schema["$id"].endswith("/schemas/baton.application.submitted/2.json")
        assert "/hires/{id}" in (await foreign.get("/openapi.json")).json()["paths"]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_report_when_made_then_self_contained_and_without_a_sealed_word(reporting, lang):
    _, http, made, _ = reporting
    text = (await http.get("/report", params={"lang": lang, "hire": str(made["settled"].hire)})).text
    assert ("棒现在在谁手里" if lang == "zh" else "Who holds the baton now") in text
    assert str(made["waiting"].hire)[:8] in text and "<svg" in text and "<style>" in text
    assert "<script" not in text and "http://" not in text and "https://" not in text
    assert "c2VhbGVk" not in text and str(CLIENT) not in text
    assert BEGIN is not None
