"""The pool: consent first, then a follow-up by a person now and then; quiet while the person is elsewhere, over at the first no (C96-C105).

No machine writes to a person in the pool but for the one question whether it may keep their papers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from workflows import tags
from workflows.hire.state import Owed, Step
from workflows.subject.story import Story
from workflows.subject.turn import SubjectTurn

from .state import NurtureState

GROUPS = {"settled": "hired", "left": "hired", "reserve": "pending", "filled": "pending", "closed_by_client": "pending", "lapsed": "pending"}
"""How the hire ended -> which group the person is in; everything else is `not_now`."""
FOLLOW_DAYS, STAR_DAYS, HOUR = 90, 30, 10
KEPT = timedelta(days=365)
"""How long a yes counts."""
STORY = Story("nurture", stages=("asking", "pool", "resting"), facts=(
    "hire.closed", "application.received", "candidate.contacted", "person.erased"))


def state_of(turn: SubjectTurn) -> NurtureState:
    """The state with its own type."""
    return turn.state  # type: ignore[no-any-return]


@STORY.when("hire.closed", "asking")
def _ended(turn: SubjectTurn) -> None:
    """A hire ended: who was hired is off-limits, who wants no more contact is left alone, the others are asked once."""
    state = state_of(turn)
    _leave(turn)
    _group(turn)
    if state.busy:
        turn.go("resting")
    elif state.group == "hired" or turn.fact.get("outcome") == "withdrawn" and turn.fact.get("reason") == "erased":
        turn.close(state.group)
    elif not state.of_kind("pool_consent"):
        turn.owe("pool_consent")


def _group(turn: SubjectTurn) -> None:
    state = state_of(turn)
    state.group = GROUPS.get(str(turn.fact.get("outcome")), "not_now")  # type: ignore[assignment]
    state.owner = turn.fact.get("owner") or state.owner
    state.profile = turn.fact.get("profile") or state.profile
    _tag(turn, turn.fact.get("tags") or ())


def _tag(turn: SubjectTurn, new: Iterable[str]) -> None:
    """What is known now stands beside what was; a change of it is a fact (C98)."""
    state = state_of(turn)
    found = tags.merged(state.tags, [*tags.of_profile(state.profile), *new])
    if found != state.tags:
        state.tags = found
        turn.emit("person.tagged", tags=found)


def _leave(turn: SubjectTurn) -> None:
    state = state_of(turn)
    state.busy = [hire for hire in state.busy if hire != str(turn.fact.get("hire_id"))]


@STORY.answered("pool_consent")
def _consented(turn: SubjectTurn, owed: Owed) -> None:
    """A yes counts for a year; a no is the end of it."""
    assert owed.answer is not None
    if owed.answer.clear.get("decision") != "yes":
        turn.close("said_no")
        return
    turn.go("pool")
    turn.state.steps.append(Step(id="consent", name="nurture.consent_ends", deadline=owed.answer.at + KEPT))
    _plan(turn)


@STORY.lapsed("pool_consent")
def _silent(turn: SubjectTurn, owed: Owed) -> None:
    """No answer: kept for the legal term, not contacted."""
    turn.close("no_answer")


def _plan(turn: SubjectTurn) -> None:
    state = state_of(turn)
    days = STAR_DAYS if state.star else FOLLOW_DAYS
    person = {"person": state.owner} if state.owner else {}
    turn.owe("pool_followup", params={"planned_days": days, "planned_hour": HOUR, "group": state.group, "owner_id": str(state.person_id),
                                  **({"tags": ",".join(state.tags)} if state.tags else {})}, **person)


@STORY.answered("pool_followup")
def _followed(turn: SubjectTurn, owed: Owed) -> None:
    """A person talked to them: another time, or never again."""
    assert owed.answer is not None
    said = owed.answer.clear.get("decision")
    if said == "no":
        turn.close("said_no")
        return
    if owed.answer.clear.get("tag"):
        _tag(turn, [f"{tags.NOTE}:{owed.answer.clear['tag']}"])
    state_of(turn).talked += 1
    state_of(turn).star = said == "star"
    _plan(turn)


@STORY.lapsed("pool_followup")
def _not_followed(turn: SubjectTurn, owed: Owed) -> None:
    """Nobody found the time: into the common pool, whoever takes the next one."""
    state_of(turn).owner = None
    _plan(turn)


@STORY.when("candidate.contacted", "pool")
def _contacted(turn: SubjectTurn) -> None:
    """Any contact in any channel: what was planned or asked is over, the time runs anew."""
    turn.cancel("pool_followup", reason="contacted")
    _plan(turn)


@STORY.when("application.received", "asking", "pool", "resting")
def _busy(turn: SubjectTurn) -> None:
    """In another process: nothing from here until it has ended."""
    state = state_of(turn)
    hire = str(turn.fact.get("hire_id"))
    state.busy = [*state.busy, *([hire] if hire not in state.busy else [])]
    state.profile = turn.fact.get("profile") or state.profile
    _tag(turn, ())
    if state.stage == "pool":
        turn.go("resting")


@STORY.when("hire.closed", "pool", "resting")
def _back(turn: SubjectTurn) -> None:
    """The other process has ended: placed, or back to the pool."""
    state = state_of(turn)
    _leave(turn)
    _group(turn)
    if state.group == "hired":
        turn.close("placed")
    elif not state.busy and state.stage == "resting":
        consented = any(step.name == "nurture.consent_ends" for step in state.steps)
        turn.go("pool" if consented else "asking")
        if consented:
            _plan(turn)
        elif not state.of_kind("pool_consent"):
            turn.owe("pool_consent")


@STORY.when("person.erased")
def _erased(turn: SubjectTurn) -> None:
    turn.close("erased")


def _consent_ends(turn: SubjectTurn) -> None:
    """A year is over: the yes with it."""
    turn.close("consent_ended")


STORY.deadlines["nurture.consent_ends"] = _consent_ends
