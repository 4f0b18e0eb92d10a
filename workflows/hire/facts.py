"""What the hire's story may be told: small facts of codes, ids and instants, cut from events before they reach Temporal.

No sealed document, no free text, no name and no publisher's own id (which may hold a name) passes here; that is why nothing in
Temporal needs a codec.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts import application as a
from shared.contracts import appointments, ask, hire, notification, offer, onboarding, scheduling, screening
from shared.contracts.base import Message
from shared.contracts.envelope import Envelope


class Fact(BaseModel):
    """One thing that happened. `at` when it happened, `now` when its owner recorded it (business time)."""

    model_config = ConfigDict(frozen=True)

    id: str
    source: str
    type: str
    at: datetime
    now: datetime
    cause: str = ""
    """Id of the command or event that this answers."""
    data: dict[str, Any] = Field(default_factory=dict)

    @property
    def row(self) -> str:
        """The row of the table that it meets: its type; of an operator's act the act itself."""
        named = f"act.{self.data.get('act')}"
        return named if self.type == ACT and named in FACT_TYPES else self.type

    def get(self, name: str, default: Any = None) -> Any:
        """A clear field of the fact's body."""
        return self.data.get(name, default)


TAKEN: dict[type[Message], tuple[str, ...]] = {
    screening.ScreeningPassed: ("defect", "score"), screening.ScreeningUncertain: ("defect", "score"),
    screening.ScreeningFailed: ("defect", "score"),
    screening.FeedbackSubmitted: ("interview_id", "interviewer_id"), screening.FeedbackRevealed: ("interview_id", "missing", "cards"),
    screening.ScreeningCommandRefused: ("command_id", "command_type", "reason"),
    a.ApplicationChanged: ("defect",), a.ApplicationEnded: ("reason",), a.CandidateContacted: ("by", "via"),
    a.DisclosureMade: ("disclosure",), a.IntakeCommandRefused: ("command_id", "command_type", "reason"),
    scheduling.SlotsOffered: ("interview_id", "round", "minutes", "mode", "slots", "held_until", "chairs"),
    scheduling.SlotsUnavailable: ("interview_id", "round", "reason"), scheduling.SlotsReleased: ("interview_id",),
    scheduling.InterviewScheduled: ("interview_id", "version", "round", "starts_at", "ends_at", "panel", "mode", "session"),
    scheduling.InterviewMoved: ("interview_id", "version", "round", "starts_at", "ends_at", "panel", "mode", "session", "old_session"),
    scheduling.InterviewCancelled: ("interview_id", "version", "reason", "session"),
    scheduling.InterviewerReplaced: ("interview_id", "version", "starts_at", "ends_at", "panel", "out_id", "in_id", "session"),
    scheduling.InterviewAttended: ("interview_id",), scheduling.InterviewNoShow: ("interview_id", "party"),
    scheduling.BookingRefused: ("interview_id", "reason"),
    appointments.LoopOffered: ("loop_id", "ways"), appointments.LoopUnavailable: ("loop_id", "reason"), appointments.LoopBooked: ("loop_id",),
    appointments.InterviewConflicted: ("interview_id", "version", "conflict_id", "cause", "person_id"),
    appointments.InterviewConflictEnded: ("interview_id", "conflict_id"),
    appointments.InterviewTouched: ("interview_id", "version", "reason", "person_id", "starts_at", "starts_at_now"),
    appointments.AttendanceNoted: ("interview_id", "result", "late_minutes"),
    notification.InvitationAnswered: ("interview_id", "version", "person_id", "answer", "starts_at", "ends_at"),
    scheduling.SchedulingCommandRefused: ("command_id", "command_type", "reason"),
    ask.AskAnswered: ("ask_id", "kind", "obligation_id", "final_at"), ask.AskClosed: ("ask_id", "kind", "obligation_id", "how"),
    ask.AskRetracted: ("ask_id", "kind", "obligation_id"), ask.AskAnsweredLate: ("ask_id", "kind", "obligation_id", "closed_how"),
    notification.MessageDelivered: ("message_id", "ask_id", "obligation_id", "purpose", "template"),
    notification.MessageSuppressed: ("message_id", "ask_id", "obligation_id", "purpose", "template", "reason"),
    notification.MessageFailed: ("message_id", "ask_id", "obligation_id", "purpose", "template", "reason"),
    notification.MessageBounced: ("message_id", "ask_id", "obligation_id", "purpose", "template", "reason", "next_channel"),
    notification.NotificationCommandRefused: ("command_id", "command_type", "reason"),
    offer.OfferDrafted: ("offer_id", "version", "by", "start_at", "over_band", "probation_months"),
    offer.OfferChanged: ("offer_id", "version", "by", "start_at", "over_band", "probation_months", "changed"),
    onboarding.OnboardingTaskDone: ("task",), onboarding.CheckNoted: ("clear",),
    hire.DepartureNoted: ("left_at", "reason"), hire.StartNoted: ("result", "start_at"),
}
"""Event class -> the fields that the story may read."""

FANNED: tuple[str, ...] = (
    "requisition.held", "requisition.continued", "requisition.ended", "requisition.updated", "interviewer.away", "calendar.failed", "calendar.read", "owner.replaced",
    "agreement.held", "person.erased", "person.merged", "twin.noted", "other.accepted", "policy.applied")
"""Facts about something else that reach each hire concerned as one `workflows.fan_out` record."""
ACT, DUE, LATE_SCREENING, POLICY = "workflows.act", "due", "screening.overdue", "policy.applied"
ACTS: tuple[str, ...] = ("pause", "resume", "withdraw", "close", "unreject", "unhire", "reopen", "waive", "reassign", "hand_over", "release", "review", "revise", "right_request", "star", "unstar")
"""What operators may do with a hire; each is a row of the table of its own, `act.<name>`."""
FACT_TYPES: tuple[str, ...] = (
    *sorted(cls.TYPE.removeprefix("baton.") for cls in TAKEN), *FANNED, *(f"act.{name}" for name in ACTS), ACT, DUE, LATE_SCREENING)


def _answer(data: dict[str, Any], body: Any) -> None:
    answer = body.answer
    data["clear"] = dict(answer.clear)
    data["by"] = str(answer.by) if answer.by else None
    data["via"] = answer.via
    data["answered_at"] = answer.happened_at.isoformat()


def fact_of(body: Message, envelope: Envelope) -> Fact:
    """The fact of a consumed event or of a command to the workflows. Raises KeyError for a class the story does not take."""
    name = body.TYPE.removeprefix("baton.")
    if isinstance(body, hire.FanOut):
        name, data = body.cause_type, dict(body.params)
    elif isinstance(body, hire.OperatorAct):
        data = {"act": body.act, "reason": body.reason, **body.params}
    else:
        data = body.model_dump(mode="json", include=set(TAKEN[type(body)]), exclude_none=True)
        if isinstance(body, ask.AskAnswered | ask.AskAnsweredLate):
            _answer(data, body)
    at = envelope.time
    if at is None:
        raise ValueError(f"{body.TYPE} {envelope.id} has no time")
    now = datetime.fromisoformat(envelope.recordedtime) if envelope.recordedtime else at
    return Fact(
        id=envelope.id, source=envelope.source, type=name, at=at, now=max(now, at), cause=envelope.causationid,
        data=data)
