"""An interview's life as a pure state machine: offered, scheduled, moved, replaced, attended, cancelled; the version only goes up.

    new ─offer─> offered ─book─> scheduled ─attend─> attended | no_show
                 │  └─release─> released     └─cancel─> cancelled         (all but attended can be offered again)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from shared.policy.wall import zone_of

State = Literal["new", "offered", "unavailable", "released", "scheduled", "attended", "no_show", "cancelled"]
ABSENT: dict[str, Literal["candidate", "interviewer"]] = {"candidate_absent": "candidate", "interviewer_absent": "interviewer"}


class IllegalMoveError(ValueError):
    """The interview's state does not allow this; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Group:
    """What the appointment shares with others: a session of so many chairs, in this version; `stands` until the last chair is left."""

    capacity: int
    version: int
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Appointment:
    """What was agreed: instants, the wall they mean, who and where."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    wall_start: str
    panel: tuple[UUID, ...]
    room_id: UUID | None = None
    shadows: tuple[UUID, ...] = ()
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview. `version` is the iCalendar SEQUENCE: 1 when first scheduled, one more with every change."""

    interview_id: UUID
    hire_id: UUID
    requisition_id: UUID
    candidate_id: UUID
    round: int
    minutes: int
    mode: str
    zone: str
    state: State = "new"
    version: int = 0
    appointment: Appointment | None = None
    reason: str | None = None
    loop_id: UUID | None = None
    moves: int = 0

    def agreed(self) -> Appointment:
        """The standing appointment. Raises IllegalMoveError `not_scheduled`."""
        if self.state != "scheduled" or self.appointment is None:
            raise IllegalMoveError("not_scheduled" if self.state != "attended" else "already_attended")
        return self.appointment

    def may_offer(self) -> None:
        """Raises IllegalMoveError once the interview took place."""
        if self.state == "attended":
            raise IllegalMoveError("already_attended")

    def offered(self, found: bool) -> Interview:
        """Slots were looked for; a standing appointment stands until it is moved."""
        self.may_offer()
        return self if self.state == "scheduled" else replace(self, state="offered" if found else "unavailable")

    def scheduled(self, appointment: Appointment) -> Interview:
        """The candidate chose."""
        if self.state == "scheduled":
            raise IllegalMoveError("already_scheduled")
        if self.state != "offered":
            raise IllegalMoveError("not_offered")
        return replace(self, state="scheduled", version=self.version + 1, appointment=appointment, reason=None)

    def moved(self, appointment: Appointment) -> Interview:
        """Another time."""
        self.agreed()
        return replace(self, version=self.version + 1, appointment=appointment, moves=self.moves + 1)

    def why_not_changed(self, now: datetime, *, notice: timedelta | None, max_moves: int | None = None) -> str | None:
        """What the policy has against a change at this moment: `too_late`, `too_many_moves`, or nothing."""
        if notice is not None and now > self.agreed().starts_at - notice:
            return "too_late"
        return "too_many_moves" if max_moves is not None and self.moves >= max_moves else None

    def resettled(self, starts_at: datetime, *, minutes: int) -> Interview:
        """Same people and room; what the wall and the instant mean was settled anew after their rules had changed."""
        now = replace(self.agreed(), starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), wall_start=wall_of(starts_at, self.zone))
        return replace(self, version=self.version + 1, appointment=now)

    def replaced(self, out_id: UUID, in_id: UUID) -> Interview:
        """Somebody else in the same seat."""
        now = self.agreed()
        panel = tuple(in_id if person == out_id else person for person in now.panel)
        group = now.group and replace(now.group, version=now.group.version + 1)
        return replace(self, version=self.version + 1, appointment=replace(now, panel=panel, group=group))

    def of_group(self, group: Group | None) -> Interview:
        """The same, its session as it stands now."""
        return self if self.appointment is None else replace(self, appointment=replace(self.appointment, group=group))

    def cancelled(self, reason: str) -> Interview:
        """Off."""
        self.agreed()
        return replace(self, state="cancelled", version=self.version + 1, reason=reason)

    def released(self) -> Interview:
        """Held slots are free again; an appointment stands."""
        return replace(self, state="released") if self.state in ("offered", "unavailable") else self

    def attended(self, result: str) -> Interview:
        """Who was there; the same result again changes nothing. Raises `attendance_unknown`: unknown is never "attended"."""
        state: State = "attended" if result == "both" else "no_show"
        if result != "both" and result not in ABSENT:
            raise IllegalMoveError("attendance_unknown")
        if self.state == state:
            return self
        self.agreed()
        return replace(self, state=state, reason=None if result == "both" else result)

    def fact(self, at: datetime) -> dict[str, Any]:
        """The common body of the interview's events."""
        now = self.appointment
        if now is None:
            raise IllegalMoveError("not_scheduled")
        return {
            "interview_id": self.interview_id, "version": self.version, "hire_id": self.hire_id, "requisition_id": self.requisition_id,
            "candidate_id": self.candidate_id, "round": self.round, "starts_at": now.starts_at, "ends_at": now.ends_at,
            "wall_start": now.wall_start, "zone": self.zone, "panel": list(now.panel), "room_id": now.room_id, "mode": self.mode,
            "reason": self.reason, "at": at, "shadows": list(now.shadows), "loop_id": self.loop_id,
            "session": now.group and {
                "session_id": now.session_id, "version": now.group.version, "capacity": now.group.capacity, "stands": now.group.stands}}


def wall_of(instant: datetime, zone: str) -> str:
    """The instant on that zone's wall, `2026-09-11T16:30`: what the parties agreed on, whatever happens to the zone's rules."""
    return instant.astimezone(zone_of(zone)).replace(tzinfo=None).isoformat(timespec="minutes")
