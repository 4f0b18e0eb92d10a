"""Requisitions: raised and changed, paused, resumed, closed; their openings."""

from __future__ import annotations

import hashlib
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic_core import to_json

from services.intake.apply import requirement
from services.intake.apply.firms import save_client
from services.intake.apply.work import Work, arrive, need, own
from services.intake.domain import Delivery, Reference, as_code, reference
from services.intake.skills import normal_skills
from services.intake.store import entities, refs
from shared.contracts import inbound
from shared.contracts.base import derive_id
from shared.contracts.client import ClientRecord
from shared.contracts.requisition import (
    HasSkill,
    Opening,
    RequisitionContinued,
    RequisitionEnded,
    RequisitionFact,
    RequisitionHeld,
    RequisitionProposed,
    RequisitionRecord,
    RequisitionRegistered,
    RequisitionUpdated,
    ScreeningRule,
)

# ISO 4217; a code outside it is a slip of the keyboard that would end up in somebody's letter.
CURRENCIES = frozenset(
    "AED AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KRW KZT MAD MOP MXN MYR NGN NOK NZD PHP PKR PLN QAR RON "
    "RSD SAR SEK SGD THB TRY TWD UAH USD VND ZAR".split()
)
UNSTAFFED = "org:"
"""Clients that are only known from a posting are entered by it, and have no people yet."""


async def requisition_raised(w: Work, d: Delivery) -> None:
    """A requirement, or its next version. Waits for its client and for the people of its team."""
    assert isinstance(d.body, inbound.RequisitionRaisedV1)
    b = d.body
    if _wrong(d, b):
        return
    client = reference("client", d.said.source, b.client)
    if b.client.startswith(UNSTAFFED):
        await _enter_client(w, d, client, b.client)
    people = {name: reference("person", d.said.source, said) for name, said in b.team.items()}
    pools = {name: [reference("person", d.said.source, said) for said in pool] for name, pool in b.pools.items()}
    found = await need(w, d, [client, *people.values(), *(r for pool in pools.values() for r in pool)])
    mine = await own(w, d, "requisition", b.externalid) if found is not None else None
    if found is None or mine is None:
        return
    standing = await entities.load(w.uow, ClientRecord, "client", found[client])
    before = await entities.load(w.uow, RequisitionRecord, "requisition", mine[1])
    assert standing is not None
    record = _record(b, standing, mine, before).model_copy(update={
        "team": _team({name: found[r] for name, r in people.items()}, standing), "pools": {name: [found[r] for r in pool] for name, pool in pools.items()},
    })  # fmt: skip
    await _store(w, d, before, record)
    await arrive(w, d, mine[0], mine[1])


async def _store(w: Work, d: Delivery, before: RequisitionRecord | None, record: RequisitionRecord) -> None:
    """Open at once, or, where the policy wants it confirmed, raised; once signed, a later text is a proposal and nothing of it counts yet."""
    policy = await requirement.policy_of(w.uow, record.policy)
    if policy is None or policy.requisition == "direct":
        names = requirement.changed(before, record) if before else []
        await _save(w, d, record, RequisitionUpdated if before else RequisitionRegistered, {"state": record.state, "changed": names})
        return
    if before is not None and before.signed is not None:
        proposed = requirement.proposal(before, record, policy.jurisdiction)
        kept = before.model_copy(update={"version": record.version, "team": record.team, "pools": record.pools, "proposed": proposed or before.proposed})
        told = {**requirement.said(kept), "changed": proposed.changed if proposed else []}
        await _save(w, d, kept, RequisitionProposed if proposed else RequisitionUpdated, told)
        return
    raised = requirement.judged(record.model_copy(update={"state": "raised" if before is None else before.state}), policy.jurisdiction, before)
    names = requirement.changed(before, raised) if before else []
    await _save(w, d, raised, RequisitionUpdated if before else RequisitionRegistered, {**requirement.said(raised), "changed": names})


def _wrong(d: Delivery, b: inbound.RequisitionRaisedV1) -> bool:
    if b.currency not in CURRENCIES:
        d.park("unknown_currency", f"/currency: {b.currency} is no ISO 4217 code that is used for pay, e.g. CNY, EUR, USD")
    elif b.zone and not _is_zone(b.zone):
        d.park("unknown_zone", "/zone: not an IANA time zone, e.g. Asia/Shanghai, Europe/Berlin")
    elif b.salary_min is not None and b.salary_max is not None and b.salary_max < b.salary_min:
        d.park("wrong_body", "/salary_max: less than /salary_min")
    return bool(d.outcome.state)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


async def _enter_client(w: Work, d: Delivery, client: Reference, said: str) -> None:
    if await refs.resolve(w.uow, [client]):
        return
    client_id = await refs.id_for(w.uow, client)
    name = said.removeprefix(UNSTAFFED).replace("-", " ").strip() or said
    await save_client(w, d, ClientRecord(client_id=client_id, version=1, name=name))
    await refs.register(w.uow, [(client, client_id, "")])
    w.arrived.add(("client", client.externalid))


def _record(b: inbound.RequisitionRaisedV1, client: ClientRecord, mine: tuple[Reference, UUID], before: RequisitionRecord | None) -> RequisitionRecord:
    rules = [_normal(rule) for rule in b.rules]
    return RequisitionRecord(
        requisition_id=mine[1], version=(before.version if before else 0) + 1, client_id=client.client_id, externalref=str(mine[0]), code=b.externalid,
        title=b.title, title_en=b.title_en, policy=b.policy, stage_plan=b.stage_plan, rounds=b.rounds, rules=rules,
        rules_version=hashlib.sha256(to_json([r.model_dump() for r in rules])).hexdigest()[:12], openings=_openings(mine[1], b.openings, before),
        tier=client.tier, offer_by=b.offer_by, external=client.external, confidential=b.confidential, state=before.state if before else "open",
        zone=b.zone or client.zone, calendar=b.calendar or client.calendar, location=b.location, salary_min=b.salary_min, salary_max=b.salary_max,
        currency=b.currency, start_at=b.start_at, need=b.need or (before.need if before else None), plan=b.plan or (before.plan if before else None),
        signed=before.signed if before else None,
    )  # fmt: skip


def _normal(rule: ScreeningRule) -> ScreeningRule:
    return rule.model_copy(update={"skills": normal_skills(rule.skills)}) if isinstance(rule, HasSkill) else rule


def _openings(requisition_id: UUID, wanted: int, before: RequisitionRecord | None) -> list[Opening]:
    """Seats keep their ids over versions; more seats are added, spare ones are closed, filled ones stay."""
    kept = list(before.openings) if before else []
    kept += [Opening(opening_id=derive_id("intake", "opening", requisition_id, n)) for n in range(len(kept), wanted)]
    return [o if n < wanted or o.state == "filled" else o.model_copy(update={"state": "closed"}) for n, o in enumerate(kept)]


def _team(said: dict[str, UUID], client: ClientRecord) -> dict[str, UUID]:
    """The team as said; the client's standing manager and first contact where nobody is named."""
    team = dict(said)
    if client.manager_id:
        team.setdefault("client_manager", client.manager_id)
    if client.response_group:
        team.setdefault("client_contact", client.response_group[0])
        team.setdefault("hiring_manager", client.response_group[0])
    return team


async def _save(w: Work, d: Delivery, record: RequisitionRecord, fact: type[RequisitionFact], more: dict[str, Any]) -> None:
    await entities.save(w.uow, "requisition", record.requisition_id, record.version, record.model_dump_json())
    w.uow.emit(record, cause=d.said, externalref=record.externalref)
    w.uow.emit(fact(
        requisition_id=record.requisition_id, version=record.version, client_id=record.client_id, at=d.said.time or w.uow.now, **more,
    ), cause=d.said, externalref=record.externalref)  # fmt: skip


async def requisition_paused(w: Work, d: Delivery) -> None:
    """Work on it stops."""
    await _move(w, d, "paused", RequisitionHeld, {"open", "raised"})


async def requisition_resumed(w: Work, d: Delivery) -> None:
    """Work on it goes on."""
    await _move(w, d, "open", RequisitionContinued, {"paused"})


async def requisition_closed(w: Work, d: Delivery) -> None:
    """Filled elsewhere or given up."""
    await _move(w, d, "closed", RequisitionEnded, {"open", "raised", "paused"})


async def _move(w: Work, d: Delivery, state: Literal["raised", "open", "paused", "closed"], fact: type[RequisitionFact], allowed: set[str]) -> None:
    body: Any = d.body
    wanted = reference("requisition", d.said.source, body.externalid)
    found = await need(w, d, [wanted])
    if found is None:
        return
    before = await entities.load(w.uow, RequisitionRecord, "requisition", found[wanted])
    assert before is not None
    if before.state not in allowed:
        # A second closing, or a pause of what is closed, changes nothing: the publisher's wish is met or came too late.
        d.accept(f"requisition/{before.requisition_id}", code="no_change")
        return
    if state == "open" and before.text_hash and before.signed is None:
        state = "raised"
    reason = as_code(getattr(body, "reason", ""))
    await _save(w, d, before.model_copy(update={"state": state, "version": before.version + 1}), fact, {"reason": reason or None, "state": state})
    d.accept(f"requisition/{before.requisition_id}")

