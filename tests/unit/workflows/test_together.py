"""Several decide: votes and vetoes, approvals one by one or side by side, versions of an offer; and what else only a policy switches on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.workflows.paper import asked, began, check, facts, told, until_owed, until_stage
from workflows.hire.facts import ACT
from workflows.hire.printer import person
from workflows.hire.stages.deciding import tally
from workflows.rehearsal import Rehearsal

HIRE, RESERVE, REJECT = "hire", "reserve", "reject"
THREE = ["hiring_manager", "hr", "department_head"]


@pytest.mark.parametrize(("votes", "needed", "counted"), [
    ([HIRE, HIRE, HIRE], "all", HIRE), ([HIRE, HIRE], "all", None), ([HIRE, HIRE, REJECT], "all", "split"), ([HIRE, HIRE], "majority", HIRE),
    ([HIRE, REJECT, REJECT], "majority", REJECT), ([HIRE], "one", HIRE), ([REJECT, REJECT, REJECT], "one", REJECT),
    ([RESERVE, RESERVE, REJECT], "majority", RESERVE)])
def test_votes_when_counted_then_the_policy_says_how_many_it_takes(votes: list[str], needed: str, counted: str | None) -> None:
    assert tally(votes, 3, needed) == counted


def vote(rehearsal: Rehearsal, role: str, decision: str) -> None:
    """One of the voters decides, for good."""
    owed = next(owed for owed in rehearsal.state.of_kind("hire_decision") if owed.role == role)
    assert owed.ask_id is not None
    rehearsal._answer(owed.ask_id, owed.kind, owed.undo, {"decision": decision}, rehearsal.now)
    rehearsal.run(until=rehearsal.now + timedelta(minutes=11))


def voting(**deciding: Any) -> Rehearsal:
    """A hire that three people decide together."""
    return until_owed(began("inhouse-cn", hire_decision=None, modes={"deciding": {"by": THREE, **deciding}}), "hire_decision")


def test_a_split_vote_when_counted_then_the_one_of_the_plan_decides_between_them() -> None:
    rehearsal = voting(needed="all")
    for role, decision in zip(THREE, (HIRE, REJECT, HIRE), strict=True):
        vote(rehearsal, role, decision)
    split = rehearsal.state.of_kind("hire_decision")
    assert rehearsal.state.stage == "deciding" and [owed.params for owed in split] == [{"split": True}]
    vote(rehearsal, "hiring_manager", HIRE)
    assert rehearsal.state.stage == "offering"
    assert [body.decision for body in facts(rehearsal, "decision.made")][-4:] == ["vote_hire", "vote_reject", "vote_hire", "hire"]
    check(rehearsal)


def test_a_veto_when_used_then_nobody_else_is_waited_for() -> None:
    rehearsal = voting(needed="majority", veto=["hr"])
    vote(rehearsal, "hr", REJECT)
    assert rehearsal.state.outcome == "rejected" and not rehearsal.state.of_kind("hire_decision")
    check(rehearsal)


# -- approvals --------------------------------------------------------------------------------------------------------
def drafting(over: bool = True, **modes: Any) -> Rehearsal:
    """A hire whose letter needs three approvals."""
    rehearsal = began("inhouse-cn", approve_offer=None, offer_answer=None, call=None, modes=modes)
    rehearsal._offer = lambda offer_id, version, start: {  # type: ignore[method-assign]
        "offer_id": str(offer_id), "version": version, "by": "us", "start_at": (start or rehearsal.now).isoformat(), "over_band": over}
    return until_owed(rehearsal, "approve_offer")


def approvers(rehearsal: Rehearsal) -> list[str]:
    """Who is asked now."""
    return sorted(owed.role for owed in rehearsal.state.of_kind("approve_offer"))


def approve(rehearsal: Rehearsal, role: str, decision: str = "approve") -> None:
    owed = next(owed for owed in rehearsal.state.of_kind("approve_offer") if owed.role == role)
    assert owed.ask_id is not None
    rehearsal._answer(owed.ask_id, owed.kind, 0, {"decision": decision}, rehearsal.now)
    rehearsal.run(until=rehearsal.now + timedelta(seconds=1))


def test_approvals_when_side_by_side_then_two_of_three_suffice_and_the_third_is_let_go() -> None:
    rehearsal = drafting(approving={"mode": "parallel", "needed": 2})
    assert approvers(rehearsal) == ["department_head", "finance", "hr_head"]
    approve(rehearsal, "finance")
    assert not asked(rehearsal, "offer_answer")
    approve(rehearsal, "hr_head")
    assert len(asked(rehearsal, "offer_answer")) == 1 and not approvers(rehearsal)
    check(rehearsal)


def test_approvals_when_too_many_say_no_then_another_letter_is_written() -> None:
    rehearsal = drafting(approving={"mode": "parallel", "needed": 2})
    approve(rehearsal, "finance", "reject")
    assert approvers(rehearsal) == ["department_head", "hr_head"]
    approve(rehearsal, "hr_head", "reject")
    assert len(asked(rehearsal, "draft_offer")) == 2 and not asked(rehearsal, "offer_answer") and not approvers(rehearsal)
    check(rehearsal)


def change(rehearsal: Rehearsal, *changed: str) -> None:
    """A next version comes from intake."""
    offer = rehearsal.state.offer
    assert offer is not None
    rehearsal.tell("offer.changed", {
        "offer_id": str(offer.id), "version": offer.version + 1, "by": "us", "start_at": rehearsal.now.isoformat(), "over_band": True,
        "changed": list(changed)})
    rehearsal.step()


@pytest.mark.parametrize(("changed", "asked_again"), [
    (["start_at"], ["hr_head"]), (["base"], ["department_head", "finance", "hr_head"]), ([], ["department_head", "finance", "hr_head"])])
def test_a_changed_offer_when_approved_before_then_only_those_are_asked_whose_question_changed(changed: list[str], asked_again: list[str]) -> None:
    rehearsal = drafting(approving={"mode": "parallel"})
    approve(rehearsal, "finance")
    approve(rehearsal, "department_head")
    change(rehearsal, *changed)
    assert approvers(rehearsal) == asked_again
    assert [spec.params.get("changed") for spec in asked(rehearsal, "approve_offer")][-1] == (changed or None), "the difference is shown"
    for role in asked_again:
        approve(rehearsal, role)
    assert asked(rehearsal, "offer_answer")[-1].params["version"] == 2
    check(rehearsal)


@pytest.mark.parametrize("change_first", [True, False])
def test_an_approval_when_it_meets_a_change_then_the_new_version_is_what_gets_approved(change_first: bool) -> None:
    rehearsal = drafting(over=False)
    owed = rehearsal.state.of_kind("approve_offer")[0]
    assert owed.ask_id is not None
    if change_first:
        change(rehearsal, "base")
        rehearsal._answer(owed.ask_id, owed.kind, 0, {"decision": "approve"}, rehearsal.now)
    else:
        approve(rehearsal, "hr_head")
        assert asked(rehearsal, "offer_answer")[-1].params["version"] == 1
        change(rehearsal, "base")
    rehearsal.run(until=rehearsal.now + timedelta(seconds=1))
    assert rehearsal.state.offer.version == 2 and not rehearsal.state.of_kind("offer_answer"), "no letter of a version of the past stands"
    assert "hr_head" in approvers(rehearsal)
    first_letters = [spec.ask_id for spec in asked(rehearsal, "offer_answer")]
    assert all(rehearsal.asks[ask_id] == "closed" for ask_id in first_letters), "old links die"
    check(rehearsal)


@pytest.mark.parametrize("accept_first", [True, False])
def test_an_acceptance_when_it_meets_a_new_version_then_a_yes_to_the_old_letter_counts_only_while_it_stood(accept_first: bool) -> None:
    rehearsal = until_owed(began(offer_answer=None), "offer_answer")
    rehearsal.step()
    owed = rehearsal.state.of_kind("offer_answer")[0]
    assert owed.ask_id is not None
    if accept_first:
        rehearsal.answer("offer_answer", {"decision": "accept"})
        rehearsal.step()
    change(rehearsal, "base")
    if not accept_first:
        rehearsal._answer(owed.ask_id, owed.kind, 0, {"decision": "accept"}, rehearsal.now)
        rehearsal.step()
    assert (rehearsal.state.stage == "joining") == accept_first
    assert bool(facts(rehearsal, "offer.accepted")) == accept_first
    check(rehearsal)


def test_a_counter_offer_when_made_then_the_letter_stands_until_the_next_version_is_there() -> None:
    rehearsal = until_owed(began("inhouse-cn", offer_answer=[{"decision": "counter"}, None], draft_offer=[{"done": "yes"}, None], call=None), "call")
    assert rehearsal.state.of_kind("draft_offer") and rehearsal.state.of_kind("offer_answer")
    dues = [body.due_at for body in facts(rehearsal, "obligation.opened") if body.kind == "offer_answer"]
    rehearsal.answer("draft_offer", {"done": "yes"})
    until_owed(rehearsal, "approve_offer")
    until_owed(rehearsal, "offer_answer")
    assert [spec.params["version"] for spec in asked(rehearsal, "offer_answer")] == [1, 1, 2] and dues
    assert [rehearsal.asks[spec.ask_id] for spec in asked(rehearsal, "offer_answer")] == ["answered", "closed", "open"]
    check(rehearsal)


WISH = {"decision": "counter", "wished_start": "2026-11-02"}


@pytest.mark.parametrize(("policy", "letter"), [("inhouse-cn", "draft_offer"), ("agency-cn", "client_offer")])
def test_a_counter_offer_is_a_fact_and_whoever_owes_the_letter_is_pointed_to_the_wish(policy: str, letter: str) -> None:
    rehearsal = until_owed(began(policy, offer_answer=[WISH, None], call=None, **{letter: [{"done": "yes"}, None]}), "call")
    fact, answered = facts(rehearsal, "offer.countered")[0], asked(rehearsal, "offer_answer")[0]
    assert (fact.version, fact.ask_id, fact.wished_start) == (1, answered.ask_id, "2026-11-02")
    assert asked(rehearsal, letter)[-1].params["counter_of"] == str(answered.ask_id) and "counter_of" not in asked(rehearsal, letter)[0].params
    check(rehearsal)


def test_a_counter_offer_when_the_terms_are_kept_then_the_letter_on_the_table_stands_and_can_be_accepted() -> None:
    drafts = [{"done": "yes"}, {"done": "yes", "counter": "keep"}]
    rehearsal = until_owed(began("inhouse-cn", offer_answer=[WISH, None], draft_offer=drafts, call=None), "call")
    while rehearsal.state.of_kind("draft_offer"):
        rehearsal.step()
    assert not facts(rehearsal, "offer.changed") and [spec.params["version"] for spec in asked(rehearsal, "offer_answer")] == [1, 1]
    rehearsal.answer("offer_answer", {"decision": "accept"})
    rehearsal.step()
    assert rehearsal.state.stage == "joining"
    check(rehearsal)


def test_a_second_wish_when_the_first_is_not_looked_at_yet_then_only_the_newest_is_asked_about() -> None:
    rehearsal = until_owed(began("inhouse-cn", offer_answer=[WISH, WISH, None], draft_offer=[{"done": "yes"}, None], call=None), "call")
    while len(facts(rehearsal, "offer.countered")) < 2:
        rehearsal.step()
    standing = rehearsal.state.of_kind("draft_offer")
    assert [owed.params["counter_of"] for owed in standing] == [str(asked(rehearsal, "offer_answer")[1].ask_id)]
    check(rehearsal)


def test_a_wish_when_the_letter_lapses_meanwhile_then_what_was_shown_stays_with_the_new_draft() -> None:
    rehearsal = until_owed(began("inhouse-cn", offer_answer=[WISH, None], draft_offer=[{"done": "yes"}, None], call=None,
                                 offer_revive={"decision": "yes"}), "offer_revive")
    while rehearsal.state.of_kind("offer_revive"):
        rehearsal.step()
    assert [owed.params["counter_of"] for owed in rehearsal.state.of_kind("draft_offer")] == [str(asked(rehearsal, "offer_answer")[0].ask_id)]
    check(rehearsal)


# -- duties that a policy asks for ------------------------------------------------------------------------------------
def test_a_refusal_by_a_colleague_when_the_decider_wants_to_meet_then_it_goes_on() -> None:
    from tests.unit.workflows.test_kinds import by_a_colleague

    rehearsal = by_a_colleague()
    assert rehearsal.state.stage == "submission" and not facts(rehearsal, "decision.made")[1:]
    rehearsal.answer("refusal_review", {"decision": "wanted"})
    rehearsal.step()
    assert rehearsal.state.stage == "interviewing"
    silent = by_a_colleague()
    due = next(owed for owed in silent.state.of_kind("refusal_review")).due_at
    assert due is not None
    silent.run(until=due + timedelta(minutes=1))
    assert silent.state.outcome == "refused"


def test_a_placement_when_probation_and_guarantee_are_waited_for_then_it_settles_at_the_last_of_them() -> None:
    rehearsal = until_stage(began(modes={"settling": ["checkins", "probation", "guarantee"], "duties": ["probation_decision", "guarantee_call"]},
                                  probation_decision={"decision": "passed"}), "settling")
    rehearsal.state.guarantee_months, start = 3, rehearsal.state.start_at
    ends = sorted(step.deadline for step in rehearsal.state.steps if step.deadline is not None)
    assert start is not None and ends
    rehearsal.run()
    assert facts(rehearsal, "hire.settled")[0].at >= max(ends) >= start + timedelta(days=91)
    assert asked(rehearsal, "probation_decision") and asked(rehearsal, "guarantee_call")
    check(rehearsal)


def test_a_probation_when_longer_then_it_is_decided_again_a_month_later() -> None:
    rehearsal = began(modes={"settling": ["checkins", "probation"], "duties": ["probation_decision"]},
                      probation_decision=[{"decision": "longer"}, {"decision": "passed"}])
    rehearsal.run()
    assert [body.decision for body in facts(rehearsal, "decision.made")][-2:] == ["probation_longer", "probation_passed"]
    assert rehearsal.state.outcome == "settled"
    check(rehearsal)


def test_somebody_leaving_in_the_guarantee_when_replaced_then_the_new_shortlist_is_free_of_fee() -> None:
    from tests.unit.workflows.test_kinds import leaving

    rehearsal = leaving("replacement_shortlist", modes={"duties": ["replacement_shortlist"]})
    assert rehearsal.state.of_kind("replacement_shortlist")[0].params["fee_free"] and rehearsal.state.outcome == "left"
    rehearsal.answer("replacement_shortlist", {"done": "yes"})
    rehearsal.run()
    check(rehearsal)


def test_a_second_look_when_the_lead_says_again_then_the_hire_goes_on_where_it_ended() -> None:
    rehearsal = until_owed(began(hire_decision=[{"decision": "reject"}, None], rejection_words=None), "rejection_words")
    rehearsal.tell(ACT, {"act": "review"})
    until_owed(rehearsal, "human_review")
    rehearsal.answer("human_review", {"decision": "again"})
    rehearsal.run(until=rehearsal.now + timedelta(minutes=20))
    assert rehearsal.state.stage == "deciding" and rehearsal.state.of_kind("hire_decision")
    check(rehearsal)


def test_a_draft_when_not_released_then_no_word_leaves_and_when_released_it_does() -> None:
    rehearsal = until_owed(began(modes={"duties": ["release_draft"]}, release_draft=None), "release_draft")
    mine = [sent.body.message for sent in rehearsal.log if hasattr(sent.body, "message") and sent.body.message.party.person_id == person("candidate")]
    assert all(message.purpose == "ask" for message in mine)
    owed = rehearsal.state.of_kind("release_draft")[0]
    template = owed.params["draft"]["template"]
    rehearsal.answer("release_draft", {"done": "yes"})
    rehearsal.run(until=rehearsal.now + timedelta(seconds=1))
    assert [message.party.person_id for message in told(rehearsal, template)] == [person("candidate")]
    check(rehearsal)


def test_a_finding_when_it_comes_then_the_person_is_heard_before_people_decide() -> None:
    rehearsal = until_owed(began(modes={"duties": ["background_check"]}, background_check={"result": "finding"}, call=None), "adverse_answer")
    until_owed(rehearsal, "call")
    assert [owed.params for owed in rehearsal.state.of_kind("call")] == [{"about": "finding", "heard": "yes"}]
    check(rehearsal)


def test_two_cleared_checks_when_a_person_says_so_then_one_word_is_owed() -> None:
    rehearsal = until_stage(began(check_cleared_word=None, modes={"duties": ["check_cleared_word"]}), "joining")
    for _ in range(2):
        rehearsal.tell("check.noted", {"clear": True})
        rehearsal.run(until=rehearsal.now + timedelta(minutes=1))
    assert len(rehearsal.state.of_kind("check_cleared_word")) == 1
    check(rehearsal)
