"""What subjects may be told, cut from events before it reaches Temporal: codes, ids and instants; and whom each event concerns."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts import application as a
from shared.contracts import appointments, ask, client, hire, notification, obligation, offer, party, requisition
from shared.contracts.base import Message, derive_id
from shared.contracts.envelope import Envelope
from workflows.hire.facts import TAKEN, Fact

REQUISITION = ("version", "text_hash", "missing", "unlawful", "changed", "state", "reason")
FIELDS: dict[type[Message], tuple[str, ...]] = {
    requisition.RequisitionRegistered: REQUISITION, requisition.RequisitionUpdated: REQUISITION, requisition.RequisitionProposed: REQUISITION,
    requisition.RequisitionConfirmed: REQUISITION, requisition.RequisitionOpened: REQUISITION, requisition.RequisitionHeld: REQUISITION,
    requisition.RequisitionContinued: REQUISITION, requisition.RequisitionEnded: REQUISITION,
    appointments.CalendarFailed: ("person_id", "feed_id", "reason"), appointments.CalendarRead: ("person_id", "feed_id"),
    client.AgreementHeld: (), client.ComplaintNoted: ("complaint_id", "by"), party.PersonErased: (),
    a.CandidateContacted: ("by", "via"), a.ApplicationReceived: ("hire_id", "requisition_id"),
}
"""Event class -> the fields that a subject may read; answers, messages and refusals are those of the hire (workflows/hire/facts.py)."""
OF_REQUISITION: tuple[type[Message], ...] = tuple(cls for cls in FIELDS if issubclass(cls, requisition.RequisitionFact))
BY_REF: tuple[type[Message], ...] = (
    ask.AskAnswered, ask.AskClosed, ask.AskRetracted, ask.AskAnsweredLate, notification.MessageDelivered, notification.MessageSuppressed,
    notification.MessageFailed, notification.MessageBounced, notification.NotificationCommandRefused, a.IntakeCommandRefused)
"""Events that name no subject: it is found by the question, message or order they are about."""


def fact_of(body: Message, envelope: Envelope) -> Fact:
    """The fact of a consumed event. KeyError for a class that no subject is told."""
    fields = FIELDS.get(type(body)) or TAKEN.get(type(body), ())
    data = body.model_dump(mode="json", include=set(fields), exclude_none=True)
    if isinstance(body, ask.AskAnswered | ask.AskAnsweredLate):
        data |= {"clear": dict(body.answer.clear), "by": str(body.answer.by) if body.answer.by else None, "via": body.answer.via,
                 "answered_at": body.answer.happened_at.isoformat()}
    if isinstance(body, a.ApplicationReceived):
        data["profile"] = profile_of(body)
    at = envelope.time
    if at is None:
        raise ValueError(f"{body.TYPE} {envelope.id} has no time")
    now = datetime.fromisoformat(envelope.recordedtime) if envelope.recordedtime else at
    return Fact(id=envelope.id, source=envelope.source, type=body.TYPE.removeprefix("baton."), at=at, now=max(now, at), cause=envelope.causationid, data=data)


def profile_of(body: a.ApplicationReceived) -> dict[str, Any]:
    """What rules may look at of a person, small: at most forty skills."""
    facts = body.facts
    return {"skills": facts.skills[:40], "years": facts.years, "degree_level": facts.degree_level, "languages": facts.languages[:10]}


def ref_of(body: Message) -> UUID | None:
    """What a reply is about: its question, else its order, else its message."""
    for name in ("ask_id", "command_id", "message_id"):
        found = getattr(body, name, None)
        if found is not None:
            return UUID(str(found))
    return None


TO_REQUISITION = (offer.OfferAccepted, hire.CandidateSubmitted, hire.HireReneged, hire.HireNotStarted, hire.HireLeft)


def told_by_hire(body: Message, requisition_id: UUID, *, step: int, at: datetime) -> list[tuple[str, UUID, Fact]]:
    """What a step of a hire of this requisition tells others: the requisition, the client's account, the pool. Kind, id and fact each."""
    name = body.TYPE.removeprefix("baton.")
    hire_id = getattr(body, "hire_id", None)

    def fact(type_: str, data: dict[str, Any], *causes: object) -> Fact:
        return Fact(id=str(derive_id("workflows", "inflow", type_, *causes)), source="baton/workflows", type=type_, at=at, now=at, data=data)

    if isinstance(body, TO_REQUISITION):
        return [("requisition", requisition_id, fact(name, {"hire_id": str(hire_id)}, hire_id, step))]
    if isinstance(body, obligation.ObligationOverdue) and body.client_id is not None:
        data = {"kind": body.kind, "obligation_id": str(body.obligation_id)}
        return [("client", body.client_id, fact("duty.broken", data, body.obligation_id))]
    if isinstance(body, hire.HireClosed):
        return [("nurture", body.person_id, fact(name, {"hire_id": str(hire_id), "outcome": body.outcome, "tags": list(body.tags)}, hire_id, step))]
    return []


TOLD: tuple[type[Message], ...] = (*TO_REQUISITION, obligation.ObligationOverdue, hire.HireClosed)
"""Facts of a hire that others hear of from its own step."""
