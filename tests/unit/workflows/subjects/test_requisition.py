"""A requisition on paper: nothing before both signed, pool first, changes only after a yes, the last filled seat closes."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.policy.loader import load_policy
from tests.unit.workflows.subjects.paper import HOUR, Paper, check, paper_world
from workflows.subject import beginning

KEEP = load_policy("policy: kept\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\nrequisition: confirmed\nfilled: keep\n")
SIGNED = {"requirement_confirmation": {"decision": "sign"}, "plan_confirmation": {"decision": "agree"}, "pool_search": {"decision": "none_fit"},
          "first_shortlist": None, "opening_due": {"decision": "on_course"}}


def raised(answers: dict[str, Any] | None = None, *, policy: Any = None, seats: int = 1, **need: Any) -> Paper:
    """A requirement that has just come in."""
    world = paper_world(policy)
    state = beginning.requisition(world.requisition, world.client, world.policy)
    paper = Paper(state, world, {**SIGNED, **(answers or {})})
    paper.tell("requisition.registered", {
        "version": 1, "text_hash": "h1", "state": "raised", "seats": [{"id": f"s{n}"} for n in range(seats)], **need})
    return paper


def test_a_requirement_when_complete_then_both_sides_sign_the_same_hash_before_anything_else() -> None:
    paper = raised({"requirement_confirmation": None}).run(1)
    asked = paper.questions("requirement_confirmation")
    assert {spec.params["side"] for spec in asked} == {"client", "client_manager"} and {spec.params["text_hash"] for spec in asked} == {"h1"}
    assert all(spec.params["own_act"] for spec in asked), "it follows their own writing: no digest holds it back"
    assert not paper.said("intake.move_requisition") and not paper.questions("first_shortlist")
    paper.answer("requirement_confirmation", {"decision": "sign"})
    paper.run(0.2)
    assert not paper.said("intake.move_requisition"), "one side alone signs nothing"
    paper.answer("requirement_confirmation", {"decision": "sign"})
    paper.run(0.2)
    moved = paper.said("intake.move_requisition")[0]
    assert (moved.to, moved.text_hash, len(moved.signed_by)) == ("confirmed", "h1", 2)
    check(paper)


def test_a_requirement_when_parts_are_missing_or_unlawful_then_concrete_questions_and_it_stays_shut() -> None:
    paper = raised({"requirement_questions": None}, missing=["budget"], unlawful=["sex"]).run(12)
    spec = paper.questions("requirement_questions")[0]
    assert spec.params["missing"] == "budget" and spec.params["unlawful"] == "sex"
    assert paper.state.stage == "raised" and not paper.questions("requirement_confirmation")
    paper.answer("requirement_questions", {"done": "yes"})
    paper.run(0.045)
    paper.tell("requisition.updated", {"version": 2, "text_hash": "h2", "state": "raised"}, cause=paper.state.steps[-1].id)
    paper.run(0.01)
    assert {spec.params["text_hash"] for spec in paper.questions("requirement_confirmation")} == {"h2"}
    check(paper)


def test_a_requirement_when_all_say_yes_then_the_pool_is_asked_before_the_search_opens() -> None:
    paper = raised().run(3)
    kinds = [sent.body.spec.kind for sent in paper.log if hasattr(sent.body, "spec")]
    assert kinds.index("pool_search") < kinds.index("first_shortlist") and paper.state.stage == "open"
    assert [body.to for body in paper.said("intake.move_requisition")] == ["confirmed", "open"]
    check(paper)


def test_a_client_when_it_wants_another_text_then_nothing_is_signed_and_our_manager_mends_it() -> None:
    paper = raised({"requirement_confirmation": [{"decision": "sign"}, {"decision": "change"}]}).run(0.5)
    assert paper.state.stage == "raised" and paper.questions("requirement_questions")[0].holder.role == "client_manager"
    assert not paper.said("intake.move_requisition")
    check(paper)


def test_our_side_when_it_reads_a_clause_as_unlawful_then_the_client_is_asked_as_for_what_the_lint_found() -> None:
    paper = raised({"requirement_confirmation": [{"decision": "sign"}, {"decision": "unlawful", "part": "talent", "unlawful": "family"}]}).run(0.09)
    assert paper.state.stage == "raised" and not paper.said("intake.move_requisition")
    assert [step.name for step in paper.state.steps] == ["intake.requirement"], "the clause is on its way into the record"
    paper.tell("requisition.updated", {"version": 2, "text_hash": "h1", "state": "raised", "unlawful": ["family"]}, cause=paper.state.steps[-1].id)
    paper.run(0.01)
    asked = paper.questions("requirement_questions")[0]
    assert (asked.params["unlawful"], asked.holder.role) == ("family", "client_contact") and not paper.state.steps
    check(paper)


def test_our_side_when_a_change_in_flight_is_unlawful_then_it_is_dropped() -> None:
    said = [{"decision": "sign"}, {"decision": "sign"}, {"decision": "sign"}, {"decision": "unlawful", "part": "duties", "unlawful": "age"}]
    paper = raised({"requirement_confirmation": said, "change_decision": {"decision": "apply"}}).run(3)
    paper.tell("requisition.proposed", {"version": 2, "text_hash": "h2", "changed": ["need"]})
    paper.run(2)
    assert paper.said("intake.move_requisition")[-1].to == "drop" and paper.state.change is None and paper.state.stage == "open"
    check(paper)


def test_a_change_in_flight_when_it_comes_then_its_impact_is_shown_and_nothing_moves_before_both_signed() -> None:
    paper = raised({"change_decision": {"decision": "apply"}}).run(3)
    paper.world.stages, paper.world.owed = {"interviewing": 3, "offering": 1}, {"recruiter": 2}
    before = len(paper.said("intake.move_requisition"))
    paper.tell("requisition.proposed", {"version": 2, "text_hash": "h2", "changed": ["salary_max"]})
    paper.run(0.01)
    shown = paper.questions("change_decision")[0].params
    assert (shown["n_interviewing"], shown["n_offering"], shown["n_duties"], shown["changed"]) == (3, 1, 2, "salary_max")
    assert len(paper.said("intake.move_requisition")) == before
    paper.run(2)
    last = paper.said("intake.move_requisition")[-1]
    assert (last.to, last.version, last.text_hash) == ("apply", 2, "h2") and len(last.signed_by) == 2
    assert paper.state.stage == "open" and paper.state.confirmed == 2
    check(paper)


def test_a_change_when_it_is_refused_or_unlawful_then_it_is_dropped() -> None:
    for answer, unlawful in (({"decision": "refuse"}, []), ({"decision": "apply"}, ["age"])):
        paper = raised({"change_decision": answer}).run(3)
        paper.tell("requisition.proposed", {"version": 2, "changed": ["title"], "unlawful": unlawful})
        paper.run(1)
        assert paper.said("intake.move_requisition")[-1].to == "drop" and paper.state.change is None
        check(paper)


def test_the_last_opening_when_filled_then_by_policy_the_requisition_closes_or_stays() -> None:
    for policy, ends in ((None, True), (KEEP, False)):
        paper = raised(policy=policy, seats=1).run(3)
        for seat in paper.state.open_seats():
            paper.tell("offer.accepted", {"hire_id": f"of {seat.id}"})
        paper.run(1)
        assert paper.state.closed is ends
        assert not ends or paper.said("intake.move_requisition")[-1].reason == "filled"
        check(paper)


def test_a_seat_when_its_hire_reneges_then_it_is_open_and_watched_again() -> None:
    paper = raised(policy=KEEP).run(3)
    seats = len(paper.state.open_seats())
    paper.tell("offer.accepted", {"hire_id": "h"})
    paper.run(0.1)
    assert len(paper.state.open_seats()) == seats - 1
    paper.tell("hire.reneged", {"hire_id": "h"})
    paper.run(0.1)
    assert len(paper.state.open_seats()) == seats and len(paper.state.of_kind("opening_due")) == seats
    check(paper)


def test_a_pause_when_it_ends_then_what_stood_still_is_due_later_by_as_much() -> None:
    paper = raised({"requirement_confirmation": None}).run(0.3)
    paper.tell("requisition.held", {"reason": "budget"})
    paper.run(7)
    nags = len(paper.told("requirement_confirmation"))
    before = {owed.id: owed.due_at for owed in paper.state.of_kind("requirement_confirmation")}
    paper.tell("requisition.continued", {})
    paper.run(0.01)
    assert nags == 0
    assert all(owed.due_at > before[owed.id] for owed in paper.state.of_kind("requirement_confirmation"))
    assert len(paper.said("obligation.moved")) == 2
    check(paper)


def test_an_owner_when_replaced_then_every_open_duty_moves_in_one_act() -> None:
    paper = raised().run(3)
    shortlist = paper.state.of_kind("first_shortlist")[0]
    lead = paper.world.people[shortlist.holder.person_id].manager_id
    paper.tell("owner.replaced", {"out_id": str(shortlist.holder.person_id), "in_id": str(lead), "role": "recruiter"})
    paper.run(0.01)
    assert [owed.holder.person_id for owed in paper.state.of_kind("first_shortlist")] == [lead]
    assert len(paper.said("obligation.transferred")) == 1
    check(paper)


EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("requisition.held", {"reason": "budget"}), ("requisition.continued", {}), ("requisition.ended", {"reason": "given_up"}),
    ("requisition.updated", {"version": 3, "text_hash": "h3"}), ("requisition.proposed", {"version": 4, "changed": ["title"]}),
    ("candidate.submitted", {"hire_id": "a"}), ("offer.accepted", {"hire_id": "a"}), ("hire.reneged", {"hire_id": "a"}),
    ("hire.left", {"hire_id": "a"}), ("requisition.opened", {}), ("requisition.confirmed", {"version": 1}),
    ("message.bounced", {"purpose": "ask"}), ("intake.command_refused", {"command_id": "x", "command_type": "baton.intake.move_requisition"})]
IDEAS: dict[str, list[Any]] = {
    "requirement_questions": [None, {"done": "yes"}], "requirement_confirmation": [None, {"decision": "sign"}, {"decision": "change"}, {"decision": "unlawful"}],
    "plan_confirmation": [None, {"decision": "agree"}, {"decision": "change"}], "pool_search": [None, {"decision": "none_fit"}],
    "first_shortlist": [None, {"done": "yes"}], "opening_due": [None, {"decision": "on_course"}, {"decision": "give_up"}],
    "change_decision": [None, {"decision": "apply"}, {"decision": "refuse"}],
    "plan_review": [None, {"decision": "go_on"}, {"decision": "close"}], "call": [None, {"done": "yes"}], "machine_step": [None, {"done": "yes"}]}


@settings(max_examples=300 if os.environ.get("BATON_SOAK") else 25, deadline=None)
@given(
    ideas=st.fixed_dictionaries({kind: st.lists(st.sampled_from(said), min_size=1, max_size=3) for kind, said in IDEAS.items()}),
    events=st.lists(st.tuples(st.integers(0, 900), st.sampled_from(EVENTS)), max_size=8), missing=st.booleans(),
    policy=st.sampled_from([None, KEEP]))
def test_a_requisition_when_anything_happens_in_any_order_then_somebody_holds_it(ideas: Any, events: Any, missing: bool, policy: Any) -> None:
    paper = raised(ideas, policy=policy, missing=["budget"] if missing else [])
    for hours, (kind, data) in sorted(events, key=lambda one: one[0]):
        paper.tell(kind, data, after=hours * HOUR)
    paper.run(45)
    check(paper)


KICKED = load_policy("policy: kicked\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\nrequisition: confirmed\nduties: [kickoff]\n"
                     "tiers: {ordinary: {client_question: {within: 3 wd}}}\n")


def test_a_plan_when_agreed_then_team_and_client_get_goal_dates_and_measures_once_each_and_nobody_has_to_answer() -> None:
    paper = raised(policy=KICKED).run(2)
    packs = paper.questions("kickoff")
    persons = [spec.holder.person_id for spec in packs]
    assert len(packs) > 2 and len(set(persons)) == len(persons), "each person once, whatever roles they have"
    assert paper.world.client.response_group[0] in persons or paper.world.requisition.team["client_contact"] in persons
    assert {spec.params["kpi_client_verdict"] for spec in packs} == {str(KICKED.obligation("client_verdict").within)}
    paper.run(12)
    assert not paper.state.of_kind("kickoff") and {body.kind for body in paper.said("obligation.lapsed")} >= {"kickoff"}
    assert not [body for body in paper.said("obligation.rung_fired") if body.kind == "kickoff" and body.do == "remind"]
    assert paper.state.stage == "open", "the search does not wait for it"
    check(paper)


def test_a_kickoff_when_something_is_not_right_then_our_manager_looks_at_the_plan_and_the_search_goes_on() -> None:
    paper = raised({"kickoff": [{"decision": "change"}, {"decision": "read"}], "plan_review": None}, policy=KICKED).run(1)
    assert [owed.params["reason"] for owed in paper.state.of_kind("plan_review")] == ["kickoff"] and paper.questions("pool_search")
    check(paper)


def test_a_policy_that_asks_for_no_kickoff_sends_none() -> None:
    assert not raised().run(3).questions("kickoff")
