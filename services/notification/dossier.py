"""What a decider sees of a candidate: the requirement's rules with their outcomes, and plain facts; made from facts, never from the file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notification.look.scene import Dossier

_OUTCOME = {"pass": "met", "fail": "not_shown", "unknown": "unknown"}
_DEGREES = {"zh": ("", "高中", "大专", "本科", "硕士", "博士"), "en": ("", "School", "Associate", "Bachelor", "Master", "Doctor")}
_LABELS = {
    "zh": {"has_skill": "技能", "min_years": "工作年限", "min_degree": "学历", "speaks": "语言"},
    "en": {"has_skill": "Skills", "min_years": "Years of work", "min_degree": "Degree", "speaks": "Language"},
}


def dossier_of(hire: Mapping[str, Any], lang: str) -> Dossier:
    """The dossier from what the hire's events told: codes and numbers, worded here."""
    facts = hire.get("facts") or {}
    checks = tuple(_check(result, lang) for result in hire.get("results") or ())
    submitted = hire.get("submitted_at")
    return Dossier(checks, tuple(_plain(facts, lang)), datetime.fromisoformat(submitted) if submitted else None)


def _check(result: Mapping[str, Any], lang: str) -> tuple[str, str, str]:
    rule = str(result.get("rule") or "")
    label = _LABELS[lang].get(rule, str(result.get("rule_id") or rule))
    evidence = [_shown(name, value, lang) for name, value in (result.get("evidence") or {}).items()]
    return (
        label,
        _OUTCOME.get(str(result.get("outcome")), "unknown"),
        "；".join(e for e in evidence if e) if lang == "zh" else "; ".join(e for e in evidence if e),
    )


def _shown(name: str, value: Any, lang: str) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(map(str, value))
    if name in ("years", "found_years", "has"):
        return (
            f"{value:g} 年"
            if lang == "zh" and isinstance(value, int | float)
            else f"{value} years"
            if isinstance(value, int | float)
            else str(value)
        )
    if "level" in name and isinstance(value, int) and 0 <= value < 6:
        return _DEGREES[lang][value]
    return str(value) if isinstance(value, str) else ""


def _plain(facts: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    zh = lang == "zh"
    rows: list[tuple[str, str]] = []
    if facts.get("years") is not None:
        rows.append(("工作年限" if zh else "Experience", f"{facts['years']:g} 年" if zh else f"{facts['years']:g} years"))
    if facts.get("degree_level"):
        rows.append(("学历" if zh else "Degree", _DEGREES[lang][int(facts["degree_level"])]))
    if facts.get("skills"):
        rows.append(("技能" if zh else "Skills", ("、" if zh else ", ").join(facts["skills"][:12])))
    if facts.get("languages"):
        rows.append(("语言" if zh else "Languages", ("、" if zh else ", ").join(facts["languages"])))
    return rows
