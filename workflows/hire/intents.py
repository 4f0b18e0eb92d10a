"""What a decision wants done: small frozen values without words, times or parties; `apply_step` resolves and writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from .state import Owed


class _Intent(BaseModel):
    model_config = ConfigDict(frozen=True)


class OpenObligation(_Intent):
    """Resolve who owes it and by when, and ask; the policy says whether it opens now, by delivery, or is planned."""

    do: Literal["open"] = "open"
    id: UUID


class StartClock(_Intent):
    """The question reached its reader (or its planned instant came): the clock runs from `at`."""

    do: Literal["clock"] = "clock"
    id: UUID
    at: datetime
    ask: bool = False
    """True: a planned one opens and has still to be asked."""


class FireRung(_Intent):
    """A rung was reached while still owed."""

    do: Literal["rung"] = "rung"
    id: UUID
    n: int
    at: datetime
    acts: list[str]
    overdue: bool = False


class Shift(_Intent):
    """Net clocks stood still for a while: dues move by that many working seconds, for a reason."""

    do: Literal["shift"] = "shift"
    id: UUID
    since: datetime
    reason: str


class EndObligation(_Intent):
    """It ends, in exactly one way."""

    do: Literal["end"] = "end"
    owed: Owed
    how: Literal["met", "waived", "transferred", "lapsed", "cancelled"]
    at: datetime
    reason: str | None = None
    late: bool = False
    successor: UUID | None = None


class CloseAsk(_Intent):
    """Close the question with the arbiter if nobody was first. `id` names the command where its reply is waited for."""

    do: Literal["close_ask"] = "close_ask"
    id: UUID
    ask_id: UUID
    how: Literal["lapsed", "cancelled", "transferred", "elsewhere", "waived"]


class Command(_Intent):
    """An order to a service; `name` is the wire name without prefix."""

    do: Literal["command"] = "command"
    id: UUID
    name: str
    params: dict[str, Any] = {}


class Tell(_Intent):
    """Say something once: (party, purpose, occasion) is unique."""

    do: Literal["tell"] = "tell"
    purpose: str
    template: str
    role: str
    person: UUID | None = None
    occasion: str
    guards: list[dict[str, Any]] = []
    owed_id: UUID | None = None
    ask_id: UUID | None = None
    refs: list[tuple[str, str, int]] = []
    params: dict[str, Any] = {}
    urgent: bool = False
    owed: bool = True
    step: UUID | None = None
    """The machine step that waits for its delivery."""
    shared: bool = False
    """Several hires tell it; the occasion is the same for all of them, so that it is said once."""


class Emit(_Intent):
    """A fact of ours; fields that every hire fact has are filled in."""

    do: Literal["emit"] = "emit"
    event: str
    fields: dict[str, Any] = {}
    ordinal: int = 0


class Repolicy(_Intent):
    """The hire runs under another policy: dues, ladders and steps still ahead follow it."""

    do: Literal["policy"] = "policy"
    old: str
    new: str


Intent = Annotated[
    OpenObligation | StartClock | FireRung | Shift | EndObligation | CloseAsk | Command | Tell | Emit | Repolicy, Field(discriminator="do")]
