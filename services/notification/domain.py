"""The arbiter's rules, pure: what a POST, a retraction, a close mean for one ask (agreements.md 3), and which guards hold.

The row is read under its lock; these functions only judge. The first answer wins, an answer to another version records
nothing, a closed ask stays closed, and whoever comes second is told the truth.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

STAGES = ("screening", "submission", "interviewing", "deciding", "offering", "joining", "settling", "closed")


class Verdict(Enum):
    """What an answer meets."""

    WINS = "wins"
    MINE_ALREADY = "mine_already"
    OTHERS_ALREADY = "others_already"
    LATE = "late"
    CHANGED = "changed"
    FOREIGN = "foreign"


class Truth(Enum):
    """What a guard says now: true, contradicted by a fact that is known here, or not known here yet."""

    HOLDS = "holds"
    UNTRUE = "untrue"
    NOT_YET = "not_yet"


def judge(row: Mapping[str, Any], person: UUID | None, version: int) -> Verdict:
    """What this person's answer to this version meets; `person` None is a machine or an operator, who is never foreign."""
    if person is not None and person not in row["may_answer"] and person != row["answered_by"]:
        return Verdict.FOREIGN
    if row["state"] == "answered":
        return Verdict.MINE_ALREADY if person == row["answered_by"] else Verdict.OTHERS_ALREADY
    if row["state"] == "closed":
        return Verdict.LATE
    return Verdict.WINS if version == row["version"] else Verdict.CHANGED


def may_retract(row: Mapping[str, Any], person: UUID, now: datetime) -> bool:
    """Only who answered, only while the window is open."""
    return (
        row["state"] == "answered" and row["answered_by"] == person and row["undo_until"] is not None and now < row["undo_until"]
    )


def undo_until(now: datetime, undo_within: int) -> datetime | None:
    """The end of the undo window, or None where an answer is final at once. `undo_within` in seconds."""
    return now + timedelta(seconds=undo_within) if undo_within > 0 else None


def ask_open(row: Mapping[str, Any] | None) -> Truth:
    """Guard ask_open: an ask that is not here yet may still come."""
    if row is None:
        return Truth.NOT_YET
    return Truth.HOLDS if row["state"] == "open" else Truth.UNTRUE


def version_is(fact: Mapping[str, Any] | None, version: int) -> Truth:
    """Guards interview_is and offer_is: the thing stands in exactly this version and was not called off."""
    if fact is None or fact["version"] < version:
        return Truth.NOT_YET
    return Truth.HOLDS if fact["version"] == version and fact["state"] not in ("cancelled", "withdrawn") else Truth.UNTRUE


def hire_in(fact: Mapping[str, Any] | None, stages: list[str]) -> Truth:
    """Guard hire_in: an earlier stage than all named ones means that the news has not come yet."""
    if fact is None or not fact["state"]:
        return Truth.NOT_YET
    if fact["state"] in stages:
        return Truth.HOLDS
    rank = {stage: n for n, stage in enumerate(STAGES)}
    here, first = rank.get(fact["state"], len(STAGES)), min((rank.get(one, 0) for one in stages), default=0)
    return Truth.NOT_YET if here < first else Truth.UNTRUE


def not_erased(fact: Mapping[str, Any] | None) -> Truth:
    """Guard not_erased."""
    return Truth.UNTRUE if fact is not None and fact["state"] == "erased" else Truth.HOLDS
