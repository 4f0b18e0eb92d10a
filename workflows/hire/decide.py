"""`decide(state, fact, now) -> (state, intents)`: the only place of hiring logic; pure and total.

The durable loop, the plan, the printer and the tests call this very function.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.base import derive_id
from workflows import tags

from . import table
from .facts import DUE, Fact
from .intents import Intent
from .stages import closing, settling
from .stages import load as load_stages
from .state import NEVER_PAUSED, SEEN, HireState, Owed, moving
from .turn import Turn

load_stages()
table.complete()

_ORDER = {"undo": 0, "open": 1, "rung": 2, "deadline": 3}


class Due(BaseModel):
    """Something of the state whose instant comes: a planned opening, a rung, an undo window's end, a step's deadline."""

    model_config = ConfigDict(frozen=True)

    what: str
    id: str
    n: int = 0
    at: datetime

    def fact(self, hire_id: UUID) -> Fact:
        """The instant as a fact; a rung's id is that of agreements.md 1."""
        return Fact(
            id=str(derive_id("workflows", self.what, self.id, self.n or self.at.isoformat())), source="baton/workflows", type=DUE,
            at=self.at, now=self.at, cause=str(hire_id), data={"what": self.what, "id": self.id, "n": self.n})


def decide(state: HireState, fact: Fact, now: datetime) -> tuple[HireState, list[Intent]]:
    """The next state and what has to be done; the same fact twice changes nothing. Never touches the given state."""
    if fact.type != DUE and fact.id in state.seen:
        return state, []
    turn = Turn(state.fork(), fact, now)
    new = turn.state
    new.step_no += 1
    if fact.type != DUE:
        new.seen = [*new.seen[1 - SEEN:], fact.id]
        _reply(turn)
        new.tags = tags.merged(new.tags, [*tags.of_verdict(fact.type), *tags.of_cards(fact.get("cards") or ())])
    if new.others:
        _look(turn)
    if not new.closed:
        table.TABLE[new.stage, fact.row](turn)
    settling.after(turn)
    closing.after(turn)
    turn.guard_silence()
    if not moving(new):
        turn.owe("machine_step", role="operators", params={"reason": "nobody_held"})
    return new, turn.intents


def _look(turn: Turn) -> None:
    """Of a loop, the part that the fact is about is the present appointment."""
    state, fact = turn.state, turn.fact
    owed = state.by_ask(fact.get("ask_id")) or state.owed.get(str(fact.get("obligation_id") or fact.get("id")))
    state.look_at(fact.get("interview_id") or (owed.params.get("interview_id") if owed is not None else None))


def _reply(turn: Turn) -> None:
    """A reply ends its machine step, also the one that operators already look at."""
    state, cause = turn.state, turn.fact.cause
    if not cause:
        return
    turn.replied = next((step for step in state.steps if step.id == cause), None)
    state.steps = [step for step in state.steps if step.id != cause]
    for owed in state.of_kind("machine_step"):
        if owed.params.get("command_id") == cause:
            turn.end(owed, "cancelled", reason="reply_came")


def dues(state: HireState) -> list[Due]:
    """Everything that has an instant, earliest first."""
    found: list[Due] = []
    for owed in state.owed.values():
        key = str(owed.id)
        if owed.answer is not None:
            found.append(Due(what="undo", id=key, at=owed.answer.until))
        elif owed.status == "planned" and owed.opens_at is not None and not (state.paused_at and owed.kind == "silence_guard"):
            found.append(Due(what="open", id=key, at=owed.opens_at))
        elif owed.status == "open" and owed.rungs and owed.closing is None and not _stands_still(state, owed):
            found.append(Due(what="rung", id=key, n=owed.rungs[0].n, at=owed.rungs[0].at))
    found += [Due(what="deadline", id=step.id, at=step.deadline) for step in state.steps if step.deadline is not None]
    return sorted(found, key=lambda due: (due.at, _ORDER[due.what], due.id))


def _stands_still(state: HireState, owed: Owed) -> bool:
    return state.paused_at is not None and owed.net and owed.kind not in NEVER_PAUSED


def next_due(state: HireState) -> Due | None:
    """What the one timer is armed for."""
    return next(iter(dues(state)), None)


def due_by(state: HireState, now: datetime) -> Due | None:
    """What fires at `now`: the earliest; of one ladder the highest rung that is due, the lower ones are skipped."""
    due = next_due(state)
    if due is None or due.at > now:
        return None
    if due.what == "rung":
        rungs = [rung for rung in state.owed[due.id].rungs if rung.at <= now]
        return due.model_copy(update={"n": rungs[-1].n, "at": rungs[-1].at})
    return due
