"""Tags of a person on several dimensions (C98): experience, degree, screening, interviews, and what our recruiter notes. Codes only. Pure.

A tag is `<dimension>:<value>`; of one dimension the newest counts, but for `note`, of which a person may have several.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NOTE = "note"
MOST = 16
_WEIGHT = {"strong_yes": 2, "yes": 1, "no": -1, "strong_no": -2}
_MARKS = ((1.5, "strong"), (0.5, "good"), (-0.5, "mixed"))
_YEARS = ((8, "senior"), (3, "mid"), (0, "junior"))
RANK = {"interview:strong": 2, "interview:good": 1, "interview:weak": -2, "note:open_now": 1, "note:not_soon": -1}
"""How much a tag moves somebody up among those who fit."""


def of_verdict(name: str) -> list[str]:
    """`screening.passed` and its sisters as a tag; other facts give none."""
    kind, _, verdict = name.partition(".")
    return [f"screening:{verdict}"] if kind == "screening" and verdict in ("passed", "uncertain", "failed") else []


def of_cards(cards: Sequence[Mapping[str, Any]]) -> list[str]:
    """How the interviewers of a round saw it, on average, as one tag; none without a card."""
    given = [_WEIGHT[str(card["recommend"])] for card in cards if card.get("recommend") in _WEIGHT]
    if not given:
        return []
    mean = sum(given) / len(given)
    return ["interview:" + next((mark for least, mark in _MARKS if mean >= least), "weak")]


def of_profile(profile: Mapping[str, Any]) -> list[str]:
    """Experience and degree, from what rules may look at."""
    found = []
    if profile.get("years") is not None:
        found.append("experience:" + next(word for least, word in _YEARS if float(profile["years"]) >= least))
    if profile.get("degree_level"):
        found.append(f"degree:{profile['degree_level']}")
    return found


def merged(known: Sequence[str], new: Iterable[str]) -> list[str]:
    """The newest of each dimension, in the order of dimensions; notes add up. `note:none` takes all notes off."""
    tags = list(known)
    for tag in new:
        dimension = tag.partition(":")[0]
        if tag == f"{NOTE}:none":
            tags = [one for one in tags if not one.startswith(NOTE + ":")]
            continue
        if dimension != NOTE:
            tags = [one for one in tags if one.partition(":")[0] != dimension]
        tags.append(tag)
    return sorted(dict.fromkeys(tags))[:MOST]


def rank(reasons: Sequence[str]) -> int:
    """How far up somebody comes among those who fit: each met rule one, tags by RANK."""
    return sum(RANK.get(reason, 1 if reason.partition(":")[0] in ("skills", "years", "degree", "speaks") else 0) for reason in reasons)
