"""What `apply_step` found out for a decision: holders, instants, ladders; and how they enter the state.

The workflow and the stored row both take it in through `take_in`, so both hold the same state. It is recorded in Temporal's history
as the step's result: small, stable, no personal data.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from .state import HireState, Owed, Step


class Resolution(BaseModel):
    """Changes to the state that only the outside could give."""

    owed: dict[str, dict[str, Any]] = {}
    """Obligation id -> fields of Owed."""
    deadlines: dict[str, datetime] = {}
    """Step id -> its deadline."""
    steps: list[Step] = []
    """Machine steps that the resolution itself opened: questions whose delivery starts a clock."""
    hire: dict[str, Any] = {}
    """Fields of the state that another policy changes, as JSON values."""


def take_in(state: HireState, found: Resolution) -> HireState:
    """The state with the resolution in it; the given state is changed and returned."""
    for key, fields in found.owed.items():
        known = state.owed.get(key)
        if known is not None:
            state.owed[key] = Owed.model_validate(known.model_dump() | fields)
    for step in state.steps:
        if step.id in found.deadlines:
            step.deadline = found.deadlines[step.id]
    state.steps.extend(found.steps)
    if found.hire:
        named = HireState.model_validate(state.model_dump(include={"hire_id", "person_id", "requisition_id", "client_id", "policy"}) | found.hire)
        for name in found.hire:
            setattr(state, name, getattr(named, name))
    return state
