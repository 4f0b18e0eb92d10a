"""A person in the pool on paper: consent first, quiet while elsewhere, over at the first no; matches with reasons."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.requisition import HasSkill, MinYears
from tests.unit.workflows.subjects.paper import BEGIN, HOUR, Paper, check, paper_world
from workflows.hire.facts import Fact
from workflows.hire.printer import person
from workflows.subject import beginning
from workflows.subject.world import matching

YES = {"pool_consent": {"decision": "yes"}}


def ended(answers: dict[str, Any] | None = None, outcome: str = "reserve", **more: Any) -> Paper:
    """Somebody whose hire has just ended."""
    world = paper_world()
    data = {"hire_id": "h1", "outcome": outcome, "requisition_id": str(world.requisition.requisition_id), "profile": {"skills": ["motion control"], "years": 7},
            **more}
    first = Fact(id="f", source="paper", type="hire.closed", at=BEGIN, now=BEGIN, data=data)
    paper = Paper(beginning.nurture(person("candidate"), first, world.policy), world, {**YES, **(answers or {})})
    paper.tell("hire.closed", data)
    return paper


def test_consent_when_given_then_a_person_follows_up_after_ninety_days_and_a_star_sooner() -> None:
    paper = ended({"pool_followup": [{"decision": "star"}, {"decision": "later"}]}).run(88)
    assert not paper.questions("pool_followup")
    paper.run(10)
    assert [spec.holder.role for spec in paper.questions("pool_followup")] == ["recruiter"]
    paper.run(35)
    assert len(paper.questions("pool_followup")) == 2, "a star is called after thirty days"
    assert [spec.kind for spec in paper_to(paper, "candidate")] == ["pool_consent"], "no machine writes to the person again"
    check(paper)


def paper_to(paper: Paper, role: str) -> list[Any]:
    """All questions put to this role."""
    return [sent.body.spec for sent in paper.log if hasattr(sent.body, "spec") and sent.body.spec.holder.role == role]


def test_consent_when_refused_or_silent_then_it_is_over_and_asked_only_once() -> None:
    for answer, outcome in (({"decision": "no"}, "said_no"), (None, "no_answer")):
        paper = ended({"pool_consent": answer}).run(30)
        assert (paper.state.closed, paper.state.outcome) == (True, outcome) and len(paper.questions("pool_consent")) == 1
        check(paper)


def test_who_was_hired_or_erased_is_never_asked() -> None:
    assert ended(outcome="settled").run(1).state.outcome == "hired"
    erased = ended(outcome="withdrawn", reason="erased").run(1)
    assert erased.state.closed and not erased.questions("pool_consent")


def test_another_application_when_it_comes_then_nothing_from_here_until_it_has_ended() -> None:
    paper = ended({"pool_followup": None}).run(60)
    paper.tell("application.received", {"hire_id": "h2"})
    paper.run(200)
    assert paper.state.stage == "resting" and not paper.questions("pool_followup")
    paper.tell("hire.closed", {"hire_id": "h2", "outcome": "reserve"})
    paper.run(95)
    assert len(paper.questions("pool_followup")) >= 1
    check(paper)


def test_a_contact_in_any_channel_stops_the_ladder_and_starts_the_time_anew() -> None:
    paper = ended({"pool_followup": None}).run(92)
    assert len(paper.questions("pool_followup")) == 1
    paper.tell("candidate.contacted", {"via": "wechat"})
    paper.run(60)
    assert len(paper.questions("pool_followup")) == 1 and paper.said("obligation.cancelled")
    check(paper)


def test_a_no_on_the_phone_ends_it_and_a_year_ends_the_yes() -> None:
    assert ended({"pool_followup": {"decision": "no"}}).run(100).state.outcome == "said_no"
    assert ended({"pool_followup": {"decision": "later"}}).run(380).state.outcome == "consent_ended"


def test_a_match_names_its_reasons_and_a_hard_rule_speaks_against() -> None:
    need = paper_world().requisition.model_copy(update={"rules": [
        HasSkill(id="s", skills=["motion control", "servo"]), MinYears(id="y", years=5, hard=False)]})
    assert matching(need, {"skills": ["motion control"], "years": 7}) == ["skills:motion control", "years:7"]
    assert matching(need, {"skills": ["servo"], "years": 2}) == ["skills:servo"]
    assert matching(need, {"skills": ["sales"], "years": 20}) is None and matching(need, {}) is None


EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("application.received", {"hire_id": "h2"}), ("application.received", {"hire_id": "h3"}), ("hire.closed", {"hire_id": "h2", "outcome": "rejected"}),
    ("hire.closed", {"hire_id": "h3", "outcome": "settled"}), ("candidate.contacted", {}), ("person.erased", {}), ("message.failed", {"purpose": "ask"})]
ANSWERS: dict[str, list[Any]] = {
    "pool_consent": [None, {"decision": "yes"}, {"decision": "no"}], "call": [None, {"done": "yes"}],
    "pool_followup": [None, {"decision": "later"}, {"decision": "star"}, {"decision": "no"}]}


@settings(max_examples=200 if os.environ.get("BATON_SOAK") else 15, deadline=None)
@given(
    answers=st.fixed_dictionaries({kind: st.lists(st.sampled_from(said), min_size=1, max_size=3) for kind, said in ANSWERS.items()}),
    events=st.lists(st.tuples(st.integers(0, 4_000), st.sampled_from(EVENTS)), max_size=7))
def test_a_person_when_anything_happens_in_any_order_then_somebody_holds_it(answers: Any, events: Any) -> None:
    paper = ended(answers)
    for hours, (kind, data) in sorted(events, key=lambda one: one[0]):
        paper.tell(kind, data, after=hours * HOUR)
    paper.run(200)
    check(paper)
