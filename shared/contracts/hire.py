"""What workflows tell about a hire: stages, decisions, outcomes; and the commands that operators may give."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from .base import Code, Command, Event, Instant

Stage = Literal["screening", "submission", "interviewing", "deciding", "offering", "joining", "settling", "closed", "paused"]
Outcome = Literal[
    "settled", "left", "rejected", "withdrawn", "refused", "declined", "lapsed", "reneged", "not_started", "closed_by_client", "filled", "reserve",
]


class HireFact(Event):
    """Common body of a fact about one hire."""

    hire_id: UUID
    requisition_id: UUID
    client_id: UUID
    person_id: UUID
    at: Instant


class StageEnteredV1(HireFact, type="stage.entered", about="hire:hire_id"):
    """The hire is now in `stage`; `visit` counts re-entries from 1."""

    stage: Stage
    visit: int = 1
    policy_version: str


class StageLeftV1(HireFact, type="stage.left", about="hire:hire_id"):
    """The hire left `stage`; `how` is advanced, rejected, withdrawn or ended."""

    stage: Stage
    visit: int = 1
    how: Code


class DecisionMadeV1(HireFact, type="decision.made", about="hire:hire_id"):
    """A person, or policy where it may, decided."""

    decision: Code
    stage: Stage
    by: UUID | None
    reason: Code | None = None


class CandidateSubmittedV1(HireFact, type="candidate.submitted", about="hire:hire_id"):
    """The pack went to the client."""

    disclosure_id: UUID


class HireStartedV1(HireFact, type="hire.started", about="hire:hire_id"):
    """Both sides said so."""

    start_at: Instant


class HireNotStartedV1(HireFact, type="hire.not_started", about="hire:hire_id"):
    """The day came and the person did not."""

    reason: Code | None = None


class HireRenegedV1(HireFact, type="hire.reneged", about="hire:hire_id"):
    """Accepted, then stepped back before the start."""

    reason: Code | None = None


class HireSettledV1(HireFact, type="hire.settled", about="hire:hire_id"):
    """Day 90 and everything that belongs to it is done."""


class HireLeftV1(HireFact, type="hire.left", about="hire:hire_id"):
    """Left after the start; `day` counts calendar days from it."""

    day: int
    reason: Code | None = None


class HireClosedV1(HireFact, type="hire.closed", about="hire:hire_id"):
    """The story ended."""

    outcome: Outcome
    stage: Stage
    tags: list[Code] = []
    """What screening and interviews showed: `screening:passed`, `interview:strong` ..."""


class PersonTaggedV1(Event, type="person.tagged", about="person:person_id"):
    """Tags of a person in the pool, all that stand now: `<dimension>:<value>`, codes only (C98)."""

    person_id: UUID
    tags: list[Code] = []
    at: Instant


class PlacementConfirmedV1(HireFact, type="placement.confirmed", about="hire:hire_id"):
    """The client confirmed the placement."""


class FeeFact(HireFact):
    """One instalment of a placement's fee, as a share in percent; amounts and invoices stay in finance."""

    instalment: int
    of: int
    share: int


class FeeDueV1(FeeFact, type="fee.due", about="hire:hire_id"):
    """It may be invoiced."""


class FeeHeldV1(FeeFact, type="fee.held", about="hire:hire_id"):
    """Left within the guarantee: it is not due before the replacement has settled."""


class HirePolicyChangedV1(HireFact, type="hire.policy_changed", about="hire:hire_id"):
    """From now on the hire runs under another policy; what that moves follows as `obligation.moved`."""

    old_version: str
    policy_version: str


class OperatorActV1(Command, type="workflows.act", about="hire:hire_id"):
    """An operator's act on one hire, written by intake after it checked the person's token."""

    hire_id: UUID
    act: Literal["pause", "resume", "withdraw", "reassign", "waive", "release", "close", "unreject", "unhire", "reopen", "hand_over", "review", "revise", "right_request", "star", "unstar"]
    actor: Code
    reason: Code
    params: dict[str, Any] = {}
    at: Instant


class BulkActV1(Command, type="workflows.bulk_act", about="batch:batch_id"):
    """An operator's act on many requisitions, written by intake; done at `due_at`, and until then taken back by `undo` with the same batch."""

    batch_id: UUID
    act: Literal["pause", "resume", "close", "undo"]
    requisition_ids: list[UUID] = []
    actor: Code
    reason: Code
    at: Instant
    due_at: Instant


class FanOutV1(Command, type="workflows.fan_out", about="hire:hire_id"):
    """One event for many hires, once for each: the original type and its clear parts."""

    hire_id: UUID
    cause_type: Code
    cause_id: Code
    params: dict[str, Any] = {}
    at: Instant


class DepartureNotedV1(Event, type="departure.noted", about="application:application_id"):
    """A publisher or a person reported that the new hire left."""

    application_id: UUID
    hire_id: UUID
    left_at: Instant
    reason: Code | None = None


class StartNotedV1(Event, type="start.noted", about="application:application_id"):
    """A publisher reported a start, a no-start or a moved start; workflows decide what it means."""

    application_id: UUID
    hire_id: UUID
    result: Literal["started", "not_started", "reneged", "moved"]
    start_at: Instant | None = None
    at: Instant


StageEntered = StageEnteredV1
StageLeft = StageLeftV1
DecisionMade = DecisionMadeV1
CandidateSubmitted = CandidateSubmittedV1
HireStarted = HireStartedV1
HireNotStarted = HireNotStartedV1
HireReneged = HireRenegedV1
HireSettled = HireSettledV1
HireLeft = HireLeftV1
HireClosed = HireClosedV1
PersonTagged = PersonTaggedV1
PlacementConfirmed = PlacementConfirmedV1
FeeDue = FeeDueV1
FeeHeld = FeeHeldV1
HirePolicyChanged = HirePolicyChangedV1
OperatorAct = OperatorActV1
FanOut = FanOutV1
BulkAct = BulkActV1
DepartureNoted = DepartureNotedV1
StartNoted = StartNotedV1
