"""Early, late, never, twice, withdrawn: in every stage; refusals, deadlines, pauses, failures of delivery."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.workflows.paper import asked, began, check, facts, hire, told, until_owed, until_stage
from workflows.hire.decide import decide, due_by, next_due
from workflows.hire.facts import FACT_TYPES
from workflows.hire.state import load
from workflows.rehearsal import Rehearsal

WAITING = {
    "screening": "review_application", "submission": "represent_consent", "interviewing": "choose_slot", "deciding": "hire_decision",
    "offering": "offer_answer", "joining": "check_consent", "settling": "checkin_1"}
"""Stage -> a question that stands open in it."""


def waiting_in(stage: str, answer: object = None) -> Rehearsal:
    """A hire in this stage whose question of WAITING has just been asked."""
    rehearsal = began(**{WAITING[stage]: answer})
    until_owed(until_stage(rehearsal, stage), WAITING[stage])
    while any(owed.status == "asked" for owed in rehearsal.state.of_kind(WAITING[stage])):
        rehearsal.step()
    return rehearsal


@pytest.mark.parametrize("stage", WAITING)
def test_a_question_when_never_answered_then_its_silence_is_the_policys_and_somebody_always_holds(stage: str) -> None:
    rehearsal = waiting_in(stage)
    rehearsal.run(until=rehearsal.now + timedelta(days=25))
    check(rehearsal)
    fired = [body for body in facts(rehearsal, "obligation.rung_fired") if body.kind == WAITING[stage]]
    assert fired, "nobody was reminded"
    assert not [body for body in facts(rehearsal, "decision.made") if body.at > fired[0].fired_at and body.by is None and body.decision == "reject"]


@pytest.mark.parametrize("stage", WAITING)
def test_a_question_when_answered_after_its_due_then_it_counts_as_late(stage: str) -> None:
    rehearsal = waiting_in(stage)
    owed = next(owed for owed in rehearsal.state.of_kind(WAITING[stage]) if owed.status == "open")
    assert owed.due_at is not None
    late_at = owed.due_at + timedelta(seconds=1)
    rehearsal.answer(WAITING[stage], {"decision": "advance", "slot": "none"}, at=late_at)
    rehearsal.run(until=late_at + timedelta(minutes=30))
    ends = [body for how in ("met", "lapsed") for body in facts(rehearsal, f"obligation.{how}") if body.obligation_id == owed.id]
    assert len(ends) == 1 and ends[0].late
    check(rehearsal)


@pytest.mark.parametrize("stage", WAITING)
def test_a_question_when_answered_twice_then_the_second_answer_changes_nothing(stage: str) -> None:
    rehearsal = waiting_in(stage)
    owed = next(owed for owed in rehearsal.state.of_kind(WAITING[stage]) if owed.status == "open")
    said = {"decision": "advance", "slot": "none", "mood": 4}
    rehearsal.answer(WAITING[stage], said)
    rehearsal._answer(owed.ask_id, owed.kind, owed.undo, {"decision": "reject", "slot": "none", "mood": 1}, rehearsal.now)  # type: ignore[arg-type]
    rehearsal.run(until=rehearsal.now + timedelta(hours=1))
    assert [body.obligation_id for body in facts(rehearsal, "obligation.met")].count(owed.id) == 1
    check(rehearsal)


@pytest.mark.parametrize("stage", WAITING)
def test_a_candidate_when_withdrawing_then_all_questions_close_and_the_end_is_told_or_known(stage: str) -> None:
    rehearsal = waiting_in(stage)
    rehearsal.tell("application.ended", {"reason": "other_offer"})
    rehearsal.run(until=rehearsal.now + timedelta(days=2))
    check(rehearsal)
    if stage == "settling":
        assert rehearsal.state.stage == "settling", "leaving after the start is a departure"
        return
    closed = facts(rehearsal, "hire.closed")
    assert [body.outcome for body in closed] == ["reneged" if stage == "joining" else "withdrawn"]
    assert "open" not in {rehearsal.asks[spec.ask_id] for spec in asked(rehearsal, WAITING[stage])}


@pytest.mark.parametrize("stage", WAITING)
def test_an_answer_when_it_comes_before_the_delivery_is_known_then_it_counts(stage: str) -> None:
    rehearsal = began(**{WAITING[stage]: (timedelta(0), {"decision": "yes", "slot": "none", "mood": 5})})
    until_owed(until_stage(rehearsal, stage), WAITING[stage])
    rehearsal.run(until=rehearsal.now + timedelta(hours=1))
    assert WAITING[stage] in {body.kind for body in facts(rehearsal, "obligation.met")}
    check(rehearsal)


@pytest.mark.parametrize("stage", [*WAITING, "closed"])
@pytest.mark.parametrize("fact_type", FACT_TYPES)
def test_any_fact_when_it_comes_empty_handed_then_no_stage_breaks(stage: str, fact_type: str) -> None:
    known = _STATES.setdefault(stage, None) or _state(stage)
    rehearsal = hire()
    data = {"decision": "advance", "answered_at": rehearsal.now.isoformat(), "final_at": rehearsal.now.isoformat(), "ask_id": "none",
            "interview_id": "none", "left_at": rehearsal.now.isoformat(), "disclosure": {"disclosure_id": str(known.hire_id)}}
    fact = rehearsal.tell(fact_type, data, at=known_time(stage), tag="empty")
    state, _ = decide(known, fact, fact.now)
    assert state.step_no == known.step_no + 1


_STATES: dict[str, object] = {}
_TIMES: dict[str, object] = {}


def _state(stage: str):  # type: ignore[no-untyped-def]
    rehearsal = waiting_in(stage) if stage != "closed" else began(represent_consent={"decision": "no"})
    if stage == "closed":
        rehearsal.run()
    _STATES[stage], _TIMES[stage] = rehearsal.state, rehearsal.now
    return rehearsal.state


def known_time(stage: str):  # type: ignore[no-untyped-def]
    return _TIMES[stage]


def test_a_command_when_no_reply_comes_then_operators_owe_it_and_doing_it_sends_it_again() -> None:
    rehearsal = began()
    rehearsal._obey = lambda body, cause: None  # type: ignore[method-assign]
    until_owed(rehearsal, "machine_step")
    assert asked(rehearsal, "machine_step")[0].holder.role == "operators"
    assert len(facts(rehearsal, "intake.disclose")) == 1
    step = rehearsal.turns[-1]
    assert step[1] == "due"
    del rehearsal._obey
    rehearsal.run()
    check(rehearsal)
    assert len(facts(rehearsal, "intake.disclose")) == 2 and facts(rehearsal, "hire.settled")


def test_a_command_when_refused_then_operators_see_its_reason() -> None:
    rehearsal = began()
    until_stage(rehearsal, "interviewing")
    order = next(step for step in rehearsal.state.steps)
    rehearsal.tell("scheduling.command_refused", {"command_id": order.id, "command_type": "baton.scheduling.offer_slots", "reason": "broken"},
                   cause=order.id)
    rehearsal._queue.sort(key=lambda entry: (entry[0], entry[2].type != "scheduling.command_refused"))
    rehearsal.step()
    owed = rehearsal.state.of_kind("machine_step")[0]
    assert owed.params["reason"] == "broken" and owed.params["again"]["round"] == 1


def test_a_message_when_no_channel_takes_it_then_a_person_calls_with_the_question() -> None:
    rehearsal = began(represent_consent=None)
    until_owed(rehearsal, "represent_consent")
    spec = asked(rehearsal, "represent_consent")[0]
    rehearsal._queue.clear()
    rehearsal.tell("message.failed", {"ask_id": str(spec.ask_id), "purpose": "ask", "template": "represent_consent", "reason": "no_channel"})
    rehearsal.step()
    owed = rehearsal.state.of_kind("represent_consent")[0]
    assert owed.status == "open" and rehearsal.state.of_kind("call")[0].params["serves_ask"] == str(spec.ask_id)


def test_a_pause_when_it_ends_then_net_clocks_are_due_later_by_what_they_stood_and_the_candidate_had_a_word() -> None:
    rehearsal = waiting_in("screening")
    before = rehearsal.state.of_kind("review_application")[0].due_at
    rehearsal.tell("requisition.held", {"reason": "budget"})
    rehearsal.run(until=rehearsal.now + timedelta(days=12))
    assert not [body for body in facts(rehearsal, "obligation.rung_fired") if body.kind == "review_application"]
    assert told(rehearsal, "pause_word") or asked(rehearsal, "pause_word")
    rehearsal.tell("requisition.continued")
    rehearsal.step()
    moved = facts(rehearsal, "obligation.moved")
    assert before is not None and moved[0].old_due_at == before and moved[0].due_at > rehearsal.now > before
    check(rehearsal)


def test_downtime_when_over_then_only_the_highest_due_rung_fires() -> None:
    rehearsal = waiting_in("deciding")
    first = next_due(rehearsal.state)
    assert first is not None
    rungs = rehearsal.state.of_kind("hire_decision")[0].rungs
    chosen = due_by(rehearsal.state, rungs[1].at + timedelta(days=3))
    guard = due_by(rehearsal.state, rungs[0].at - timedelta(seconds=1))
    assert chosen is not None and chosen.n >= rungs[1].n and (guard is None or guard.id != chosen.id)
    rehearsal.take(chosen.fact(rehearsal.state.hire_id))
    fired = [body.n for body in facts(rehearsal, "obligation.rung_fired") if body.kind == "hire_decision"]
    assert fired == [chosen.n]


def test_state_when_written_and_read_then_it_is_the_same() -> None:
    rehearsal = waiting_in("offering")
    from workflows.hire.state import dump

    assert load(dump(rehearsal.state)) == rehearsal.state
