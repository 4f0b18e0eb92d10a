"""Which kinds of subjects there are: their states and their stories. Adding one means adding it here."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter

from workflows.account.state import AccountState
from workflows.account.story import STORY as ACCOUNT
from workflows.hire.decide import Due
from workflows.hire.facts import Fact
from workflows.hire.intents import Intent
from workflows.house.state import HouseState
from workflows.house.story import STORY as HOUSE
from workflows.nurture.state import NurtureState
from workflows.nurture.story import STORY as NURTURE
from workflows.requisition.changes import STORY as REQUISITION
from workflows.requisition.state import RequisitionState

from .state import Subject
from .story import Story

STORIES: dict[str, Story] = {story.kind: story for story in (HOUSE, REQUISITION, ACCOUNT, NURTURE)}
AnySubject = Annotated[HouseState | RequisitionState | AccountState | NurtureState, Field(discriminator="kind")]


def story_of(state: Subject) -> Story:
    """The story of this kind."""
    return STORIES[state.kind]


_READER: TypeAdapter[AnySubject] = TypeAdapter(AnySubject)


def load(value: object) -> AnySubject:
    """Read a stored state of any version that ever was."""
    return _READER.validate_python(value)


class SubjectBegin(BaseModel):
    """A run's argument: the whole state, and how long the first wait may be (real seconds)."""

    state: AnySubject
    wait_s: float | None = None


class SubjectStep(BaseModel):
    """One decided step to resolve, write and publish. With `due` it is a proposal: the clock is read first."""

    state: AnySubject
    fact: Fact
    intents: list[Intent]
    due: Due | None = None
