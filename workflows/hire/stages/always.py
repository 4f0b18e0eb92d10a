"""What may happen at any moment, in any stage: instants, answers, deliveries, refusals. What breaks in from outside: interrupted.py."""

from __future__ import annotations

from datetime import timedelta

from workflows.hire.state import Owed
from workflows.hire.table import STAGES, answered, when
from workflows.hire.turn import RESULTS, Turn
from workflows.obligation import rules

from . import closing

OPEN_STAGES = tuple(stage for stage in STAGES if stage != "closed")
BEFORE_OFFER = ("screening", "submission", "interviewing", "deciding")


@when("due")
def _due(turn: Turn) -> None:
    what, key = turn.fact.get("what"), turn.fact.get("id")
    if what == "deadline":
        _deadline(turn, key)
        return
    rules.came_due(turn, what, key, rules.settle)


def _deadline(turn: Turn, key: str) -> None:
    step = next((step for step in turn.state.steps if step.id == key), None)
    if step is None:
        return
    turn.state.steps.remove(step)
    if step.name.startswith("settling."):
        return
    rules.no_reply(turn, step)


@answered("machine_step")
def _operators_done(turn: Turn, owed: Owed) -> None:
    """Operators mended it: the same order goes out again, unless its reply came or the stage is over."""
    name = owed.params.get("command")
    if name in MENDED:
        MENDED[name](turn, owed)
    elif name and not name.startswith("notification.") and "again" in owed.params:
        turn.command(name, **owed.params["again"])


MENDED: dict[str, rules.EndRule] = {}
"""Machine steps that are no command of ours -> what follows when operators have mended them."""


@when("ask.answered")
def _first_answer_counts(turn: Turn) -> None:
    """The arbiter's row lets one answer through; what comes after it, or to a question of the past, changes nothing."""
    owed = turn.state.by_ask(turn.fact.get("ask_id"))
    if owed is not None and owed.answer is None:
        rules.answer(turn, owed)


@when("ask.retracted")
def _retracted(turn: Turn) -> None:
    owed = turn.state.by_ask(turn.fact.get("ask_id"))
    if owed is not None:
        rules.retract(turn, owed)


@when("ask.closed")
def _closed(turn: Turn) -> None:
    owed = turn.state.by_ask(turn.fact.get("ask_id"))
    if owed is None or owed.closing is None:
        return
    if turn.state.leaving is not None and owed.kind == "offer_answer":
        turn.end(owed, "cancelled", reason=turn.state.leaving.outcome)
        closing.close(turn, turn.state.leaving.outcome, turn.state.leaving.reason)
        return
    rules.complete(turn, owed, owed.closing)


@when("message.delivered", *OPEN_STAGES)
def _delivered(turn: Turn) -> None:
    owed = turn.state.by_ask(turn.fact.get("ask_id"))
    if turn.fact.get("purpose") in RESULTS:
        _told_too_soon(turn)
    if owed is not None and owed.status == "asked" and turn.fact.get("purpose") == "ask":
        rules.deliver(turn, owed, turn.at)
        if owed.kind == "offer_answer" and turn.state.offer is not None:
            turn.state.offer.sent = True


def _told_too_soon(turn: Turn) -> None:
    """The end was taken back, but its words had left before: a person calls and puts it right."""
    turn.state.steps = [step for step in turn.state.steps if step.name != "notification.withdraw_message"]
    turn.call("recruiter", "told_too_soon")


def reach_by_hand(turn: Turn) -> None:
    """No channel took it: what it opened is owed all the same, and a person picks up the telephone."""
    owed = turn.state.by_ask(turn.fact.get("ask_id"))
    if owed is not None and owed.status == "asked":
        rules.deliver(turn, owed, turn.at)
    if owed is not None and turn.fact.get("purpose") == "ask" and owed.kind not in ("call", "data_defect", "machine_step"):
        turn.call("recruiter", "not_reached", serves_ask=str(owed.ask_id), serves_kind=owed.kind)


@when("message.suppressed", *OPEN_STAGES)
def _suppressed(turn: Turn) -> None:
    if turn.fact.get("purpose") == "ask":
        reach_by_hand(turn)


@when("message.failed", *OPEN_STAGES)
def _failed(turn: Turn) -> None:
    reach_by_hand(turn)


@when("message.bounced", *OPEN_STAGES)
def _bounced(turn: Turn) -> None:
    """An address is wrong: somebody mends it. Where it is on its way by another channel, nobody need call for it yet."""
    if not turn.fact.get("next_channel"):
        reach_by_hand(turn)
    if not turn.state.of_kind("data_defect"):
        turn.owe("data_defect", params={"defect": "bounce"})


def _refused(turn: Turn) -> None:
    """An order was refused, and no stage knows better: operators look at it, and may have it given again."""
    fact, step = turn.fact, turn.replied
    command = str(fact.get("command_type")).removeprefix("baton.")
    if any(owed.params.get("command_id") == fact.get("command_id") for owed in turn.state.of_kind("machine_step")):
        return
    again = {"again": step.params} if step is not None else {}
    params = {"command_id": fact.get("command_id"), "command": command, "reason": fact.get("reason"), **again}
    turn.owe("machine_step", role="operators", params=params)


for _service in ("screening", "scheduling", "notification"):
    when(f"{_service}.command_refused")(_refused)
when("intake.command_refused", *(stage for stage in STAGES if stage != "submission"))(_refused)


@when("candidate.contacted", "screening", "interviewing", "deciding", "offering", "joining", "settling")
def _contacted(turn: Turn) -> None:
    turn.spoke = True


@answered("call")
def _called(turn: Turn, owed: Owed) -> None:
    """The call was made. What it served is still owed, or the stage goes on by what it was about."""
    served = turn.state.by_ask(owed.params.get("serves_ask"))
    if served is not None:
        turn.owe("call", role=owed.role, opens_at=turn.now + timedelta(days=1), params=owed.params)
    elif rule := AFTER_CALL.get(owed.params.get("about", "")):
        rule(turn, owed)


AFTER_CALL: dict[str, rules.EndRule] = {}
"""What a call was about -> what follows when it was made; stages fill in their own."""
