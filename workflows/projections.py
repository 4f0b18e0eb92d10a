"""What workflows keep of the world without Temporal: records projected, applications noted and confirmed, events fanned out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from shared.contracts import application as a
from shared.contracts import appointments, client, hire, party, policy, requisition
from shared.contracts.base import derive_id
from shared.contracts.notification import MessageSpec, NotErasedGuard, Tell
from shared.contracts.party import PartyRef
from shared.runtime.consume import Router
from shared.runtime.db import Uow
from shared.runtime.records import Received

from . import rows, store, twins
from .hire.facts import POLICY
from .subject import inflow
from .subject.facts import OF_REQUISITION, profile_of
from .subject.facts import fact_of as subject_fact

SCREENING_WITHIN = timedelta(minutes=15)
"""The machine step `screening`, which stands in the hire's row until the first verdict."""


def records_router() -> Router:
    """Group `workflows.records`: people (no names), clients, requisitions."""
    router = Router("workflows", consumer="workflows.records", topics=["intake.persons", "intake.records"])

    @router.on(party.PersonRecord)
    async def on_person(uow: Uow, event: Received) -> None:
        record = event.body
        await inflow.on_person_record(uow, event)
        await store.project(uow, "parties", "person_id", record, party_class=record.party_class, org_id=record.org_id)
        if record.left_at is not None:
            await _away(uow, event, record.person_id, {"reason": "left", "starts_at": record.left_at.isoformat(), "ends_at": "9999-12-31T00:00:00+00:00"})

    @router.on(client.ClientRecord)
    async def on_client(uow: Uow, event: Received) -> None:
        await store.project(uow, "clients", "client_id", event.body)
        await inflow.on_client_record(uow, event)

    @router.on(requisition.RequisitionRecord)
    async def on_requisition(uow: Uow, event: Received) -> None:
        record = event.body
        await inflow.on_requisition_record(uow, event)
        await store.project(uow, "requisitions", "requisition_id", record, client_id=record.client_id, state=record.state)

    @router.on(policy.PolicyRecord)
    async def on_policy(uow: Uow, event: Received) -> None:
        record = event.body
        await store.learn_policy(uow, record.name, record.hash, record.body, record.current_since)

    return router


def receipts_router() -> Router:
    """Group `workflows.receipts`: the hire's row, its receipt, and facts that concern many hires."""
    router = Router("workflows", consumer="workflows.receipts", topics=["intake.events", "scheduling.events"])
    router.on(a.ApplicationReceived)(on_application)

    router.on(*OF_REQUISITION)(inflow.on_requisition)
    router.on(client.ComplaintNoted)(inflow.on_client_event)
    router.on(a.CandidateContacted)(inflow.on_person_event)
    router.on(party.PersonMerged)(twins.on_merged)

    @router.on(party.AbsenceNoted)
    async def on_absence(uow: Uow, event: Received) -> None:
        absence = event.body.absence.model_dump(mode="json")
        await _away(uow, event, event.body.person_id, {"reason": "absent", **absence})

    @router.on(appointments.CalendarFailed, appointments.CalendarRead)
    async def on_calendar(uow: Uow, event: Received) -> None:
        ids = await store.hires_where(uow, "panel @> array[cast(:id as uuid)]", id=event.body.person_id)
        _fan_out(uow, event, ids, event.body.TYPE.removeprefix("baton."), {"person_id": str(event.body.person_id)})
        await inflow.on_calendar(uow, event)

    @router.on(party.PersonErased)
    async def on_erased(uow: Uow, event: Received) -> None:
        ids = await store.hires_where(uow, "person_id = :id", id=event.body.person_id)
        _fan_out(uow, event, ids, "person.erased", {})
        await inflow.on_person_event(uow, event)

    @router.on(policy.PolicyApplied)
    async def on_policy(uow: Uow, event: Received) -> None:
        body = event.body
        await store.learn_policy(uow, body.name, body.hash, body.body)
        _fan_out(uow, event, await store.hires_under(uow, body), POLICY, {"version": body.hash})

    @router.on(client.AgreementHeld)
    async def on_agreement(uow: Uow, event: Received) -> None:
        ids = await store.hires_where(uow, "client_id = :id and stage = 'submission'", id=event.body.client_id)
        _fan_out(uow, event, ids, "agreement.held", {})
        await inflow.on_client_event(uow, event)

    return router


async def on_application(uow: Uow, event: Received) -> None:
    """The hire exists from here on: its row, its first stage, and the receipt that its origin asks for."""
    body, at = event.body, event.envelope.time or uow.now
    fresh = await store.add_hire(uow, {
        "hire_id": body.hire_id, "person_id": body.person_id, "requisition_id": body.requisition_id, "client_id": body.client_id,
        "origin": body.origin, "externalref": body.externalref or event.envelope.externalref,
        "correlation": event.envelope.correlationid or event.envelope.id, "received_at": at, "screen_by": uow.now + SCREENING_WITHIN,
        "profile": to_json(profile_of(body)).decode(), "fact": subject_fact(body, event.envelope).model_dump_json()})
    if not fresh:
        return
    uow.emit(
        hire.StageEntered(hire_id=body.hire_id, requisition_id=body.requisition_id, client_id=body.client_id, person_id=body.person_id,
                          at=at, stage="screening", visit=1, policy_version=""), cause=event, at=at)
    template = rows.RECEIPTS.get(body.origin)
    if template is not None:
        _receipt(uow, event, template)


def _receipt(uow: Uow, event: Received, template: str) -> None:
    body = event.body
    listener = PartyRef(person_id=body.person_id, role="candidate")
    occasion = f"{event.envelope.id}/1"
    message_id = derive_id("notification", "message", body.person_id, "receipt", occasion)
    spec = MessageSpec(
        message_id=message_id, party=listener, purpose="receipt", occasion=occasion, template=template, hire_id=body.hire_id,
        guards=[NotErasedGuard(person_id=body.person_id)])
    uow.emit(Tell(message_id=message_id, hire_id=body.hire_id, message=spec), cause=event,
             event_id=derive_id("workflows", "tell", message_id))


async def _away(uow: Uow, event: Received, person_id: UUID, params: dict[str, Any]) -> None:
    """Somebody is away or has left: hires with an appointment in whose panel they sit look for another."""
    ids = await store.hires_where(uow, "panel @> array[cast(:id as uuid)]", id=person_id)
    _fan_out(uow, event, ids, "interviewer.away", {"person_id": str(person_id), **params})


def _fan_out(uow: Uow, event: Received, ids: list[UUID], cause_type: str, params: dict[str, Any]) -> None:
    at = event.envelope.time or uow.now
    clear = {name: value for name, value in params.items() if value is not None}
    for hire_id in ids:
        uow.emit(hire.FanOut(hire_id=hire_id, cause_type=cause_type, cause_id=event.envelope.id[:80], params=clear, at=at), cause=event, at=at)
