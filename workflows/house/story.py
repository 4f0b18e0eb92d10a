"""What the house does by itself: begins hires that screening never judged, sends the links of the morning.

One workflow for the organisation, one timer; what belongs to a hire, a client or a person is not here (agreements.md 2).
"""

from __future__ import annotations

from workflows.hire.state import Step
from workflows.subject.story import Story
from workflows.subject.turn import SubjectTurn

STANDING = {"applications.waiting": "house.sweep", "house.opened": "house.morning"}
STORY = Story("house", stages=("open",), facts=tuple(STANDING))


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


STORY.deadlines |= {"house.sweep": _sweep, "house.morning": _morning}
