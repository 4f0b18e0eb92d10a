"""The story from the letter on: answers and versions, approvals, starts, departures, check-ins, fees."""

from __future__ import annotations

from datetime import timedelta

from shared.contracts.hire import HireClosed
from tests.unit.workflows.paper import asked, began, check, facts, until_owed, until_stage
from workflows.hire.printer import person
from workflows.rehearsal import Rehearsal


def outcome(rehearsal: Rehearsal) -> str:
    closed: list[HireClosed] = facts(rehearsal, "hire.closed")
    assert len(closed) == 1
    return closed[0].outcome


def test_an_offer_when_declined_then_the_reason_is_a_code() -> None:
    rehearsal = began(offer_answer={"decision": "decline", "reason_code": "pay"})
    rehearsal.run()
    assert outcome(rehearsal) == "declined" and facts(rehearsal, "offer.declined")[0].reason == "pay"


def test_an_offer_when_a_question_comes_first_then_it_stays_open_to_the_same_instant() -> None:
    rehearsal = began(offer_answer=[{"decision": "question"}, {"decision": "accept"}])
    until_stage(rehearsal, "joining")
    dues = [body.due_at for body in facts(rehearsal, "obligation.opened") if body.kind == "offer_answer"]
    assert len(dues) == 2 and dues[0] == dues[1]


def test_an_offer_when_lapsed_and_revived_then_there_is_a_second_version() -> None:
    rehearsal = began(offer_answer=[None, {"decision": "accept"}])
    rehearsal.run()
    check(rehearsal)
    assert outcome(rehearsal) == "settled" and len(facts(rehearsal, "offer.lapsed")) == 1
    assert facts(rehearsal, "intake.revise_offer")[0].version == 2


def test_approvals_when_the_offer_is_over_the_band_then_each_of_the_chain_is_asked_in_turn() -> None:
    rehearsal = began("inhouse-cn")
    rehearsal._offer = lambda offer_id, version, start: {  # type: ignore[method-assign]
        "offer_id": str(offer_id), "version": version, "by": "us", "start_at": start.isoformat(), "over_band": True}
    until_owed(rehearsal, "offer_answer")
    holders = [spec.holder.person_id for spec in asked(rehearsal, "approve_offer")]
    assert holders == [person("hr_head"), person("department_head"), person("finance")]


def test_a_start_when_only_one_side_says_so_then_it_is_never_assumed() -> None:
    def last_round_of(rehearsal: Rehearsal) -> None:
        rehearsal.run(until=rehearsal.now + timedelta(days=80))
    rehearsal = began(started=[{"result": "started"}, None])
    last_round_of(rehearsal)
    assert rehearsal.state.stage == "joining" and not facts(rehearsal, "hire.started")
    assert [spec.params["serves_kind"] for spec in asked(rehearsal, "call") if spec.params.get("serves_kind") == "started"]


def test_a_reneging_when_told_on_the_day_then_the_reserve_is_called_before_the_hire_ends() -> None:
    rehearsal = began(started=None)
    until_owed(rehearsal, "started")
    rehearsal.tell("application.ended", {"reason": "counter_offer"})
    rehearsal.step()
    assert facts(rehearsal, "hire.reneged") and [owed.params["about"] for owed in rehearsal.state.of_kind("call")] == ["reserve"]
    rehearsal.run()
    check(rehearsal)
    assert outcome(rehearsal) == "reneged"


def test_a_departure_on_day_40_when_guaranteed_then_a_replacement_is_decided_on() -> None:
    rehearsal = began()
    until_stage(rehearsal, "settling")
    start = rehearsal.state.start_at
    rehearsal.run(until=start + timedelta(days=39))
    rehearsal.tell("departure.noted", {"left_at": (start + timedelta(days=39)).isoformat(), "reason": "relocation"})
    rehearsal.run()
    check(rehearsal)
    assert outcome(rehearsal) == "left" and facts(rehearsal, "hire.left")[0].day == 40 and asked(rehearsal, "replacement_decision")


def test_a_bad_mood_when_told_in_a_check_in_then_somebody_of_ours_owes_a_talk_at_once() -> None:
    rehearsal = began(checkin_7=[{"mood": 1}, {"mood": 4}])
    until_owed(rehearsal, "worry")
    assert asked(rehearsal, "worry")[0].holder.person_id == person("recruiter")
    rehearsal.run()
    assert outcome(rehearsal) == "settled"


def test_fee_when_the_placement_is_confirmed_and_settled_then_each_instalment_is_due_once():
    rehearsal = began()
    rehearsal.state.fee_shares = [60, 40]
    rehearsal.run()
    assert [(fee.instalment, fee.of, fee.share) for fee in facts(rehearsal, "fee.due")] == [(1, 2, 60), (2, 2, 40)]
    assert facts(rehearsal, "fee.held") == []


def test_fee_when_the_person_leaves_within_the_guarantee_then_the_rest_is_held_and_never_due():
    rehearsal = began()
    rehearsal.state.fee_shares = [60, 40]
    until_owed(rehearsal, "checkin_60")
    rehearsal.tell("departure.noted", {"left_at": rehearsal.now.isoformat(), "reason": "family"})
    rehearsal.run()
    assert [fee.share for fee in facts(rehearsal, "fee.due")] == [60] and [fee.share for fee in facts(rehearsal, "fee.held")] == [40]
