"""What every use case needs: the interview it is about, the people it waits for, and a refusal with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from shared.contracts import scheduling as wire
from shared.contracts.scheduling import BookingRefused, SchedulingCommandRefused
from shared.policy.grammar import GrammarError
from shared.policy.wall import parse_window
from shared.runtime.db import Uow
from shared.runtime.errors import WaitsFor
from shared.runtime.records import Received

from .. import people, store
from ..domain.interview import IllegalMoveError, Interview
from ..domain.limits import NO_LIMITS, Limits
from ..domain.seats import Seat


def refuse(uow: Uow, event: Received, reason: str) -> None:
    """Answer a command that can't be carried out."""
    uow.emit(SchedulingCommandRefused(
        command_id=UUID(event.envelope.id), hire_id=event.body.hire_id, command_type=event.body.TYPE, reason=reason), cause=event)


def booking_refused(uow: Uow, event: Received, reason: str) -> None:
    """Answer that this time, seat or change can't be had."""
    uow.emit(BookingRefused(interview_id=event.body.interview_id, hire_id=event.body.hire_id, reason=reason), cause=event)


async def known(uow: Uow, interview_id: UUID) -> Interview:
    """The interview, locked. Raises IllegalMoveError `interview_unknown`."""
    interview = await store.load_interview(uow, interview_id)
    if interview is None:
        raise IllegalMoveError("interview_unknown")
    return interview


async def panel_known(uow: Uow, ids: set[UUID]) -> None:
    """Raises WaitsFor for a person whom intake's records have not brought yet."""
    if (missing := await people.unknown_among(uow, ids)) is not None:
        raise WaitsFor(f"person/{missing}")


def seats_of(command: wire.OfferSlots) -> tuple[Seat, ...]:
    """The panel chair by chair, without those who are to be avoided."""
    chairs = [(one.pool, one.trainees, one.optional) for one in command.seats] or [(pool, [], False) for pool in command.panel]
    avoid = set(command.avoid)
    return tuple(
        Seat(tuple(one for one in pool if one not in avoid), tuple(one for one in trainees if one not in avoid), optional)
        for pool, trainees, optional in chairs)


def limits_of(everybody: wire.Limits | None, single: list[wire.PersonLimits]) -> Callable[[UUID], Limits]:
    """Each person's limits. Raises IllegalMoveError `limits_unreadable` for a window that is none."""
    try:
        general = _limits(everybody) if everybody else NO_LIMITS
        own = {one.person_id: _limits(one) for one in single}
    except GrammarError:
        raise IllegalMoveError("limits_unreadable") from None
    return lambda person: own.get(person, general)


def _limits(one: wire.Limits) -> Limits:
    return Limits(
        per_day=one.per_day, per_week=one.per_week, minutes_per_day=one.minutes_per_day, buffer=timedelta(minutes=one.buffer_minutes),
        lunch=parse_window(one.lunch) if one.lunch else None, lunch_minutes=one.lunch_minutes, focus=tuple(parse_window(hours) for hours in one.focus))
