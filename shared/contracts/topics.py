"""The one table of topics: who owns each, what it carries, how long it keeps it; and which events answer a command.

A producer asks `topic_of(message class)`; nobody else spells a topic.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import application as a
from . import (
    appointments,
    ask,
    client,
    hire,
    inbound,
    notification,
    obligation,
    offer,
    onboarding,
    operators,  # noqa: F401  (what operators order is inbound too: its classes register here)
    party,
    policy,
    requisition,
    scheduling,
    screening,
)
from .base import Message

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Topic:
    """One Kafka topic. `owner` is the only writer; `compacted` topics keep the last record of each key for ever."""

    name: str
    owner: str
    key: str
    partitions: int
    retention_ms: int
    compacted: bool
    carries: tuple[type[Message], ...]


INBOUND = Topic("inbound", "publishers", "any", 12, DAY_MS, False, tuple(
    cls for cls in Message.REGISTRY.values() if issubclass(cls, inbound.Inbound)))
INTAKE_EVENTS = Topic("intake.events", "intake", "hire, else aggregate", 12, 30 * DAY_MS, False, (
    a.ApplicationReceivedV1, a.ApplicationChangedV1, a.ApplicationWithdrawnEventV1, a.DuplicateSuspectedV1, a.CandidateContactedV1,
    a.DocumentReceivedV1, a.DisclosureMadeV1, a.IntroductionMadeV1, a.IntakeCommandRefusedV1, client.AgreementSignedV1,
    client.ComplaintRaisedV1, requisition.RequisitionRaisedEventV1, requisition.RequisitionConfirmedV1,
    requisition.RequisitionChangedEventV1, requisition.RequisitionPausedEventV1, requisition.RequisitionResumedEventV1,
    requisition.RequisitionClosedEventV1, requisition.RequisitionProposedV1, requisition.RequisitionOpenedV1,
    offer.OfferDraftedV1, offer.OfferChangedV1, onboarding.OnboardingTaskDoneV1,
    onboarding.CheckCompletedEventV1, party.PersonErasedV1, party.PersonMergedV1, party.PersonRevealedV1, party.AbsenceRecordedEventV1,
    scheduling.BusyReportedV1, hire.DepartureNotedV1, hire.StartNotedV1, policy.PolicyAppliedV1))
INTAKE_PERSONS = Topic("intake.persons", "intake", "person", 3, -1, True, (party.PersonRecordV1,))
"""Apart from the other records: sealed personal data, for the readers that need it alone, and as many as there are applications."""
INTAKE_RECORDS = Topic("intake.records", "intake", "entity", 3, -1, True, (
    client.ClientRecordV1, requisition.RequisitionRecordV1, scheduling.RoomRecordV1,
    policy.PolicyRecordV1))
INTAKE_COMMANDS = Topic("intake.commands", "workflows", "hire", 6, 7 * DAY_MS, False, (
    a.DiscloseV1, offer.DraftOfferV1, offer.ReviseOfferV1, requisition.MoveRequisitionV1))
SCREENING_EVENTS = Topic("screening.events", "screening", "hire", 12, 30 * DAY_MS, False, (
    screening.ScreeningPassedV1, screening.ScreeningUncertainV1, screening.ScreeningFailedV1, screening.FeedbackSubmittedV1,
    screening.FeedbackRevealedV1, screening.ScreeningCommandRefusedV1))
SCREENING_COMMANDS = Topic("screening.commands", "workflows", "hire", 6, 7 * DAY_MS, False, (
    screening.EvaluateV1, screening.RevealV1))
SCHEDULING_EVENTS = Topic("scheduling.events", "scheduling", "hire", 6, 30 * DAY_MS, False, (
    scheduling.SlotsOfferedV1, scheduling.SlotsUnavailableV1, scheduling.SlotsReleasedV1, scheduling.InterviewScheduledV1,
    scheduling.InterviewMovedV1, scheduling.InterviewCancelledV1, scheduling.InterviewerReplacedV1, scheduling.InterviewAttendedV1,
    scheduling.InterviewNoShowV1, scheduling.BookingRefusedV1, scheduling.SchedulingCommandRefusedV1,
    appointments.LoopOfferedV1, appointments.LoopUnavailableV1, appointments.LoopBookedV1, appointments.InterviewConflictedV1,
    appointments.InterviewConflictEndedV1, appointments.InterviewTouchedV1, appointments.AttendanceNotedV1, appointments.CalendarReadV1,
    appointments.CalendarFailedV1))
SCHEDULING_COMMANDS = Topic("scheduling.commands", "workflows", "hire", 6, 7 * DAY_MS, False, (
    scheduling.OfferSlotsV1, scheduling.BookV1, scheduling.MoveV1, scheduling.CancelV1, scheduling.ReleaseV1,
    scheduling.ReplaceV1, scheduling.AttendV1, appointments.OfferLoopV1, appointments.BookLoopV1, appointments.SettleTouchedV1,
    appointments.TapV1))
NOTIFICATION_EVENTS = Topic("notification.events", "notification", "hire, else aggregate", 12, 30 * DAY_MS, False, (
    ask.AskOpenedV1, ask.AskAnsweredV1, ask.AskAnsweredLateV1, ask.AskAnsweredSecondV1, ask.AskRetractedV1, ask.AskSupersededV1, ask.AskClosedV1,
    notification.MessageSentV1, notification.MessageDeliveredV1, notification.MessageBouncedV1, notification.MessageSuppressedV1,
    notification.MessageFailedV1, notification.PreferenceChangedV1, notification.CommandRefusedV1, notification.InvitationAnsweredV1,
    offer.OfferSentV1))
NOTIFICATION_COMMANDS = Topic("notification.commands", "workflows", "hire, else aggregate", 6, 7 * DAY_MS, False, (
    ask.AskCommandV1, ask.CloseAskV1, ask.SupersedeAskV1, notification.TellV1, notification.WithdrawMessageV1))
WORKFLOWS_EVENTS = Topic("workflows.events", "workflows", "hire", 12, 30 * DAY_MS, False, (
    obligation.ObligationOpenedV1, obligation.ObligationRungFiredV1, obligation.ObligationOverdueV1, obligation.ObligationMovedV1,
    obligation.ObligationMetV1, obligation.ObligationWaivedV1, obligation.ObligationTransferredV1, obligation.ObligationLapsedV1,
    obligation.ObligationCancelledV1, hire.StageEnteredV1, hire.StageLeftV1, hire.DecisionMadeV1, hire.CandidateSubmittedV1,
    hire.HireStartedV1, hire.HireNotStartedV1, hire.HireRenegedV1, hire.HireSettledV1, hire.HireLeftV1, hire.HireClosedV1,
    hire.PlacementConfirmedV1, hire.FeeDueV1, hire.FeeHeldV1, client.CreditNotedV1, hire.HirePolicyChangedV1, hire.PersonTaggedV1,
    offer.OfferApprovedV1, offer.OfferAcceptedV1, offer.OfferDeclinedV1, offer.OfferCounteredV1, offer.OfferLapsedV1))
WORKFLOWS_COMMANDS = Topic("workflows.commands", "intake, workflows", "hire", 6, 7 * DAY_MS, False, (
    hire.OperatorActV1, hire.FanOutV1, hire.BulkActV1))

TOPICS: tuple[Topic, ...] = (
    INBOUND, INTAKE_EVENTS, INTAKE_PERSONS, INTAKE_RECORDS, INTAKE_COMMANDS, SCREENING_EVENTS, SCREENING_COMMANDS, SCHEDULING_EVENTS,
    SCHEDULING_COMMANDS, NOTIFICATION_EVENTS, NOTIFICATION_COMMANDS, WORKFLOWS_EVENTS, WORKFLOWS_COMMANDS)
_BY_CLASS = {cls: topic for topic in TOPICS for cls in topic.carries}

REPLIES: dict[type[Message], tuple[tuple[type[Message], ...], type[Message] | None]] = {
    a.DiscloseV1: ((a.DisclosureMadeV1,), a.IntakeCommandRefusedV1),
    offer.DraftOfferV1: ((offer.OfferDraftedV1,), a.IntakeCommandRefusedV1),
    offer.ReviseOfferV1: ((offer.OfferChangedV1,), a.IntakeCommandRefusedV1),
    requisition.MoveRequisitionV1: (
        (requisition.RequisitionConfirmedV1, requisition.RequisitionOpenedV1, requisition.RequisitionClosedEventV1,
         requisition.RequisitionChangedEventV1, requisition.RequisitionPausedEventV1, requisition.RequisitionResumedEventV1), a.IntakeCommandRefusedV1),
    screening.EvaluateV1: ((screening.ScreeningPassedV1, screening.ScreeningUncertainV1, screening.ScreeningFailedV1), screening.ScreeningCommandRefusedV1),
    screening.RevealV1: ((screening.FeedbackRevealedV1,), screening.ScreeningCommandRefusedV1),
    scheduling.OfferSlotsV1: ((scheduling.SlotsOfferedV1, scheduling.SlotsUnavailableV1), scheduling.SchedulingCommandRefusedV1),
    scheduling.BookV1: ((scheduling.InterviewScheduledV1, scheduling.BookingRefusedV1), scheduling.SchedulingCommandRefusedV1),
    scheduling.MoveV1: ((scheduling.InterviewMovedV1, scheduling.BookingRefusedV1), scheduling.SchedulingCommandRefusedV1),
    scheduling.CancelV1: ((scheduling.InterviewCancelledV1, scheduling.SlotsReleasedV1, scheduling.BookingRefusedV1), scheduling.SchedulingCommandRefusedV1),
    scheduling.ReleaseV1: ((scheduling.SlotsReleasedV1,), scheduling.SchedulingCommandRefusedV1),
    scheduling.ReplaceV1: ((scheduling.InterviewerReplacedV1, scheduling.BookingRefusedV1), scheduling.SchedulingCommandRefusedV1),
    scheduling.AttendV1: ((scheduling.InterviewAttendedV1, scheduling.InterviewNoShowV1), scheduling.SchedulingCommandRefusedV1),
    appointments.OfferLoopV1: ((appointments.LoopOfferedV1, appointments.LoopUnavailableV1), scheduling.SchedulingCommandRefusedV1),
    appointments.BookLoopV1: ((appointments.LoopBookedV1, appointments.LoopUnavailableV1), scheduling.SchedulingCommandRefusedV1),
    appointments.SettleTouchedV1: ((scheduling.InterviewMovedV1, scheduling.BookingRefusedV1), scheduling.SchedulingCommandRefusedV1),
    appointments.TapV1: ((appointments.AttendanceNotedV1,), scheduling.SchedulingCommandRefusedV1),
    ask.AskCommandV1: ((ask.AskOpenedV1,), notification.CommandRefusedV1),
    ask.CloseAskV1: ((ask.AskClosedV1, ask.AskAnsweredV1), notification.CommandRefusedV1),
    ask.SupersedeAskV1: ((ask.AskSupersededV1,), notification.CommandRefusedV1),
    notification.TellV1: ((notification.MessageDeliveredV1, notification.MessageSuppressedV1, notification.MessageFailedV1), notification.CommandRefusedV1),
    notification.WithdrawMessageV1: ((notification.MessageSuppressedV1,), notification.CommandRefusedV1),
}
"""Command -> (success events, refusal event). The reply carries the command's id as causation."""


def topic_of(cls: type[Message]) -> Topic:
    """The topic that carries this message class; KeyError names the class when topics.py forgot it."""
    return _BY_CLASS[cls]
