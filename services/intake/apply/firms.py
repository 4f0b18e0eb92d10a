"""Clients, agreements, complaints, positions, rooms."""

from __future__ import annotations

import json

from services.intake.apply.work import Work, all_mentioned, arrive, mentioned, need, own
from services.intake.domain import Delivery, reference
from services.intake.store import entities
from shared.contracts import inbound
from shared.contracts.client import AgreementHeld, ClientRecord, ComplaintNoted, ServiceContract
from shared.contracts.scheduling import RoomRecord
from shared.policy.grammar import GrammarError, parse_instant
from shared.policy.kinds import is_kind


async def client_registered(w: Work, d: Delivery) -> None:
    """A client organisation; its manager, contacts and group may come later."""
    assert isinstance(d.body, inbound.ClientRegisteredV1)
    b = d.body
    if b.contract is not None and (wrong := _unreadable(b.contract)):
        return d.park("wrong_contract", wrong)
    mine = await own(w, d, "client", b.externalid)
    if mine is None:
        return
    before = await entities.load(w.uow, ClientRecord, "client", mine[1])
    record = ClientRecord(
        client_id=mine[1], version=(before.version if before else 0) + 1, name=b.name, name_latin=b.name_latin, tier=b.tier,
        manager_id=await mentioned(w, d, "person", b.manager), response_group=await all_mentioned(w, d, "person", b.response_group),
        group_of=await mentioned(w, d, "client", b.group_of), data_agreement=b.data_agreement or bool(before and before.data_agreement),
        guarantee_months=b.guarantee_months, probation_months=b.probation_months, fee_shares=b.fee_shares, zone=b.zone or "Asia/Shanghai", calendar=b.calendar or "CN",
        external=b.external, mail_domains=b.mail_domains, contract=b.contract or (before.contract if before else None),
    )  # fmt: skip
    await save_client(w, d, record)
    await arrive(w, d, mine[0], mine[1])


def _unreadable(contract: ServiceContract) -> str:
    """What a service contract says that no policy could: an unknown kind, or a clock that can't be read; empty where all is well."""
    for n, duty in enumerate(contract.duties):
        if not is_kind(duty.kind):
            return f"/contract/duties/{n}/kind: no such kind of duty"
        try:
            if duty.within:
                parse_instant(duty.within)
        except GrammarError as problem:
            return f"/contract/duties/{n}/within: {problem}"
    return ""


async def save_client(w: Work, d: Delivery, record: ClientRecord) -> None:
    """Store a client and tell its new state."""
    await entities.save(w.uow, "client", record.client_id, record.version, record.model_dump_json())
    w.uow.emit(record, cause=d.said)


async def agreement_signed(w: Work, d: Delivery) -> None:
    """The client's data agreement stands: named disclosures are allowed from now."""
    assert isinstance(d.body, inbound.AgreementSignedInV1)
    wanted = reference("client", d.said.source, d.body.client)
    found = await need(w, d, [wanted])
    if found is None:
        return
    before = await entities.load(w.uow, ClientRecord, "client", found[wanted])
    if before is not None and not before.data_agreement:
        await save_client(w, d, before.model_copy(update={"data_agreement": True, "version": before.version + 1}))
    w.uow.emit(AgreementHeld(client_id=found[wanted], signed_at=d.body.signed_at), cause=d.said)
    d.accept(f"client/{found[wanted]}")


async def complaint_raised(w: Work, d: Delivery) -> None:
    """Somebody at a client complained: their words are kept under their own key, the fact goes to whoever has to answer."""
    assert isinstance(d.body, inbound.ComplaintRaisedInV1)
    client, person = reference("client", d.said.source, d.body.client), reference("person", d.said.source, d.body.by)
    found = await need(w, d, [client, person])
    mine = await own(w, d, "complaint", d.body.externalid) if found is not None else None
    if found is None or mine is None:
        return
    key = (await w.vault.keys(w.uow, [found[person]])).get(found[person])
    words = w.vault.seal(found[person], "complaint.about", d.body.about, key).model_dump(mode="json") if key else None
    await entities.save(w.uow, "complaint", mine[1], 1, json.dumps({"client_id": str(found[client]), "by": str(found[person]), "about": words}))
    w.uow.emit(ComplaintNoted(
        client_id=found[client], complaint_id=mine[1], by=found[person], raised_at=d.body.raised_at or d.said.time or w.uow.now), cause=d.said)
    await arrive(w, d, mine[0], mine[1])


async def position_registered(w: Work, d: Delivery) -> None:
    """A position with its band; kept, and told when a requisition names it."""
    assert isinstance(d.body, inbound.PositionRegisteredV1)
    mine = await own(w, d, "position", d.body.externalid)
    if mine is not None:
        await entities.save(w.uow, "position", mine[1], 1, d.body.model_dump_json())
        await arrive(w, d, mine[0], mine[1])


async def room_registered(w: Work, d: Delivery) -> None:
    """A room that can be booked."""
    assert isinstance(d.body, inbound.RoomRegisteredV1)
    mine = await own(w, d, "room", d.body.externalid)
    if mine is None:
        return
    before = await entities.load(w.uow, RoomRecord, "room", mine[1])
    record = RoomRecord(room_id=mine[1], version=(before.version if before else 0) + 1, name=d.body.name, zone=d.body.zone, capacity=d.body.capacity)
    await entities.save(w.uow, "room", mine[1], record.version, record.model_dump_json())
    w.uow.emit(record, cause=d.said)
    await arrive(w, d, mine[0], mine[1])
