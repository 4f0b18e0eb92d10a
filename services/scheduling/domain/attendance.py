"""Who was there, from what both sides tap (F25): unknown stays unknown, contradiction is named, nobody is absent by silence.

A person counts as there when they say so or the other side does, and nobody says otherwise. Absent needs a statement too: their own,
or the other side's who sits there waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Result = Literal["both", "candidate_absent", "interviewer_absent", "neither", "disputed", "unknown"]


@dataclass(frozen=True, slots=True)
class Tap:
    """What one person says of themselves, and of the other side as far as they can tell."""

    side: str
    here: bool
    other: bool | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """The sum; `late_minutes`: whole minutes from the agreed start to the moment both were known to be there."""

    result: Result
    late_minutes: int = 0


def judge(taps: Sequence[Tap], starts_at: datetime) -> Said:
    """What the taps say together; their order doesn't matter."""
    candidate, interviewer = _side(taps, "candidate"), _side(taps, "interviewer")
    if "disputed" in (candidate, interviewer):
        return Said("disputed")
    results: dict[tuple[str, str], Result] = {
        ("there", "there"): "both", ("absent", "absent"): "neither", ("absent", "there"): "candidate_absent", ("absent", "unknown"): "candidate_absent",
        ("there", "absent"): "interviewer_absent", ("unknown", "absent"): "interviewer_absent"}
    result = results.get((candidate, interviewer), "unknown")
    return Said(result, _late(taps, starts_at) if result == "both" else 0)


def _side(taps: Sequence[Tap], side: str) -> str:
    """there, absent, disputed or unknown. One interviewer of several is enough to be there."""
    own = [one.here for one in taps if one.side == side]
    told = [one.other for one in taps if one.side != side and one.here and one.other is not None]
    says = any(own) if own else None
    if says is not None and told:
        return ("there" if says else "absent") if all(one == says for one in told) else "disputed"
    if len(set(told)) > 1:
        return "disputed"
    known = says if says is not None else (told[0] if told else None)
    return "unknown" if known is None else ("there" if known else "absent")


def _late(taps: Sequence[Tap], starts_at: datetime) -> int:
    """The earliest moment at which both were known to be there."""
    seen: dict[str, datetime] = {}
    for one in sorted(taps, key=lambda tap: tap.at):
        other = "interviewer" if one.side == "candidate" else "candidate"
        if one.here:
            seen.setdefault(one.side, one.at)
        if one.here and one.other:
            seen.setdefault(other, one.at)
    both = max(seen.values())
    return max(0, int((both - starts_at) / timedelta(minutes=1)))
