"""What the state machine found, kept as plain tests: each was once a hire that went wrong."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from tests.unit.workflows.paper import asked, began, check, facts, told, until_owed, until_stage
from workflows.hire.decide import next_due
from workflows.hire.printer import person
from workflows.rehearsal import Rehearsal


def booked() -> Rehearsal:
    """A hire with an appointment ahead."""
    rehearsal = until_stage(began(), "interviewing")
    while rehearsal.state.interview is None or rehearsal.state.interview.starts_at is None:
        rehearsal.step()
    return rehearsal


def test_an_instant_when_it_comes_twice_then_the_duty_opens_once() -> None:
    rehearsal = booked()
    while (due := next_due(rehearsal.state)) is None or due.what != "open" or rehearsal._queue and rehearsal._queue[0][0] <= due.at:
        rehearsal.step()
    rehearsal.now = due.at
    for _ in range(2):
        rehearsal.take(due.fact(rehearsal.state.hire_id))
    assert max(Counter(body.obligation_id for body in facts(rehearsal, "obligation.opened")).values()) == 1
    check(rehearsal)


def test_an_erased_person_when_the_appointment_is_cancelled_afterwards_then_only_the_panel_hears_it() -> None:
    rehearsal = booked()
    rehearsal.tell("person.erased")
    rehearsal.run()
    assert not told(rehearsal, "cancelled") and told(rehearsal, "cancelled_panel")
    check(rehearsal)


def test_a_scorecard_when_its_owner_hands_over_then_nobody_else_tells_what_they_saw() -> None:
    rehearsal = until_owed(began(scorecard=None), "scorecard")
    card = rehearsal.state.of_kind("scorecard")[0]
    rehearsal.tell("owner.replaced", {"out_id": str(card.person), "in_id": str(person("director"))})
    rehearsal.run(until=rehearsal.now + timedelta(hours=1))
    assert [owed.id for owed in rehearsal.state.of_kind("scorecard")] == [card.id]
    rehearsal.answer("scorecard", {"recommend": "yes"})
    until_owed(rehearsal, "round_verdict")
    check(rehearsal)


def test_a_planned_duty_when_its_turn_passes_on_then_the_next_one_has_the_whole_time() -> None:
    rehearsal = until_owed(began(client_call_30=None, call=(timedelta(0), {"done": "yes"})), "client_call_30")
    rehearsal.run(until=rehearsal.now + timedelta(days=20))
    opened = [body for body in facts(rehearsal, "obligation.opened") if body.kind == "client_call_30"]
    assert 2 <= len(opened) <= 5, "once it opened in the past, was overdue at birth, and passed on without an end"
    assert all(body.due_at - body.opened_at >= timedelta(days=2) for body in opened)


def test_a_pause_when_nobody_says_a_word_then_the_plain_text_goes_out_by_itself() -> None:
    rehearsal = until_owed(began(review_application=None, pause_word=None), "review_application")
    rehearsal.tell("requisition.held", {"reason": "budget"})
    rehearsal.run(until=rehearsal.now + timedelta(days=14))
    assert [message.purpose for message in told(rehearsal, "pause_word")].count("paused_word") == 1
    assert "pause_word" in {body.kind for body in facts(rehearsal, "obligation.met")}


def test_a_call_that_brings_the_hire_forward_when_waived_then_it_stays_owed() -> None:
    rehearsal = until_owed(until_stage(began(choose_slot=[{"slot": "none"}], call=None), "interviewing"), "call")
    call = rehearsal.state.of_kind("call")[0]
    rehearsal.tell("workflows.act", {"act": "waive", "obligation_id": str(call.id), "reason": "released"})
    rehearsal.step()
    assert [owed.id for owed in rehearsal.state.of_kind("call")] == [call.id], "nobody would have looked for another time"
    check(rehearsal)


def test_a_cancellation_when_told_twice_then_the_candidate_hears_it_once() -> None:
    rehearsal = booked()
    interview = rehearsal.state.interview
    assert interview is not None
    for n in range(2):
        rehearsal.tell("interview.cancelled", {"interview_id": str(interview.id), "version": 2}, tag=f"cancelled/{n}")
        rehearsal.step()
    assert len(told(rehearsal, "cancelled")) == 1
    check(rehearsal)


def test_a_cancellation_when_it_comes_after_the_interview_then_it_is_only_recorded() -> None:
    rehearsal = until_owed(began(hire_decision=None), "hire_decision")
    rehearsal.run(until=rehearsal.now + timedelta(minutes=1))
    interview = rehearsal.state.interview
    assert interview is not None
    rehearsal.tell("interview.cancelled", {"interview_id": str(interview.id), "version": interview.version + 1})
    rehearsal.step()
    assert not told(rehearsal, "cancelled") and len(asked(rehearsal, "hire_decision")) == 1
    check(rehearsal)
