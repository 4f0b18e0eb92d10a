"""What still has to happen before something is said or asked: a hire played on from its present state, everybody answering at once.

The first of these conditions, with its value now, is the honest answer to "why not yet"; the others are the way from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from shared.contracts.ask import AskCommand
from shared.contracts.notification import Tell
from workflows.directory import Directory
from workflows.hire.state import HireState, Owed
from workflows.rehearsal import Rehearsal, by_default

MOST = 400


@dataclass(frozen=True)
class Condition:
    """One thing that has to be true first, and how it stands now."""

    what: str
    now: str


def conditions(state: HireState, directory: Directory, now: datetime, purpose: str) -> list[Condition]:
    """What stands before `purpose` (a kind, a text, a stage): first what holds it back now, then the questions on the way.

    Empty: it can happen now, or has happened. A last condition `never` means that this hire does not come to it at all.
    """
    if state.closed:
        return [Condition("the hire is open", f"it ended as {state.outcome}")]
    if any(owed.kind == purpose and owed.status in ("asked", "open") for owed in state.owed.values()) or state.stage == purpose:
        return []
    found = _standing(state, purpose)
    play = Rehearsal(state=state.fork(), directory=directory, now=now, _n=state.step_no * MOST)  # facts that the hire has not seen
    _answer_open(play, state)
    for _ in range(MOST):
        before = len(play.log)
        if play.state.closed or not play.step():
            break
        if _reached(play, before, purpose):
            return found
        found += [Condition(f"{kind} is asked and answered", "not asked yet") for kind in _asked(play, before)]
    return [*found[:1], Condition(purpose, "never: when everybody answers well this hire does not come to it")]


def _standing(state: HireState, purpose: str) -> list[Condition]:
    if state.paused_at is not None:
        return [Condition("the hire is not paused", f"paused since {state.paused_at.isoformat()}")]
    planned = next((owed for owed in state.owed.values() if owed.kind == purpose and owed.status == "planned"), None)
    if planned is not None:
        return [Condition(f"its instant has come: {planned.opens_at.isoformat() if planned.opens_at else ''}", "it is planned, and still ahead")]
    held = state.baton()
    if held is not None:
        return [Condition(f"{held.kind} is answered", _value(held))]
    if state.steps:
        step = state.steps[0]
        return [Condition(f"the reply to {step.name} is here", f"ordered, deadline {step.deadline.isoformat() if step.deadline else 'none'}")]
    return []


def _value(owed: Owed) -> str:
    role = owed.holder.role if owed.holder else owed.role
    if owed.answer is not None:
        return f"answered by {role}, can be taken back until {owed.answer.until.isoformat()}"
    if owed.status == "asked":
        return f"on its way to {role}"
    return f"open, owed by {role}" + (f" until {owed.due_at.isoformat()}" if owed.due_at else "") + (", overdue" if owed.overdue else "")


def _answer_open(play: Rehearsal, state: HireState) -> None:
    """People answer what is open now."""
    offered: dict[str, Any] = {}
    for owed in state.owed.values():
        offered |= {str(slot["slot_id"]): slot for slot in owed.params.get("slots") or ()}
        if owed.ask_id is None or owed.status not in ("asked", "open") or owed.answer is not None:
            continue
        play.asks[owed.ask_id] = "open"
        if owed.status == "asked":
            play.tell("message.delivered", {"ask_id": str(owed.ask_id), "purpose": "ask", "template": owed.kind})
        said: Any = by_default(SimpleNamespace(kind=owed.kind, params=owed.params), play.now)  # type: ignore[arg-type]
        play.answer_later(owed, said[1], play.now + said[0])
    play.knows(offered, [str(one) for one in state.interview.panel] if state.interview else [])


def _reached(play: Rehearsal, since: int, purpose: str) -> bool:
    return play.state.stage == purpose or any(_name(sent.body) == purpose or _purpose(sent.body) == purpose for sent in play.log[since:])


def _asked(play: Rehearsal, since: int) -> list[str]:
    return [str(_name(sent.body)) for sent in play.log[since:] if isinstance(sent.body, AskCommand)]


def _name(body: Any) -> str | None:
    return body.spec.kind if isinstance(body, AskCommand) else body.message.template if isinstance(body, Tell) else None


def _purpose(body: Any) -> str | None:
    return body.message.purpose if isinstance(body, Tell) else None


def as_rows(found: list[Condition]) -> list[dict[str, str]]:
    """For machines."""
    return [{"what": one.what, "now": one.now} for one in found]


async def of_hire(uow: Any, hire_id: UUID, purpose: str) -> list[Condition] | None:
    """The conditions of a stored hire; None where it has not begun, or its story cannot be played on."""
    from shared.contracts.party import PersonRecord
    from workflows import store
    from workflows.hire.state import load

    row = await uow.one("select h.state, p.record as candidate from hires h left join parties p using (person_id) where hire_id = :id", id=hire_id)
    if row is None or row["state"] is None:
        return None
    state = load(row["state"])
    directory = await store.read_directory(uow, state.requisition_id, await store.read_policy(uow, state.policy))
    if row["candidate"]:
        directory.people[state.person_id] = PersonRecord.model_validate(row["candidate"])
    try:
        return conditions(state, directory, uow.now, purpose)
    except (AssertionError, KeyError):
        return None
