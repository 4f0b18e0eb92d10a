"""Who owes what to whom: one row an obligation, with how it ended and how often its ledger was written."""

from __future__ import annotations

from collections.abc import Sequence

from shared.contracts import obligation as o

from .facts import Fact, Rows, first, last

ENDS = {
    o.ObligationMet.TYPE: "met", o.ObligationWaived.TYPE: "waived", o.ObligationTransferred.TYPE: "transferred",
    o.ObligationLapsed.TYPE: "lapsed", o.ObligationCancelled.TYPE: "cancelled"}


def fold_obligation(obligation_id: str, facts: Sequence[Fact]) -> Rows:
    """The row of one obligation; every fact carries the whole obligation, so any of them is enough to begin with."""
    opened, ended = first(facts, o.ObligationOpened.TYPE), last(facts, *ENDS)
    laddered = last(facts, o.ObligationOpened.TYPE, o.ObligationMoved.TYPE)
    overdue = first(facts, o.ObligationOverdue.TYPE)
    body = facts[-1].body
    by, to = body["owed_by"], body.get("owed_to") or {}
    end = ended.body if ended else {}
    return {"obligations": [{
        "obligation_id": obligation_id, "hire_id": body.get("hire_id"), "requisition_id": body.get("requisition_id"),
        "client_id": body.get("client_id"), "kind": body["kind"], "ask_id": body.get("ask_id"), "by_id": by.get("person_id"),
        "by_role": by["role"], "to_id": to.get("person_id"), "to_role": to.get("role"), "opened_at": body["opened_at"],
        "due_at": body["due_at"], "blocking": body.get("blocking", True), "provisional": body.get("provisional", False),
        "rule": opened.body.get("rule") if opened else None, "policy_version": laddered.policy if laddered else None,
        "rungs": laddered.body.get("rungs", []) if laddered else [], "moved": sum(f.type == o.ObligationMoved.TYPE for f in facts),
        "fired": max((f.body["n"] for f in facts if f.type == o.ObligationRungFired.TYPE), default=0),
        "overdue_at": overdue.body["overdue_at"] if overdue else None, "ended": ENDS[ended.type] if ended else None,
        "ended_at": end.get("ended_at"), "late": end.get("late"), "reason": end.get("reason"), "successor_id": end.get("successor_id"),
        "opened_event": opened.id if opened else None, "ended_event": ended.id if ended else None,
        "opens": sum(f.type == o.ObligationOpened.TYPE for f in facts), "ends": sum(f.type in ENDS for f in facts)}]}
