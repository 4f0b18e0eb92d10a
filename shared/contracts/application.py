"""Applications: a person, a requisition, an origin, and what was derived for matching (in the clear, under a pseudonymous id)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from .base import Body, Code, Command, Event, Instant

Origin = Literal["applied", "referred", "sourced", "agency", "campus", "internal", "reactivated"]


class Facts(Body):
    """What rules may look at; no identity. `None` means unknown, never zero. Confidence 0..1 by field name."""

    skills: list[str] = []
    years: float | None = None
    degree_level: int | None = None
    """1 school, 2 associate, 3 bachelor, 4 master, 5 doctor."""
    languages: list[str] = []
    confidence: dict[str, float] = {}
    places: dict[str, str] = {}
    """Where each fact stood in the document: `line 12` or `page 1`, never the text itself."""


class ApplicationReceivedV1(Event, type="application.received", about="application:application_id"):
    """Stored, parsed and durable. The hire id is the application id."""

    application_id: UUID
    hire_id: UUID
    person_id: UUID
    requisition_id: UUID
    requisition_version: int
    client_id: UUID
    origin: Origin
    facts: Facts
    document_digest: str | None = None
    defect: Code | None = None
    """Why the document could not be read; a person repairs it (`data_defect`)."""
    referrer_id: UUID | None = None
    submitted_at: Instant
    locale: str = "zh-CN"
    externalref: str | None = None


class ApplicationChangedV1(Event, type="application.changed", about="application:application_id"):
    """Another file or corrected data joined the same hire."""

    application_id: UUID
    hire_id: UUID
    person_id: UUID
    requisition_id: UUID
    requisition_version: int
    facts: Facts
    changed_at: Instant
    defect: Code | None = None


class ApplicationWithdrawnEventV1(Event, type="application.ended", about="application:application_id"):
    """The candidate no longer applies."""

    application_id: UUID
    hire_id: UUID
    person_id: UUID
    withdrawn_at: Instant
    reason: Code | None = None


class DuplicateSuspectedV1(Event, type="duplicate.suspected", about="application:application_id"):
    """The same person on the same requisition: the new file joined the existing hire."""

    application_id: UUID
    hire_id: UUID
    person_id: UUID
    by: Code
    """`mail`, `phone` or `name`."""
    at: Instant


class CandidateContactedV1(Event, type="candidate.contacted", about="application:application_id"):
    """A logged two-way contact."""

    application_id: UUID
    hire_id: UUID
    person_id: UUID
    by: UUID | None
    via: Code
    at: Instant


class DocumentReceivedV1(Event, type="document.received", about="document:document_id"):
    """A document is stored, sealed, under its digest."""

    document_id: UUID
    hire_id: UUID | None = None
    person_id: UUID | None = None
    digest: str
    kind: Code
    at: Instant


class Disclosure(Body):
    """A showing of a person to another organisation (practice.md 1.4)."""

    disclosure_id: UUID
    to_org: UUID
    purpose: Code
    level: Literal["blind", "named", "contact", "full"]
    consent_ref: UUID | None
    content_hash: str
    at: Instant


class DisclosureMadeV1(Event, type="disclosure.made", about="application:application_id"):
    """The pack may now be shown; pages and mails refuse without this."""

    application_id: UUID
    hire_id: UUID
    person_id: UUID
    disclosure: Disclosure


class IntroductionMadeV1(Event, type="introduction.made", about="application:application_id"):
    """First named disclosure to a client: protection starts."""

    application_id: UUID
    hire_id: UUID
    client_id: UUID
    protected_until: Instant
    at: Instant


class DiscloseV1(Command, type="intake.disclose", about="application:application_id"):
    """Record that the person may be shown to the organisation; refused without consent, agreement, or by the submission guard."""

    application_id: UUID
    hire_id: UUID
    to_org: UUID
    purpose: Code
    level: Literal["blind", "named", "contact", "full"]
    consent_ref: UUID | None


class IntakeCommandRefusedV1(Event, type="intake.command_refused", about="command:command_id"):
    """A command that intake could not carry out, with its reason."""

    command_id: UUID
    hire_id: UUID | None = None
    command_type: Code
    reason: Code


ApplicationReceived = ApplicationReceivedV1
ApplicationChanged = ApplicationChangedV1
ApplicationEnded = ApplicationWithdrawnEventV1
DuplicateSuspected = DuplicateSuspectedV1
CandidateContacted = CandidateContactedV1
DocumentReceived = DocumentReceivedV1
DisclosureMade = DisclosureMadeV1
IntroductionMade = IntroductionMadeV1
Disclose = DiscloseV1
IntakeCommandRefused = IntakeCommandRefusedV1
