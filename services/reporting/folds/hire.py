"""Where a hire stands: from its application, its first verdict, its stages, its decisions and its end."""

from __future__ import annotations

from collections.abc import Sequence

from shared.contracts import application as a
from shared.contracts import hire as h
from shared.contracts import screening as s

from .facts import Fact, Row, Rows, first, last

VERDICTS = {s.ScreeningPassed.TYPE: "passed", s.ScreeningUncertain.TYPE: "uncertain", s.ScreeningFailed.TYPE: "failed"}
JOINED = {h.HireStarted.TYPE: "started", h.HireNotStarted.TYPE: "not_started", h.HireReneged.TYPE: "reneged"}


def fold_hire(hire_id: str, facts: Sequence[Fact]) -> Rows:
    """Rows of one hire; missing facts leave their fields null, whatever came first."""
    known = next((f.body for f in facts if f.body.get("requisition_id")), {})
    who = {name: known.get(name) for name in ("person_id", "requisition_id", "client_id")}
    row: Row = {"hire_id": hire_id, **who, **_application(facts), **_verdict(facts), **_standing(facts), **_end(facts)}
    return {"hires": [row], "stages": _stages(hire_id, who, facts), "decisions": _decisions(hire_id, facts)}


def _application(facts: Sequence[Fact]) -> Row:
    received = first(facts, a.ApplicationReceived.TYPE)
    newest = last(facts, a.ApplicationReceived.TYPE, a.ApplicationChanged.TYPE)
    body = received.body if received else {}
    return {
        "origin": body.get("origin"), "externalref": body.get("externalref"), "locale": body.get("locale"),
        "defect": newest.body.get("defect") if newest else None, "received_at": body.get("submitted_at"),
        "received_event": received.id if received else None, "duplicates": sum(f.type == a.DuplicateSuspected.TYPE for f in facts)}


def _verdict(facts: Sequence[Fact]) -> Row:
    fact = last(facts, *VERDICTS)
    body = fact.body if fact else {}
    return {"verdict": VERDICTS[fact.type] if fact else None, "score": body.get("score"), "rules_version": body.get("rules_version")}


def _standing(facts: Sequence[Fact]) -> Row:
    body = _present(facts)
    ruled = last(facts, h.StageEntered.TYPE, h.HirePolicyChanged.TYPE)
    version = ruled.body.get("policy_version") if ruled else None
    return {"stage": body.get("stage") or "screening", "stage_since": body.get("at"), "policy_version": version}


def _present(facts: Sequence[Fact]) -> Row:
    """The stage entered last; a pause that is over leaves the hire in the stage that it lay over."""
    entered = last(facts, h.StageEntered.TYPE)
    resumed = last([f for f in facts if f.body.get("stage") == "paused"], h.StageLeft.TYPE)
    if entered is not None and entered.body["stage"] == "paused" and resumed is not None and resumed.sequence > entered.sequence:
        entered = last([f for f in facts if f.body.get("stage") != "paused"], h.StageEntered.TYPE)
    return entered.body if entered else {}


def _end(facts: Sequence[Fact]) -> Row:
    closed, joined = last(facts, h.HireClosed.TYPE), last(facts, *JOINED)
    entered = last(facts, h.StageEntered.TYPE)
    if closed is not None and entered is not None and entered.sequence > closed.sequence:
        closed = None  # taken up again
    started, left = last(facts, h.HireStarted.TYPE), last(facts, h.HireLeft.TYPE)
    moved = last([f for f in facts if f.body.get("result") == "moved"], h.StartNoted.TYPE)
    start = started or moved
    return {
        "outcome": closed.body["outcome"] if closed else None, "closed_at": closed.body["at"] if closed else None,
        "closed_stage": closed.body["stage"] if closed else None, "closed_event": closed.id if closed else None,
        "joined": JOINED[joined.type] if joined else None, "joined_at": joined.body["at"] if joined else None,
        "joined_event": joined.id if joined else None, "start_at": start.body["start_at"] if start else None,
        "left_day": left.body["day"] if left else None}


def _stages(hire_id: str, who: Row, facts: Sequence[Fact]) -> list[Row]:
    visits: dict[tuple[str, int], Row] = {}
    for fact in facts:
        if fact.type not in (h.StageEntered.TYPE, h.StageLeft.TYPE):
            continue
        name = (fact.body["stage"], fact.body["visit"])
        row = visits.setdefault(name, {
            "hire_id": hire_id, "stage": name[0], "visit": name[1], "requisition_id": who["requisition_id"], "client_id": who["client_id"],
            "entered_at": None, "entered_event": None, "left_at": None, "left_event": None, "how": None, "policy_version": None})
        if fact.type == h.StageEntered.TYPE:
            row |= {"entered_at": fact.body["at"], "entered_event": fact.id, "policy_version": fact.body["policy_version"]}
            row |= {"left_at": None, "left_event": None, "how": None}  # paused once more: the last pause counts
        else:
            row |= {"left_at": fact.body["at"], "left_event": fact.id, "how": fact.body["how"]}
    return list(visits.values())


def _decisions(hire_id: str, facts: Sequence[Fact]) -> list[Row]:
    return [{"event_id": f.id, "hire_id": hire_id, "decision": f.body["decision"], "stage": f.body["stage"], "by_id": f.body.get("by"),
             "reason": f.body.get("reason"), "at": f.body["at"]} for f in facts if f.type == h.DecisionMade.TYPE]
