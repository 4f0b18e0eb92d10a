"""The relay of one hire: who held the baton when. A function of the hire's obligations, computed when somebody looks.

The baton is the blocking open obligation due first (never a call, a keep_warm or a silence_guard); else the firm has it
(agreements.md 8). The legs therefore cover the hire's whole life without a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

NEVER = ("call", "keep_warm", "silence_guard")


@dataclass(frozen=True, slots=True)
class Leg:
    """One holding; people's are counted by `n`, the firm's own are 0. `obligation_id` None: the firm had it. `until` None: still held. `state`: met, late, over, open, waived, house."""

    n: int
    role: str
    party_id: UUID | None
    kind: str
    obligation_id: UUID | None
    since: datetime
    until: datetime | None
    due_at: datetime | None
    state: str


def holder_at(duties: Sequence[Any], at: datetime) -> Any:
    """The obligation that is the baton at this instant, or None: the firm."""
    return _first([d for d in duties if _carries(d) and d["opened_at"] <= at and (d["ended_at"] is None or d["ended_at"] > at)])


def holder_now(duties: Sequence[Any]) -> Any:
    """The obligation that is the baton now: among those that have not ended."""
    return _first([d for d in duties if _carries(d) and d["ended"] is None])


def _first(duties: Sequence[Any]) -> Any:
    return min(duties, key=lambda d: (d["due_at"], d["opened_at"], str(d["obligation_id"])), default=None)


def _carries(duty: Any) -> bool:
    return bool(duty["blocking"]) and duty["kind"] not in NEVER


def legs(duties: Sequence[Any], since: datetime, *, until: datetime | None, now: datetime) -> list[Leg]:
    """All holdings from the application to the end (`until` None: to this moment), neighbours of one obligation joined."""
    end = until or max(now, since)
    marks = {since, end}
    for duty in duties:
        if _carries(duty):
            marks |= {min(max(at, since), end) for at in (duty["opened_at"], duty["ended_at"]) if at is not None}
    out: list[Leg] = []
    ordered = sorted(marks)
    for start, stop in zip(ordered, [*ordered[1:], None], strict=True):
        if stop is None and (until is not None or len(ordered) > 1):
            break
        duty = holder_at(duties, start)
        name = duty["obligation_id"] if duty else None
        if out and out[-1].obligation_id == name:
            out[-1] = _stretched(out[-1], stop)
        else:
            out.append(_leg(sum(leg.obligation_id is not None for leg in out) + 1, duty, start, stop, now))
    if out and until is None:
        out[-1] = _stretched(out[-1], None)
    return out


def _stretched(leg: Leg, until: datetime | None) -> Leg:
    return Leg(leg.n, leg.role, leg.party_id, leg.kind, leg.obligation_id, leg.since, until, leg.due_at, leg.state)


def _leg(n: int, duty: Any, since: datetime, until: datetime | None, now: datetime) -> Leg:
    if duty is None:
        return Leg(0, "house", None, "", None, since, until, None, "house")
    return Leg(n, duty["by_role"], duty["by_id"], duty["kind"], duty["obligation_id"], since, until, duty["due_at"], state_of(duty, now))


def state_of(duty: Any, now: datetime) -> str:
    """How look.md names it: met, late, lapsed, waived (also cancelled and transferred), over, open."""
    if duty["ended"] is None:
        return "over" if duty["due_at"] < now else "open"
    if duty["ended"] == "met":
        return "late" if duty["late"] else "met"
    return "lapsed" if duty["ended"] == "lapsed" else "waived"
