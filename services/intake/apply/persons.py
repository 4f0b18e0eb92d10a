"""Staff, contacts, candidates known before they apply; absences, busy times, erasure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.intake.apply import identity
from services.intake.apply.work import Work, all_mentioned, arrive, made_id, mentioned, need, own
from services.intake.domain import Delivery, reference
from services.intake.store import people
from shared.contracts import inbound
from shared.contracts.party import Absence, AbsenceNoted, PersonErased, PersonRecord
from shared.contracts.scheduling import BusyNoted

_ROLES: frozenset[str] = frozenset(PersonRecord.model_fields["roles"].annotation.__args__[0].__args__)  # type: ignore[union-attr]


async def staff_registered(w: Work, d: Delivery) -> None:
    """Somebody of the firm."""
    assert isinstance(d.body, inbound.StaffRegisteredV1)
    b = d.body
    await _register(w, d, b.person, party_class="staff", roles=b.roles, manager=b.manager, delegate=b.delegate, calendar=b.calendar)


async def contact_registered(w: Work, d: Delivery) -> None:
    """Somebody at a client; waits for the client."""
    assert isinstance(d.body, inbound.ContactRegisteredV1)
    b = d.body
    client = reference("client", d.said.source, b.client)
    found = await need(w, d, [client])
    if found is not None:
        await _register(w, d, b.person, party_class="client", roles=b.roles, org_id=found[client], manager=b.manager, delegate=b.delegate, calendar=b.calendar)


async def person_registered(w: Work, d: Delivery) -> None:
    """A candidate known before or apart from an application."""
    assert isinstance(d.body, inbound.PersonRegisteredV1)
    never = await all_mentioned(w, d, "client", d.body.never_to)
    await _register(w, d, d.body.person, party_class="candidate", roles=["candidate"], never_to=never, employer=d.body.present_employer or "")


async def _register(w: Work, d: Delivery, person: inbound.PersonIn, *, employer: str = "", **given: Any) -> None:
    assert isinstance(d.body, inbound.Inbound)
    mine = await own(w, d, "person", d.body.externalid)
    if mine is None:
        return
    one = identity.described(person, None, w.vault)
    one.employer = employer
    person_id = mine[1]
    if given["party_class"] == "candidate":  # one person per human: a candidate may have applied before
        owners = await people.owners(w.uow, one.digests)
        person_id = next((owners[digest] for digest in one.digests if digest in owners), person_id)
    row = (await people.load(w.uow, [person_id])).get(person_id)
    links = {f"{name}_id": await mentioned(w, d, "person", given.pop(name, None)) for name in ("manager", "delegate")}
    before = row.record if row else PersonRecord(person_id=person_id, version=0, party_class=given["party_class"], locale=one.locale)
    roles = [role for role in given.pop("roles") if role in _ROLES]
    calendar = given.pop("calendar", None)
    record = before.model_copy(update={
        **given, **links, "roles": roles, "version": before.version + 1, "locale": one.locale, "calendar": calendar or before.calendar,
        "zone": one.zone or before.zone, "channels": one.channels or before.channels, "mail_domain_digest": identity.domain_digest(w.vault, one),
    })  # fmt: skip
    key = (await w.vault.create(w.uow, [person_id]))[person_id]
    known = w.vault.open(before.identity, key) if before.identity else {}
    record = record.model_copy(update={"identity": w.vault.seal(person_id, people.IDENTITY, _completed(known, one), key)})
    await _save(w, d, people.Row(record, identity.employer_digest(w.vault, one.employer)), one)
    await arrive(w, d, mine[0], person_id)


def _completed(known: dict[str, Any], one: identity.Applicant) -> dict[str, Any]:
    """A registration says who somebody is: its values win; addresses known from elsewhere stay."""
    new = one.identity()
    for part in ("emails", "phones"):
        new[part] += [value for value in known.get(part) or [] if value not in new[part]]
    return {**known, **{part: value for part, value in new.items() if value}}


async def _save(w: Work, d: Delivery, row: people.Row, one: identity.Applicant | None = None) -> None:
    await people.save(w.uow, [row])
    if one is not None:
        taken = await people.owners(w.uow, one.digests)
        await people.index(w.uow, {digest: row.person_id for digest in one.digests if digest not in taken})
    w.uow.emit(row.record, cause=d.said)


async def staff_changed(w: Work, d: Delivery) -> None:
    """Only the given fields change."""
    assert isinstance(d.body, inbound.StaffChangedV1)
    changes: dict[str, Any] = {}
    if d.body.roles is not None:
        changes["roles"] = [role for role in d.body.roles if role in _ROLES]
    for name in ("manager", "delegate"):
        if name in d.body.model_fields_set:
            changes[f"{name}_id"] = await mentioned(w, d, "person", getattr(d.body, name))
    await _change(w, d, d.body.externalid, changes)


async def staff_left(w: Work, d: Delivery) -> None:
    """From now on never asked again; the successor, where one is named, becomes the delegate."""
    assert isinstance(d.body, inbound.StaffLeftV1)
    changes: dict[str, Any] = {"left_at": d.body.left_at}
    if d.body.successor:
        changes["delegate_id"] = await mentioned(w, d, "person", d.body.successor)
    await _change(w, d, d.body.externalid, changes)


async def absence_recorded(w: Work, d: Delivery) -> None:
    """A person is away: on the record, and told to scheduling and workflows."""
    assert isinstance(d.body, inbound.AbsenceRecordedV1)
    if d.body.ends_at <= d.body.starts_at:
        return d.park("wrong_body", "/ends_at: the absence ends before it starts")
    absence = Absence(starts_at=d.body.starts_at, ends_at=d.body.ends_at)
    person_id = await _change(w, d, d.body.person, {}, absences=[absence])
    if person_id is not None:
        w.uow.emit(AbsenceNoted(person_id=person_id, absence=absence), cause=d.said)
    return None


async def _change(w: Work, d: Delivery, externalid: str, changes: dict[str, Any], *, absences: Sequence[Absence] = ()) -> UUID | None:
    wanted = reference("person", d.said.source, externalid)
    found = await need(w, d, [wanted])
    if found is None:
        return None
    row = (await people.load(w.uow, [found[wanted]])).get(found[wanted])
    if row is None:
        d.park("person_erased", "this person was erased")
        return None
    before = row.record
    kept = [a for a in before.absences if a not in absences]
    row.record = before.model_copy(update={**changes, "absences": [*kept, *absences], "version": before.version + 1})
    await _save(w, d, row)
    d.accept(f"person/{row.person_id}")
    return row.person_id


async def busy_reported(w: Work, d: Delivery) -> None:
    """A busy time from somebody's calendar."""
    assert isinstance(d.body, inbound.BusyInV1)
    if d.body.ends_at <= d.body.starts_at:
        return d.park("wrong_body", "/ends_at: the time ends before it starts")
    wanted = reference("person", d.said.source, d.body.person)
    found = await need(w, d, [wanted])
    if found is not None:
        w.uow.emit(BusyNoted(person_id=found[wanted], starts_at=d.body.starts_at, ends_at=d.body.ends_at, busy_id=made_id("busy", d)), cause=d.said)
        d.accept(f"person/{found[wanted]}")
    return None


async def erasure_requested(w: Work, d: Delivery) -> None:
    """Destroy the person's key: whatever is sealed under it, here and anywhere, can't be opened any more."""
    assert isinstance(d.body, inbound.ErasureRequestedV1)
    person_id = await _meant(w, d, d.body.externalid)
    if person_id is None:
        return
    row = (await people.load(w.uow, [person_id])).get(person_id)
    known = await people.identity(w.uow, w.vault, person_id) if row is not None else {}
    if row is not None:
        bare = row.record.model_copy(update={"identity": None, "mail_domain_digest": None, "never_to": [], "version": row.record.version + 1})
        await people.save(w.uow, [people.Row(bare)])
        w.uow.emit(bare, cause=d.said)
        w.uow.emit(PersonErased(person_id=person_id, erased_at=w.uow.now), cause=d.said)
    await people.erase(w.uow, person_id, _digests(w, known))
    await w.vault.destroy(w.uow, person_id)
    d.accept(f"person/{person_id}")


async def _meant(w: Work, d: Delivery, said: str) -> UUID | None:
    """The person by our own id, else by the publisher's; None where the delivery waits for them or was set aside."""
    try:
        own = UUID(said)
    except ValueError:
        wanted = reference("person", d.said.source, said)
        found = await need(w, d, [wanted])
        return found[wanted] if found is not None else None
    if not await people.is_known(w.uow, own):
        d.park("unknown_person", "no person of this house has this id")
        return None
    return own


def _digests(w: Work, known: dict[str, Any]) -> list[str]:
    """All of a person's blind index, from what was sealed about them."""
    return list(people.digests(w.vault, emails=known.get("emails") or (), phones=known.get("phones") or ()))
