"""Which consumed events concern subjects that are no hire, and which concern many hires at once: one short function for each.

Called by the workflows' consumers in the transaction of the event; nothing here needs Temporal.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts import requisition as r
from shared.contracts.appointments import CalendarFailed
from shared.contracts.base import Message, derive_id
from shared.contracts.client import ClientRecord
from shared.contracts.hire import HireClosed
from shared.contracts.party import PersonRecord
from shared.runtime.db import Uow
from shared.runtime.records import Received
from workflows.hire.facts import Fact

from . import facts, store
from .desk import tell_house, wants

TOLD_HIRES: dict[type[Message], str] = {
    r.RequisitionHeld: "requisition.held", r.RequisitionContinued: "requisition.continued", r.RequisitionOpened: "requisition.continued",
    r.RequisitionEnded: "requisition.ended", r.RequisitionUpdated: "requisition.updated"}
"""Event about a requisition -> what each of its open hires is told."""


async def on_requisition(uow: Uow, event: Received) -> None:
    """Its own workflow hears of it, a raised one begins with it; its hires are told page by page, and those that begin later ask."""
    body = event.body
    fact = facts.fact_of(body, event.envelope)
    waits = isinstance(body, r.RequisitionRegistered) and body.state == "raised"
    await store.enqueue(uow, "requisition", body.requisition_id, fact, begins=waits)
    if waits:
        await store.note_standing(uow, body.requisition_id, fact.model_copy(update={"type": "requisition.held", "data": {"reason": "not_open"}}))
    told = TOLD_HIRES.get(type(body))
    if told is None or (isinstance(body, r.RequisitionUpdated) and (body.state == "raised" or not body.changed)):
        return
    data = {"reason": body.reason} if body.reason else {}
    passed = fact.model_copy(update={"type": told, "data": data})
    if told != "requisition.updated":
        await store.note_standing(uow, body.requisition_id, passed)
    await store.tell_many(uow, body.requisition_id, passed, event.envelope.correlationid or event.envelope.id)


async def on_requisition_record(uow: Uow, event: Received) -> None:
    """Before the new record is stored: who of the team was replaced hands over every open duty, in every hire and here, in one act."""
    new: r.RequisitionRecord = event.body
    old = await store.requisition_of(uow, new.requisition_id)
    if old is None or old.version >= new.version:
        return
    for role, person in new.team.items():
        gone = old.team.get(role)
        if gone is not None and gone != person:
            await _replaced(uow, event, new.requisition_id, (role, gone, person))


async def _replaced(uow: Uow, event: Received, requisition_id: UUID, who: tuple[str, UUID, UUID]) -> None:
    role, gone, comes = who
    at = event.envelope.time or uow.now
    fact = Fact(
        id=str(derive_id("workflows", "replaced", event.envelope.id, requisition_id, role)), source="baton/workflows", type="owner.replaced", at=at,
        now=uow.now, data={"role": role, "out_id": str(gone), "in_id": str(comes)})
    await store.tell_many(uow, requisition_id, fact, event.envelope.correlationid or event.envelope.id)
    await store.enqueue(uow, "requisition", requisition_id, fact)


async def on_person_record(uow: Uow, event: Received) -> None:
    """Somebody of ours left and named who takes over: so it is, everywhere they were on the team."""
    person: PersonRecord = event.body
    if person.left_at is None or person.delegate_id is None:
        return
    for requisition_id, role in await store.teams_of(uow, person.person_id):
        await _replaced(uow, event, requisition_id, (role, person.person_id, person.delegate_id))


async def on_client_record(uow: Uow, event: Received) -> None:
    """A client with a service contract has an account that somebody holds."""
    record: ClientRecord = event.body
    at = event.envelope.time or uow.now
    contract = record.contract.model_dump(mode="json") if record.contract else None
    fact = Fact(id=event.envelope.id, source=event.envelope.source, type="client.recorded", at=at, now=uow.now, data={
        "contract": contract, "tier": record.tier, "data_agreement": record.data_agreement or not record.external})
    await store.enqueue(uow, "client", record.client_id, fact, begins=contract is not None)


async def on_client_event(uow: Uow, event: Received) -> None:
    """A complaint, or a signed data agreement."""
    await store.enqueue(uow, "client", event.body.client_id, facts.fact_of(event.body, event.envelope))


async def on_person_event(uow: Uow, event: Received) -> None:
    """An application, a logged contact, an erasure: the pool is quiet, or over."""
    await store.enqueue(uow, "nurture", event.body.person_id, facts.fact_of(event.body, event.envelope))


async def on_calendar(uow: Uow, event: Received) -> None:
    """A calendar can't be read, whoever's it is: the house has somebody look. That it can be read says something only to a house that asked."""
    fact = facts.fact_of(event.body, event.envelope)
    if isinstance(event.body, CalendarFailed):
        await tell_house(uow, fact)
    else:
        await store.enqueue(uow, "house", store.HOUSE_ID, fact)


async def tell_others(uow: Uow, body: Message, where: dict[str, Any]) -> None:
    """What a hire's own step tells others. `where`: requisition_id, step, at, policy (its name), owner (the recruiter's id)."""
    if not isinstance(body, facts.TOLD):
        return
    for kind, subject_id, fact in facts.told_by_hire(body, where["requisition_id"], step=where["step"], at=where["at"]):
        begins = False
        if isinstance(body, HireClosed):
            begins = (await wants(uow, where["policy"]))[1]
            more = {"owner": where["owner"], "policy": where["policy"], "requisition_id": str(body.requisition_id)}
            if begins:
                more["profile"] = await store.profile_of(uow, body.hire_id)
            fact = fact.model_copy(update={"data": {**fact.data, **{key: value for key, value in more.items() if value}}})
        await store.enqueue(uow, kind, subject_id, fact, begins=begins)
