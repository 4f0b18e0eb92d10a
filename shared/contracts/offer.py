"""Offers: drafted in versions by intake, approved by people, delivered once, answered by the candidate alone."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from .base import Code, Command, Event, Instant
from .sealed import Sealed


class DraftOfferV1(Command, type="intake.draft_offer", about="offer:offer_id"):
    """Draft the letter's content from position and range; reply offer.drafted | intake.command_refused."""

    offer_id: UUID
    hire_id: UUID
    requisition_id: UUID
    person_id: UUID
    by: Literal["us", "client"]
    ask_id: UUID | None = None
    """The Ask whose sealed answer holds the figures; intake waits for it."""
    base_salary: int | None = None
    """Minor units a month are not used: whole currency units a month, as letters state them."""
    start_at: Instant | None = None


class ReviseOfferV1(Command, type="intake.revise_offer", about="offer:offer_id"):
    """A new version of the offer; links to the old one die."""

    offer_id: UUID
    hire_id: UUID
    version: int
    changes: dict[str, str | int]


class OfferFact(Event):
    """Common body: `version` counts up with each change; `terms` are sealed under the candidate's key."""

    offer_id: UUID
    hire_id: UUID
    version: int
    by: Literal["us", "client"]
    start_at: Instant
    probation_months: int = 3
    over_band: bool = False
    changed: list[Code] = []
    """Terms that differ from the version before; empty: unknown, everything may."""
    terms: Sealed | None = None
    at: Instant


class OfferDraftedV1(OfferFact, type="offer.drafted", about="offer:offer_id"):
    """First version."""


class OfferChangedV1(OfferFact, type="offer.changed", about="offer:offer_id"):
    """Next version."""


class OfferSentV1(Event, type="offer.sent", about="offer:offer_id"):
    """Delivered to the candidate: from now it can't be taken back."""

    offer_id: UUID
    hire_id: UUID
    version: int
    sent_at: Instant


class OfferApprovedV1(Event, type="offer.approved", about="offer:offer_id"):
    """All approvals of this version are in."""

    offer_id: UUID
    hire_id: UUID
    version: int
    approved_at: Instant


class OfferAcceptedV1(Event, type="offer.accepted", about="offer:offer_id"):
    """The candidate said yes."""

    offer_id: UUID
    hire_id: UUID
    version: int
    accepted_at: Instant
    start_at: Instant


class OfferDeclinedV1(Event, type="offer.declined", about="offer:offer_id"):
    """The candidate said no; the reason is a code, never required."""

    offer_id: UUID
    hire_id: UUID
    version: int
    declined_at: Instant
    reason: Code | None = None


class OfferCounteredV1(Event, type="offer.countered", about="offer:offer_id"):
    """The candidate would say yes to other terms: whoever owes the letter is asked, and the letter stands meanwhile."""

    offer_id: UUID
    hire_id: UUID
    version: int
    countered_at: Instant
    ask_id: UUID
    """The question in whose answer the wished figures stand, sealed."""
    wished_start: Code | None = None
    """The wished day, as a date."""


class OfferLapsedV1(Event, type="offer.lapsed", about="offer:offer_id"):
    """No answer until the letter's date."""

    offer_id: UUID
    hire_id: UUID
    version: int
    lapsed_at: Instant


DraftOffer = DraftOfferV1
ReviseOffer = ReviseOfferV1
OfferDrafted = OfferDraftedV1
OfferChanged = OfferChangedV1
OfferSent = OfferSentV1
OfferApproved = OfferApprovedV1
OfferAccepted = OfferAcceptedV1
OfferDeclined = OfferDeclinedV1
OfferCountered = OfferCounteredV1
OfferLapsed = OfferLapsedV1
