"""Clients and their standing with the firm: tier, managers, what is agreed."""

from __future__ import annotations

from uuid import UUID

from .base import Code, Event, Instant, Record


class ClientRecordV1(Record, type="client.recorded", about="client:client_id"):
    """One client organisation (in-house: the own firm is its own client). Names of organisations are not personal data."""

    client_id: UUID
    version: int
    name: str
    name_latin: str | None = None
    tier: Code = "ordinary"
    manager_id: UUID | None = None
    sponsor_id: UUID | None = None
    response_group: list[UUID] = []
    group_of: UUID | None = None
    """Parent company: the submission guard looks at the whole group."""
    data_agreement: bool = False
    guarantee_months: int = 3
    probation_months: int = 3
    zone: str = "Asia/Shanghai"
    calendar: str = "CN"
    external: bool = True
    mail_domains: list[str] = []


class AgreementSignedV1(Event, type="agreement.held", about="client:client_id"):
    """The client's data agreement is signed: named disclosures are allowed from now."""

    client_id: UUID
    signed_at: Instant


class ComplaintRaisedV1(Event, type="complaint.noted", about="client:client_id"):
    """Somebody complained; the words are sealed with intake."""

    client_id: UUID
    complaint_id: UUID
    raised_at: Instant


ClientRecord = ClientRecordV1
AgreementHeld = AgreementSignedV1
ComplaintNoted = ComplaintRaisedV1
