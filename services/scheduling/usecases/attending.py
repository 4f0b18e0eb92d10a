"""Who was there: what each side taps, and what was decided from it."""

from __future__ import annotations

from shared.contracts.appointments import AttendanceNoted, Tap
from shared.contracts.scheduling import Attend, InterviewAttended, InterviewNoShow
from shared.runtime.db import Uow
from shared.runtime.records import Received

from .. import store
from ..domain import attendance
from ..domain.interview import ABSENT, IllegalMoveError
from .answers import known
from .conflicts import settled


async def attend(uow: Uow, event: Received) -> None:
    """Record who was there."""
    command: Attend = event.body
    interview = (await known(uow, command.interview_id)).attended(command.result)
    await store.save_interview(uow, interview)
    if command.result == "both":
        uow.emit(InterviewAttended(**interview.fact(uow.now)), cause=event)
    else:
        uow.emit(InterviewNoShow(**interview.fact(uow.now), party=ABSENT[command.result]), cause=event)
    await settled(uow, event, interview.interview_id)


async def tap(uow: Uow, event: Received) -> None:
    """Note what one person says; answer with what all taps say so far. A later tap of the same person replaces the earlier one."""
    command: Tap = event.body
    interview = await known(uow, command.interview_id)
    now = interview.appointment
    sides = {} if now is None else {interview.candidate_id: "candidate", **dict.fromkeys(now.panel, "interviewer")}
    if now is None or sides.get(command.person_id) != command.side:
        raise IllegalMoveError("not_in_this_interview")
    await uow.run(
        "insert into taps values (:interview, :person, :side, :here, :other, :at) on conflict (interview_id, person_id)"
        " do update set here = excluded.here, other = excluded.other, at = excluded.at, side = excluded.side where excluded.at >= taps.at",
        interview=command.interview_id, person=command.person_id, side=command.side, here=command.here, other=command.other, at=command.at)
    rows = await uow.rows("select side, here, other, at from taps where interview_id = :id", id=command.interview_id)
    said = attendance.judge([attendance.Tap(row["side"], row["here"], row["other"], row["at"]) for row in rows], now.starts_at)
    uow.emit(AttendanceNoted(
        interview_id=command.interview_id, hire_id=command.hire_id, result=said.result, late_minutes=said.late_minutes, at=uow.now), cause=event)
