"""The rules of screening against an oracle written the long way, and the shape of what they say."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain import CONFIDENT, Memo, UnreadableCardError, Verdict, apply_rule, commitment, judge, read_card
from shared.contracts.application import Facts
from shared.contracts.requisition import HasSkill, MinDegree, MinYears, SpeaksLanguage

SKILLS = ["plc", "EtherCAT", "运动控制", "CANopen"]
LANGUAGES = ["zh", "en", "de"]
weights = st.sampled_from([0.0, 0.5, 1.0, 2.0])
rules = st.lists(st.one_of(
    st.builds(HasSkill, id=st.just("s"), skills=st.lists(st.sampled_from(SKILLS), min_size=1, unique=True), minimum=st.integers(1, 2),
              hard=st.booleans(), weight=weights),
    st.builds(MinYears, id=st.just("y"), years=st.floats(0, 20), hard=st.booleans(), weight=weights),
    st.builds(MinDegree, id=st.just("d"), level=st.integers(1, 5), hard=st.booleans(), weight=weights),
    st.builds(SpeaksLanguage, id=st.just("l"), language=st.sampled_from(LANGUAGES), hard=st.booleans(), weight=weights)), max_size=5)
sureness = st.sampled_from([0.0, 0.3, 0.59, 0.6, 0.9, 1.0])
facts = st.builds(
    Facts, skills=st.lists(st.sampled_from(SKILLS), unique=True), years=st.none() | st.floats(0, 40), degree_level=st.none() | st.integers(1, 5),
    languages=st.lists(st.sampled_from(LANGUAGES), unique=True),
    confidence=st.dictionaries(st.sampled_from(["skills", "years", "degree_level", "languages"]), sureness))


def oracle_one(rule, known: Facts) -> tuple[str, float]:
    """(pass | fail | unknown, confidence) of one rule, spelled out."""
    if rule.rule == "has_skill":
        field, unknown = "skills", not known.skills
        good = sum(1 for skill in set(rule.skills) if skill in known.skills) >= rule.minimum
    elif rule.rule == "min_years":
        field, unknown = "years", known.years is None
        good = not unknown and known.years >= rule.years
    elif rule.rule == "min_degree":
        field, unknown = "degree_level", known.degree_level is None
        good = not unknown and known.degree_level >= rule.level
    else:
        field, unknown = "languages", not known.languages
        good = rule.language in known.languages
    return ("unknown", 0.0) if unknown else ("pass" if good else "fail", known.confidence.get(field, 1.0))


def oracle(wanted, known: Facts, defect: str | None) -> str:
    """The verdict, spelled out."""
    if defect is not None or not wanted:
        return "uncertain"
    hard = [oracle_one(rule, known) for rule in wanted if rule.hard]
    if ("fail", True) in [(outcome, sure >= CONFIDENT) for outcome, sure in hard]:
        return "failed"
    if all(outcome == "pass" and sure >= CONFIDENT for outcome, sure in hard):
        return "passed"
    return "uncertain"


@given(rules, facts, st.none() | st.just("encrypted"))
def test_judge_agrees_with_the_oracle(wanted, known, defect):
    verdict = judge(wanted, known, defect=defect)
    assert verdict.outcome == oracle(wanted, known, defect)
    assert [(r.outcome, r.confidence) for r in verdict.results if r.rule != "none"] == [oracle_one(rule, known) for rule in wanted]
    total = sum(rule.weight for rule in wanted)
    won = sum(rule.weight for rule in wanted if oracle_one(rule, known)[0] == "pass")
    assert verdict.score == pytest.approx(won / total if total else 0.0, abs=1e-4)
    assert all(result.reason for result in verdict.results)


@given(rules, facts)
def test_judge_when_a_fact_becomes_unknown_then_never_fails_for_it(wanted, known):
    blank = Facts()
    assert judge(wanted, blank).outcome != "failed"
    assert all(result.outcome == "unknown" for result in judge(wanted, blank).results)


def test_has_skill_when_written_differently_then_passes_with_evidence():
    known = Facts(skills=["ＥｔｈｅｒCAT", " 运动控制 "], confidence={"skills": 0.7}, places={"skills": "line 12"})
    result = apply_rule(HasSkill(id="bus", skills=["ethercat", "PROFINET", "运动控制"], minimum=2), known)
    assert (result.outcome, result.confidence) == ("pass", 0.7)
    assert result.evidence["found"] == ["ethercat", "运动控制"]
    assert result.evidence["place"] == "line 12"


@pytest.mark.parametrize(("spoken", "wanted", "outcome"), [
    ("en-GB", "en", "pass"), ("en", "en-US", "pass"), ("zh-CN", "zh-TW", "fail"), ("de", "en", "fail")])
def test_speaks_when_regions_differ_then_only_contradictions_fail(spoken, wanted, outcome):
    assert apply_rule(SpeaksLanguage(id="l", language=wanted), Facts(languages=[spoken])).outcome == outcome


def test_judge_when_a_soft_rule_fails_then_passes_with_a_lower_score():
    wanted = [MinYears(id="y", years=3), HasSkill(id="s", skills=["plc"], hard=False)]
    verdict = judge(wanted, Facts(years=5, skills=["CANopen"]))
    assert (verdict.outcome, verdict.score) == ("passed", 0.5)


def test_read_card_when_zero_then_left_out():
    who, at = uuid4(), datetime(2026, 9, 14, tzinfo=UTC)
    line = read_card({"recommend": "yes", "c_depth": "3", "score_team": 4, "c_english": 0, "scores": {"safety": 2}}, interviewer_id=who, submitted_at=at)
    assert line.scores == {"depth": 3, "team": 4, "safety": 2}


@pytest.mark.parametrize(("clear", "code"), [
    ({"c_depth": 3}, "recommend_missing"), ({"recommend": "maybe"}, "recommend_missing"), ({"recommend": "no", "c_x": "good"}, "score_not_a_number")])
def test_read_card_when_unreadable_then_says_what(clear, code):
    with pytest.raises(UnreadableCardError) as problem:
        read_card(clear, interviewer_id=uuid4(), submitted_at=datetime(2026, 9, 14, tzinfo=UTC))
    assert problem.value.code == code


def test_commitment_when_anything_changes_then_differs_and_order_does_not_matter():
    sealed = [{"person_id": "p", "field": "answer.why", "box": "x"}]
    proof = commitment({"recommend": "yes", "c_a": 1}, sealed, salt="s")
    assert proof == commitment({"c_a": 1, "recommend": "yes"}, [dict(reversed(sealed[0].items()))], salt="s")
    others = [({"recommend": "no", "c_a": 1}, sealed, "s"), ({"recommend": "yes", "c_a": 1}, [], "s"), ({"recommend": "yes", "c_a": 1}, sealed, "t")]
    assert proof not in [commitment(clear, boxes, salt=salt) for clear, boxes, salt in others]


@given(rules, st.lists(facts, min_size=1, max_size=8))
def test_memo_when_kept_from_candidate_to_candidate_then_every_verdict_is_the_same(some, candidates):
    memo: Memo = {}
    for one in [*candidates, *candidates]:
        assert judge(some, one, memo=memo) == judge(some, one) == Verdict(
            judge(some, one).outcome, judge(some, one).score, [apply_rule(rule, one) for rule in some] or judge(some, one).results)
