"""One person in several hires, against a real database: merged persons, and a yes in one hire while others are open."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.base import derive_id
from shared.contracts.offer import OfferAccepted
from shared.contracts.party import PersonMerged
from tests.integration.test_workflows_parts import CANDIDATE, Parts, parts
from workflows import store, twins
from workflows.bridge import Bridge
from workflows.hire.state import load
from workflows.resolve import Outgoing

__all__ = ["parts"]
AT = datetime(2026, 9, 2, tzinfo=UTC)


async def fanned(parts: Parts, hire_id: UUID) -> list[dict[str, Any]]:
    """What this hire is told by fan-out."""
    rows = await parts.rows(
        "select convert_from(value, 'UTF8') as body from outbox where key = :key and topic = 'workflows.commands' order by id", key=str(hire_id))
    return [json.loads(next(iter(values))) for values in rows]


async def begun(parts: Parts, requisition: UUID, hire: UUID) -> None:
    """A hire that has a state."""
    await parts.take_in(parts.receipts, parts.applied(requisition, hire))
    state = await Bridge(parts.db, None, "")._beginning(hire)  # type: ignore[arg-type]
    assert state is not None
    async with parts.db.unit() as uow:
        await uow.run("update hires set state = cast(:state as jsonb) where hire_id = :id", state=state.model_dump_json(), id=hire)


async def test_a_person_when_merged_then_their_hires_are_the_others_and_one_of_two_for_a_requisition_is_looked_at(parts: Parts) -> None:
    requisition, first, second = await parts.refer(), uuid4(), uuid4()
    kept, gone = derive_id("test", "kept", first), derive_id("test", "gone", first)
    for hire, person in ((first, kept), (second, gone)):
        await parts.take_in(parts.receipts, parts.applied(requisition, hire).model_copy(update={"person_id": person}))
    await parts.take_in(parts.receipts, PersonMerged(person_id=kept, merged_id=gone, merged_at=AT))
    assert await parts.count("select count(*) from hires where person_id = :id", id=kept) == 2
    told = [body["cause_type"] for hire in (first, second) for body in await fanned(parts, hire)]
    assert sorted(told) == ["person.merged", "twin.noted"], "one of the two is looked at"


async def test_a_yes_when_given_then_the_persons_other_open_hires_hear_that_there_was_one(parts: Parts) -> None:
    here, there, mine, other = await parts.refer(), await parts.refer(), uuid4(), uuid4()
    for requisition, hire in ((here, mine), (there, other)):
        await begun(parts, requisition, hire)
    async with parts.db.unit() as uow:
        stored = await store.state_of(uow, mine)
        assert stored is not None
        yes = OfferAccepted(offer_id=uuid4(), hire_id=mine, version=1, accepted_at=AT, start_at=AT)
        await twins.accepted(uow, load(stored).model_copy(update={"duties": ["release_others"]}), [Outgoing(yes, AT)])
        await uow.run("update hires set closed_at = :at where person_id = :person", at=AT, person=CANDIDATE)
    told = await fanned(parts, other)
    assert [body["cause_type"] for body in told] == ["other.accepted"] and not await fanned(parts, mine)
    assert str(here) not in json.dumps(told) and str(mine) not in json.dumps(told), "where the yes was given is nobody's business"
