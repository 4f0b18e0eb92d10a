"""A great batch at the door goes in as two transactions side by side: each record once, whatever breaks between them."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.intake.handlers import WORTH_TWO, InboundRouter
from services.intake.store import door
from services.intake.usecases import Desk
from shared.contracts.envelope import from_structured
from shared.contracts.topics import INBOUND
from shared.runtime.db import Uow
from shared.runtime.records import StoredRecord
from tests.support.intake_desk import application, bring, open_desk, rows, small_world

N = WORTH_TWO + 40


@pytest.fixture
async def desk(database: dict[str, str]) -> AsyncIterator[Desk]:
    async with open_desk(database) as opened:
        yield opened


def _records(events: list[dict[str, Any]]) -> list[StoredRecord]:
    """On partitions that no other test reads; an event that is there twice stands in an odd one and in an even one."""
    first, offsets, made = uuid.uuid4().int % 10**6 * 100, dict[int, int](), []
    for number, event in enumerate(events):
        envelope, part = from_structured(event), first + number % 5
        offsets[part] = offset = offsets.get(part, -1) + 1
        made.append(StoredRecord(INBOUND.name, part, offset, b"", envelope.data, envelope.kafka_headers()))
    return made


async def _numbers(desk: Desk, source: str) -> tuple[int, int, int]:
    """(applications, people, events in the outbox) that came of this source's applications."""
    found = await rows(desk, "select application_id, person_id from applications where externalref like :s", s=source + "#%")
    told = await rows(desk, "select headers from outbox where headers like :s", s=f"%{source}#A-%")
    received = [one for one in told if json.loads(one["headers"])["type"] == "baton.application.received"]
    return len(found), len({one["person_id"] for one in found}), len(received)


async def _sent(desk: Desk) -> int:
    async with desk.db.unit() as uow:
        return (await door.tally(uow))["sent"]


async def test_batch_when_great_then_each_once_and_one_person_on_both_sides_is_one(desk: Desk) -> None:
    source = f"urn:test:{uuid.uuid4().hex[:8]}"
    await bring(desk, *small_world(source))
    same = {"name": "秦望舒", "email": f"same.{source[-6:]}@example.cn"}
    again = [application(n, source) for n in range(3)]
    events = [*(application(n, source) for n in range(N)), application("X", source, person=same), *again,
              application(N, source), application(N + 1, source), application("Y", source, person=same)]
    records, before = _records(events), await _sent(desk)
    assert all(records[n].partition % 2 != records[N + 1 + n].partition % 2 for n in range(3)) and (records[N].partition + records[-1].partition) % 2
    await InboundRouter(desk).process(desk.db, records)
    await InboundRouter(desk).process(desk.db, records)  # as after a rebalance
    assert await _sent(desk) - before == len(records), "what was handled before the last commit counts once"
    assert await _numbers(desk, source) == (N + 3, N + 3, N + 3)


async def test_batch_when_one_side_breaks_then_the_other_stays_and_nothing_is_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    source = f"urn:test:{uuid.uuid4().hex[:8]}"
    await bring(desk, *small_world(source))
    records, note = _records([application(n, source) for n in range(N)]), door.note_consumed

    async def gone(uow: Uow, topic: str, upto: dict[int, int]) -> None:
        if any(part % 2 for part in upto):
            raise ConnectionResetError("the database went away")
        await note(uow, topic, upto)

    monkeypatch.setattr(door, "note_consumed", gone)
    with pytest.raises(ConnectionResetError):
        await InboundRouter(desk).process(desk.db, records)
    stored = (await _numbers(desk, source))[0]
    assert stored == len([one for one in records if one.partition % 2 == 0]), "the side that did not break is stored"
    monkeypatch.setattr(door, "note_consumed", note)
    await InboundRouter(desk).process(desk.db, records)
    assert await _numbers(desk, source) == (N, N, N)
