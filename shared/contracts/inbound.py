"""What publishers send. Bodies are in the clear on topic `inbound` only; entities are named by the publisher's own `externalid`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic.networks import validate_email

from .application import Origin
from .base import Body, Code, Event, Instant
from .client import ServiceContract
from .party import Locale
from .requisition import Need, Plan, Round, ScreeningRule

_PLAIN_MAIL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|de)")


def _mail(said: str) -> str:
    # The whole grammar costs more than all else in an application; nearly every address is of the plain kind.
    return said if len(said) <= 120 and _PLAIN_MAIL.fullmatch(said) else validate_email(said)[1]


Mail = Annotated[str, AfterValidator(_mail), WithJsonSchema({"type": "string", "format": "email"})]
"""A mail address."""


class Inbound(Event):
    """Common part: the publisher's own id of the entity, unique per source. Null clears a field, absence leaves it."""

    externalid: str = Field(min_length=1, max_length=200)


class PersonIn(Body):
    """A human as a publisher describes one."""

    externalid: str | None = None
    name: str = Field(min_length=1, max_length=200)
    name_latin: str | None = None
    email: Mail | None = None
    phone: str | None = Field(default=None, max_length=40)
    locale: Locale | None = None
    zone: str | None = None
    address: str | None = None
    reach: dict[str, str] = Field(default_factory=dict, json_schema_extra={"default": {}})  # a default value would be copied deeply each time
    """Ids at chat vendors by channel: dingtalk, wecom, feishu, slack; `wechat` means that one of us can forward by hand."""
    channels: list[Code] = Field(default_factory=list, json_schema_extra={"default": []})
    """The order in which they want to be reached: mail, sms, dingtalk, wecom, feishu, slack, hand."""


class PersonRegisteredV1(Inbound, type="person.registered", about="person:externalid"):
    """A candidate, known before or apart from an application."""

    person: PersonIn
    present_employer: str | None = None
    never_to: list[str] = []


class StaffRegisteredV1(Inbound, type="staff.registered", about="person:externalid"):
    """Somebody of the firm: roles, line, delegate, language."""

    person: PersonIn
    roles: list[str] = []
    manager: str | None = None
    delegate: str | None = None
    calendar: str | None = None


class StaffChangedV1(Inbound, type="staff.changed", about="person:externalid"):
    """Only the given fields change."""

    roles: list[str] | None = None
    manager: str | None = None
    delegate: str | None = None


class StaffLeftV1(Inbound, type="staff.left", about="person:externalid"):
    """Left the firm, from then on never asked again."""

    left_at: Instant
    successor: str | None = None


class AbsenceRecordedV1(Inbound, type="absence.recorded", about="person:externalid"):
    """`person` (external id) is away."""

    person: str
    starts_at: Instant
    ends_at: Instant


class ClientRegisteredV1(Inbound, type="client.registered", about="client:externalid"):
    """A client organisation."""

    name: str = Field(min_length=1, max_length=200)
    name_latin: str | None = None
    tier: Literal["strategic", "key", "ordinary"] = "ordinary"
    manager: str | None = None
    response_group: list[str] = []
    group_of: str | None = None
    zone: str | None = None
    calendar: str | None = None
    guarantee_months: int = 3
    probation_months: int = 3
    fee_shares: list[Annotated[int, Field(ge=1, le=100)]] = Field(default=[], max_length=12)
    data_agreement: bool = False
    external: bool = True
    mail_domains: list[str] = []
    contract: ServiceContract | None = None


class ContactRegisteredV1(Inbound, type="contact.registered", about="person:externalid"):
    """A person at a client."""

    person: PersonIn
    client: str
    roles: list[str] = []
    manager: str | None = None
    delegate: str | None = None
    calendar: str | None = None


class AgreementSignedInV1(Inbound, type="agreement.signed", about="client:externalid"):
    """The client signed the data agreement."""

    client: str
    signed_at: Instant


class ComplaintRaisedInV1(Inbound, type="complaint.raised", about="client:externalid"):
    """Somebody of `client` complained; `by` is the contact, `about` their words."""

    client: str
    by: str
    about: str = Field(min_length=1, max_length=4000)
    raised_at: Instant | None = None


class PositionRegisteredV1(Inbound, type="position.registered", about="position:externalid"):
    """A position with its band."""

    title: str
    client: str | None = None
    salary_min: int | None = None
    salary_max: int | None = None
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")


class RoomRegisteredV1(Inbound, type="room.registered", about="room:externalid"):
    """A room that can be booked."""

    name: str
    zone: str = "Asia/Shanghai"
    capacity: int = Field(default=4, ge=1)


class RequisitionRaisedV1(Inbound, type="requisition.raised", about="requisition:externalid"):
    """A requirement. `team` maps role -> external id of the person; `pools` name -> external ids."""

    client: str
    title: str = Field(min_length=1, max_length=300)
    title_en: str | None = None
    policy: str = "agency-cn"
    stage_plan: str = "default"
    rounds: list[Round] = []
    team: dict[str, str] = {}
    pools: dict[str, list[str]] = {}
    rules: list[ScreeningRule] = []
    openings: int = Field(default=1, ge=1, le=200)
    offer_by: Literal["us", "client"] = "us"
    confidential: bool = False
    location: str = ""
    salary_min: int | None = None
    salary_max: int | None = None
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    zone: str | None = None
    calendar: str | None = None
    start_at: Instant | None = None
    need: Need | None = None
    plan: Plan | None = None


class RequisitionStateInV1(Inbound, type="requisition.paused", about="requisition:externalid"):
    """Stop the work on it."""

    reason: str = ""


class RequisitionResumedV1(Inbound, type="requisition.resumed", about="requisition:externalid"):
    """Go on."""


class RequisitionClosedV1(Inbound, type="requisition.closed", about="requisition:externalid"):
    """Filled elsewhere or given up."""

    reason: str = ""


class ApplicationSubmittedV1(Inbound, type="application.submitted", about="application:externalid"):
    """First form of an application: one flat name and contact (old publishers still send it)."""

    requisition: str
    name: str = Field(min_length=1, max_length=200)
    email: Mail | None = None
    phone: str | None = None
    skills: list[str] = []
    years: float | None = None
    submitted_at: Instant | None = None


class DocumentIn(Body):
    """A document by digest (put before to /documents/{sha256}) or inline, base64, up to 512 kB."""

    name: str = ""
    media_type: str = ""
    sha256: str | None = None
    content: str | None = None


class ApplicationSubmittedV2(Inbound, type="application.submitted", version=2, about="application:externalid"):
    """An application: a person (inline or by external id), a requisition, an origin, structured facts and/or a document."""

    requisition: str
    person: PersonIn | None = None
    person_ref: str | None = None
    origin: Origin = "applied"
    referrer: str | None = None
    skills: list[str] = []
    years: float | None = Field(default=None, ge=0, le=80)
    degree_level: int | None = Field(default=None, ge=1, le=5)
    languages: list[str] = []
    present_employer: str | None = None
    resume: dict[str, Any] | None = None
    """A JSON Resume, as it is."""
    document: DocumentIn | None = None
    submitted_at: Instant | None = None


class ApplicationWithdrawnV1(Inbound, type="application.withdrawn", about="application:externalid"):
    """The candidate no longer applies (`externalid` is the application's)."""

    reason: str = ""


class BusyInV1(Inbound, type="busy.reported", about="person:externalid"):
    """`person` is busy then."""

    person: str
    starts_at: Instant
    ends_at: Instant


class DepartureReportedV1(Inbound, type="departure.reported", about="application:externalid"):
    """The new hire of this application left."""

    left_at: Instant
    reason: str = ""


class StartReportedV1(Inbound, type="start.reported", about="application:externalid"):
    """A start, a no-start, a reneging or a moved start was reported; needs a grant."""

    result: Literal["started", "not_started", "reneged", "moved"]
    start_at: Instant | None = None


class CheckCompletedV1(Inbound, type="check.completed", about="application:externalid"):
    """A background check came back."""

    clear: bool
    note: str = ""


class ErasureRequestedV1(Inbound, type="erasure.requested", about="person:externalid"):
    """Destroy the key of this person."""

    reason: str = ""


ApplicationSubmitted = ApplicationSubmittedV2
