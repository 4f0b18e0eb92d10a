"""The oracle: whatever people answer or don't, and whatever else happens in whatever order, somebody holds the baton."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workflows.paper import began, check
from workflows.rehearsal import HOUR, Rehearsal

IDEAS: dict[str, list[dict[str, Any]]] = {
    "review_application": [{"decision": "advance"}, {"decision": "reject"}, {"decision": "hold"}],
    "screen_out": [{"decision": "advance"}, {"decision": "reject"}], "interest": [{"decision": "yes"}, {"decision": "no"}],
    "represent_consent": [{"decision": "yes"}, {"decision": "no"}],
    "client_verdict": [{"decision": "wanted"}, {"decision": "refused"}, {"decision": "held"}],
    "choose_slot": [{"slot": "none"}], "attendance": [{"result": "candidate_absent"}, {"result": "interviewer_absent"}, {"result": "both"}],
    "round_verdict": [{"decision": "pass"}, {"decision": "fail"}],
    "hire_decision": [{"decision": "hire"}, {"decision": "reserve"}, {"decision": "reject"}],
    "approve_offer": [{"decision": "approve"}, {"decision": "reject"}],
    "offer_answer": [{"decision": "accept"}, {"decision": "decline"}, {"decision": "question"}],
    "offer_revive": [{"decision": "yes"}, {"decision": "no"}], "late_acceptance": [{"decision": "yes"}, {"decision": "no"}],
    "resigned": [{"decision": "yes"}, {"decision": "not_yet"}], "check_consent": [{"decision": "yes"}, {"decision": "no"}],
    "started": [{"result": "started"}, {"result": "not_started"}, {"result": "later"}],
    "checkin_7": [{"mood": 1}, {"mood": 5, "call_me": "yes"}], "checkin_30": [{"mood": 2}], "call": [{"done": "yes"}],
    "scorecard": [{"recommend": "no"}], "rejection_words": [{"done": "yes"}], "data_defect": [{"done": "yes"}],
}
DELAYS = [timedelta(0), HOUR, timedelta(days=1), timedelta(days=4), timedelta(days=20)]
HAPPENINGS: list[tuple[str, dict[str, Any]]] = [
    ("application.ended", {"reason": "other_offer"}), ("requisition.held", {"reason": "budget"}), ("requisition.continued", {}),
    ("requisition.ended", {"reason": "filled"}), ("departure.noted", {"left_at": "2026-11-20T08:00:00+08:00"}),
    ("start.noted", {"result": "started"}), ("start.noted", {"result": "reneged"}), ("start.noted", {"result": "moved"}),
    ("check.noted", {"clear": False}), ("check.noted", {"clear": True}), ("candidate.contacted", {}), ("application.changed", {}),
    ("workflows.act", {"act": "pause", "reason": "operator"}), ("workflows.act", {"act": "resume", "reason": "operator"}),
    ("workflows.act", {"act": "star", "reason": "operator"}), ("workflows.act", {"act": "revise", "reason": "operator"}),
    ("workflows.act", {"act": "withdraw", "reason": "operator"}), ("workflows.act", {"act": "close", "reason": "operator"}),
    ("screening.failed", {}), ("screening.passed", {"defect": "unreadable"}), ("onboarding.task_done", {"task": "contract"}),
    ("person.erased", {}), ("agreement.held", {}), ("interview.cancelled", {"interview_id": "present", "version": 9}),
    ("slots.unavailable", {"interview_id": "present", "reason": "full"}), ("booking.refused", {"interview_id": "present", "reason": "gone"}),
    ("message.bounced", {"purpose": "remind"}), ("scheduling.command_refused", {"command_id": "x", "command_type": "baton.scheduling.book"}),
]
idea = st.one_of(st.none(), st.tuples(st.sampled_from(DELAYS), st.integers(0, 5)))
people = st.dictionaries(st.sampled_from(sorted(IDEAS)), st.lists(idea, min_size=1, max_size=3), max_size=8)
happenings = st.lists(st.tuples(st.integers(0, 120), st.sampled_from(HAPPENINGS)), max_size=6)


def _said(kind: str, drawn: tuple[timedelta, int] | None) -> tuple[timedelta, dict[str, Any]] | None:
    return None if drawn is None else (drawn[0], IDEAS[kind][drawn[1] % len(IDEAS[kind])])


def _present(rehearsal: Rehearsal, data: dict[str, Any]) -> dict[str, Any]:
    """A fact about the appointment of the moment."""
    if data.get("interview_id") != "present":
        return data
    interview = rehearsal.state.interview
    return {**data, "interview_id": str(interview.id) if interview else "none"}


@settings(max_examples=500 if os.environ.get("BATON_SOAK") else 40, deadline=None)
@given(
    policy=st.sampled_from(["agency-cn", "inhouse-cn"]), origin=st.sampled_from(["applied", "sourced", "agency", "referred"]),
    verdict=st.sampled_from(["screening.passed", "screening.uncertain", "screening.failed", "screening.overdue"]),
    drawn=people, events=happenings)
def test_a_hire_when_anything_happens_in_any_order_then_somebody_holds_the_baton(
    policy: str, origin: str, verdict: str, drawn: dict[str, Any], events: list[Any],
) -> None:
    ideas = {kind: [_said(kind, one) for one in several] for kind, several in drawn.items()}
    rehearsal = began(policy, verdict, origin=origin, **ideas)
    pending = sorted(events, key=lambda event: event[0])
    until = rehearsal.now + timedelta(days=250)
    for turn in range(450):
        while pending and pending[0][0] <= turn:
            kind, data = pending.pop(0)[1]
            rehearsal.tell(kind, _present(rehearsal, data))
        if rehearsal.state.closed or rehearsal.now > until or not rehearsal.step():
            break
    check(rehearsal)
