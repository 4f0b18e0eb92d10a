"""What the house does by itself: begins hires that screening never judged, sends the links of the morning, carries out acts in bulk,
and has somebody look at a calendar that can't be read, whether a hire waits for it or not.

One workflow for the organisation, one timer; what belongs to a hire, a client or a person is not here (agreements.md 2).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from workflows.hire.state import Owed, Step
from workflows.subject.story import Story
from workflows.subject.turn import SubjectTurn

STANDING = {"applications.waiting": "house.sweep", "house.opened": "house.morning"}
MOVES = {"pause": "paused", "resume": "resumed", "close": "closed"}
STORY = Story("house", stages=("open",), facts=(*STANDING, "acts.ordered", "calendar.failed", "calendar.read"))


def stand(turn: SubjectTurn, name: str) -> None:
    """A standing step: done when its instant comes, which the resolution names; one of each at most."""
    state = turn.state
    state.steps = [step for step in state.steps if step.name != name]
    state.steps.append(Step(id=name, name=name))


@STORY.when("applications.waiting")
def _waiting(turn: SubjectTurn) -> None:
    """Applications came in: look after them when their first deadline comes."""
    stand(turn, "house.sweep")


@STORY.when("house.opened")
def _opened(turn: SubjectTurn) -> None:
    """The organisation begins to work: from now on there are mornings, where the policy wants them."""
    if turn.state.morning:
        stand(turn, "house.morning")


def _sweep(turn: SubjectTurn) -> None:
    """The deadline of screening came: hires without a verdict begin by themselves, operators look after them."""
    turn.order("house.sweep")
    stand(turn, "house.sweep")


def _morning(turn: SubjectTurn) -> None:
    """The hour of the morning link came for somebody."""
    turn.order("house.morning")
    stand(turn, "house.morning")


@STORY.when("acts.ordered")
def _ordered(turn: SubjectTurn) -> None:
    """An act on many requisitions waits until nobody can take it back any more; `undo` takes it back."""
    fact, state = turn.fact, turn.state
    batch = str(fact.get("batch"))
    if fact.get("act") == "undo":
        state.steps = [step for step in state.steps if step.id != batch]
        return
    due = datetime.fromisoformat(fact.get("due_at"))
    step = Step(id=batch, name="house.acts", params={name: fact.get(name) for name in ("act", "ids", "reason")}, deadline=due)
    if due > turn.now:
        state.steps.append(step)
    else:
        turn.replied = step
        _act(turn)


def _act(turn: SubjectTurn) -> None:
    """The window has passed: one order for each requisition."""
    assert turn.replied is not None
    said = turn.replied.params
    for one in said["ids"]:
        turn.order("intake.move_requisition", requisition_id=one, version=0, to=MOVES[said["act"]], reason=said["reason"])


STORY.deadlines |= {"house.sweep": _sweep, "house.morning": _morning, "house.acts": _act}


# -- calendars that can't be read ------------------------------------------------------------------------------------------
def _of_feed(turn: SubjectTurn) -> list[Owed]:
    return [owed for owed in turn.state.of_kind("calendar_unread") if owed.params.get("feed_id") == turn.fact.get("feed_id")]


@STORY.when("calendar.failed")
def _unread(turn: SubjectTurn) -> None:
    """Times are offered over what nobody sees: whose calendar it is makes it readable again. Asked once until it can be read."""
    if not _of_feed(turn):
        person = str(turn.fact.get("person_id"))
        _look(turn, {"feed_id": turn.fact.get("feed_id"), "reason": turn.fact.get("reason"), "owner_id": person}, person=UUID(person))


@STORY.when("calendar.read")
def _read_again(turn: SubjectTurn) -> None:
    for owed in _of_feed(turn):
        turn.end(owed, "cancelled", reason="read_again")


def _look(turn: SubjectTurn, about: dict[str, Any], **who: Any) -> None:
    turn.owe("calendar_unread", refs=[("person", about["owner_id"], 1)], params=about, **who)


@STORY.answered("calendar_unread")
def _looked(turn: SubjectTurn, owed: Owed) -> None:
    """Mended: a working day later it is asked again unless it could be read. Not used any more: operators take it out."""
    assert owed.answer is not None
    about = {name: value for name, value in owed.params.items() if name != "planned_days"}
    if owed.answer.clear.get("decision") != "gone":
        _look(turn, {**about, "planned_days": 1}, person=owed.person, role=owed.role)
    elif owed.role != "operators":
        _look(turn, about, role="operators")
