"""The door on a real database: any order, twice, conflicts, parked and repaired, people found again, nothing in the clear."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.intake.again import expire, replay_parked
from services.intake.apply import documents
from services.intake.domain import Delivery
from services.intake.foreign import event_of_file
from services.intake.store import door, people
from services.intake.usecases import Desk, receive
from shared.contracts.envelope import EnvelopeError
from shared.runtime.errors import KeyErasedError
from tests.support.intake_desk import CAST, application, bring, event, open_desk, rows, small_world


@pytest.fixture
async def desk(database: dict[str, str]) -> AsyncIterator[Desk]:
    async with open_desk(database) as opened:
        yield opened


@pytest.fixture
def source() -> str:
    return f"urn:test:{uuid.uuid4().hex[:8]}"


async def _events(desk: Desk, subject: str) -> list[dict[str, Any]]:
    found = await rows(desk, "select topic, headers, value from outbox order by id")
    return [{"type": json.loads(r["headers"])["type"], **json.loads(r["value"])} for r in found if json.loads(r["headers"])["subject"] == subject]


async def test_events_when_they_come_in_the_wrong_order_then_wait_and_are_applied(desk: Desk, source: str) -> None:
    first = await bring(desk, application(1, source), *small_world(source))
    assert [o.state for o in first] == ["accepted"] * 4
    assert str(first[0].waiting_for) == f"{source}#R-1" and first[3].waiting_for is None
    stored = await rows(desk, "select a.*, i.state as door from applications a join inbound i on i.source = :s and i.id = 'application.submitted/A-1'"
                              " where externalref = :ref", s=source, ref=f"{source}#A-1")  # fmt: skip
    assert len(stored) == 1 and stored[0]["door"] == "accepted"
    received = [e for e in await _events(desk, f"application/{stored[0]['application_id']}") if e["type"] == "baton.application.received"]
    assert len(received) == 1
    assert received[0]["facts"]["skills"] == ["skill:cpp"] and received[0]["externalref"] == f"{source}#A-1"
    assert received[0]["hire_id"] == received[0]["application_id"]


async def test_event_when_sent_twice_then_duplicate_and_nothing_more(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source))
    both = await bring(desk, application(1, source), application(1, source))
    again = await bring(desk, application(1, source))
    assert [o.state for o in both] == ["accepted", "duplicate"] and again[0].state == "duplicate"
    assert len(await rows(desk, "select 1 from applications where externalref = :r", r=f"{source}#A-1")) == 1


async def test_event_when_changed_under_the_same_id_then_parked_as_conflict(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source), application(1, source))
    outcome = (await bring(desk, application(1, source, years=7)))[0]
    assert (outcome.state, outcome.code) == ("parked", "conflict") and outcome.parked_id
    kept = await rows(desk, "select facts from applications where externalref = :r", r=f"{source}#A-1")
    assert json.loads(kept[0]["facts"])["years"] is None


async def test_tally_when_everything_was_sent_then_sums_up(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source), application(1, source), application(1, source), event("nonsense.told", {"externalid": "x"}, source=source))
    async with desk.db.unit() as uow:
        tally = await door.tally(uow)
    assert tally["sent"] == tally["accepted"] + tally["duplicate"] + tally["parked"] > 0


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda s: event("application.submitted", {"externalid": "X", "requisition": "R-1"}, source=s, version=2), "no_person"),
        (lambda s: event("application.submitted", {"requisition": "R-1"}, source=s, version=2), "wrong_body"),
        (lambda s: event("nonsense.told", {"externalid": "X"}, source=s), "unknown_type"),
        (lambda s: event("stage.entered", {"externalid": "X"}, source=s), "not_for_the_door"),
        (lambda s: event("requisition.raised", {"externalid": "Q", "client": "C-1", "title": "t", "currency": "QQQ"}, source=s), "unknown_currency"),
        (lambda s: event("requisition.raised", {"externalid": "Q", "client": "C-1", "title": "t", "zone": "Mars/Base"}, source=s), "unknown_zone"),
        (lambda s: event("absence.recorded", {"externalid": "Q", "person": "HM", "starts_at": "2026-09-05T00:00:00Z", "ends_at": "2026-09-04T00:00:00Z"}, source=s),
         "wrong_body"),
    ],
)  # fmt: skip
async def test_event_when_wrong_then_parked_with_reason_and_the_next_one_passes(desk: Desk, source: str, made: Any, code: str) -> None:
    outcomes = await bring(desk, *reversed(small_world(source)), made(source), application(2, source))
    assert (outcomes[3].state, outcomes[3].code) == ("parked", code) and outcomes[3].reason
    assert outcomes[4].state == "accepted"


async def test_report_when_brought_without_grant_then_parked(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source), application(1, source))
    start = event("start.reported", {"externalid": "A-1", "result": "started"}, source=source)
    act = event("command.act", {"externalid": "A-1", "act": "pause", "reason": "test"}, source=source)
    assert [o.code for o in await bring(desk, start, act, granted=False)] == ["no_grant", "no_grant"]


async def test_person_when_same_mail_or_phone_then_joins_the_hire(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source))
    number = f"+8613{uuid.uuid4().int % 10**9:09d}"
    one = application(1, source, person={"name": "秦望舒", "email": f"wq.{source[-6:]}@example.cn", "phone": number}, years=4)
    two = application(2, source, person={"name": "秦望舒", "phone": number}, years=6)
    three = application(3, source, person={"name": "Qin Wangshu", "email": f"WQ.{source[-6:]}@example.cn"})
    outcomes = await bring(desk, one, two)
    outcomes += await bring(desk, three)
    assert len({o.subject for o in outcomes}) == 1 and [o.code for o in outcomes] == ["", "joined", "joined"]
    told = await _events(desk, outcomes[0].subject)
    assert [e["type"].rpartition(".")[2] for e in told] == ["received", "changed", "suspected", "changed", "suspected"]
    assert [e["by"] for e in told if e["type"].endswith("suspected")] == ["phone", "mail"]
    assert [e["facts"]["years"] for e in told if "facts" in e] == [4, 6, 6]


async def test_parked_when_repaired_then_taken_in_and_the_tally_moves(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source))
    bad = application(1, source)
    del bad["data"]["externalid"]
    outcome = (await bring(desk, bad))[0]
    assert outcome.parked_id and outcome.code == "wrong_body"
    still = await replay_parked(desk, outcome.parked_id)
    assert still and still.state == "parked"
    async with desk.db.unit() as uow:
        before = await door.tally(uow)
        found = await door.open_parked(uow, desk.vault, outcome.parked_id)
        assert found is not None
        found[0].envelope = type(found[0].said)(**{**_fields(found[0].said), "data": json.dumps(application(1, source)["data"]).encode()})
        await door.reseal_parked(uow, desk.vault, outcome.parked_id, found[0])
    taken = await replay_parked(desk, outcome.parked_id)
    assert taken and taken.state == "accepted" and taken.subject
    async with desk.db.unit() as uow:
        after = await door.tally(uow)
    assert (after["parked"], after["accepted"], after["sent"]) == (before["parked"] - 1, before["accepted"] + 1, before["sent"])
    assert await replay_parked(desk, outcome.parked_id) is None


def _fields(envelope: Any) -> dict[str, Any]:
    return {name: getattr(envelope, name) for name in envelope.__slots__}


async def test_parked_when_the_publisher_sends_it_right_under_the_same_id_then_accepted(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source))
    bad = {**application(1, source), "data": {"requisition": "R-1"}}
    assert (await bring(desk, bad))[0].state == "parked"
    assert (await bring(desk, application(1, source)))[0].state == "accepted"


async def test_waiting_when_seven_days_passed_then_parked(desk: Desk, source: str) -> None:
    assert (await bring(desk, application(1, source)))[0].waiting_for
    await rows(desk, "update waiting set expires_at = waiting_at - interval '1 day' where source = :s returning 1", s=source)
    assert await expire(desk) == 1
    row = (await rows(desk, "select state, code from inbound where source = :s", s=source))[0]
    assert (row["state"], row["code"]) == ("parked", "reference_missing")


async def test_document_when_named_before_it_is_put_then_waits_and_is_read(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source))
    data = (CAST / "files/R-118/song-zhiyuan.pdf").read_bytes() + b"\n" * (uuid.uuid4().int % 1000)
    digest = hashlib.sha256(data).hexdigest()
    brought = application(1, source, person=None, document={"name": "cv.pdf", "sha256": digest})
    assert str((await bring(desk, brought))[0].waiting_for) == f"#{digest}"
    async with desk.db.unit() as uow:
        assert await documents.put(uow, desk.vault, desk.blobs, data) == digest
    await bring(desk)
    stored = (await rows(desk, "select * from applications where externalref = :r", r=f"{source}#A-1"))[0]
    facts = json.loads(stored["facts"])
    assert stored["document_digest"] == digest and "skill:motion-control" in facts["skills"] and facts["years"] > 8
    assert facts["confidence"]["degree_level"] > 0.9 and facts["places"]["degree_level"].startswith("line ")


async def test_document_when_inline_and_unreadable_then_a_hire_with_its_defect(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source))
    outcomes = await bring(desk, *(
        application(n, source, person=None, document={"name": name, "content": base64.b64encode(content).decode()})
        for n, (name, content) in enumerate([("a.pdf", b"%PDF-1.4 broken"), ("b.docx", b""), ("c.exe", b"MZ..")])))  # fmt: skip
    assert [o.state for o in outcomes] == ["accepted", "accepted", "parked"] and outcomes[2].code == "program"
    found = await rows(desk, "select defect from applications where externalref like :s order by externalref", s=f"{source}#%")
    assert [r["defect"] for r in found] == ["damaged", "empty"]


async def test_cast_when_thrown_in_then_thirty_hires_and_every_file_accounted_for(desk: Desk) -> None:
    await bring(desk, *json.loads((CAST / "requisitions.json").read_text()), *json.loads((CAST / "reference.json").read_text()))
    told: dict[str, list[str]] = {"hire": [], "hire_with_defect": [], "joins": [], "parked": []}
    for record in json.loads((CAST / "manifest.json").read_text())["records"]:
        data = (CAST / record["file"]).read_bytes()
        try:
            envelope = event_of_file(record["file"], data, source=record["source"], requisition=f"urn:qiheng:ats#{record['requisition']}",
                                     origin=record["origin"], externalid=record["externalid"])  # fmt: skip
        except EnvelopeError as problem:
            told["parked"].append(problem.code)
            continue
        async with desk.db.unit() as uow:
            await documents.put(uow, desk.vault, desk.blobs, data)
        delivery = Delivery(envelope, envelope.data)
        await receive(desk, [delivery])
        assert delivery.outcome.state == "accepted", (record["file"], delivery.outcome)
        assert (delivery.outcome.code == "joined") == (record["expect"] == "joins"), record["file"]
        told[record["expect"]].append(delivery.outcome.subject)
    assert len(set(told["hire"] + told["hire_with_defect"])) == 30 and set(told["joins"]) <= set(told["hire"]) and told["parked"] == ["malformed_json"]


async def test_person_when_erased_then_nothing_opens_any_more(desk: Desk, source: str) -> None:
    await bring(desk, *small_world(source), application(1, source))
    person = (await rows(desk, "select person_id from applications where externalref = :r", r=f"{source}#A-1"))[0]["person_id"]
    async with desk.db.unit() as uow:
        assert (await people.identity(uow, desk.vault, person))["name"] == "Test Person 1"
    await bring(desk, event("person.registered", {"externalid": "P-1", "person": application(1, source)["data"]["person"]}, source=source))
    assert (await bring(desk, event("erasure.requested", {"externalid": "P-1"}, source=source)))[0].state == "accepted"
    async with desk.db.unit() as uow:
        assert await people.identity(uow, desk.vault, person) == {}
        assert await desk.vault.keys(uow, [person]) == {}
    sealed = [e for e in await _events(desk, f"person/{person}") if e.get("identity")][0]["identity"]
    with pytest.raises(KeyErasedError):
        desk.vault.open(people.Sealed.model_validate(sealed), None)


async def test_personal_data_when_stored_and_told_then_nowhere_in_the_clear(desk: Desk, source: str) -> None:
    secret = f"Zebulon{uuid.uuid4().hex[:6]}"
    person = {"name": secret, "email": f"{secret.lower()}@example.com", "phone": "+86139" + f"{uuid.uuid4().int % 10**8:08d}", "address": f"{secret} Street 1"}
    await bring(desk, application("wait", source, person=person))
    await bring(desk, *small_world(source), application(1, source, person=person), {**application(2, source, person=person), "data": {"name": secret}})
    for table in await rows(desk, "select table_name as t from information_schema.tables where table_schema = 'intake' and table_type = 'BASE TABLE'"):
        leaked = await rows(desk, f"select count(*) as n from {table['t']} x where lower(x::text) like :s", s=f"%{secret.lower()}%")  # noqa: S608
        assert leaked[0]["n"] == 0, table["t"]
        hexed = await rows(desk, f"select count(*) as n from {table['t']} x where x::text like :s", s=f"%{secret.encode().hex()}%")  # noqa: S608
        assert hexed[0]["n"] == 0, table["t"]
