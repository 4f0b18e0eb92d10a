"""The life of an obligation outside a hire: the rules of workflows/obligation, and what follows by the subject's own tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from workflows.hire.state import Held, Owed
from workflows.obligation import rules

from .turn import SubjectTurn


def reply(turn: SubjectTurn) -> None:
    """A reply ends its machine step, also the one that operators already look at."""
    state, cause = turn.state, turn.fact.cause
    if not cause:
        return
    turn.replied = next((step for step in state.steps if step.id == cause), None)
    state.steps = [step for step in state.steps if step.id != cause]
    for owed in state.of_kind("machine_step"):
        if owed.params.get("command_id") == cause:
            turn.end(owed, "cancelled", reason="reply_came")


def _due(turn: SubjectTurn) -> None:
    what, key = turn.fact.get("what"), turn.fact.get("id")
    if what == "deadline":
        _deadline(turn, key)
        return
    rules.came_due(turn, what, key, settle)


def _deadline(turn: SubjectTurn, key: str) -> None:
    step = next((step for step in turn.state.steps if step.id == key), None)
    if step is None:
        return
    turn.state.steps.remove(step)
    turn.replied = step
    if step.name in turn.story.deadlines:
        turn.story.deadlines[step.name](turn)
        return
    rules.no_reply(turn, step)


def mended(turn: SubjectTurn, owed: Owed) -> None:
    """Operators mended it: the same order goes out again, or what the story says."""
    name = owed.params.get("command")
    if name in turn.story.mends:
        turn.story.mends[name](turn)
    elif name and not name.startswith("notification.") and "again" in owed.params:
        turn.command(name, **owed.params["again"])


def called(turn: SubjectTurn, owed: Owed) -> None:
    """The call was made; what it served is still owed: another one tomorrow."""
    if turn.state.by_ask(owed.params.get("serves_ask")) is not None:
        turn.owe("call", role=owed.role, opens_at=turn.now + timedelta(days=1), params=owed.params)


def _answered(turn: SubjectTurn) -> None:
    """The winning answer: effective at once, or at the end of its undo window."""
    fact, owed = turn.fact, turn.state.by_ask(turn.fact.get("ask_id"))
    if owed is None or owed.answer is not None:
        return
    until = datetime.fromisoformat(fact.get("final_at"))
    owed.answer = Held(until=until, at=datetime.fromisoformat(fact.get("answered_at")), by=fact.get("by"), clear=fact.get("clear") or {})
    owed.closing, owed.hand_to = None, None
    if until <= turn.now:
        settle(turn, owed)


def settle(turn: SubjectTurn, owed: Owed) -> None:
    """The answer can no longer be taken back: met, with the answer's own time, and the story goes on."""
    assert owed.answer is not None
    late = owed.due_at is not None and owed.answer.at > owed.due_at
    turn.end(owed, "met", at=owed.answer.at, late=late)
    turn.story.answers.get(owed.kind, rules.nothing_more)(turn, owed)


def _retracted(turn: SubjectTurn) -> None:
    owed = turn.state.by_ask(turn.fact.get("ask_id"))
    if owed is not None:
        rules.retract(turn, owed)


def _closed(turn: SubjectTurn) -> None:
    """The silence's end, now that nobody can answer any more."""
    owed = turn.state.by_ask(turn.fact.get("ask_id"))
    if owed is None or owed.closing is None:
        return
    if owed.closing == "lapsed":
        turn.end(owed, "lapsed", reason="silence", late=True)
        turn.story.lapses.get(owed.kind, rules.nothing_more)(turn, owed)
    else:
        rules.complete(turn, owed, owed.closing)


def _delivered(turn: SubjectTurn) -> None:
    owed = turn.state.by_ask(turn.fact.get("ask_id"))
    if owed is not None and owed.status == "asked" and turn.fact.get("purpose") == "ask":
        rules.deliver(turn, owed, turn.at)


def _not_reached(turn: SubjectTurn) -> None:
    """No channel took it: it is owed all the same, and a person picks up the telephone."""
    owed = turn.state.by_ask(turn.fact.get("ask_id"))
    if owed is None or turn.fact.get("purpose") != "ask":
        return
    if owed.status == "asked":
        rules.deliver(turn, owed, turn.at)
    if owed.kind not in ("call", "data_defect", "machine_step"):
        turn.call("recruiter", "not_reached", serves_ask=str(owed.ask_id), serves_kind=owed.kind)


def _refused(turn: SubjectTurn) -> None:
    """An order was refused: operators look at it, and may have it given again."""
    fact, step = turn.fact, turn.replied
    if any(owed.params.get("command_id") == fact.get("command_id") for owed in turn.state.of_kind("machine_step")):
        return
    again = {"again": step.params} if step is not None else {}
    command = str(fact.get("command_type")).removeprefix("baton.")
    params = {"command_id": fact.get("command_id"), "command": command, "reason": fact.get("reason"), **again}
    turn.owe("machine_step", role="operators", params=params)


def _handed_over(turn: SubjectTurn) -> None:
    """Every open duty of the one who goes becomes a duty of the one who comes, in one act (C179); the question closes first."""
    gone, comes = turn.fact.get("out_id"), turn.fact.get("in_id")
    for owed in list(turn.state.owed.values()):
        held_by = str(owed.holder.person_id if owed.holder else owed.person)
        if not gone or not comes or gone == comes or held_by != gone or owed.answer is not None or owed.closing is not None:
            continue
        if owed.status == "planned":
            owed.person = UUID(comes) if owed.person else None
            continue
        owed.hand_to, owed.hand_person = owed.role, UUID(comes)
        turn.close_ask(owed, "transferred", wait=True)


ALWAYS: dict[str, Callable[[SubjectTurn], None]] = {
    "due": _due, "ask.answered": _answered, "ask.retracted": _retracted, "ask.closed": _closed, "message.delivered": _delivered,
    "message.suppressed": _not_reached, "message.failed": _not_reached, "message.bounced": _not_reached,
    "intake.command_refused": _refused, "notification.command_refused": _refused, "owner.replaced": _handed_over,
}
"""Rules that hold in every stage of every subject."""
