"""Loops: the candidate is shown ways through all interviews of the round and books one whole, or none.

What breaks later is one part's matter: it gets times of its own, the others stand.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows.hire.state import Interview, Owed
from workflows.hire.table import when
from workflows.hire.turn import Turn

from . import parts

GONE = frozenset({"way_gone", "way_past", "panel_away"})
"""The chosen way can't be had any more, but another one may."""


def to_book(turn: Turn) -> bool:
    """Whether the present round is a loop of which nothing is booked."""
    planned, state = turn.state.rounds[turn.state.round - 1], turn.state
    return bool(planned.loop) and all(one is None or one.starts_at is None for one in (state.interview, *state.others))


def offer(turn: Turn) -> None:
    """Ask for ways through all parts; every attempt is a loop of its own."""
    state, planned = turn.state, turn.state.rounds[turn.state.round - 1]
    turn.cancel("choose_slot", reason="new_times")
    state.attempt += 1
    found = [Interview(id=turn.derive("scheduling", "interview"), part=n + 1) for n in range(1 + len(planned.loop))]
    state.interview, state.others, state.loop_id = found[0], found[1:], turn.derive("scheduling", "loop")
    legs = [{"interview_id": str(one.id), "panel": plan.panel, "minutes": plan.minutes, "mode": plan.mode, "round": state.round}
            for one, plan in zip(found, (planned, *planned.loop), strict=True)]
    turn.command("scheduling.offer_loop", loop_id=str(state.loop_id), legs=legs, days=planned.days, attempt=state.attempt)


@when("loop.offered", "interviewing")
def _offered(turn: Turn) -> None:
    interview, ways = turn.state.interview, turn.fact.get("ways") or []
    if interview is None or str(turn.state.loop_id) != turn.fact.get("loop_id") or not to_book(turn) or turn.state.of_kind("choose_slot"):
        return
    if not ways:
        turn.call("recruiter", "slots")
        return
    planned = turn.state.rounds[turn.state.round - 1]
    names = {str(one.id): parts.plan_of(turn, one).name for one in parts.each(turn)}
    shown = [_way(way, names) for way in ways]
    first = min(datetime.fromisoformat(way["starts_at"]) for way in shown)
    turn.owe(
        "choose_slot", refs=parts.interview_ref(interview), anchors={"slot": first},
        params={"round": turn.state.round, "minutes": sum(one.minutes for one in (planned, *planned.loop)), "mode": planned.mode, "slots": shown,
                "interview_id": str(interview.id), "loop_id": str(turn.state.loop_id)})


def _way(way: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """One way as the candidate is shown it: from the first beginning to the last end, and each part between."""
    legs = sorted(way["slots"], key=lambda leg: leg["starts_at"])
    held = [{"name": names.get(leg["interview_id"], ""), "starts_at": leg["starts_at"], "ends_at": leg["ends_at"]} for leg in legs]
    return {"slot_id": way["way_id"], "starts_at": legs[0]["starts_at"], "ends_at": max(leg["ends_at"] for leg in legs), "parts": held}


@when("loop.unavailable", "interviewing")
def _unavailable(turn: Turn) -> None:
    if str(turn.state.loop_id) != turn.fact.get("loop_id") or not to_book(turn):
        return
    if turn.fact.get("reason") in GONE and turn.state.attempt < parts.TRIES:
        offer(turn)
    else:
        turn.call("recruiter", "slots", reason=turn.fact.get("reason"), round=turn.state.round)


def chosen(turn: Turn, owed: Owed, way: str | None) -> None:
    """One way is booked whole; none of them: everything is free again, and a person calls."""
    if way and way != "none":
        turn.command("scheduling.book_loop", loop_id=owed.params["loop_id"], way_id=str(way))
    else:
        release(turn)
        turn.call("recruiter", "slots", reason="none_fits", round=turn.state.round)


def release(turn: Turn) -> None:
    """Whatever is held for the candidate is free again."""
    for one in parts.each(turn):
        if one.starts_at is None:
            turn.command("scheduling.release", interview_id=str(one.id))

