"""Requisitions: what is needed, by whom, under which policy; rules for screening; openings to fill."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from .base import Body, Code, Command, Event, Instant, Record, ShortText


class HasSkill(Body):
    """At least `minimum` of `skills` (codes of the skill table)."""

    rule: Literal["has_skill"] = "has_skill"
    id: Code
    skills: list[str]
    minimum: int = 1
    hard: bool = True
    weight: float = 1.0


class MinYears(Body):
    """At least `years` of experience."""

    rule: Literal["min_years"] = "min_years"
    id: Code
    years: float
    hard: bool = True
    weight: float = 1.0


class MinDegree(Body):
    """Degree level at least `level`: 1 school, 2 associate, 3 bachelor, 4 master, 5 doctor."""

    rule: Literal["min_degree"] = "min_degree"
    id: Code
    level: int
    hard: bool = True
    weight: float = 1.0


class SpeaksLanguage(Body):
    """Speaks `language` (BCP 47)."""

    rule: Literal["speaks"] = "speaks"
    id: Code
    language: str
    hard: bool = False
    weight: float = 1.0


ScreeningRule = Annotated[HasSkill | MinYears | MinDegree | SpeaksLanguage, Field(discriminator="rule")]


class Round(Body):
    """One interview round: who sits in it and for how long. Panel entries are roles or `pool <name>`."""

    name: ShortText
    kit: ShortText = ""
    panel: list[str]
    minutes: int = 60
    mode: Literal["video", "onsite", "phone"] = "video"


class Opening(Body):
    """A seat under the requisition."""

    opening_id: UUID
    due_at: Instant | None = None
    fee_free: bool = False
    state: Literal["open", "filled", "closed"] = "open"


LongText = Annotated[str, Field(max_length=4000)]


class Need(Body):
    """The written requirement (C24); words about a position, none about a person."""

    background: LongText = ""
    duties: LongText = ""
    talent: LongText = ""
    timeline: LongText = ""
    budget: LongText = ""


class Milestone(Body):
    """Something of the plan that is to be reached by a day."""

    name: ShortText
    at: Instant


class Plan(Body):
    """How the requirement is worked on (C26): channels and milestones; the rounds stand in the record itself."""

    channels: list[ShortText] = []
    milestones: list[Milestone] = []


class Finding(Body):
    """A clause of the requirement that the law does not allow, or warns of: where it stands, which rule, how to say it lawfully."""

    code: Code
    part: Code
    clause: ShortText
    refused: bool = True
    flagged: bool = False
    """A person said so, not the lint: it stands until that part is written anew."""


class Signature(Body):
    """Both sides signed this version of the text; what is shown ever after."""

    version: int
    text_hash: Code
    at: Instant
    by: list[UUID] = []
    need: Need = Need()


class Proposal(Body):
    """A change in flight that waits for a yes: nothing of it counts before."""

    version: int
    text_hash: Code
    changed: list[Code] = []
    missing: list[Code] = []
    findings: list[Finding] = []
    body: dict[str, Any] = {}
    """The record's fields as they would be."""


class RequisitionRecordV1(Record, type="requisition.recorded", about="requisition:requisition_id"):
    """The whole current state of a requisition. `team` maps role -> person; `pools` maps pool name -> persons."""

    requisition_id: UUID
    version: int
    client_id: UUID
    externalref: str
    code: ShortText
    title: ShortText
    title_en: ShortText | None = None
    policy: Code = "agency-cn"
    stage_plan: Code = "default"
    rounds: list[Round] = []
    """Empty: the stage plan of the policy."""
    team: dict[str, UUID] = {}
    pools: dict[str, list[UUID]] = {}
    rules: list[ScreeningRule] = []
    rules_version: str = ""
    openings: list[Opening] = []
    tier: Code = "ordinary"
    offer_by: Literal["us", "client"] = "us"
    external: bool = True
    confidential: bool = False
    state: Literal["raised", "open", "paused", "closed"] = "open"
    zone: str = "Asia/Shanghai"
    calendar: str = "CN"
    location: ShortText = ""
    salary_min: int | None = None
    salary_max: int | None = None
    currency: str = "CNY"
    start_at: Instant | None = None
    """Wished start of work, where the publisher gave one."""
    need: Need | None = None
    plan: Plan | None = None
    text_hash: Code = ""
    """SHA-256 of the requirement's text as both sides sign it."""
    missing: list[Code] = []
    """Parts of the requirement that nobody has written yet; only looked for where the policy wants it confirmed."""
    findings: list[Finding] = []
    signed: Signature | None = None
    proposed: Proposal | None = None


class RequisitionFact(Event):
    """Common body of requisition events."""

    requisition_id: UUID
    version: int
    client_id: UUID
    at: Instant
    reason: Code | None = None
    state: Code | None = None
    text_hash: Code | None = None
    missing: list[Code] = []
    unlawful: list[Code] = []
    changed: list[Code] = []
    """Names of the fields that differ from the version before."""


class RequisitionRaisedEventV1(RequisitionFact, type="requisition.registered", about="requisition:requisition_id"):
    """Intake holds the requirement."""


class RequisitionConfirmedV1(RequisitionFact, type="requisition.confirmed", about="requisition:requisition_id"):
    """Signed by both sides."""


class RequisitionChangedEventV1(RequisitionFact, type="requisition.updated", about="requisition:requisition_id"):
    """A new version stands in the records."""


class RequisitionPausedEventV1(RequisitionFact, type="requisition.held", about="requisition:requisition_id"):
    """Work stops; net clocks stand."""


class RequisitionResumedEventV1(RequisitionFact, type="requisition.continued", about="requisition:requisition_id"):
    """Work goes on."""


class RequisitionClosedEventV1(RequisitionFact, type="requisition.ended", about="requisition:requisition_id"):
    """Filled or given up; everyone still in hears of it."""


class RequisitionProposedV1(RequisitionFact, type="requisition.proposed", about="requisition:requisition_id"):
    """A change of a confirmed requirement came in; it counts only after a yes to its impact."""


class RequisitionOpenedV1(RequisitionFact, type="requisition.opened", about="requisition:requisition_id"):
    """Confirmed, planned, the pool asked: the search begins."""


class MoveRequisitionV1(Command, type="intake.move_requisition", about="requisition:requisition_id"):
    """Bring the requisition into its next state; `version` is the one that was signed or decided on, an older one is refused."""

    requisition_id: UUID
    version: int
    to: Literal["confirmed", "open", "closed", "apply", "drop", "paused", "resumed"]
    reason: Code | None = None
    text_hash: Code | None = None
    signed_by: list[UUID] = []


RequisitionRecord = RequisitionRecordV1
RequisitionRegistered = RequisitionRaisedEventV1
RequisitionConfirmed = RequisitionConfirmedV1
RequisitionUpdated = RequisitionChangedEventV1
RequisitionHeld = RequisitionPausedEventV1
RequisitionContinued = RequisitionResumedEventV1
RequisitionEnded = RequisitionClosedEventV1
RequisitionProposed = RequisitionProposedV1
RequisitionOpened = RequisitionOpenedV1
MoveRequisition = MoveRequisitionV1
