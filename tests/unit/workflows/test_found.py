"""What the state machine found, kept as plain tests: each was once a hire that went wrong."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.workflows.paper import IN_A_LOOP, asked, began, check, facts, hire, told, until_owed, until_stage
from workflows.hire.decide import next_due
from workflows.hire.facts import ACT
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


@pytest.mark.parametrize("first", ["requisition.held", "act.close"])
def test_a_hire_when_its_end_is_taken_back_while_the_requisition_is_held_then_no_letter_leaves_until_it_goes_on(first: str) -> None:
    """It came back as if nothing stood still, whether the hold came before the end or after it."""
    rehearsal = until_owed(began("inhouse-cn", approve_offer=(timedelta(hours=5), {"decision": "approve"}), call=None), "approve_offer")
    for happens in dict.fromkeys((first, "requisition.held", "act.close")):
        rehearsal.take(rehearsal.tell(ACT if happens == "act.close" else happens, {"act": "close", "reason": "budget"}))
    assert rehearsal.state.outcome == "rejected" and rehearsal.state.paused_at is None
    rehearsal.take(rehearsal.tell(ACT, {"act": "unreject", "reason": "wrong_person"}))
    assert rehearsal.state.stage == "offering" and rehearsal.state.paused_at == rehearsal.now and rehearsal.state.of_kind("pause_word")
    rehearsal.run(until=rehearsal.now + timedelta(days=2))
    assert facts(rehearsal, "offer.approved") and not asked(rehearsal, "offer_answer")
    rehearsal.tell("requisition.continued")
    rehearsal.run(until=rehearsal.now + timedelta(hours=1))
    assert len(asked(rehearsal, "offer_answer")) == 1 and not rehearsal.state.of_kind("pause_word")
    check(rehearsal)


def test_a_hire_when_the_requisition_goes_on_after_its_end_then_it_comes_back_unpaused() -> None:
    rehearsal = until_owed(began(hire_decision=None, rejection_words=None), "hire_decision")
    for kind, body in (("requisition.held", {"reason": "budget"}), (ACT, {"act": "close"}), ("requisition.continued", {}), (ACT, {"act": "unreject"})):
        rehearsal.take(rehearsal.tell(kind, body))
    assert rehearsal.state.stage == "deciding" and rehearsal.state.paused_at is None and not rehearsal.state.of_kind("pause_word")
    check(rehearsal)


def test_a_letter_that_waited_when_the_end_was_taken_back_then_the_old_terms_never_leave() -> None:
    """The terms are asked for again; what waited for the requisition must not leave beside them."""
    rehearsal = until_owed(began("inhouse-cn", draft_offer=[{"done": "yes"}, None], call=None), "approve_offer")
    rehearsal.tell("requisition.held", {"reason": "budget"})
    rehearsal.run(until=rehearsal.now + timedelta(days=2))
    assert rehearsal.state.offer is not None and rehearsal.state.offer.held_back
    for act in ("close", "unreject"):
        rehearsal.take(rehearsal.tell(ACT, {"act": act, "reason": "stated"}))
    rehearsal.tell("requisition.continued")
    rehearsal.run(until=rehearsal.now + timedelta(hours=1))
    assert rehearsal.state.of_kind("draft_offer") and not asked(rehearsal, "offer_answer")
    check(rehearsal)


@pytest.mark.parametrize("modes", [{}, IN_A_LOOP["modes"]])
def test_an_appointment_being_called_off_when_the_end_is_taken_back_then_everybody_hears_it_and_one_question_finds_other_times(modes: Any) -> None:
    """Nobody heard of the part that was looked at last, who sat in it would have come; and of a loop each part was asked for alone."""
    rehearsal = hire("inhouse-cn", modes=modes)
    rehearsal.tell("screening.uncertain")
    while not told(rehearsal, "invitation_panel"):
        assert rehearsal.step()
    rehearsal.run(until=rehearsal.now + timedelta(minutes=1))
    invited, chosen = len(told(rehearsal, "invitation_panel")), len(asked(rehearsal, "choose_slot"))
    for act in ("close", "unreject"):
        rehearsal.take(rehearsal.tell(ACT, {"act": act, "reason": "stated"}))
    assert rehearsal.state.stage == "interviewing" and not asked(rehearsal, "choose_slot")[chosen:]
    rehearsal.run(until=rehearsal.now + timedelta(minutes=1))
    assert len(told(rehearsal, "cancelled_panel")) == invited == (3 if modes else invited)
    assert len(asked(rehearsal, "choose_slot")) == chosen + 1
    rehearsal.run()
    assert rehearsal.state.outcome == "settled"
    check(rehearsal)


def test_a_loop_when_part_of_it_took_place_and_the_end_is_taken_back_then_what_was_seen_is_judged() -> None:
    """A part whose cards were given up at the end is never opened, so the verdict on the whole would have been waited for in vain."""
    rehearsal = hire("inhouse-cn", **IN_A_LOOP)
    rehearsal.tell("screening.uncertain")
    while len(told(rehearsal, "invitation")) < 3:
        assert rehearsal.step()
    ends = sorted(one.ends_at for one in (rehearsal.state.interview, *rehearsal.state.others) if one is not None and one.ends_at is not None)
    rehearsal.run(until=ends[0])
    for act in ("close", "unreject"):
        rehearsal.take(rehearsal.tell(ACT, {"act": act, "reason": "stated"}))
    rehearsal.run(until=rehearsal.now + timedelta(minutes=1))
    assert len(asked(rehearsal, "round_verdict")) == 1 and len(asked(rehearsal, "choose_slot")) == 1
    assert len(told(rehearsal, "cancelled_panel")) == len(facts(rehearsal, "scheduling.cancel")) == 2
    rehearsal.run()
    assert rehearsal.state.outcome == "settled"
    check(rehearsal)
