"""The Obligation: an Ask with a clock; opened, marked, and ended in exactly one of five ways (hire.md)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from .base import Body, Code, Event, Instant
from .party import PartyRef

EndHow = Literal["met", "waived", "transferred", "lapsed", "cancelled"]


class Rung(Body):
    """One step of the ladder, as an absolute instant."""

    n: int
    at: Instant
    do: Code
    role: Code | None = None


class ObligationFact(Event):
    """Common body: who owes what to whom, since when, until when."""

    obligation_id: UUID
    hire_id: UUID | None = None
    requisition_id: UUID | None = None
    client_id: UUID | None = None
    kind: Code
    ask_id: UUID | None = None
    owed_by: PartyRef
    owed_to: PartyRef | None = None
    opened_at: Instant
    due_at: Instant
    provisional: bool = False
    blocking: bool = True


class ObligationOpenedV1(ObligationFact, type="obligation.opened", about="obligation:obligation_id"):
    """The clock runs. `rungs` are the ladder's instants; `policy_version` the policy that set them."""

    rungs: list[Rung] = []
    rule: str = ""


class ObligationRungFiredV1(ObligationFact, type="obligation.rung_fired", about="obligation:obligation_id"):
    """A rung of the ladder was reached while still owed."""

    n: int
    do: Code
    role: Code | None = None
    fired_at: Instant


class ObligationOverdueV1(ObligationFact, type="obligation.overdue", about="obligation:obligation_id"):
    """A mark, not an end: due passed while still owed."""

    overdue_at: Instant


class ObligationMovedV1(ObligationFact, type="obligation.moved", about="obligation:obligation_id"):
    """The due time moved, for a reason."""

    old_due_at: Instant
    reason: Code
    rungs: list[Rung] = []


class ObligationEnded(ObligationFact):
    """Common body of the five ends."""

    ended_at: Instant
    reason: Code | None = None
    late: bool = False
    successor_id: UUID | None = None


class ObligationMetV1(ObligationEnded, type="obligation.met", about="obligation:obligation_id"):
    """Done; `late` says whether after due."""


class ObligationWaivedV1(ObligationEnded, type="obligation.waived", about="obligation:obligation_id"):
    """Released by the one it is owed to."""


class ObligationTransferredV1(ObligationEnded, type="obligation.transferred", about="obligation:obligation_id"):
    """Another party's turn: `successor_id`."""


class ObligationLapsedV1(ObligationEnded, type="obligation.lapsed", about="obligation:obligation_id"):
    """The policy's default was taken."""


class ObligationCancelledV1(ObligationEnded, type="obligation.cancelled", about="obligation:obligation_id"):
    """No longer needed: what it was about has ended otherwise."""


ObligationOpened = ObligationOpenedV1
ObligationRungFired = ObligationRungFiredV1
ObligationOverdue = ObligationOverdueV1
ObligationMoved = ObligationMovedV1
ObligationMet = ObligationMetV1
ObligationWaived = ObligationWaivedV1
ObligationTransferred = ObligationTransferredV1
ObligationLapsed = ObligationLapsedV1
ObligationCancelled = ObligationCancelledV1


class ObligationView(Body):
    """An open obligation as a hire's state and the board hold it."""

    obligation_id: UUID
    kind: Code
    owed_by: PartyRef
    opened_at: Instant
    due_at: Instant
    blocking: bool = True
