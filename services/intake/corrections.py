"""What a person corrected about themselves on their own page: intake owns the record, so it copies the sealed words (agreements.md 4)."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from services.intake.apply import identity
from services.intake.parsing.contact import normal_email, normal_phone
from services.intake.store import answers as store
from services.intake.store import people
from shared.contracts.notification import PreferenceChanged
from shared.contracts.party import PersonRecord
from shared.runtime.db import Uow
from shared.runtime.records import Received
from shared.runtime.vault import Vault

CHANNELS = frozenset({"mail", "sms", "dingtalk", "wecom", "feishu", "slack", "hand"})
_HOURS = re.compile(r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
LOCALES = {"zh": "zh-CN", "zh-CN": "zh-CN", "en": "en"}


async def keep(uow: Uow, vault: Vault, event: Received) -> None:
    """The record with what was corrected; unknown zones, unreadable addresses and erased persons change nothing."""
    said: PreferenceChanged = event.body
    row = (await people.load(uow, [said.person_id])).get(said.person_id)
    key = (await vault.keys(uow, [said.person_id])).get(said.person_id)
    if row is None or key is None:
        return
    changes: dict[str, Any] = {}
    if said.locale in LOCALES:
        changes["locale"] = LOCALES[said.locale]
    if said.zone and said.zone in available_timezones():
        changes["zone"] = said.zone
    changes |= _wishes(row.record, said)
    one = _described(await store.opened(uow, vault, said.corrected))
    known = vault.open(row.record.identity, key) if row.record.identity else {}
    new = _corrected(known, one)
    if new != known:
        changes["identity"] = vault.seal(said.person_id, people.IDENTITY, new, key)
        changes["mail_domain_digest"] = identity.domain_digest(vault, one) or row.record.mail_domain_digest
    if not changes:
        return
    record = row.record.model_copy(update={**changes, "version": row.record.version + 1})
    await people.save(uow, [people.Row(record)])
    await _index(uow, vault, said.person_id, one)
    uow.emit(record, cause=event)


def _wishes(record: PersonRecord, said: PreferenceChanged) -> dict[str, Any]:
    """The channel they want goes to the front, the others stay in their order; hours that can't be read change nothing."""
    wanted = [one for one in said.channels if one in CHANNELS]
    order = [*wanted, *(one for one in record.channels if one not in wanted)]
    hours = said.hours if said.hours is not None and (not said.hours or _HOURS.match(said.hours)) else record.hours
    return {**({"channels": order} if wanted and order != record.channels else {}), **({"hours": hours} if hours != record.hours else {})}


def _described(words: dict[str, Any]) -> identity.Applicant:
    one = identity.Applicant(name=str(words.get("name") or "").strip()[:200])
    mail, phone = normal_email(str(words.get("mail") or "")), normal_phone(str(words.get("phone") or ""), "CN")
    one.emails, one.phones = [mail] if mail else [], [phone[0]] if phone else []
    return one


def _corrected(known: dict[str, Any], one: identity.Applicant) -> dict[str, Any]:
    """What was wrong goes: a new address takes the place of the one that was used so far."""
    new = {**known, **({"name": one.name} if one.name else {})}
    for part, values in (("emails", one.emails), ("phones", one.phones)):
        if values:
            new[part] = list(dict.fromkeys([*values, *list(known.get(part) or [])[1:]]))
    return new


async def _index(uow: Uow, vault: Vault, person_id: UUID, one: identity.Applicant) -> None:
    one.digests = people.digests(vault, emails=one.emails, phones=one.phones)
    taken = await people.owners(uow, one.digests)
    fresh = {digest: person_id for digest in one.digests if digest not in taken}
    await people.index(uow, fresh)
