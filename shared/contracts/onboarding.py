"""Onboarding: tasks done and checks completed, as intake takes them in."""

from __future__ import annotations

from uuid import UUID

from .base import Code, Event, Instant


class OnboardingTaskDoneV1(Event, type="onboarding.task_done", about="application:application_id"):
    """A department or vendor did its part."""

    application_id: UUID
    hire_id: UUID
    task: Code
    at: Instant


class CheckCompletedEventV1(Event, type="check.noted", about="application:application_id"):
    """A background check came back; findings are sealed with intake."""

    application_id: UUID
    hire_id: UUID
    clear: bool
    at: Instant


OnboardingTaskDone = OnboardingTaskDoneV1
CheckNoted = CheckCompletedEventV1
