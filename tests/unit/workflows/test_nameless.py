"""A failed step leaves its type in Temporal's history, which is not sealed, and never its message."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from temporalio.exceptions import ApplicationError

from tests.unit.workflows.subjects.paper import paper_world
from workflows.activities import Steps
from workflows.subject import beginning
from workflows.subject.activities import SubjectSteps
from workflows.subject.stories import SubjectStep

SECRET = "李雷 lei.li@example.com"


class Broken:
    """A database whose error repeats what it was given."""

    @asynccontextmanager
    async def unit(self) -> Any:
        raise ValueError(f"invalid input: {SECRET}")
        yield


def _run(steps: Any, step: Any) -> ApplicationError:
    with pytest.raises(ApplicationError) as raised:
        asyncio.run(steps(step))
    return raised.value


def _checked(failure: ApplicationError) -> None:
    assert failure.type == "ValueError" and SECRET not in str(failure)
    assert failure.__cause__ is None and failure.__suppress_context__, "Temporal stores the cause with its message"
    assert SECRET not in "".join(traceback.format_exception(failure))


def test_a_step_of_a_subject_when_it_fails_then_only_the_type_is_kept() -> None:
    world = paper_world()
    state = beginning.account(world.client, world.policy)
    step: Any = SubjectStep.model_construct(state=state, fact=SimpleNamespace(type="client.recorded"), intents=[], due=None)
    _checked(_run(SubjectSteps(Broken()).apply_subject_step, step))  # type: ignore[arg-type]


def test_a_step_of_a_hire_when_it_fails_then_only_the_type_is_kept() -> None:
    step: Any = SimpleNamespace(state=SimpleNamespace(hire_id=UUID(int=1), step_no=1), fact=SimpleNamespace(type="application.received"))
    _checked(_run(Steps(Broken()).apply_step, step))  # type: ignore[arg-type]
