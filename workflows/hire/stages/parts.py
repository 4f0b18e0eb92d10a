"""The parts of a loop: several interviews of one round, booked in one act. Rules look at one of them at a time, the present appointment.

A round that is one interview has no other parts; everything here is then about that one.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflows.hire.state import Interview, Owed, PlannedRound
from workflows.hire.turn import Turn

TRIES = 3
"""So often times are looked for by themselves; then a person talks to the candidate first."""
SHARED = frozenset({"debrief", "word_after_interview"})
"""Duties that follow the whole loop, not one of its parts."""


def plan_of(turn: Turn, interview: Interview) -> PlannedRound:
    """What is planned for this part: the round itself is the first one."""
    planned = turn.state.rounds[turn.state.round - 1]
    return planned.loop[interview.part - 2] if interview.part > 1 else planned


def each(turn: Turn) -> Iterator[Interview]:
    """Every part in turn, as the present appointment; at the end it is the one that it was."""
    state = turn.state
    before = state.interview
    for one in [one for one in (before, *state.others) if one is not None]:
        state.look_at(one.id)
        yield one
    if before is not None:
        state.look_at(before.id)


def mine(turn: Turn, *kinds: str) -> list[Owed]:
    """Duties of these kinds that hang on the present appointment, or on the loop as a whole."""
    elsewhere = {str(one.id) for one in turn.state.others}
    return [owed for owed in turn.state.of_kind(*kinds) if owed.kind in SHARED or owed.params.get("interview_id") not in elsewhere]


def off(turn: Turn, *kinds: str, reason: str) -> None:
    """The duties of the present appointment go; those of the other parts stand."""
    for owed in mine(turn, *kinds):
        if str(owed.id) in turn.state.owed:
            turn.end(owed, "cancelled", reason=reason)


def last_of(turn: Turn) -> Interview | None:
    """The part that ends last, once all of them stand; None before."""
    found = [one for one in (turn.state.interview, *turn.state.others) if one is not None]
    ends = [one.ends_at for one in found if one.ends_at is not None]
    return max(found, key=lambda one: (one.ends_at or ends[0], str(one.id))) if found and len(ends) == len(found) else None


def called_off(turn: Turn) -> set[str]:
    """Ids of the appointments that we ordered to be called off, and that still stand in scheduling's books."""
    return {step.params["interview_id"] for step in turn.state.steps if step.name == "scheduling.cancel"}


def wait_for_the_rest(turn: Turn) -> bool:
    """The present appointment was called off. Where no part of the loop is left, times are looked for once all are off, for all as one."""
    others, on_its_way = turn.state.others, called_off(turn)
    if any(not one.off and str(one.id) not in on_its_way for one in others):
        return False
    gone(turn)
    if turn.state.interview is not None:
        turn.state.interview.off = True
    return any(str(one.id) in on_its_way for one in others)


def gone(turn: Turn) -> None:
    """The present appointment is no more. Of a loop only this part is open again."""
    state = turn.state
    part = state.interview.part if state.interview is not None else 0
    state.interview = Interview(id=turn.derive("scheduling", "interview"), part=part) if state.others else None


def look_at_broken(turn: Turn) -> None:
    """The part that has no time is the present appointment, where the loop has one."""
    for one in turn.state.others:
        if one.starts_at is None and turn.state.interview is not None and turn.state.interview.starts_at is not None:
            turn.state.look_at(one.id)
            return


def interview_ref(interview: Interview) -> list[tuple[str, str, int]]:
    """How an Ask or message names the appointment."""
    return [("interview", str(interview.id), interview.version)]
