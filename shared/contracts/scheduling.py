"""Interviews: slots held while offered, booked once, moved and cancelled with a version that calendars can follow."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from .base import Body, Code, Command, Event, Instant, Record
from .sessions import GroupSession, Period, Session


class Slot(Body):
    """A time that all needed people have; held for the candidate until `held_until`. `shadows` listen and owe no scorecard."""

    slot_id: UUID
    starts_at: Instant
    ends_at: Instant
    panel: list[UUID]
    room_id: UUID | None = None
    shadows: list[UUID] = []


class Seat(Body):
    """One chair of a panel: anybody of `pool`, who are qualified; of `trainees` only beside somebody qualified. `optional`: a shadow's
    chair, filled where somebody is free, never a reason against a time."""

    pool: list[UUID]
    trainees: list[UUID] = []
    optional: bool = False


class Limits(Body):
    """What is kept free for an interviewer (C62). Windows are hours of the person's own wall: `11:30-14:00`, `WED 09:00-12:00`."""

    per_day: int | None = None
    per_week: int | None = None
    minutes_per_day: int | None = None
    buffer_minutes: int = 0
    lunch: str | None = None
    lunch_minutes: int = 45
    focus: list[str] = []


class PersonLimits(Limits):
    """Limits of one person, in place of everybody's."""

    person_id: UUID


class OfferSlotsV1(Command, type="scheduling.offer_slots", about="interview:interview_id"):
    """Find and hold slots. `panel` is an AND of seats, each an OR of persons; reply slots.offered | slots.unavailable."""

    interview_id: UUID
    hire_id: UUID
    requisition_id: UUID
    candidate_id: UUID
    round: int
    panel: list[list[UUID]]
    minutes: int
    mode: Literal["video", "onsite", "phone"] = "video"
    not_before: Instant
    not_after: Instant
    count: int = 4
    zone: str = "Asia/Shanghai"
    """The candidate's zone: friendly hours are theirs as well."""
    avoid: list[UUID] = []
    discreet: bool = True
    """Prefer 12:00-13:30 and 18:30-20:30 in the candidate's zone (practice.md 2.3)."""
    seats: list[Seat] = []
    """The panel in more words than `panel`; where given, it counts."""
    limits: Limits | None = None
    limits_of: list[PersonLimits] = []
    candidate_open: list[Period] = []
    """Times that the candidate proposed; where given, nothing outside them."""
    not_at: list[Instant] = []
    """Starts that were offered before and did not suit."""
    hold_minutes: int | None = None
    """How long the slots are held for sure; afterwards whoever needs the time may have it. None: until they begin."""
    max_no_shows: int | None = None
    """No further offer in this hire once the candidate stayed away so often."""
    group: GroupSession | None = None
    """Where given, one chair of a session for several is offered, in place of a time for this candidate alone."""


class BookV1(Command, type="scheduling.book", about="interview:interview_id"):
    """Book an offered slot; reply interview.scheduled | booking.refused."""

    interview_id: UUID
    hire_id: UUID
    slot_id: UUID


class MoveV1(Command, type="scheduling.move", about="interview:interview_id"):
    """Move to another slot; reply interview.moved | booking.refused (`too_late`, `too_many_moves`: what the policy allows the candidate)."""

    interview_id: UUID
    hire_id: UUID
    slot_id: UUID
    notice_minutes: int | None = None
    """The earliest that is too late: so long before the start; None: at any time before it."""
    max_moves: int | None = None


class CancelV1(Command, type="scheduling.cancel", about="interview:interview_id"):
    """Cancel the interview and free everything; reply interview.cancelled, or slots.released where nothing was booked yet."""

    interview_id: UUID
    hire_id: UUID
    reason: Code
    notice_minutes: int | None = None
    """As in a move; reply booking.refused `too_late`."""


class ReleaseV1(Command, type="scheduling.release", about="interview:interview_id"):
    """Free the held slots; reply slots.released."""

    interview_id: UUID
    hire_id: UUID


class ReplaceV1(Command, type="scheduling.replace", about="interview:interview_id"):
    """Put somebody else of `candidates` in a panel member's seat; reply interviewer.replaced | booking.refused."""

    interview_id: UUID
    hire_id: UUID
    out_id: UUID
    candidates: list[UUID]
    reason: Code
    limits: Limits | None = None
    limits_of: list[PersonLimits] = []


class AttendV1(Command, type="scheduling.attend", about="interview:interview_id"):
    """Record who was there; reply interview.attended | interview.no_show."""

    interview_id: UUID
    hire_id: UUID
    result: Literal["both", "candidate_absent", "interviewer_absent", "unknown"]


class SlotsOfferedV1(Event, type="slots.offered", about="interview:interview_id"):
    """These slots are held until `held_until`."""

    interview_id: UUID
    hire_id: UUID
    round: int
    minutes: int
    mode: str
    slots: list[Slot]
    held_until: Instant
    chairs: int | None = None
    """The slot is a session with so many chairs; nobody has one before booking it. None: the times are this candidate's alone."""


class SlotsUnavailableV1(Event, type="slots.unavailable", about="interview:interview_id"):
    """Nothing fits in the range; a person must arrange."""

    interview_id: UUID
    hire_id: UUID
    round: int
    reason: Code


class SlotsReleasedV1(Event, type="slots.released", about="interview:interview_id"):
    """Held slots are free again."""

    interview_id: UUID
    hire_id: UUID
    at: Instant


class InterviewFact(Event):
    """Common body of an appointment: `version` is the iCalendar SEQUENCE, `wall_start` with `zone` is what was agreed."""

    interview_id: UUID
    version: int
    hire_id: UUID
    requisition_id: UUID
    candidate_id: UUID
    round: int
    starts_at: Instant
    ends_at: Instant
    wall_start: str
    zone: str
    panel: list[UUID]
    room_id: UUID | None = None
    mode: str = "video"
    reason: Code | None = None
    at: Instant
    shadows: list[UUID] = []
    loop_id: UUID | None = None
    session: Session | None = None
    """Where the candidate has one of several chairs; None: the appointment is theirs alone."""


class InterviewScheduledV1(InterviewFact, type="interview.scheduled", about="interview:interview_id"):
    """Booked: nobody else can have these people or this room then."""


class InterviewMovedV1(InterviewFact, type="interview.moved", about="interview:interview_id"):
    """Another time. Who is in `old_panel` or `old_shadows` and no longer in the panel has to be told that it is off for them."""

    old_starts_at: Instant
    old_panel: list[UUID] = []
    old_shadows: list[UUID] = []
    old_room_id: UUID | None = None
    old_session: Session | None = None


class InterviewCancelledV1(InterviewFact, type="interview.cancelled", about="interview:interview_id"):
    """Off; everything freed."""


class InterviewerReplacedV1(InterviewFact, type="interviewer.replaced", about="interview:interview_id"):
    """Same time, another interviewer: `out_id` left the panel, `in_id` joined."""

    out_id: UUID
    in_id: UUID


class InterviewAttendedV1(InterviewFact, type="interview.attended", about="interview:interview_id"):
    """Both sides were there."""


class InterviewNoShowV1(InterviewFact, type="interview.no_show", about="interview:interview_id"):
    """Somebody was not."""

    party: Literal["candidate", "interviewer"]


class BookingRefusedV1(Event, type="booking.refused", about="interview:interview_id"):
    """The slot is gone, or nobody can take the seat."""

    interview_id: UUID
    hire_id: UUID
    reason: Code


class BusyReportedV1(Event, type="busy.noted", about="person:person_id"):
    """A person's busy time, from their calendar, as intake took it in."""

    person_id: UUID
    starts_at: Instant
    ends_at: Instant
    busy_id: UUID


class SchedulingCommandRefusedV1(Event, type="scheduling.command_refused", about="command:command_id"):
    """A command that scheduling could not carry out, with its reason."""

    command_id: UUID
    hire_id: UUID | None = None
    command_type: Code
    reason: Code


class RoomRecordV1(Record, type="room.recorded", about="room:room_id"):
    """A room, or a meeting link, that can be booked; capacity in persons."""

    room_id: UUID
    version: int
    name: str
    zone: str = "Asia/Shanghai"
    capacity: int = 4
    kind: Literal["room", "link"] = "room"


OfferSlots = OfferSlotsV1
Book = BookV1
Move = MoveV1
Cancel = CancelV1
Release = ReleaseV1
Replace = ReplaceV1
Attend = AttendV1
SlotsOffered = SlotsOfferedV1
SlotsUnavailable = SlotsUnavailableV1
SlotsReleased = SlotsReleasedV1
BookingRefused = BookingRefusedV1
InterviewScheduled = InterviewScheduledV1
InterviewMoved = InterviewMovedV1
InterviewCancelled = InterviewCancelledV1
InterviewerReplaced = InterviewerReplacedV1
InterviewAttended = InterviewAttendedV1
InterviewNoShow = InterviewNoShowV1
BusyNoted = BusyReportedV1
SchedulingCommandRefused = SchedulingCommandRefusedV1
RoomRecord = RoomRecordV1
