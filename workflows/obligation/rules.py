"""The life of one obligation, the same for every kind: asked, reminded, answered, taken back, handed on, ended.

Irreversible silence is two steps (agreements.md 3): close the question, then act on `ask.closed`; if an answer was first, it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from workflows.hire import intents as i
from workflows.hire.state import Held, Owed, Rung, Step
from workflows.hire.table import ANSWERED, LAPSED, EndRule  # noqa: F401
from workflows.hire.turn import Turn

_ACT = re.compile(r"^([a-z_]+)(?:\(([a-z0-9_]+)\))?$")
SAID: dict[str, tuple[str, str]] = {
    "interim_word": ("interim", "candidate"), "plain_status": ("status", "candidate"), "plain_rejection": ("rejection", "candidate"),
    "paused_word": ("pause_word", "candidate"), "client_silent": ("status", "candidate"), "department_silent": ("status", "candidate"),
    "offer_questions": ("status", "candidate"), "offer_delayed": ("status", "candidate"), "offer_closed": ("offer_lapsed", "candidate"),
    "agreement_missing": ("told", "lead"), "start_at_risk": ("told", "lead"), "shortlist_date": ("waits_longer", "hiring_manager"),
}
"""Template as the policy names it -> (tell of notification's registry, who hears it)."""
MET_BY_WORD = frozenset({"word_after_interview", "silence_guard", "pause_word"})
"""Duties that the word which silence sends fulfils."""


NEVER_WAIVED = frozenset({
    "review_application", "screen_out", "candidate_report", "client_verdict", "client_question", "agreement", "round_verdict", "session_verdict",
    "hire_decision", "wave_decision", "unlawful_reason", "verbal_close", "client_offer", "draft_offer", "approve_offer", "late_acceptance",
    "started", "machine_step", "no_show_ruling"})
"""Duties that only an answer brings forward: waived, the hire would stand still."""


def tomorrow(turn: Turn) -> datetime:
    """When a call that settled nothing is made again."""
    return turn.now + timedelta(days=1)


def read_act(act: str) -> tuple[str, str | None]:
    """`transfer(lead)` -> ("transfer", "lead")."""
    found = _ACT.match(act)
    if found is None:
        raise ValueError(f"act {act!r} is none")
    return found[1], found[2]


def deliver(turn: Turn, owed: Owed, at: datetime) -> None:
    """The question reached its reader: its clock starts there."""
    turn.state.steps = [step for step in turn.state.steps if step.owed_id != owed.id]
    owed.status, owed.opened_at = "open", at
    turn.intents.append(i.StartClock(id=owed.id, at=at))


def open_planned(turn: Turn, owed: Owed, at: datetime) -> None:
    """Its instant came: it is owed and asked now."""
    owed.status, owed.opened_at, owed.opens_at = "new", at, None
    turn.intents.append(i.StartClock(id=owed.id, at=at, ask=True))
    if owed.role in ("candidate", "new_hire"):
        turn.spoke = True


def came_due(turn: Turn, what: str, key: str | None, settle_it: Callable[[Any, Owed], None]) -> None:
    """An armed instant of an obligation has come: it opens, its answer is final, or a rung is due. An instant that is no longer waited for changes nothing."""
    owed = turn.state.owed.get(key or "")
    if owed is None:
        return
    if what == "open" and owed.status == "planned":
        open_planned(turn, owed, turn.at)
    elif what == "undo" and owed.answer is not None:
        settle_it(turn, owed)
    elif what == "rung":
        rung = next((rung for rung in owed.rungs if rung.n == turn.fact.get("n")), None)
        if rung is not None:
            fire(turn, owed, rung)


def no_reply(turn: Turn, step: Step) -> None:
    """Nobody answered an order in time: what it was to ask is owed all the same, and operators owe the order itself."""
    waiting = turn.state.owed.get(str(step.owed_id)) if step.owed_id else None
    if waiting is not None and waiting.status == "asked":
        deliver(turn, waiting, turn.at)
    if waiting is not None:
        waiting.closing = None
    turn.owe("machine_step", role="operators", params={"command_id": step.id, "command": step.name, "again": step.params})


def fire(turn: Turn, owed: Owed, rung: Rung) -> None:
    """A rung is reached while still owed; lower ones that were due as well are not said any more."""
    owed.rungs = [later for later in owed.rungs if later.n > rung.n]
    owed.fired = rung.n
    overdue = owed.due_at is not None and rung.at >= owed.due_at and not owed.overdue
    owed.overdue |= overdue
    turn.intents.append(i.FireRung(id=owed.id, n=rung.n, at=rung.at, acts=rung.acts, overdue=overdue))
    for act in rung.acts:
        if str(owed.id) in turn.state.owed and owed.closing is None:  # once it ends, its ending says who calls: not two calls in one instant
            _do(turn, owed, rung, act)


def _do(turn: Turn, owed: Owed, rung: Rung, act: str) -> None:
    verb, named = read_act(act)
    match verb:
        case "remind":
            _tell_holder(turn, owed, rung, named or "self")
        case "climb":
            _tell_holder(turn, owed, rung, named or "own_line")
        case "call":
            turn.call(named or "recruiter", f"silent_{owed.kind}", serves_ask=str(owed.ask_id), serves_kind=owed.kind)
        case "tell":
            _tell(turn, owed, rung, str(named))
        case "transfer":
            _finish(turn, owed, "transferred", hand_to=named)
        case "lapse" | "release_slots":
            _finish(turn, owed, "lapsed")
        case "hold":
            pass


def _tell_holder(turn: Turn, owed: Owed, rung: Rung, role: str) -> None:
    if owed.ask_id is None:
        return
    remind = role == "self"
    turn.tell(
        owed.kind if remind else "climb", role, purpose="remind" if remind else "climb", occasion=f"{owed.id}/{rung.n}", owed_id=owed.id,
        ask_id=owed.ask_id if remind else None, guards=[{"guard": "ask_open", "ask_id": str(owed.ask_id)}], refs=owed.refs,
        params={**owed.params, "kind": owed.kind, "rung": rung.n}, owed=False)


def _tell(turn: Turn, owed: Owed, rung: Rung, template: str) -> None:
    name, role = SAID[template]
    say = turn.tell_and_wait if owed.kind == "rejection_words" else turn.tell
    say(name, role, purpose=template, occasion=f"{owed.id}/{rung.n}", refs=owed.refs, params={**owed.params, "kind": owed.kind})
    if owed.kind in MET_BY_WORD:
        turn.end(owed, "met", reason="word_sent", at=rung.at)
        if owed.status in ("asked", "open") and owed.ask_id is not None:
            turn.close_ask(owed, "elsewhere")
    elif owed.kind == "rejection_words":
        turn.end(owed, "lapsed", reason="plain_words", at=rung.at)
        turn.close_ask(owed, "lapsed")


def _finish(turn: Turn, owed: Owed, how: Literal["lapsed", "transferred"], hand_to: str | None = None) -> None:
    owed.hand_to = hand_to
    if owed.ask_id is None:
        complete(turn, owed, how)
    else:
        turn.close_ask(owed, how, wait=True)


def complete(turn: Turn, owed: Owed, how: str) -> None:
    """The silence's end, now that nobody can answer any more."""
    if how == "transferred":
        successor = turn.owe(
            owed.kind, role=owed.hand_to or "lead", person=owed.hand_person, turn=owed.turn + (owed.hand_person is None),
            previous=owed.holder, refs=owed.refs, params=_open_already(owed), anchors=owed.anchors)
        turn.end(owed, "transferred", successor=successor.id, late=True)
        return
    turn.end(owed, "lapsed" if how == "lapsed" else "cancelled", reason="silence", late=True)
    if how == "lapsed":
        LAPSED.get(owed.kind, nothing_more)(turn, owed)


def _open_already(owed: Owed) -> dict[str, Any]:
    """What it is about, without what planned its beginning: it has begun."""
    return {name: value for name, value in owed.params.items() if name not in ("repeat", "planned_after", "planned_at_due")}


def answer(turn: Turn, owed: Owed) -> None:
    """The winning answer: effective at once, or at the end of its undo window."""
    fact = turn.fact
    at = datetime.fromisoformat(fact.get("answered_at"))
    until = datetime.fromisoformat(fact.get("final_at"))
    owed.answer = Held(until=until, at=at, by=fact.get("by"), clear=fact.get("clear") or {})
    owed.closing, owed.hand_to, owed.hand_person = None, None, None
    if until <= turn.now:
        settle(turn, owed)


def settle(turn: Turn, owed: Owed) -> None:
    """The answer can no longer be taken back: met, with the answer's own time, and the story goes on."""
    assert owed.answer is not None
    late = owed.due_at is not None and owed.answer.at > owed.due_at
    turn.end(owed, "met", at=owed.answer.at, late=late)
    ANSWERED.get(owed.kind, nothing_more)(turn, owed)


def retract(turn: Turn, owed: Owed) -> None:
    """Taken back inside its window: the question is open again, its ladder goes on."""
    owed.answer = None


def nothing_more(turn: Turn, owed: Owed) -> None:
    """A duty done or given up without a consequence of its own."""
