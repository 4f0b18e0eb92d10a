"""Tags on several dimensions (C98): from screening, interviews and our recruiter; codes only; they go with the person into the pool and rank the matches."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.requisition import HasSkill
from tests.unit.workflows.paper import began, check, facts, until_stage
from tests.unit.workflows.subjects.test_nurture import ended
from workflows import tags
from workflows.hire.printer import paper_directory
from workflows.hire.state import dump, load
from workflows.subject.world import matching


@pytest.mark.parametrize(("said", "tag"), [
    (["strong_yes", "yes"], "interview:strong"), (["yes", "yes", "yes"], "interview:good"), (["strong_yes", "no"], "interview:good"), (["yes", "no"], "interview:mixed"),
    (["no", "strong_no"], "interview:weak")])
def test_the_cards_of_a_round_are_one_tag(said: list[str], tag: str) -> None:
    assert tags.of_cards([{"recommend": one, "scores": {}} for one in said]) == [tag]
    assert tags.of_cards([]) == [] and tags.of_cards([{"recommend": "?"}]) == []


def test_of_a_dimension_the_newest_counts_and_notes_add_up_until_they_are_taken_off() -> None:
    known = tags.merged(["interview:good", "note:leads"], ["interview:strong", "note:mobile", "screening:passed"])
    assert known == ["interview:strong", "note:leads", "note:mobile", "screening:passed"]
    assert tags.merged(known, ["note:none"]) == ["interview:strong", "screening:passed"]
    assert tags.of_profile({"years": 9, "degree_level": 4}) == ["experience:senior", "degree:4"] and tags.of_profile({}) == []


@given(st.lists(st.sampled_from(["interview:good", "note:leads", "note:none", "screening:failed", "experience:mid", "note:mobile"])), st.integers(0, 9))
def test_tags_are_the_same_however_often_they_are_told(said: list[str], cut: int) -> None:
    once = tags.merged(tags.merged([], said[:cut]), said[cut:])
    assert once == tags.merged([], said) == tags.merged(once, []) and len(once) <= tags.MOST
    kinds = [tag.partition(":")[0] for tag in once if not tag.startswith("note:")]
    assert len(kinds) == len(set(kinds))


def _closed(cards: list[dict[str, Any]]) -> list[str]:
    rehearsal = until_stage(began("inhouse-cn", hire_decision={"decision": "reserve"}), "interviewing")
    while not rehearsal.state.held_interviews:
        assert rehearsal.step()
    rehearsal.tell("feedback.revealed", {"interview_id": str(rehearsal.state.interview.id if rehearsal.state.interview else ""), "cards": cards})
    rehearsal.run()
    check(rehearsal)
    assert load(dump(rehearsal.state)).tags == rehearsal.state.tags
    return list(facts(rehearsal, "hire.closed")[0].tags)


def test_a_hire_that_ends_says_what_screening_and_interviews_showed() -> None:
    assert _closed([{"recommend": "strong_yes"}, {"recommend": "strong_yes"}]) == ["interview:strong", "screening:uncertain"]


def test_somebody_in_the_pool_keeps_tags_and_our_recruiter_adds_one_which_is_a_fact_each_time() -> None:
    said = [{"decision": "later", "tag": "leads"}, {"decision": "later", "tag": "open_now"}, {"decision": "later"}]
    paper = ended({"pool_followup": said}, tags=["interview:good", "screening:passed"], profile={"skills": ["servo"], "years": 7, "degree_level": 4}).run(95)
    first = ["degree:4", "experience:mid", "interview:good", "screening:passed"]
    assert [body.tags for body in paper.said("person.tagged")] == [first, sorted([*first, "note:leads"])]
    assert paper.questions("pool_followup")[0].params["tags"] == ",".join(first)
    paper.run(95)
    assert {"note:leads", "note:open_now"} <= set(paper.state.tags) and len(paper.said("person.tagged")) == 3
    paper.tell("application.received", {"hire_id": "h2", "profile": {"skills": ["servo"], "years": 8, "degree_level": 4}})
    paper.run(1)
    assert "experience:senior" in paper.state.tags and "note:leads" in paper.state.tags


def test_matches_name_what_is_known_and_who_was_strong_comes_first() -> None:
    wanted = paper_directory("agency-cn").requisition.model_copy(update={"rules": [HasSkill(id="s", skills=["servo"])]})
    profile = {"skills": ["servo"]}
    strong, plain, weak = (matching(wanted, profile, known) for known in (["interview:strong", "note:open_now", "degree:4"], [], ["interview:weak"]))
    assert (strong, plain, weak) == (["skills:servo", "interview:strong", "note:open_now"], ["skills:servo"], ["skills:servo", "interview:weak"])
    assert matching(wanted, {"skills": []}, ["interview:strong"]) is None, "a tag makes nobody fit"
    assert sorted([plain, weak, strong], key=lambda why: -tags.rank(why)) == [strong, plain, weak]
