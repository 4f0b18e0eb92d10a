"""What workflows order about a requisition - confirmed, open, closed, a change applied or dropped - and the client's answers to its questions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.intake.apply import requirement
from services.intake.commands import refuse
from services.intake.store import answers as store
from services.intake.store import entities
from shared.contracts.ask import AskAnswered
from shared.contracts.requisition import (
    Finding,
    MoveRequisition,
    Need,
    RequisitionConfirmed,
    RequisitionContinued,
    RequisitionEnded,
    RequisitionFact,
    RequisitionHeld,
    RequisitionOpened,
    RequisitionRecord,
    RequisitionUpdated,
    Signature,
)
from shared.runtime.db import Uow
from shared.runtime.errors import Refused
from shared.runtime.records import Received
from shared.runtime.vault import Vault

QUESTIONS = "requirement_questions"
CONFIRMATION = "requirement_confirmation"


async def move(uow: Uow, event: Received) -> None:
    """Carry the order out, or refuse it with its reason; an order for a text that is no longer the present one is refused."""
    order: MoveRequisition = event.body
    before = await entities.load(uow, RequisitionRecord, "requisition", order.requisition_id)
    if before is None:
        return refuse(uow, event, "unknown_requisition")
    if before.state == "closed" and order.to != "closed":
        return refuse(uow, event, "closed")
    changes, fact, more = _change(before, order, uow)
    if fact is None:
        return refuse(uow, event, "stale_version")
    record = before.model_copy(update={**changes, "version": before.version + 1})
    await save(uow, event, record, fact, {**requirement.said(record), "reason": order.reason, **more})
    return None


def _change(before: RequisitionRecord, order: MoveRequisition, uow: Uow) -> tuple[dict[str, Any], type[RequisitionFact] | None, dict[str, Any]]:
    stands = before.proposed
    match order.to:
        case "confirmed" if order.text_hash == before.text_hash:
            return {"signed": _signature(before, order, uow)}, RequisitionConfirmed, {}
        case "open":
            return {"state": "open"}, RequisitionOpened, {}
        case "paused":
            return {"state": "paused"}, RequisitionHeld, {}
        case "resumed":
            return {"state": "raised" if before.text_hash and before.signed is None else "open"}, RequisitionContinued, {}
        case "closed":
            return {"state": "closed", "proposed": None}, RequisitionEnded, {}
        case "apply" if stands is not None and order.text_hash == stands.text_hash:
            after = RequisitionRecord.model_validate({**before.model_dump(mode="json"), **stands.body})
            after = after.model_copy(update={"text_hash": stands.text_hash, "missing": [], "findings": stands.findings, "proposed": None})
            signed = {"signed": _signature(after, order, uow)}
            return {**{name: getattr(after, name) for name in RequisitionRecord.model_fields}, **signed}, RequisitionUpdated, {"changed": stands.changed}
        case "drop":
            return {"proposed": None}, RequisitionUpdated, {}
    return {}, None, {}


def _signature(record: RequisitionRecord, order: MoveRequisition, uow: Uow) -> Signature:
    return Signature(version=record.version + 1, text_hash=record.text_hash, at=uow.now, by=order.signed_by, need=record.need or Need())


async def save(uow: Uow, event: Received, record: RequisitionRecord, fact: type[RequisitionFact], more: dict[str, Any]) -> None:
    """Store the record and tell both."""
    await entities.save(uow, "requisition", record.requisition_id, record.version, record.model_dump_json())
    uow.emit(record, cause=event, externalref=record.externalref)
    uow.emit(fact(requisition_id=record.requisition_id, version=record.version, client_id=record.client_id, at=uow.now, **more),
             cause=event, externalref=record.externalref)


async def answered(uow: Uow, vault: Vault, event: Received) -> None:
    """The parts that somebody wrote enter the requirement, or what our side reads as unlawful; the next version says what is to be mended."""
    said: AskAnswered = event.body
    flags = said.kind == CONFIRMATION and said.answer.clear.get("decision") == "unlawful"
    if not (flags or said.kind == QUESTIONS) or said.requisition_id is None:
        return
    before = await entities.load(uow, RequisitionRecord, "requisition", UUID(str(said.requisition_id)))
    if before is None:
        raise Refused("unknown_requisition", "this requisition is not of this house")
    words = await store.opened(uow, vault, said.answer.sealed)
    if flags:
        return await _flag(uow, event, before, words)
    written = {part: str(words[part])[:4000] for part in requirement.PARTS if str(words.get(part) or "").strip()}
    need = (before.need or Need()).model_copy(update=written)
    policy = await requirement.policy_of(uow, before.policy)
    record = requirement.judged(
        before.model_copy(update={"need": need, "version": before.version + 1}), policy.jurisdiction if policy else "CN", before)
    await save(uow, event, record, RequisitionUpdated, {**requirement.said(record), "changed": ["need"] if written else []})
    return None


async def _flag(uow: Uow, event: Received, before: RequisitionRecord, words: dict[str, Any]) -> None:
    """Our side reads a clause as unlawful: it stands beside what the lint found. Of a change in flight nothing is kept: it is dropped."""
    clear, asked = event.body.answer.clear, str(event.body.params.get("text_hash") or "")
    if asked != before.text_hash:
        return
    quoted, instead = (str(words.get(name) or "").strip()[:140] for name in ("clause", "instead"))
    finding = Finding(code=str(clear.get("unlawful") or "other"), part=str(clear.get("part") or "talent"), flagged=True,
                      clause=f"{quoted} → {instead}" if instead else quoted)
    record = requirement.flagged(before, finding).model_copy(update={"version": before.version + 1})
    await save(uow, event, record, RequisitionUpdated, requirement.said(record))
