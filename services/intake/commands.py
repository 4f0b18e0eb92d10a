"""What workflows order from intake: show a person to a client, draft an offer, revise it. Each is answered with a fact or a refusal."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.intake.apply.identity import employer_digest
from services.intake.domain import disclosure_refusal, protected_until
from services.intake.store import answers as kept_answers
from services.intake.store import applications, entities, people
from shared.contracts.application import Disclose, Disclosure, DisclosureMade, IntakeCommandRefused, IntroductionMade
from shared.contracts.base import derive_id
from shared.contracts.client import ClientRecord
from shared.contracts.envelope import EnvelopeError, from_kafka
from shared.contracts.offer import DraftOffer, OfferChanged, OfferDrafted, ReviseOffer
from shared.contracts.requisition import RequisitionRecord
from shared.runtime.db import Uow
from shared.runtime.errors import WaitsFor
from shared.runtime.records import RawRecord, Received
from shared.runtime.vault import Vault

_TERMS = "offer.terms"
_TWELVE = 12


def _command_id(event: Received) -> UUID:
    try:
        return UUID(event.envelope.id)
    except ValueError:
        return derive_id("intake", "command", event.envelope.source, event.envelope.id)


def refuse(uow: Uow, event: Received, reason: str) -> None:
    """Answer an order with its refusal."""
    uow.emit(IntakeCommandRefused(
        command_id=_command_id(event), hire_id=getattr(event.body, "hire_id", None), command_type=event.envelope.type, reason=reason,
    ), cause=event)  # fmt: skip


async def refuse_parked(uow: Uow, record: RawRecord, code: str) -> None:
    """Answer a command that could not even be read, as far as its envelope names it."""
    try:
        envelope = from_kafka(record.headers, record.value)
        body = envelope.json()
        hire_id = UUID(str(body["hire_id"])) if isinstance(body, dict) and body.get("hire_id") else None
        uow.emit(IntakeCommandRefused(
            command_id=UUID(envelope.id), hire_id=hire_id, command_type=envelope.type, reason=code[:80].replace(" ", "_")), cause=envelope)
    except (EnvelopeError, ValueError, KeyError):
        return


async def disclose(uow: Uow, vault: Vault, event: Received) -> None:
    """Record that a person may be shown to an organisation, unless consent, agreement or the submission guard stand against it."""
    order: Disclose = event.body
    row = await applications.one(uow, order.application_id)
    if row is None:
        return refuse(uow, event, "unknown_application")
    client = await entities.load(uow, ClientRecord, "client", order.to_org)
    if client is None:
        return refuse(uow, event, "unknown_client")
    off_limits = await _off_limits(uow, vault, row["person_id"], client)
    refusal = disclosure_refusal(
        level=order.level, consented=order.consent_ref is not None, agreement=client.data_agreement or not client.external, off_limits=off_limits)
    if refusal:
        return refuse(uow, event, refusal)
    content = to_json({"facts": row["facts"], "level": order.level, "person": str(row["person_id"])})
    disclosure = Disclosure(
        disclosure_id=derive_id("intake", "disclosure", event.envelope.source, event.envelope.id), to_org=order.to_org, purpose=order.purpose,
        level=order.level, consent_ref=order.consent_ref, content_hash=hashlib.sha256(content).hexdigest(), at=uow.now,
    )  # fmt: skip
    await applications.save_disclosure(uow, {**disclosure.model_dump(), "application_id": order.application_id})
    uow.emit(DisclosureMade(application_id=order.application_id, hire_id=order.hire_id, person_id=row["person_id"], disclosure=disclosure), cause=event)
    until = protected_until(uow.now)
    if order.level != "blind" and await applications.introduce(uow, row["person_id"], order.to_org, order.application_id, until):
        uow.emit(IntroductionMade(
            application_id=order.application_id, hire_id=order.hire_id, client_id=order.to_org, protected_until=until, at=uow.now), cause=event)
    return None


async def _off_limits(uow: Uow, vault: Vault, person_id: UUID, client: ClientRecord) -> str:
    """Which rule keeps this person from this client: their own word, or their employer in the client's group. Empty: none."""
    person = (await people.load(uow, [person_id])).get(person_id)
    if person is None:
        return "person_erased"
    family = [c for c in await entities.load_all(uow, ClientRecord, "client") if _same_group(c, client)]
    if set(person.record.never_to) & {c.client_id for c in family}:
        return "never_to"
    names = {digest for c in family for name in (c.name, c.name_latin or "") if (digest := employer_digest(vault, name))}
    if person.employer_digest in names:
        return "same_group"
    return ""


def _same_group(one: ClientRecord, other: ClientRecord) -> bool:
    return (one.group_of or one.client_id) == (other.group_of or other.client_id)


async def draft_offer(uow: Uow, vault: Vault, event: Received) -> None:
    """First version of an offer: terms from the order, from what was answered to its Ask, else from the requisition's range."""
    order: DraftOffer = event.body
    row, record = await _hire(uow, order.hire_id)
    if record is None or order.start_at is None:
        return refuse(uow, event, "unknown_application" if record is None else "no_start_day")
    answered = await _answered(uow, vault, order.hire_id, order.ask_id)
    terms = _terms(record, {**answered, **({"base_salary": order.base_salary} if order.base_salary else {})})
    version = await _save_offer(uow, vault, event, row, {"version": 1, "by": order.by, "start_at": order.start_at, "terms": terms, "record": record})
    if version:
        uow.emit(OfferDrafted(**version), cause=event)
    return None


async def _hire(uow: Uow, hire_id: UUID) -> tuple[Any, RequisitionRecord | None]:
    row = await applications.one(uow, hire_id)
    if row is None:
        return None, None
    return row, (await entities.requisitions(uow, [row["requisition_id"]])).get(row["requisition_id"])


async def _answered(uow: Uow, vault: Vault, hire_id: UUID, ask_id: Any) -> dict[str, Any]:
    """The figures that were answered to the Ask the order speaks of; waits for them where they are still on their way."""
    if ask_id and not await kept_answers.has(uow, UUID(str(ask_id))):
        raise WaitsFor(f"ask/{ask_id}")
    return await kept_answers.newest(uow, vault, hire_id, ("draft_offer", "client_offer"))


def _terms(record: RequisitionRecord, answered: dict[str, Any]) -> dict[str, Any]:
    low, high = record.salary_min or 0, record.salary_max or record.salary_min or 0
    base = _number(answered.get("base_salary") or answered.get("base")) or round((low + high) / 2)
    return {
        "title": record.title, "base_salary": base, "currency": record.currency, "months": int(answered.get("months") or _TWELVE),
        "location": record.location, "changed": [], "note": str(answered.get("note") or ""),
    }  # fmt: skip


def _number(said: Any) -> int:
    digits = "".join(char for char in str(said or "") if char.isdigit() or char == ".")
    try:
        return round(float(digits)) if digits else 0
    except ValueError:
        return 0


async def revise_offer(uow: Uow, vault: Vault, event: Received) -> None:
    """The next version: what changes is named in it, everything else stays."""
    order: ReviseOffer = event.body
    old = await applications.newest_offer(uow, order.offer_id)
    if old is None:
        raise WaitsFor(f"offer/{order.offer_id}")
    if order.version != old["version"] + 1:
        return refuse(uow, event, "stale_version")
    row, record = await _hire(uow, order.hire_id)
    if record is None:
        return refuse(uow, event, "unknown_application")
    terms = await kept_answers.open_box(uow, vault, row["person_id"], _TERMS, old["terms"])
    answered = await _answered(uow, vault, order.hire_id, order.changes.get("ask_id"))
    new, start = _revised(terms, {**answered, **order.changes}, old["start_at"])
    version = await _save_offer(uow, vault, event, row, {"version": order.version, "by": old["by"], "start_at": start, "terms": new, "record": record})
    if version:
        uow.emit(OfferChanged(**version), cause=event)
    return None


def _revised(terms: dict[str, Any], changes: dict[str, Any], start: Any) -> tuple[dict[str, Any], Any]:
    new = dict(terms)
    base = _number(changes.get("base_salary") or changes.get("base"))
    if base:
        new["base_salary"] = base
    for name in ("months", "location", "note"):
        if changes.get(name):
            new[name] = int(changes[name]) if name == "months" else str(changes[name])
    begins = changes.get("start_at") or start
    changed = [name for name in ("base_salary", "months", "location") if new.get(name) != terms.get(name)]
    if _instant(begins) != _instant(start):
        changed.append("start_at")
    return {**new, "changed": changed}, begins


def _instant(said: Any) -> datetime:
    return said if isinstance(said, datetime) else datetime.fromisoformat(str(said))


async def _save_offer(uow: Uow, vault: Vault, event: Received, row: Any, offer: dict[str, Any]) -> dict[str, Any] | None:
    """Store a version, sealed; the body of its event, or None where the person was erased (and the order refused)."""
    order, person_id, record = event.body, row["person_id"], offer["record"]
    key = (await vault.keys(uow, [person_id])).get(person_id)
    if key is None:
        refuse(uow, event, "person_erased")
        return None
    sealed = vault.seal(person_id, _TERMS, offer["terms"], key)
    client = await entities.load(uow, ClientRecord, "client", record.client_id)
    fact = OfferDrafted(
        offer_id=order.offer_id, hire_id=order.hire_id, version=offer["version"], by=offer["by"], start_at=offer["start_at"],
        probation_months=client.probation_months if client else 3, over_band=bool(record.salary_max and offer["terms"]["base_salary"] > record.salary_max),
        changed=offer["terms"]["changed"], terms=sealed, at=uow.now,
    )  # fmt: skip
    await applications.save_offer(uow, {
        "offer_id": order.offer_id, "version": fact.version, "hire_id": order.hire_id, "person_id": person_id, "by": fact.by,
        "start_at": fact.start_at, "terms": sealed.box, "at": uow.now})  # fmt: skip
    return {**fact.model_dump(exclude={"terms"}), "terms": sealed}
