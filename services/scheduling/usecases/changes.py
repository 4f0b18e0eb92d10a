"""New data about zones and holidays: list the appointments to come that it touches, and settle them once somebody decided (F24)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts.appointments import InterviewTouched, SettleTouched
from shared.contracts.base import derive_id
from shared.contracts.scheduling import InterviewMoved
from shared.runtime.db import Uow
from shared.runtime.records import Received

from .. import people, store
from ..domain.interview import IllegalMoveError
from ..domain.zones import Touched, instant_now, touched
from .answers import booking_refused, known
from .conflicts import settled

_NOBODY = UUID(int=0)


async def look(uow: Uow) -> int:
    """Compare every appointment to come with the data that this process runs on; what was told before isn't told again. Returns how many."""
    rows = await uow.rows("select interview_id, version, hire_id, starts_at, ends_at, wall_start, zone, panel from interviews"
                          " where state = 'scheduled' and starts_at > :now order by interview_id", now=uow.now)
    if not rows:
        return 0
    everybody = {person for row in rows for person in row["panel"]}
    crew = {one.person_id: one.calendar for one in await people.load_people(uow, everybody, (rows[0]["starts_at"], rows[0]["ends_at"]))}
    told = 0
    for row in rows:
        panel = [(person, crew[person]) for person in row["panel"] if person in crew]
        for one in touched((row["starts_at"], row["ends_at"]), row["wall_start"], row["zone"], panel):
            told += await _tell(uow, row, one)
    return told


async def _tell(uow: Uow, row: Any, one: Touched) -> int:
    key = {"interview": row["interview_id"], "version": row["version"], "reason": one.reason, "person": one.person_id or _NOBODY, "now": one.starts_at_now}
    fresh = await uow.run("insert into touched values (:interview, :version, :reason, :person, :now) on conflict do nothing", **key)
    if fresh:
        uow.emit(InterviewTouched(
            interview_id=row["interview_id"], version=row["version"], hire_id=row["hire_id"], reason=one.reason, person_id=one.person_id,
            wall_start=row["wall_start"], zone=row["zone"], starts_at=row["starts_at"], starts_at_now=one.starts_at_now, at=uow.now),
            event_id=derive_id("scheduling", "event", *key.values()))
    return fresh


async def settle_touched(uow: Uow, event: Received) -> None:
    """Keep the wall (the instant moves with the new rules) or keep the instant (the wall says something else from now on)."""
    command: SettleTouched = event.body
    interview = await known(uow, command.interview_id)
    old = interview.agreed()
    if old.group is not None:
        raise IllegalMoveError("group_session")  # it is everybody's: people of ours settle it, by moving those who can't
    starts_at = old.starts_at if command.keep == "instant" else instant_now(old.wall_start, interview.zone)
    await store.lock_calendars(uow, [*old.panel, *old.shadows, interview.candidate_id, *([old.room_id] if old.room_id else [])])
    interview = interview.resettled(starts_at, minutes=interview.minutes)
    now = interview.agreed()
    if await store.booked_over(uow, now.session_id, (now.starts_at, now.ends_at)):
        return booking_refused(uow, event, "panel_booked")
    await store.shift(uow, now.session_id, starts_at=now.starts_at, ends_at=now.ends_at)
    await store.save_interview(uow, interview)
    uow.emit(InterviewMoved(
        **interview.fact(uow.now), old_starts_at=old.starts_at, old_panel=list(old.panel), old_shadows=list(old.shadows), old_room_id=old.room_id),
        cause=event)
    await settled(uow, event, interview.interview_id)
