"""What workflows order from intake, on a real database: disclosures behind their guard, offers in sealed versions, corrections."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.intake.handlers import OrderRouter, make_routers
from services.intake.store import entities
from services.intake.usecases import Desk
from shared.contracts.application import Disclose
from shared.contracts.ask import Answer, AskAnswered
from shared.contracts.base import Message
from shared.contracts.offer import DraftOffer, ReviseOffer
from shared.contracts.requisition import RequisitionRecord
from shared.contracts.sealed import Sealed
from tests.support.bus import record_of
from tests.support.intake_desk import application, bring, event, open_desk, rows, small_world

NOW = datetime(2026, 9, 4, 9, tzinfo=UTC)


@pytest.fixture
async def desk(database: dict[str, str]) -> AsyncIterator[Desk]:
    async with open_desk(database) as opened:
        yield opened


@pytest.fixture
async def hire(desk: Desk) -> dict[str, Any]:
    """An application on a requisition of a client in a group; its ids."""
    source = f"urn:test:{uuid.uuid4().hex[:8]}"
    group = [event("client.registered", {"externalid": name, "name": f"{name} {source}", "group_of": "G"}, source=source) for name in ("G", "SISTER")]
    world = small_world(source)
    world[2]["data"] |= {"group_of": "G", "data_agreement": False}
    await bring(desk, *group, *world, application(1, source))
    row = (await rows(desk, "select application_id, person_id, requisition_id, client_id from applications where externalref = :r", r=f"{source}#A-1"))[0]
    return {**row, "source": source}


async def _order(desk: Desk, message: Message) -> list[dict[str, Any]]:
    """Let the consumer handle one message; the bodies of what it answers, with type and causation."""
    router = next(r for r in make_routers(desk) if isinstance(r, OrderRouter))
    command_id = uuid.uuid4()
    before = (await rows(desk, "select coalesce(max(id), 0) as n from outbox"))[0]["n"]
    await router.process(desk.db, [record_of(message, id=command_id, source="baton/workflows", partition=uuid.uuid4().int % 10**6)])
    told = await rows(desk, "select headers, value from outbox where id > :n order by id", n=before)
    return [{**json.loads(r["value"]), **{k: json.loads(r["headers"]).get(k) for k in ("type", "causationid")}, "mine": str(command_id)} for r in told]


def _disclose(hire: dict[str, Any], level: str = "named", consent: UUID | None = None) -> Disclose:
    return Disclose(application_id=hire["application_id"], hire_id=hire["application_id"], to_org=hire["client_id"], purpose="submission",
                    level=level, consent_ref=consent or uuid.uuid4())  # fmt: skip


async def test_disclosure_when_agreement_is_missing_then_refused_and_made_once_it_is_signed(desk: Desk, hire: dict[str, Any]) -> None:
    refused = await _order(desk, _disclose(hire))
    assert [(e["type"], e["reason"]) for e in refused] == [("baton.intake.command_refused", "no_data_agreement")]
    assert refused[0]["causationid"] == refused[0]["mine"] == refused[0]["command_id"]
    await bring(desk, event("agreement.signed", {"externalid": "AG", "client": "C-1", "signed_at": "2026-09-03T10:00:00Z"}, source=hire["source"]))
    made = await _order(desk, _disclose(hire))
    assert [e["type"] for e in made] == ["baton.disclosure.made", "baton.introduction.made"]
    assert made[1]["protected_until"].startswith("2027-09-02")
    assert [e["type"] for e in await _order(desk, _disclose(hire))] == ["baton.disclosure.made"]


async def test_disclosure_when_no_consent_then_refused_but_blind_passes(desk: Desk, hire: dict[str, Any]) -> None:
    named = Disclose(**{**_disclose(hire).model_dump(), "consent_ref": None})
    assert (await _order(desk, named))[0]["reason"] == "no_consent"
    assert (await _order(desk, _disclose(hire, "blind")))[0]["type"] == "baton.disclosure.made"


async def test_disclosure_when_the_person_works_in_the_clients_group_then_refused(desk: Desk, hire: dict[str, Any]) -> None:
    source = hire["source"]
    person = application(1, source)["data"]["person"]
    await bring(desk, event("person.registered", {"externalid": "P", "person": person, "present_employer": f"SISTER {source}"}, source=source))
    assert (await _order(desk, _disclose(hire)))[0]["reason"] == "same_group"


async def test_disclosure_when_the_person_said_never_to_this_group_then_refused(desk: Desk, hire: dict[str, Any]) -> None:
    person = application(1, hire["source"])["data"]["person"]
    await bring(desk, event("person.registered", {"externalid": "P", "person": person, "never_to": ["SISTER"]}, source=hire["source"]))
    assert (await _order(desk, _disclose(hire)))[0]["reason"] == "never_to"


async def _answered(desk: Desk, hire: dict[str, Any], kind: str, ask_id: UUID, sealed: dict[str, Any], clear: dict[str, Any]) -> AskAnswered:
    person_id = hire["person_id"]
    async with desk.db.unit() as uow:
        key = (await desk.vault.keys(uow, [person_id]))[person_id]
    boxes = [desk.vault.seal(person_id, f"answer.{name}", value, key) for name, value in sealed.items()]
    answer = Answer(by=None, happened_at=NOW, clear=clear, sealed=[box.model_dump(mode="json") for box in boxes])
    return AskAnswered(ask_id=ask_id, version=1, kind=kind, hire_id=hire["application_id"], obligation_id=uuid.uuid4(), answer=answer, final_at=NOW)


async def test_offer_when_its_figures_are_on_their_way_then_waits_for_them_and_goes_through_versions(desk: Desk, hire: dict[str, Any]) -> None:
    offer_id, ask_id = uuid.uuid4(), uuid.uuid4()
    draft = DraftOffer(offer_id=offer_id, hire_id=hire["application_id"], requisition_id=hire["requisition_id"], person_id=hire["person_id"], by="us",
                       ask_id=ask_id, start_at=datetime(2026, 11, 16, 1, tzinfo=UTC))  # fmt: skip
    assert await _order(desk, draft) == []
    told = await _order(desk, await _answered(desk, hire, "draft_offer", ask_id, {"base": "32,000"}, {"months": 13}))
    assert [e["type"] for e in told] == ["baton.offer.drafted"]
    assert (told[0]["version"], told[0]["over_band"], told[0]["probation_months"]) == (1, True, 3)
    assert await _terms(desk, hire, told[0]) == {"base_salary": 32000, "months": 13, "currency": "CNY", "changed": []}
    revise = ReviseOffer(offer_id=offer_id, hire_id=hire["application_id"], version=2, changes={"base": 29000})
    revised = await _order(desk, revise)
    assert [e["type"] for e in revised] == ["baton.offer.changed"] and revised[0]["over_band"] is False
    assert await _terms(desk, hire, revised[0]) == {"base_salary": 29000, "months": 13, "currency": "CNY", "changed": ["base_salary"]}
    assert (await _order(desk, revise))[0]["reason"] == "stale_version"


async def _terms(desk: Desk, hire: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    async with desk.db.unit() as uow:
        key = (await desk.vault.keys(uow, [hire["person_id"]]))[hire["person_id"]]
    opened = desk.vault.open(Sealed.model_validate(body["terms"]), key)
    return {name: opened[name] for name in ("base_salary", "months", "currency", "changed")}


async def test_a_clause_when_our_side_flags_it_then_it_stands_beside_what_the_lint_found_until_that_part_is_written_anew(desk: Desk) -> None:
    source = f"urn:test:{uuid.uuid4().hex[:8]}"
    await bring(desk, *small_world(source))
    before = await _requisition(desk, f"{source}#R-1")
    about = {"requisition_id": before.requisition_id, "answerer": before.team["hiring_manager"]}
    need = {part: f"{part}: steady hands, no ties at home" for part in ("background", "duties", "talent", "timeline", "budget")}
    written = (await _order(desk, await _need_answered(desk, about, "requirement_questions", need, {"done": "yes"})))[-1]
    assert (written["missing"], written["unlawful"]) == ([], [])
    said = {"decision": "unlawful", "part": "talent", "unlawful": "family"}
    flag = await _need_answered(desk, about, "requirement_confirmation", {"clause": "no ties at home", "instead": "travels ten days a month"}, said)
    stale = await _order(desk, flag.model_copy(update={"params": {"text_hash": "of another text"}}))
    assert stale == [], "said of a text that is not there any more"
    told = await _order(desk, flag.model_copy(update={"params": {"text_hash": written["text_hash"]}}))
    assert [e["type"] for e in told] == ["baton.requisition.recorded", "baton.requisition.updated"] and told[1]["unlawful"] == ["family"]
    finding = (await _requisition(desk, f"{source}#R-1")).findings[0]
    assert (finding.part, finding.clause, finding.refused, finding.flagged) == ("talent", "no ties at home → travels ten days a month", True, True)
    other = await _order(desk, await _need_answered(desk, about, "requirement_questions", {"budget": "60 per cent more"}, {"done": "yes"}))
    assert other[1]["unlawful"] == ["family"], "another part was written: this one stands as it was"
    mended = await _order(desk, await _need_answered(desk, about, "requirement_questions", {"talent": "travels ten days a month"}, {"done": "yes"}))
    assert mended[1]["unlawful"] == [] and (await _requisition(desk, f"{source}#R-1")).findings == []


async def _requisition(desk: Desk, ref: str) -> RequisitionRecord:
    async with desk.db.unit() as uow:
        return next(one for one in await entities.load_all(uow, RequisitionRecord, "requisition") if one.externalref == ref)


async def _need_answered(desk: Desk, about: dict[str, Any], kind: str, sealed: dict[str, Any], clear: dict[str, Any]) -> AskAnswered:
    hire = {"person_id": about["answerer"], "application_id": None}
    answered = await _answered(desk, hire, kind, uuid.uuid4(), sealed, clear)
    return answered.model_copy(update={"requisition_id": about["requisition_id"]})


async def test_correction_when_typed_in_then_the_person_is_reachable_and_the_defect_gone(desk: Desk) -> None:
    source = f"urn:test:{uuid.uuid4().hex[:8]}"
    await bring(desk, *small_world(source), application(1, source, person={"name": "Nils Holt"}))
    row = (await rows(desk, "select application_id, person_id, requisition_id, client_id, defect from applications where externalref = :r", r=f"{source}#A-1"))[0]
    assert row["defect"] == "no_contact"
    told = await _order(desk, await _answered(desk, row, "data_defect", uuid.uuid4(), {"mail": f"nils.{source[-6:]}@example.com"}, {"done": "yes"}))
    assert [e["type"] for e in told] == ["baton.person.recorded", "baton.application.changed"]
    assert told[0]["version"] == 2 and told[1]["defect"] is None
    again = await bring(desk, application(2, source, person={"name": "N. Holt", "email": f"nils.{source[-6:]}@example.com"}))
    assert again[0].code == "joined"


async def test_command_when_it_cannot_be_read_then_parked_and_refused(desk: Desk, hire: dict[str, Any]) -> None:
    router = next(r for r in make_routers(desk) if isinstance(r, OrderRouter))
    good = record_of(_disclose(hire), id=uuid.uuid4(), source="baton/workflows", partition=uuid.uuid4().int % 10**6)
    broken = type(good)(good.topic, good.partition, good.offset, good.key, json.dumps({"hire_id": str(hire["application_id"])}).encode(), good.headers)
    await router.process(desk.db, [broken])
    told = await rows(desk, "select value from outbox where headers like '%intake.command_refused%' order by id desc limit 1")
    body = json.loads(told[0]["value"])
    assert (body["hire_id"], body["reason"]) == (str(hire["application_id"]), "wrong_body")
