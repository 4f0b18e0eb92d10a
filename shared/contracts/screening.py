"""Screening: explainable results of versioned rules, and scorecards that stay closed until all are in."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from .base import Body, Code, Command, Event, Instant


class RuleResult(Body):
    """One rule applied: the outcome, the evidence (codes and numbers), how sure the evidence is (0..1)."""

    rule_id: Code
    rule: Code
    hard: bool
    outcome: Literal["pass", "fail", "unknown"]
    evidence: dict[str, str | float | int | list[str] | None]
    confidence: float
    reason: str


class ScreeningFact(Event):
    """Common body of a first verdict: every rule with its reason."""

    application_id: UUID
    hire_id: UUID
    person_id: UUID
    requisition_id: UUID
    requisition_version: int
    client_id: UUID
    rules_version: str
    score: float
    results: list[RuleResult]
    defect: Code | None = None
    at: Instant


class ScreeningPassedV1(ScreeningFact, type="screening.passed", about="application:application_id"):
    """All hard rules pass with confidence."""


class ScreeningUncertainV1(ScreeningFact, type="screening.uncertain", about="application:application_id"):
    """The machine can't tell: a person looks."""


class ScreeningFailedV1(ScreeningFact, type="screening.failed", about="application:application_id"):
    """A hard rule fails. With auto_reject off a person decides."""


class EvaluateV1(Command, type="screening.evaluate", about="application:application_id"):
    """Evaluate again, with the requisition's present rules."""

    application_id: UUID
    hire_id: UUID


class ScoreLine(Body):
    """One interviewer's card, clear parts only."""

    interviewer_id: UUID
    recommend: Literal["strong_yes", "yes", "no", "strong_no"]
    scores: dict[str, int] = {}
    submitted_at: Instant


class FeedbackSubmittedV1(Event, type="feedback.submitted", about="interview:interview_id"):
    """A card is in, committed by hash; its content stays closed until all are in."""

    interview_id: UUID
    hire_id: UUID
    interviewer_id: UUID
    commitment: str
    submitted_at: Instant
    interview_end: Instant


class RevealV1(Command, type="screening.reveal", about="interview:interview_id"):
    """Open all cards of this interview to those who decide."""

    interview_id: UUID
    hire_id: UUID


class FeedbackRevealedV1(Event, type="feedback.revealed", about="interview:interview_id"):
    """All cards, together."""

    interview_id: UUID
    hire_id: UUID
    cards: list[ScoreLine]
    missing: list[UUID] = []
    at: Instant


class ScreeningCommandRefusedV1(Event, type="screening.command_refused", about="command:command_id"):
    """A command that screening could not carry out, with its reason."""

    command_id: UUID
    hire_id: UUID | None = None
    command_type: Code
    reason: Code


ScreeningPassed = ScreeningPassedV1
ScreeningUncertain = ScreeningUncertainV1
ScreeningFailed = ScreeningFailedV1
Evaluate = EvaluateV1
FeedbackSubmitted = FeedbackSubmittedV1
Reveal = RevealV1
FeedbackRevealed = FeedbackRevealedV1
ScreeningCommandRefused = ScreeningCommandRefusedV1
