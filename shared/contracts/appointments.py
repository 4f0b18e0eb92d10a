"""Appointments beyond one interview: loops of several, conflicts that appear later, changed clocks and holidays, who came, calendars read.

Beside scheduling.py, which holds the one interview; the same owner and topics.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from .base import Body, Code, Command, Event, Instant
from .scheduling import Limits, PersonLimits, Seat, Slot
from .sessions import Period


class LoopLeg(Body):
    """One interview of a loop with its own panel."""

    interview_id: UUID
    round: int
    seats: list[Seat]
    minutes: int
    mode: Literal["video", "onsite", "phone"] = "video"


class LegSlot(Slot):
    """When one leg would be."""

    interview_id: UUID


class Way(Body):
    """One way to have the whole loop: all its slots are taken together, or none."""

    way_id: UUID
    slots: list[LegSlot]


class OfferLoopV1(Command, type="scheduling.offer_loop", about="loop:loop_id"):
    """Find and hold ways through several interviews; legs that are booked already stay. Reply loop.offered | loop.unavailable."""

    loop_id: UUID
    hire_id: UUID
    requisition_id: UUID
    candidate_id: UUID
    legs: list[LoopLeg]
    not_before: Instant
    not_after: Instant
    zone: str = "Asia/Shanghai"
    days: int = 1
    per_day: int = 5
    min_gap_minutes: int = 0
    max_gap_minutes: int = 120
    ordered: bool = True
    count: int = 3
    candidate_open: list[Period] = []
    limits: Limits | None = None
    limits_of: list[PersonLimits] = []
    hold_minutes: int | None = None


class BookLoopV1(Command, type="scheduling.book_loop", about="loop:loop_id"):
    """Book one way: every leg is scheduled in one act, and told by an interview.scheduled of its own. Reply loop.booked | loop.unavailable."""

    loop_id: UUID
    hire_id: UUID
    way_id: UUID


class LoopOfferedV1(Event, type="loop.offered", about="loop:loop_id"):
    """These ways are held until `held_until`."""

    loop_id: UUID
    hire_id: UUID
    ways: list[Way]
    held_until: Instant


class LoopUnavailableV1(Event, type="loop.unavailable", about="loop:loop_id"):
    """No way, or the chosen one is gone."""

    loop_id: UUID
    hire_id: UUID
    reason: Code


class LoopBookedV1(Event, type="loop.booked", about="loop:loop_id"):
    """The whole loop stands."""

    loop_id: UUID
    hire_id: UUID
    interviews: list[UUID]
    at: Instant


class InterviewConflictedV1(Event, type="interview.conflicted", about="interview:interview_id"):
    """Something later stands over a booked interview. The appointment stands until somebody decides: this has to open an obligation.

    `person_id`: whose calendar; `conflict_id` names the conflict until interview.conflict_ended tells that it went away.
    """

    interview_id: UUID
    version: int
    hire_id: UUID
    conflict_id: UUID
    cause: Literal["busy", "room"]
    person_id: UUID | None = None
    starts_at: Instant
    ends_at: Instant
    at: Instant


class InterviewConflictEndedV1(Event, type="interview.conflict_ended", about="interview:interview_id"):
    """What stood over the interview went away, or the interview did: nobody has to decide any more."""

    interview_id: UUID
    hire_id: UUID
    conflict_id: UUID
    at: Instant


class InterviewTouchedV1(Event, type="interview.touched", about="interview:interview_id"):
    """New data about zones or holidays meets an appointment (F24); nothing is changed before somebody says so.

    `zone_rules`: the wall that was agreed (`wall_start`) is another instant now, `starts_at_now`; `holiday`: a panel member or the
    candidate's calendar is closed then, `starts_at_now` is the old instant. Answer by scheduling.settle_touched.
    """

    interview_id: UUID
    version: int
    hire_id: UUID
    reason: Literal["zone_rules", "holiday"]
    person_id: UUID | None = None
    wall_start: str
    zone: str
    starts_at: Instant
    starts_at_now: Instant
    at: Instant


class SettleTouchedV1(Command, type="scheduling.settle_touched", about="interview:interview_id"):
    """`wall`: what was agreed on the wall stays, the instant moves; `instant`: the instant stays and the wall says something else.

    Reply interview.moved | booking.refused (`panel_booked`: the new instant is taken).
    """

    interview_id: UUID
    hire_id: UUID
    keep: Literal["wall", "instant"]


class TapV1(Command, type="scheduling.tap", about="interview:interview_id"):
    """One side says who is there (F25): `here` itself, `other` the other side as far as it can tell. Reply attendance.noted."""

    interview_id: UUID
    hire_id: UUID
    person_id: UUID
    side: Literal["candidate", "interviewer"]
    here: bool
    other: bool | None = None
    at: Instant


class AttendanceNotedV1(Event, type="attendance.noted", about="interview:interview_id"):
    """What the taps of both sides say so far. `unknown` stays unknown; `disputed`: they say opposite things; a person decides both."""

    interview_id: UUID
    hire_id: UUID
    result: Literal["both", "candidate_absent", "interviewer_absent", "neither", "disputed", "unknown"]
    late_minutes: int = 0
    at: Instant


class CalendarReadV1(Event, type="calendar.read", about="person:person_id"):
    """A person's linked calendar can be read (again)."""

    person_id: UUID
    feed_id: UUID
    busy: int
    at: Instant


class CalendarFailedV1(Event, type="calendar.failed", about="person:person_id"):
    """A person's linked calendar can't be read: what is planned may meet something nobody sees. Told once until it can be read again."""

    person_id: UUID
    feed_id: UUID
    reason: Code
    at: Instant


OfferLoop = OfferLoopV1
BookLoop = BookLoopV1
LoopOffered = LoopOfferedV1
LoopUnavailable = LoopUnavailableV1
LoopBooked = LoopBookedV1
InterviewConflicted = InterviewConflictedV1
InterviewConflictEnded = InterviewConflictEndedV1
InterviewTouched = InterviewTouchedV1
SettleTouched = SettleTouchedV1
Tap = TapV1
AttendanceNoted = AttendanceNotedV1
CalendarRead = CalendarReadV1
CalendarFailed = CalendarFailedV1
