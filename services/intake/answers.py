"""Answers whose words are intake's: corrections of a person's data, and the figures of an offer (agreements.md 4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.intake.apply import identity
from services.intake.parsing.contact import normal_email, normal_phone
from services.intake.store import answers as store
from services.intake.store import applications, people
from shared.contracts.application import ApplicationChanged, Facts
from shared.contracts.ask import AskAnswered
from shared.runtime.db import Uow
from shared.runtime.errors import Refused
from shared.runtime.records import Received
from shared.runtime.vault import Vault

OFFER_KINDS = frozenset({"draft_offer", "client_offer"})
CORRECTION = "data_defect"


async def keep(uow: Uow, vault: Vault, event: Received) -> None:
    """Copy what intake owns out of an answer; all other kinds are passed over."""
    answered: AskAnswered = event.body
    if answered.hire_id is None or answered.kind not in OFFER_KINDS | {CORRECTION}:
        return
    row = await applications.one(uow, answered.hire_id)
    if row is None:
        raise Refused("unknown_hire", "this hire is not of this house")
    said = await store.opened(uow, vault, answered.answer.sealed)
    said |= {name: value for name, value in answered.answer.clear.items() if isinstance(value, str | int | float)}
    if answered.kind == CORRECTION:
        await _correct(uow, vault, event, row, said)
        return
    await store.save(uow, vault, answered, row["person_id"], said)
    await uow.arrived(f"ask/{answered.ask_id}")


async def _correct(uow: Uow, vault: Vault, event: Received, row: Any, said: dict[str, Any]) -> None:
    """Somebody typed in what a file did not say: the person becomes reachable, the defect goes."""
    person_id: UUID = row["person_id"]
    person = (await people.load(uow, [person_id])).get(person_id)
    key = (await vault.keys(uow, [person_id])).get(person_id)
    if person is None or key is None:
        return
    known = vault.open(person.record.identity, key) if person.record.identity else {}
    one = identity.Applicant(name=str(said.get("name") or "").strip()[:200])
    mail, phone = normal_email(str(said.get("mail") or "")), normal_phone(str(said.get("phone") or ""), "CN")
    one.emails, one.phones = [mail] if mail else [], [phone[0]] if phone else []
    new = {**known, **{k: v for k, v in one.identity().items() if v}}
    for part in ("emails", "phones"):
        new[part] = list(dict.fromkeys([*one.identity()[part], *(known.get(part) or [])]))
    if new != known:
        record = person.record.model_copy(update={
            "version": person.record.version + 1, "identity": vault.seal(person_id, people.IDENTITY, new, key),
            "mail_domain_digest": identity.domain_digest(vault, one) or person.record.mail_domain_digest})  # fmt: skip
        await people.save(uow, [people.Row(record)])
        one.digests = people.digests(vault, emails=one.emails, phones=one.phones)
        taken = await people.owners(uow, one.digests)
        await people.index(uow, {digest: person_id for digest in one.digests if digest not in taken})
        uow.emit(record, cause=event)
    reachable = bool(new.get("emails") or new.get("phones"))
    defect = None if reachable and new.get("name") else row["defect"]
    await applications.update(uow, row["application_id"], facts=row["facts"], defect=defect)
    uow.emit(ApplicationChanged(
        application_id=row["application_id"], hire_id=row["application_id"], person_id=person_id, requisition_id=row["requisition_id"],
        requisition_version=1, facts=Facts.model_validate_json(row["facts"]), changed_at=uow.now, defect=defect,
    ), cause=event, externalref=row["externalref"])  # fmt: skip
