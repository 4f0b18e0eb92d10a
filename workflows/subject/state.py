"""What every workflow beside the hire remembers: ids, codes and instants, no personal data. Each kind adds its own fields.

`workflows.subjects.state` holds the same value, written in the step's transaction, and is enough to start it again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from workflows.hire.state import Owed, Step

NOBODY = UUID(int=0)


class Subject(BaseModel):
    """Common memory. `kind` and `id` name the workflow: `<kind>/<id>`."""

    model_config = ConfigDict(extra="ignore")

    state_version: int = 1
    kind: str
    id: UUID
    policy: str
    """Hash of the pinned policy."""
    requisition_id: UUID | None = None
    client_id: UUID | None = None
    person_id: UUID | None = None
    tier: str | None = None
    stage: str = "open"
    paused_at: datetime | None = None
    step_no: int = 0
    seen: list[str] = []
    owed: dict[str, Owed] = {}
    steps: list[Step] = []
    outcome: str | None = None
    closed: bool = False

    @property
    def hire_id(self) -> UUID | None:
        """None: what is said here is about no hire."""
        return None

    @property
    def start_at(self) -> datetime | None:
        """None: nothing here begins on a first day of work."""
        return None

    @property
    def standing(self) -> bool:
        """True for what has to be held by nobody while nothing is due (the house)."""
        return False

    def refs(self) -> list[tuple[str, str, int]]:
        """What its questions and messages are about."""
        named = (("requisition", self.requisition_id), ("client", self.client_id), ("person", self.person_id))
        return [(kind, str(one), 1) for kind, one in named if one is not None]

    def fork(self) -> Self:
        """A copy that rules may change."""
        return self.model_copy(deep=True)

    def of_kind(self, *kinds: str) -> list[Owed]:
        """Obligations in being of these kinds."""
        return [owed for owed in self.owed.values() if owed.kind in kinds]

    def by_ask(self, ask_id: str | None) -> Owed | None:
        """The obligation whose question this is."""
        return next((owed for owed in self.owed.values() if ask_id and str(owed.ask_id) == ask_id), None)

    def baton(self) -> Owed | None:
        """Who holds the baton: the blocking open obligation due first."""
        last = datetime.max.replace(tzinfo=UTC)
        shown = [owed for owed in self.owed.values() if owed.status in ("open", "asked") and owed.blocking]
        return min(shown, key=lambda owed: (owed.due_at or last, str(owed.id)), default=None)


def held(state: Subject) -> bool:
    """The invariant: closed, or somebody owes something, or will at an armed instant, or a machine step runs."""
    return state.closed or state.standing or bool(state.owed) or bool(state.steps)


def dump(state: Subject) -> dict[str, Any]:
    """The state as JSON values, defaults left out."""
    always = {"kind": state.kind, "state_version": state.state_version}
    return state.model_dump(mode="json", exclude_defaults=True) | always
