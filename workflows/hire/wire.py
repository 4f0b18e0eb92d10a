"""What travels between bridge, workflow and its one local activity."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from .decide import Due
from .facts import Fact
from .intents import Intent
from .resolution import Resolution
from .state import HireState


class Begin(BaseModel):
    """A run's argument: the whole state, and how long the first wait may be (real seconds, as the last step found)."""

    state: HireState
    wait_s: float | None = None


class StepIn(BaseModel):
    """One decided step to resolve, write and publish. With `due` it is a proposal: the clock is read first."""

    state: HireState
    fact: Fact
    intents: list[Intent]
    due: Due | None = None


class StepOut(BaseModel):
    """What came of it. Recorded in history: small and stable."""

    applied: bool = True
    found: Resolution = Resolution()
    wait_s: float | None = None
    """Real seconds until the next instant; None: there is none."""
    more: bool = False
    """Something else of this hire is due at this very instant: look again without waiting."""
    instead: Due | None = None
    """Something else is due: decide that one."""
    adopt: dict[str, Any] | None = None
    """This step was taken before, for another fact, by a worker that died before Temporal knew: the state as it stands since then."""
