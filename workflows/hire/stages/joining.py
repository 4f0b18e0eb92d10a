"""Joining: from yes to the first day; papers, leaving the old house, kept warm, the eve, and both sides say "started"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from workflows.hire.state import Owed
from workflows.hire.table import answered, lapsed, when
from workflows.hire.turn import Turn

from . import closing, settling
from .always import AFTER_CALL

BEFORE_START = (
    "check_consent", "resigned", "documents", "leaving_certificate", "keep_warm", "eve_of_start", "started", "prepare_contract",
    "prepare_account", "prepare_desk", "adverse_answer")


def enter(turn: Turn) -> None:
    """Starts by itself with the acceptance."""
    turn.go("joining")
    turn.owe("check_consent", params={"own_act": True})
    turn.owe("documents", role="new_hire", anchors=_start(turn), params={"own_act": True})
    for what in ("contract", "account", "desk"):
        turn.owe(f"prepare_{what}", anchors=_start(turn))
    keep_warm(turn)
    plan_start(turn)


def _start(turn: Turn) -> dict[str, datetime]:
    assert turn.state.start_at is not None
    return {"start": turn.state.start_at}


def keep_warm(turn: Turn) -> None:
    """Next time somebody of ours talks to the person; the policy says how often."""
    turn.owe("keep_warm", params={"repeat": True}, anchors=_start(turn))


def plan_start(turn: Turn) -> None:
    """The eve, and the word of both sides on the day."""
    turn.owe("eve_of_start", role="new_hire", anchors=_start(turn))
    for role in ("new_hire", "hiring_manager"):
        turn.owe("started", role=role, anchors=_start(turn))


@answered("check_consent")
def _check(turn: Turn, owed: Owed) -> None:
    """With or without a check: the person may now speak with the present employer."""
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "yes" and turn.wants("background_check"):
        turn.owe("background_check", anchors=_start(turn))
    turn.owe("resigned", params={"own_act": True})


@when("check.noted", "joining")
def _checked(turn: Turn) -> None:
    for owed in turn.state.of_kind("background_check"):
        turn.end(owed, "met", reason="reported")
        if owed.status == "open":
            turn.close_ask(owed, "elsewhere")
    _result(turn, bool(turn.fact.get("clear")))


def _result(turn: Turn, clear: bool) -> None:
    """A finding goes to the person first; a cleared check is said by a person where the policy wants it, else in writing."""
    if not clear:
        if not turn.state.of_kind("adverse_answer"):
            turn.owe("adverse_answer")
    elif turn.wants("check_cleared_word"):
        if not turn.state.of_kind("check_cleared_word"):
            turn.owe("check_cleared_word")
    else:
        turn.tell("check_cleared", "new_hire")


@answered("background_check")
def _vendor_said(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    if turn.state.stage == "joining":
        _result(turn, owed.answer.clear.get("result") != "finding")


@answered("check_cleared_word")
def _cleared_by_word(turn: Turn, owed: Owed) -> None:
    turn.tell("check_cleared", "new_hire")


@answered("adverse_answer")
def _heard(turn: Turn, owed: Owed) -> None:
    _decide_on_finding(turn, "yes")


@lapsed("adverse_answer")
def _not_heard(turn: Turn, owed: Owed) -> None:
    _decide_on_finding(turn, "no")


def _decide_on_finding(turn: Turn, heard: str) -> None:
    """What a finding means is decided by people, with the person's side or marked as unheard."""
    if turn.state.stage == "joining" and turn.wants("background_check"):
        turn.call("hr", "finding", heard=heard)


@answered("resigned")
def _resigned(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "yes":
        turn.owe("leaving_certificate", role="new_hire", anchors=_start(turn), params={"own_act": True})
    else:
        turn.owe("counter_offer_talk")


@answered("counter_offer_talk")
def _talked(turn: Turn, owed: Owed) -> None:
    turn.spoke = True
    if turn.state.stage == "joining":
        turn.owe("resigned")


@when("onboarding.task_done", "joining")
def _task_done(turn: Turn) -> None:
    task = str(turn.fact.get("task"))
    for owed in turn.state.of_kind(task, f"prepare_{task}"):
        turn.end(owed, "met", reason="reported")
        if owed.status == "open":
            turn.close_ask(owed, "elsewhere")


@answered("keep_warm")
def _kept_warm(turn: Turn, owed: Owed) -> None:
    turn.spoke = True
    _again(turn, owed)


@lapsed("keep_warm")
def _again(turn: Turn, owed: Owed) -> None:
    if turn.state.stage == "joining":
        keep_warm(turn)


@answered("started")
def _said(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    _word(turn, owed.role, owed.answer.clear)


def _word(turn: Turn, role: str, said: dict[str, Any]) -> None:
    result = said.get("result") or ("started" if said.get("done") == "yes" else None)
    if turn.state.stage != "joining":
        return
    if result == "started":
        turn.state.started = sorted({*turn.state.started, role})
        if len(turn.state.started) == 2:
            _started(turn)
    elif result == "later":
        _moved(turn, said.get("new_day"))
    else:
        turn.cancel("started", "eve_of_start", reason="not_started")
        turn.call("recruiter", "no_start")


def _started(turn: Turn) -> None:
    start = turn.state.start_at or turn.at
    turn.emit("hire.started", start_at=start.isoformat())
    turn.tell("welcome", "new_hire")
    settling.enter(turn)


def _moved(turn: Turn, day: Any) -> None:
    """The first day is another one: everything that hung on the old one is planned anew."""
    start = turn.state.start_at or turn.at
    if day:
        named = datetime.fromisoformat(str(day))
        named = named if named.tzinfo else datetime.combine(named.date(), start.timetz(), tzinfo=start.tzinfo or UTC)
        start = max(named, turn.at)
    else:
        start = max(start, turn.at) + timedelta(days=1)
    turn.state.start_at, turn.state.started = start, []
    turn.cancel("started", "eve_of_start", reason="start_moved")
    plan_start(turn)


def _no_start(turn: Turn, owed: Owed) -> None:
    """The telephone has settled it: the person did not come."""
    if turn.state.stage == "joining":
        turn.emit("hire.not_started")
        closing.close(turn, "not_started", None)


AFTER_CALL["no_start"] = _no_start


@when("start.noted", "joining")
def _reported(turn: Turn) -> None:
    """A report counts as the house's word; the person's own is still asked."""
    result, fact = turn.fact.get("result"), turn.fact
    if result == "started":
        for owed in turn.state.of_kind("started"):
            if owed.role == "hiring_manager":
                turn.end(owed, "met", reason="reported")
                if owed.status == "open":
                    turn.close_ask(owed, "elsewhere")
        _word(turn, "hiring_manager", {"result": "started"})
    elif result == "moved":
        _moved(turn, fact.get("start_at"))
    elif result == "reneged":
        closing.renege(turn, fact.get("reason"))
    else:
        turn.emit("hire.not_started")
        closing.close(turn, "not_started", fact.get("reason"))


@when("departure.noted", "joining")
def _left_before(turn: Turn) -> None:
    closing.renege(turn, turn.fact.get("reason"))
