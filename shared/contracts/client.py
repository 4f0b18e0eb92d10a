"""Clients and their standing with the firm: tier, managers, what is agreed."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from .base import Body, Code, Event, Instant, Record


class Duty(Body):
    """One line of the service contract: who owes this kind, until when, and what a breach is worth (minor units) to the other side."""

    kind: Code
    side: Literal["firm", "client"]
    within: str | None = None
    """As a policy writes it, e.g. `1 wd`; none: the policy's own."""
    credit: int = 0


class ServiceContract(Body):
    """The two-sided service contract as data: clocks and credits both ways, and how often we speak with each other."""

    duties: list[Duty] = []
    report_days: int | None = 7
    review_days: int | None = 90
    survey_days: int | None = 180
    currency: str = "CNY"


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
    fee_shares: list[int] = []
    """Percent of the fee by instalment: the first is due when the placement is confirmed, the others when the person has settled."""
    zone: str = "Asia/Shanghai"
    calendar: str = "CN"
    external: bool = True
    mail_domains: list[str] = []
    contract: ServiceContract | None = None
    """Where there is one, a workflow holds the account."""


class AgreementSignedV1(Event, type="agreement.held", about="client:client_id"):
    """The client's data agreement is signed: named disclosures are allowed from now."""

    client_id: UUID
    signed_at: Instant


class ComplaintRaisedV1(Event, type="complaint.noted", about="client:client_id"):
    """Somebody complained; the words are sealed with intake."""

    client_id: UUID
    complaint_id: UUID
    by: UUID | None = None
    """The contact who complained: whom the answer goes to."""
    raised_at: Instant


class CreditNotedV1(Event, type="credit.noted", about="client:client_id"):
    """A duty of the service contract was not kept in time: the other side is owed what the contract says."""

    client_id: UUID
    obligation_id: UUID
    kind: Code
    side: Literal["firm", "client"]
    credit: int
    currency: str = "CNY"
    at: Instant


ClientRecord = ClientRecordV1
AgreementHeld = AgreementSignedV1
ComplaintNoted = ComplaintRaisedV1
CreditNoted = CreditNotedV1
