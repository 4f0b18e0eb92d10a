"""Every kind of practice.md 3 that a hire knows, from policy to message: early, at due, late, never, given on, waived, on behalf."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.notification import asks as registry
from tests.unit.workflows.paper import IN_A_GROUP, asked, began, booked, check, facts, hire, until_owed, until_stage, well
from workflows.hire.facts import ACT
from workflows.hire.printer import person
from workflows.hire.state import Owed
from workflows.hire.turn import CANDIDATE_KINDS, CANDIDATE_ROLES
from workflows.obligation.rules import MET_BY_WORD, NEVER_WAIVED
from workflows.rehearsal import Rehearsal, by_default

ELSEWHERE = frozenset("""
    calendar_unread requirement_questions requirement_confirmation plan_confirmation first_shortlist complaint_answer pool_consent pool_followup
    release_report fee_claim confirm_panel silence_guard account_review change_decision client_survey opening_due plan_review
    pool_search kickoff""".split())
"""Kinds of requisition, client and pool; `confirm_panel` and the askless guard have tests of their own."""
OURS_AT_ONCE = frozenset({"call", "machine_step", "data_defect", "keep_warm"})
MINUTE = timedelta(minutes=1)


def reach(kind: str, *, policy: str = "agency-cn", fact: tuple[str, dict[str, Any]] | None = None, at: str = "", **more: Any) -> Rehearsal:
    """Play until `kind` is owed: after `fact`, told when `at` (a kind or a stage) is reached; everybody is silent about the kind."""
    rehearsal = began(policy, **{kind: None, **more})
    if at:
        (until_stage if at in ("submission", "interviewing", "deciding", "offering", "joining", "settling") else until_owed)(rehearsal, at)
    if fact is not None:
        rehearsal.tell(*fact)
    return until_owed(rehearsal, kind)


def wanting(*duties: str, **more: Any) -> dict[str, Any]:
    """A policy that asks for these duties."""
    return {"modes": {"duties": list(duties), **more}}


def leaving(kind: str, **more: Any) -> Rehearsal:
    """The new hire leaves on day 40."""
    rehearsal = until_stage(began(**{kind: None, **more}), "settling")
    left = rehearsal.state.start_at + timedelta(days=39)  # type: ignore[operator]
    rehearsal.run(until=left)
    rehearsal.tell("departure.noted", {"left_at": left.isoformat(), "reason": "relocation"})
    return until_owed(rehearsal, kind)


def late_yes() -> Rehearsal:
    """The letter lapsed, then a yes comes."""
    rehearsal = until_owed(began(offer_answer=None, offer_revive=None, late_acceptance=None), "offer_revive")
    ask_id = asked(rehearsal, "offer_answer")[0].ask_id
    rehearsal._answer(ask_id, "offer_answer", 0, {"decision": "accept"}, rehearsal.now)
    return until_owed(rehearsal, "late_acceptance")


def by_a_colleague() -> Rehearsal:
    """Somebody of the response group refuses who is not the one it was put to."""
    rehearsal = until_owed(began(client_verdict=None, refusal_review=None, **wanting("refusal_review")), "client_verdict")
    rehearsal.step()
    owed = rehearsal.state.of_kind("client_verdict")[0]
    rehearsal.tell("ask.answered", {
        "ask_id": str(owed.ask_id), "kind": owed.kind, "clear": {"decision": "refused", "reason_code": "skills"}, "by": str(person("department_head")),
        "answered_at": rehearsal.now.isoformat(), "final_at": rehearsal.now.isoformat()})
    return until_owed(rehearsal, "refusal_review")


def flagged() -> Rehearsal:
    """A refusal whose words name what law forbids."""
    return reach("unlawful_reason", client_verdict=[{"decision": "refused", "unlawful": "yes"}, {"decision": "wanted"}], **wanting("unlawful_reason"))


def stuck() -> Rehearsal:
    """A service does not answer."""
    rehearsal = hire(machine_step=None)
    rehearsal._obey = lambda body, cause: None  # type: ignore[method-assign]
    rehearsal.tell("screening.passed")
    return until_owed(rehearsal, "machine_step")


def over_the_appointment(kind: str, fact: str, **data: Any) -> Rehearsal:
    """An appointment stands, and then this."""
    rehearsal = booked(**{kind: None})
    interview = rehearsal.state.interview
    assert interview is not None and interview.starts_at is not None
    begins = interview.starts_at.isoformat()
    rehearsal.tell(fact, {"interview_id": str(interview.id), "version": interview.version, "starts_at": begins, "starts_at_now": begins, **data})
    return until_owed(rehearsal, kind)


def absent_again() -> Rehearsal:
    """Scheduling says that the candidate has stayed away as often as the policy bears."""
    rehearsal = until_owed(began(choose_slot=None, no_show_ruling=None), "choose_slot")
    assert rehearsal.state.interview is not None
    rehearsal.tell("slots.unavailable", {"interview_id": str(rehearsal.state.interview.id), "reason": "no_show_cap"})
    return until_owed(rehearsal, "no_show_ruling")


def failed() -> Rehearsal:
    rehearsal = hire(screen_out=None)
    rehearsal.tell("screening.failed")
    return until_owed(rehearsal, "screen_out")


REACH: dict[str, Callable[[], Rehearsal]] = {
    "screen_out": failed, "machine_step": stuck, "late_acceptance": late_yes, "refusal_review": by_a_colleague, "unlawful_reason": flagged,
    "data_defect": lambda: reach("data_defect", fact=("screening.uncertain", {"defect": "unreadable"}), review_application=None),
    "interest": lambda: reach("interest", origin="agency"), "call": lambda: reach("call", represent_consent=None),
    "draft_offer": lambda: reach("draft_offer", policy="inhouse-cn"), "approve_offer": lambda: reach("approve_offer", policy="inhouse-cn"),
    "client_question": lambda: reach("client_question", client_verdict={"decision": "held"}),
    "agreement": lambda: reach("agreement", at="candidate_report", candidate_report=None, fact=(
        "intake.command_refused", {"command_id": "x", "command_type": "baton.intake.disclose", "reason": "no_agreement"})),
    "rejection_words": lambda: reach("rejection_words", hire_decision={"decision": "reject"}),
    "offer_revive": lambda: reach("offer_revive", offer_answer=None),
    "offer_withdrawal_review": lambda: reach("offer_withdrawal_review", at="offer_answer", offer_answer=None, fact=("requisition.held", {"reason": "freeze"})),
    "release_others": lambda: reach("release_others", at="hire_decision", hire_decision=None, fact=("other.accepted", {})),
    "adverse_answer": lambda: reach("adverse_answer", at="joining", fact=("check.noted", {"clear": False})),
    "counter_offer_talk": lambda: reach("counter_offer_talk", resigned={"decision": "not_yet"}),
    "worry": lambda: reach("worry", checkin_7={"mood": 1}), "replacement_decision": lambda: leaving("replacement_decision"),
    "replacement_shortlist": lambda: leaving("replacement_shortlist", **wanting("replacement_shortlist")),
    "pause_word": lambda: reach("pause_word", at="review_application", review_application=None, fact=("requisition.held", {"reason": "budget"})),
    "ownership_ruling": lambda: reach("ownership_ruling", introduction_claim={"decision": "known"}, client_verdict=None, **wanting("introduction_claim")),
    "human_review": lambda: reach("human_review", at="review_application", review_application=None, fact=(ACT, {"act": "review"})),
    "right_request": lambda: reach("right_request", at="hire_decision", hire_decision=None, fact=(ACT, {"act": "right_request"})),
    "payment": lambda: reach("payment", **wanting("invoice_details", "payment")),
    **{kind: lambda kind=kind: reach(kind, **wanting(kind)) for kind in (  # type: ignore[misc]
        "nda", "introduction_claim", "standing", "wave_decision", "background_check", "probation_decision", "guarantee_call",
        "invoice_details", "release_draft")},
    "presence": lambda: until_owed(booked(presence=None, presence_panel=None, attendance=None, scorecard=None, **wanting("presence")), "presence"),
    "presence_panel": lambda: until_owed(booked(presence_panel=None, presence=None, attendance=None, scorecard=None, **wanting("presence")), "presence_panel"),
    "interview_conflict": lambda: over_the_appointment("interview_conflict", "interview.conflicted", conflict_id="c", cause="busy"),
    "interview_touched": lambda: over_the_appointment("interview_touched", "interview.touched", reason="zone_rules"),
    "no_show_ruling": absent_again,
    "session_attendance": lambda: until_owed(booked(session_attendance=None, scorecard=None, **IN_A_GROUP), "session_attendance"),
    "session_verdict": lambda: reach("session_verdict", **IN_A_GROUP),
    "check_cleared_word": lambda: reach("check_cleared_word", at="joining", fact=("check.noted", {"clear": True}), **wanting("check_cleared_word")),
}
ALL = sorted(set(hire().directory.policy.obligations) - ELSEWHERE)
KINDS = pytest.mark.parametrize("kind", ALL)


def owed_in(kind: str) -> tuple[Rehearsal, Owed]:
    """A hire in which `kind` stands open, asked with the form that the registry holds for it; nobody answers anything any more."""
    rehearsal = REACH.get(kind, lambda: reach(kind))()
    rehearsal.answers = lambda spec, now: by_default(spec, now) if spec.kind in OURS_AT_ONCE - {kind} else None
    while not [owed for owed in rehearsal.state.of_kind(kind) if owed.status == "open"]:
        assert rehearsal.step()
    owed = next(owed for owed in rehearsal.state.of_kind(kind) if owed.status == "open")
    assert owed.ask_id in {spec.ask_id for spec in asked(rehearsal, kind)} and registry.is_kind(kind)
    return rehearsal, owed


def answer(rehearsal: Rehearsal, owed: Owed, at: Any) -> None:
    """It is answered well at this instant, before anything else that is due then."""
    spec = next(spec for spec in asked(rehearsal, owed.kind) if spec.ask_id == owed.ask_id)
    said = well(spec, at)
    assert owed.ask_id is not None
    rehearsal._answer(owed.ask_id, owed.kind, owed.undo, said[1], at)


def ends(rehearsal: Rehearsal, owed: Owed) -> dict[str, Any]:
    """How it ended."""
    return {how: body for how in ("met", "waived", "transferred", "lapsed", "cancelled")
            for body in facts(rehearsal, f"obligation.{how}") if body.obligation_id == owed.id}


@KINDS
def test_a_duty_when_answered_early_or_at_its_due_then_it_is_met_in_time(kind: str) -> None:
    for at_due in (False, True):
        rehearsal, owed = owed_in(kind)
        assert owed.due_at is not None
        by_itself = rehearsal.directory.policy.obligations[kind].silence
        first = owed.rungs[-1].at if kind in MET_BY_WORD and owed.rungs and by_itself else owed.due_at
        at = min(first - MINUTE, owed.due_at) if not at_due and first - MINUTE > rehearsal.now else min(first, owed.due_at)
        at = max(at, rehearsal.now)
        answer(rehearsal, owed, at)
        rehearsal.run(until=at + timedelta(seconds=owed.undo + 1))
        assert list(ends(rehearsal, owed)) == ["met"] and not ends(rehearsal, owed)["met"].late, (at, owed.due_at)
        check(rehearsal)


@KINDS
def test_a_duty_when_answered_late_then_it_counts_as_late_or_hears_what_silence_did(kind: str) -> None:
    rehearsal, owed = owed_in(kind)
    assert owed.due_at is not None
    rehearsal.run(until=owed.due_at)
    late = max(owed.due_at, rehearsal.now) + timedelta(seconds=1)
    answer(rehearsal, owed, late)
    rehearsal.run(until=late + timedelta(seconds=owed.undo + 1))
    found = ends(rehearsal, owed)
    if "met" in found and found["met"].reason is None:
        assert found["met"].late
    else:
        assert len(found) == 1 and (rehearsal.state.closed or "ask.answered_late" in {fact for _, fact, _ in rehearsal.turns})
    check(rehearsal)


@KINDS
def test_a_duty_when_never_answered_then_its_silence_is_what_the_policy_wrote(kind: str) -> None:
    rehearsal, owed = owed_in(kind)
    policy = rehearsal.directory.policy.obligations[kind]
    last = max([owed.due_at, *(rung.at for rung in owed.rungs)])  # type: ignore[type-var]
    verbs = {verb.do for silence in policy.silence for verb in silence.do}
    rehearsal.run(until=last + MINUTE)
    found = ends(rehearsal, owed)
    if kind in MET_BY_WORD:
        assert list(found) == ["met"]
    elif verbs & {"lapse", "release_slots"} or kind == "rejection_words":
        assert "lapsed" in found or rehearsal.state.outcome is not None
    elif "transfer" in verbs:
        assert found["transferred"].successor_id in {owed.id for owed in rehearsal.state.owed.values()}
    elif "call" in verbs:
        assert [spec for spec in asked(rehearsal, "call") if spec.params.get("serves_ask") == str(owed.ask_id)]
    else:
        assert not found and rehearsal.state.owed[str(owed.id)].overdue, "held: it stays owed, and is marked"
    check(rehearsal)


@KINDS
def test_a_duty_when_given_on_then_the_other_owes_it_unless_it_is_a_persons_own(kind: str) -> None:
    rehearsal, owed = owed_in(kind)
    rehearsal.tell(ACT, {"act": "reassign", "obligation_id": str(owed.id), "role": "director"})
    rehearsal.run(until=rehearsal.now + MINUTE)
    own = kind in CANDIDATE_KINDS or owed.role in CANDIDATE_ROLES or owed.person is not None
    assert ("transferred" in ends(rehearsal, owed)) == (not own)
    if not own:
        heir = ends(rehearsal, owed)["transferred"].successor_id
        now_with = rehearsal.state.owed[str(heir)].holder
        was_theirs = owed.holder is not None and owed.holder.person_id == person("director")
        assert now_with is not None and now_with.person_id == (None if was_theirs else person("director")), "their own line where it was theirs"
    check(rehearsal)


@KINDS
def test_a_duty_when_waived_then_nothing_stands_still(kind: str) -> None:
    rehearsal, owed = owed_in(kind)
    rehearsal.tell(ACT, {"act": "waive", "obligation_id": str(owed.id), "reason": "released"})
    rehearsal.run(until=rehearsal.now + MINUTE)
    assert ("waived" in ends(rehearsal, owed)) == (kind not in NEVER_WAIVED)
    check(rehearsal)


@KINDS
def test_a_duty_when_asked_then_policy_and_form_agree_on_who_may_answer_for_whom(kind: str) -> None:
    rehearsal, owed = owed_in(kind)
    spec = next(spec for spec in asked(rehearsal, kind) if spec.ask_id == owed.ask_id)
    policy = rehearsal.directory.policy.obligations[kind]
    strict = ["allowed", "with_evidence", "never"]
    assert spec.on_behalf == policy.on_behalf
    assert strict.index(policy.on_behalf) >= strict.index(registry.kind_of(kind).on_behalf), "a form may not be looser than its policy"
    ways = {"allowed": "phone", "with_evidence": "paper", "never": "page"}
    at = rehearsal.now
    rehearsal.tell("ask.answered", {
        "ask_id": str(owed.ask_id), "kind": kind, "clear": well(spec, at)[1], "by": str(person("recruiter")),
        "via": ways[policy.on_behalf], "answered_at": at.isoformat(), "final_at": at.isoformat()})
    rehearsal.run(until=at + MINUTE)
    assert "met" in ends(rehearsal, owed)


def test_the_list_of_kinds_when_read_then_each_is_tried_here_or_belongs_to_another_story() -> None:
    from shared.policy.kinds import KINDS as known

    here = set(ALL)
    assert {kind for kind in known if kind not in ELSEWHERE} <= here
    assert set(ELSEWHERE) & here == set()
