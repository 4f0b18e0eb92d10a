"""A client account on paper: reports leave only released, complaints climb our line, credits go both ways, the agreement is a gate."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.client import Duty, ServiceContract
from tests.unit.workflows.subjects.paper import HOUR, Paper, check, paper_world
from workflows.subject import beginning

CONTRACT = ServiceContract(report_days=7, review_days=90, survey_days=60, duties=[
    Duty(kind="client_verdict", side="client", within="1 wd", credit=50_000), Duty(kind="first_shortlist", side="firm", credit=80_000)])


def account(answers: dict[str, Any] | None = None, *, contract: ServiceContract | None = CONTRACT, agreement: bool = True) -> Paper:
    """A client whose record has just come in."""
    world = paper_world()
    paper = Paper(beginning.account(world.client, world.policy), world, answers or {})
    paper.tell("client.recorded", recorded(contract, agreement=agreement))
    return paper


def recorded(contract: ServiceContract | None, *, agreement: bool = True) -> dict[str, Any]:
    """The record as the account is told of it."""
    return {"contract": contract.model_dump(mode="json") if contract else None, "tier": "key", "data_agreement": agreement}


def test_a_report_when_drafted_then_it_leaves_only_when_a_person_releases_what_they_saw() -> None:
    paper = account({"release_report": [{"decision": "hold"}, {"decision": "release"}]})
    paper.world.stages = {"interviewing": 2}
    paper.run(9)
    assert len(paper.questions("release_report")) == 1 and not paper.told("weekly_report")
    paper.run(9)
    sent = paper.told("weekly_report")
    assert len(sent) == 1 and sent[0].params["n_interviewing"] == 2 == paper.questions("release_report")[1].params["n_interviewing"]
    check(paper)


def test_a_report_when_nobody_releases_it_then_it_is_the_leads_turn_and_nothing_leaves() -> None:
    paper = account({"release_report": None}).run(12)
    assert [spec.holder.role for spec in paper.questions("release_report")][:2] == ["client_manager", "lead"]
    assert not paper.told("weekly_report")
    check(paper)


def test_a_complaint_when_nobody_answers_then_it_climbs_and_when_answered_the_plan_is_looked_at() -> None:
    paper = account({"complaint_answer": [None, {"done": "yes"}]}, contract=ServiceContract(report_days=None, survey_days=None)).run(0.01)
    paper.tell("complaint.noted", {"complaint_id": "c1"})
    paper.run(6)
    assert [spec.holder.role for spec in paper.questions("complaint_answer")] == ["client_manager", "director"]
    assert paper.told("complaint_answered") and paper.questions("plan_review")
    check(paper)


def test_duties_when_broken_then_the_other_side_is_credited_as_the_contract_says() -> None:
    paper = account().run(0.01)
    for n, kind in enumerate(("client_verdict", "first_shortlist", "client_verdict", "scorecard")):
        paper.tell("duty.broken", {"kind": kind, "obligation_id": f"2df8a86b-314a-53aa-9a58-72b0ba5b54a{n}"})
    paper.run(0.01)
    assert paper.state.credits == {"client": 100_000, "firm": 80_000}
    assert [(body.kind, body.side, body.credit) for body in paper.said("credit.noted")] == [
        ("client_verdict", "client", 50_000), ("first_shortlist", "firm", 80_000), ("client_verdict", "client", 50_000)]
    check(paper)


def test_an_agreement_when_missing_then_it_is_owed_until_the_fact_says_signed() -> None:
    paper = account({"agreement": {"done": "yes"}}, agreement=False).run(1)
    assert paper.state.of_kind("agreement"), "somebody's word is not the signature"
    paper.tell("agreement.held", {})
    paper.run(0.01)
    assert not paper.state.of_kind("agreement")
    check(paper)


def test_a_survey_when_the_mark_is_bad_then_a_person_looks_at_once_and_silence_is_no_duty() -> None:
    paper = account({"client_survey": [{"mood": "2"}, None]}).run(62)
    assert paper.questions("plan_review")
    paper.run(75)
    assert len(paper.questions("client_survey")) == 2 and paper.state.of_kind("client_survey")
    check(paper)


def test_a_contract_when_it_ends_then_the_account_is_closed() -> None:
    paper = account().run(0.01)
    paper.tell("client.recorded", recorded(None))
    paper.run(0.01)
    assert paper.state.closed
    check(paper)


ANSWERS: dict[str, list[Any]] = {
    "release_report": [None, {"decision": "release"}, {"decision": "hold"}], "account_review": [None, {"done": "yes"}],
    "client_survey": [None, {"mood": "1"}, {"mood": "5"}], "complaint_answer": [None, {"done": "yes"}], "agreement": [None, {"done": "yes"}],
    "plan_review": [None, {"decision": "go_on"}], "call": [None, {"done": "yes"}], "machine_step": [None, {"done": "yes"}]}
EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("complaint.noted", {"complaint_id": "c"}), ("agreement.held", {}), ("client.recorded", recorded(None)), ("client.recorded", recorded(CONTRACT)),
    ("client.recorded", recorded(ServiceContract(report_days=None, review_days=None, survey_days=None))),
    ("duty.broken", {"kind": "client_verdict", "obligation_id": "2df8a86b-314a-53aa-9a58-72b0ba5b54a1"}), ("message.bounced", {"purpose": "ask"})]


@settings(max_examples=200 if os.environ.get("BATON_SOAK") else 15, deadline=None)
@given(
    answers=st.fixed_dictionaries({kind: st.lists(st.sampled_from(said), min_size=1, max_size=3) for kind, said in ANSWERS.items()}),
    events=st.lists(st.tuples(st.integers(0, 900), st.sampled_from(EVENTS)), max_size=6), agreement=st.booleans())
def test_an_account_when_anything_happens_in_any_order_then_somebody_holds_it(answers: Any, events: Any, agreement: bool) -> None:
    paper = account(answers, agreement=agreement)
    for hours, (kind, data) in sorted(events, key=lambda one: one[0]):
        paper.tell(kind, data, after=hours * HOUR)
    paper.run(45)
    check(paper)


@pytest.mark.parametrize(("what", "n"), [("open", 0), ("undo", 0), ("rung", 99), ("deadline", 0)])
def test_an_instant_when_no_longer_waited_for_then_it_changes_nothing(what: str, n: int) -> None:
    paper = account({"complaint_answer": None}, contract=ServiceContract(report_days=None, survey_days=None)).run(0.01)
    paper.tell("complaint.noted", {"complaint_id": "c1"})
    paper.run(0.01)
    (owed,) = paper.state.of_kind("complaint_answer")
    before, said = repr(owed), len(paper.log)
    paper.tell("due", {"what": what, "id": str(owed.id), "n": n})
    paper.run(0.001)
    (after,) = paper.state.of_kind("complaint_answer")
    assert repr(after) == before and len(paper.log) == said
    check(paper)
