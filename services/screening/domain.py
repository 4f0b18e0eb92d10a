"""What screening decides, as pure functions: rules over facts, the verdict with every reason, and what a scorecard says.

Unknown is never "no": a fact that nobody gave, or that was read with little confidence, goes to a person.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, get_args
from uuid import UUID

from shared.contracts.application import Facts
from shared.contracts.requisition import HasSkill, MinDegree, MinYears, ScreeningRule, SpeaksLanguage
from shared.contracts.screening import RuleResult, ScoreLine

CONFIDENT = 0.6
"""Below this confidence a reading is a guess: neither a pass nor a fail of a hard rule rests on it."""
DEGREES = {1: "school", 2: "associate", 3: "bachelor", 4: "master", 5: "doctor"}
Outcome = Literal["pass", "fail", "unknown"]
Recommend = Literal["strong_yes", "yes", "no", "strong_no"]


class UnreadableCardError(ValueError):
    """A scorecard's answer lacks something; `code` says what."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say together: outcome, weighted share of passed rules (0..1), each rule's result."""

    outcome: Literal["passed", "uncertain", "failed"]
    score: float
    results: list[RuleResult]


@dataclass(frozen=True, slots=True)
class Finding:
    """One predicate's answer before it is dressed as a RuleResult."""

    outcome: Outcome
    confidence: float
    reason: str
    evidence: dict[str, Any]


@lru_cache(maxsize=20_000)
def _plain(word: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def _sure(facts: Facts, *names: str) -> float:
    """Confidence of the first of these names that the reader judged; data that came structured is certain."""
    for name in names:
        if name in facts.confidence:
            return facts.confidence[name]
    return 1.0


def _evidence(facts: Facts, field: str, **more: Any) -> dict[str, Any]:
    place = facts.places.get(field)
    return {**more, "place": place} if place else more


def _has_skill(rule: HasSkill, facts: Facts) -> Finding:
    if not facts.skills:
        return Finding("unknown", 0.0, "no skills are known", {"needed": rule.skills, "minimum": rule.minimum})
    known = {_plain(skill): skill for skill in facts.skills}
    found = [skill for skill in rule.skills if _plain(skill) in known]
    evidence = _evidence(facts, "skills", needed=rule.skills, found=found, minimum=rule.minimum)
    reason = f"{len(found)} of at least {rule.minimum} skills: {', '.join(found) or 'none'}"
    if len(found) < rule.minimum:
        return Finding("fail", _sure(facts, "skills"), reason, evidence)
    if rule.minimum < 1 or not facts.confidence:
        return Finding("pass", 1.0, reason, evidence)
    surest = sorted([_sure(facts, skill, known[_plain(skill)], "skills") for skill in found], reverse=True)
    return Finding("pass", surest[rule.minimum - 1], reason, evidence)


def _min_years(rule: MinYears, facts: Facts) -> Finding:
    if facts.years is None:
        return Finding("unknown", 0.0, "years of experience are not known", {"needed": rule.years})
    evidence = _evidence(facts, "years", needed=rule.years, found=facts.years)
    outcome: Outcome = "pass" if facts.years >= rule.years else "fail"
    return Finding(outcome, _sure(facts, "years"), f"{facts.years:g} years, {rule.years:g} needed", evidence)


def _min_degree(rule: MinDegree, facts: Facts) -> Finding:
    if facts.degree_level is None:
        return Finding("unknown", 0.0, "the degree is not known", {"needed": rule.level})
    evidence = _evidence(facts, "degree_level", needed=rule.level, found=facts.degree_level)
    names = [DEGREES.get(level, str(level)) for level in (facts.degree_level, rule.level)]
    outcome: Outcome = "pass" if facts.degree_level >= rule.level else "fail"
    return Finding(outcome, _sure(facts, "degree_level"), f"{names[0]}, {names[1]} needed", evidence)


def _covers(spoken: str, wanted: str) -> bool:
    """Whether a language tag answers a wanted one: `en-GB` and `en` answer each other, `zh-CN` does not answer `zh-TW`."""
    have, want = spoken.lower().split("-"), wanted.lower().split("-")
    return all(one == other for one, other in zip(have, want, strict=False))


def _speaks(rule: SpeaksLanguage, facts: Facts) -> Finding:
    if not facts.languages:
        return Finding("unknown", 0.0, "no languages are known", {"needed": rule.language})
    evidence = _evidence(facts, "languages", needed=rule.language, found=facts.languages)
    if any(_covers(language, rule.language) for language in facts.languages):
        return Finding("pass", _sure(facts, rule.language, "languages"), f"speaks {rule.language}", evidence)
    return Finding("fail", _sure(facts, "languages"), f"{rule.language} is not among the languages", evidence)


PREDICATES: Mapping[type, Callable[[Any, Facts], Finding]] = {
    HasSkill: _has_skill, MinYears: _min_years, MinDegree: _min_degree, SpeaksLanguage: _speaks}


def apply_rule(rule: ScreeningRule, facts: Facts) -> RuleResult:
    """One typed rule over the facts."""
    finding = PREDICATES[type(rule)](rule, facts)
    return RuleResult.known(
        rule_id=rule.id, rule=rule.rule, hard=rule.hard, outcome=finding.outcome, evidence=finding.evidence,
        confidence=finding.confidence, reason=finding.reason)


def _seen(rule: ScreeningRule, facts: Facts) -> tuple[object, ...] | None:
    """Everything of the facts that this rule's result depends on; None where nobody compares it."""
    if isinstance(rule, MinYears):
        return facts.years, _sure(facts, "years"), facts.places.get("years")
    if isinstance(rule, MinDegree):
        return facts.degree_level, _sure(facts, "degree_level"), facts.places.get("degree_level")
    if isinstance(rule, HasSkill):
        known = {_plain(skill): skill for skill in facts.skills}
        sure = [_sure(facts, skill, known[plain], "skills") if (plain := _plain(skill)) in known else None for skill in rule.skills]
        return not known, _sure(facts, "skills"), facts.places.get("skills"), *sure
    return None


Memo = dict[tuple[object, ...], RuleResult]
"""Results of one rule set's rules by what they saw: candidates differ in little of what a rule looks at."""
_REMEMBERED = 10_000


def _results(rules: Sequence[ScreeningRule], facts: Facts, memo: Memo) -> list[RuleResult]:
    out = []
    for number, rule in enumerate(rules):
        seen = _seen(rule, facts)
        if seen is None:
            out.append(apply_rule(rule, facts))
            continue
        name = (number, *seen)
        if name not in memo:
            if len(memo) >= _REMEMBERED:
                memo.clear()
            memo[name] = apply_rule(rule, facts)
        out.append(memo[name])
    return out


def _no_rules() -> RuleResult:
    return RuleResult(rule_id="rules", rule="none", hard=True, outcome="unknown", evidence={}, confidence=0.0,
                      reason="the requisition has no rules")


def judge(rules: Sequence[ScreeningRule], facts: Facts, *, defect: str | None = None, memo: Memo | None = None) -> Verdict:
    """The verdict: `failed` when a hard rule fails for sure; `passed` when all hard rules pass for sure; else `uncertain`.

    A document defect, and a requisition without rules, are always `uncertain`: there is nothing to decide on.
    `memo` remembers results from one candidate to the next; it belongs to exactly these rules.
    """
    results = _results(rules, facts, {} if memo is None else memo) or [_no_rules()]
    total = sum(rule.weight for rule in rules)
    won = sum(rule.weight for rule, result in zip(rules, results, strict=False) if result.outcome == "pass")
    score = round(won / total, 4) if total > 0 else 0.0
    hard = [result for result in results if result.hard]
    if defect is not None:
        return Verdict("uncertain", score, results)
    if any(result.outcome == "fail" and result.confidence >= CONFIDENT for result in hard):
        return Verdict("failed", score, results)
    sure = all(result.outcome == "pass" and result.confidence >= CONFIDENT for result in hard)
    return Verdict("passed" if sure else "uncertain", score, results)


def read_card(clear: Mapping[str, Any], *, interviewer_id: UUID, submitted_at: datetime) -> ScoreLine:
    """The clear part of a scorecard: recommendation and 1-4 per criterion (0 = not covered, left out).

    Criteria come as `c_<criterion>`, `score_<criterion>` or in a dict `scores`. Raises UnreadableCardError.
    """
    recommend: Any = clear.get("recommend")
    if recommend not in get_args(Recommend):
        raise UnreadableCardError("recommend_missing")
    raw: dict[str, Any] = dict(clear.get("scores") or {})
    for name, value in clear.items():
        for prefix in ("c_", "score_"):
            if name.startswith(prefix):
                raw[name.removeprefix(prefix)] = value
    try:
        scores = {name: int(value) for name, value in raw.items() if value not in (None, "")}
    except (TypeError, ValueError):
        raise UnreadableCardError("score_not_a_number") from None
    return ScoreLine(interviewer_id=interviewer_id, recommend=recommend, submitted_at=submitted_at,
                     scores={name: value for name, value in scores.items() if value})


def commitment(clear: Mapping[str, Any], sealed: Sequence[Any], *, salt: str) -> str:
    """SHA-256 of salt and canonical content: published at once, it proves later that nobody changed the card meanwhile."""
    content = json.dumps({"clear": clear, "sealed": sealed}, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(f"{salt}|{content}".encode()).hexdigest()
