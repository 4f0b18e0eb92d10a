"""The cases behind each metric, from rows of the projections: pure, so that a number can be checked by hand from a few rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from shared.policy.calendar import WorkingCalendar

Row = Any
"""A row of a projection: values by column name."""
State = Literal["hit", "miss", "open", "apart"]
WITHDREW = {"withdrawn", "declined", "reneged"}
REJECTED = {"rejected", "refused", "reserve"}
NEWS = {"passed", "result", "rejection", "plain_rejection", "reserve", "filled", "withdrawn", "interim", "offer_answer", "choose_slot",
        "offer_lapsed", "not_submitted"}
GRACE_DAYS = 3
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: which group it belongs to, whether it is a hit (rates) or how long it took (durations), and the facts to look at."""

    group: str
    state: State
    hire_id: UUID | None
    hours: float | None = None
    detail: str = ""
    events: tuple[str, ...] = ()
    at: datetime | None = None
    """The instant that places it in a period: its beginning for a cohort, its end for a completion, its beginning while it is open."""


def _hours(start: datetime, end: datetime) -> float:
    return round((end - start).total_seconds() / 3600, 3)


def _events(*ids: str | None) -> tuple[str, ...]:
    return tuple(i for i in ids if i)


def result_of(how: str | None) -> str:
    """How a visit ended in metrics' words: advanced, rejected, withdrawn, or ended for another reason."""
    if how == "advanced":
        return "advanced"
    return "rejected" if how in REJECTED else "withdrawn" if how in WITHDREW else "ended"


def _visits(stages: Iterable[Row]) -> Iterable[Row]:
    return (s for s in stages if s["stage"] not in ("closed", "paused") and s["entered_at"] is not None)


def time_in_stage(stages: Iterable[Row], now: datetime) -> list[Case]:
    """M7: closed visits with their time, open ones with their age."""
    return [Case(s["stage"], "open" if s["left_at"] is None else "hit", s["hire_id"], _hours(s["entered_at"], s["left_at"] or now),
                 result_of(s["how"]) if s["left_at"] else "open", _events(s["entered_event"], s["left_event"]), s["left_at"] or s["entered_at"])
            for s in _visits(stages)]


def stage_pass(stages: Iterable[Row]) -> list[Case]:
    """M8: advanced is a hit; rejected and withdrawn are misses; ended otherwise stands apart."""
    out = []
    for s in _visits(stages):
        result = result_of(s["how"]) if s["left_at"] else "open"
        state: State = {"advanced": "hit", "rejected": "miss", "withdrawn": "miss", "open": "open"}.get(result, "apart")  # type: ignore[assignment]
        out.append(Case(s["stage"], state, s["hire_id"], None, result, _events(s["entered_event"], s["left_event"]), s["entered_at"]))
    return out


def offer_acceptance(offers: Iterable[Row], hires: Mapping[UUID, Row]) -> list[Case]:
    """M11: the last delivered offer of each application."""
    last: dict[UUID, Row] = {}
    for offer in sorted((o for o in offers if o["sent_at"]), key=lambda o: o["sent_at"]):
        last[offer["hire_id"]] = offer
    out = []
    for hire_id, offer in last.items():
        hire = hires.get(hire_id, {})
        detail = offer["state"]
        if detail in ("accepted", "declined", "lapsed"):
            state: State = "hit" if detail == "accepted" else "miss"
        elif hire.get("outcome"):
            detail = hire["outcome"]
            state = "miss" if detail in WITHDREW else "apart"
        else:
            state = "open"
        out.append(Case("all", state, hire_id, None, detail, _events(offer["sent_event"], offer["ended_event"] or hire.get("closed_event")), offer["sent_at"]))
    return out


def joining(offers: Iterable[Row], hires: Mapping[UUID, Row], now: datetime, calendar: WorkingCalendar) -> list[Case]:
    """M12: of accepted offers that are mature, those that started."""
    out = []
    for offer in offers:
        if offer["state"] != "accepted":
            continue
        hire = hires.get(offer["hire_id"], {})
        joined, start = hire.get("joined"), hire.get("start_at") or offer["start_at"]
        mature = joined is not None or hire.get("outcome") is not None or (
            start is not None and calendar.add_working_days(start, GRACE_DAYS) < now)
        state: State = "open" if not mature else "hit" if joined == "started" else "miss"
        out.append(Case("all", state, offer["hire_id"], None, joined or hire.get("outcome") or "waiting",
                        _events(offer["ended_event"], hire.get("joined_event")), offer["ended_at"]))
    return out


def duties_kept(duties: Iterable[Row], now: datetime) -> list[Case]:
    """M17: by party and kind; waived, transferred and cancelled stand apart, and so does what is not due yet."""
    out = []
    for d in duties:
        if d["ended"] == "met":
            state: State = "miss" if d["late"] else "hit"
        elif d["ended"] == "lapsed" or (d["ended"] is None and d["due_at"] < now):
            state = "miss"
        else:
            state = "open" if d["ended"] is None else "apart"
        detail = ("late" if d["late"] else "met") if d["ended"] == "met" else d["ended"] or ("overdue" if state == "miss" else "open")
        at = d["opened_at"] if state == "open" else d["ended_at"] or d["due_at"]
        out.append(Case(f"{d['by_role']}/{d['kind']}", state, d["hire_id"], None, detail, _events(d["opened_event"], d["ended_event"]), at))
    return out


def feedback(interviews: Iterable[Row], now: datetime) -> list[Case]:
    """M18: one case a panel member of an interview that took place."""
    out = []
    for meeting in interviews:
        if meeting["state"] != "attended" or meeting["ends_at"] is None:
            continue
        for member in meeting["panel"]:
            card = meeting["cards"].get(member)
            end = datetime.fromisoformat(card["at"]) if card else now
            out.append(Case("all", "hit" if card else "open", meeting["hire_id"], max(0.0, _hours(meeting["ends_at"], end)),
                            "in" if card else "missing", _events(card["event"] if card else None), end if card else meeting["ends_at"]))
    return out


def told_in_time(decisions: Iterable[Row], words: Sequence[Row], now: datetime) -> list[Case]:
    """M19: `words` are deliveries to candidates and logged calls, each {hire_id, at, event, what}, in any order."""
    out = []
    for d in decisions:
        after = [w for w in words if w["hire_id"] == d["hire_id"] and w["at"] >= d["at"] and w["what"] in NEWS | {"call"}]
        first = min(after, key=lambda w: w["at"], default=None)
        if first is not None:
            state: State = "hit" if first["at"] - d["at"] <= DAY else "miss"
        else:
            state = "miss" if now - d["at"] > DAY else "open"
        out.append(Case(d["decision"], state, d["hire_id"], _hours(d["at"], first["at"]) if first else None,
                        first["what"] if first else "untold", _events(d["event_id"], first["event"] if first else None), d["at"]))
    return out
