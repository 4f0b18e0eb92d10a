"""Who can hold the baton: persons in roles, their lines, delegates, zones and absences; no names in the clear."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from .base import Body, Code, Event, Instant, Record
from .sealed import Sealed

PartyClass = Literal["staff", "client", "candidate", "new_hire", "referee", "vendor", "house"]
Role = Literal[
    "candidate", "new_hire", "recruiter", "lead", "client_manager", "client_sponsor", "client_contact", "hiring_manager",
    "line_manager", "interviewer", "director", "hr", "hr_head", "finance", "legal_owner", "privacy_owner", "consultant",
    "department_head", "vendor", "referee", "operators", "delegate", "self",
]
Locale = Literal["zh-CN", "en"]


class PartyRef(Body):
    """A person in a role, as an Ask or a message names one. `operators` is the firm's last resort and has no person."""

    person_id: UUID | None
    role: Role


class Absence(Body):
    """From (inclusive) to (exclusive) a person is away; asks go to the delegate at the rung."""

    starts_at: Instant
    ends_at: Instant


class PersonRecordV1(Record, type="person.recorded", about="person:person_id"):
    """One human, whatever relations they have to the firm. `identity` seals {name, name_latin, emails, phones, address, photo, reach}.

    `reach`: ids at chat vendors by channel (dingtalk, wecom, feishu, slack; wechat: a person of ours forwards by hand)."""

    person_id: UUID
    version: int
    party_class: PartyClass
    org_id: UUID | None = None
    """Client or own firm the person belongs to; none for candidates."""
    roles: list[Role] = []
    locale: Locale = "zh-CN"
    zone: str = "Asia/Shanghai"
    calendar: str = "CN"
    manager_id: UUID | None = None
    delegate_id: UUID | None = None
    absences: list[Absence] = []
    left_at: Instant | None = None
    identity: Sealed | None = None
    present_employer: UUID | None = None
    never_to: list[UUID] = []
    mail_domain_digest: str | None = None
    """Blind index of the mail domain, to keep mail away from a present employer's domain."""
    channels: list[Code] = []
    """The order in which the person wants to be reached; empty: the house's."""
    hours: str = Field(default="", pattern=r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$")
    """Hours of their own wall in which ordinary messages may come, `12:00-14:00`; empty: the house's windows alone."""


class PersonErasedV1(Event, type="person.erased", about="person:person_id"):
    """The person's key was destroyed: whatever is sealed under it can't be opened any more."""

    person_id: UUID
    erased_at: Instant


class PersonMergedV1(Event, type="person.merged", about="person:person_id"):
    """`merged_id` lives on as `person_id`."""

    person_id: UUID
    merged_id: UUID
    merged_at: Instant


class AbsenceRecordedEventV1(Event, type="absence.noted", about="person:person_id"):
    """A person of ours or of a client is away; workflows look at it at each rung, scheduling at each search."""

    person_id: UUID
    absence: Absence


PersonRecord = PersonRecordV1
PersonErased = PersonErasedV1
class PersonRevealedV1(Event, type="person.revealed", about="person:person_id"):
    """An operator opened what is sealed about a person: told before anything was shown."""

    person_id: UUID
    what: Literal["reveal", "export"]
    by: Code
    reason: Code
    at: Instant


PersonMerged = PersonMergedV1
PersonRevealed = PersonRevealedV1
AbsenceNoted = AbsenceRecordedEventV1
