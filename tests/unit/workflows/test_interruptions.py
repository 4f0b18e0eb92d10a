"""Each cell of `stage x interruption`: what the rule named in ARCHITECTURE.md promises happens, and somebody holds the baton after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.workflows.paper import asked, began, check, facts, told, until_owed, until_stage
from tests.unit.workflows.test_moments import WAITING, waiting_in
from workflows.hire.facts import ACT
from workflows.hire.interruptions import BEGIN, END, INTERRUPTIONS, block, rule_name
from workflows.hire.printer import person
from workflows.hire.table import STAGES, recorded
from workflows.rehearsal import HOUR, Rehearsal

ROOT = Path(__file__).parents[3]
CELLS = [(stage, fact) for stage in STAGES for fact in dict.fromkeys(fact for _, fact in INTERRUPTIONS)]


def in_stage(stage: str) -> Rehearsal:
    """A hire in which nobody has answered the stage's question; `closed`: the words of a rejection are still owed."""
    if stage != "closed":
        return waiting_in(stage)
    return until_owed(began(hire_decision={"decision": "reject"}, rejection_words=None), "rejection_words")


def owed_now(rehearsal: Rehearsal) -> Any:
    """Somebody's open duty: the stage's own question where it stands open."""
    state = rehearsal.state
    kind = WAITING.get(state.stage, "rejection_words")
    return next(iter([*state.of_kind(kind), *state.owed.values()]), None)


def data_for(rehearsal: Rehearsal, fact: str) -> dict[str, Any]:
    """A well-formed body for the interruption."""
    at, owed = rehearsal.now, owed_now(rehearsal)
    gone = owed.holder.person_id if owed is not None and owed.holder else person("recruiter")
    return {
        "reason": "stated", "same": "requisition", "person_id": str(person("other")), "merged_id": str(person("candidate")),
        "out_id": str(gone), "in_id": str(person("director")), "obligation_id": str(owed.id) if owed is not None else "none", "role": "lead",
        "starts_at": at.isoformat(), "ends_at": (at + timedelta(days=3)).isoformat(), "ask_id": str(person("no ask")),
        "kind": "represent_consent", "clear": {"decision": "yes"}, "answered_at": at.isoformat(), "final_at": at.isoformat(),
        **({"person_id": str(person("first"))} if fact == "interviewer.away" else {})}


def interrupt(rehearsal: Rehearsal, fact: str) -> None:
    """It happens now, and is taken."""
    kind = ACT if fact.startswith("act.") else fact
    body = data_for(rehearsal, fact)
    told_now = rehearsal.tell(kind, {**body, "act": fact.removeprefix("act.")}, tag=f"break/{fact}")
    while told_now.id not in rehearsal.state.seen and not rehearsal.state.closed and rehearsal.step():
        pass


def test_the_page_when_read_then_it_holds_the_table_that_decide_uses() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert text[text.index(BEGIN):text.index(END) + len(END)] == block(), "python -m workflows.hire.interruptions prints the block"


@pytest.mark.parametrize(("stage", "fact"), CELLS)
def test_each_cell_has_a_rule_of_its_own(stage: str, fact: str) -> None:
    assert rule_name(stage, fact) != recorded.__name__


@pytest.mark.parametrize(("stage", "fact"), CELLS)
def test_an_interruption_when_it_comes_then_its_rule_keeps_its_promise(stage: str, fact: str) -> None:
    rehearsal = in_stage(stage)
    before = rehearsal.state.model_copy(deep=True)
    interrupt(rehearsal, fact)
    PROMISES[rule_name(stage, fact)](rehearsal, before)
    check(rehearsal)
    interrupt(rehearsal, fact)
    rehearsal.run(until=rehearsal.now + timedelta(days=40))
    check(rehearsal)


def ends_as(*outcomes: str) -> Callable[[Rehearsal, Any], None]:
    """The hire is over, or in its last stage, with one of these outcomes, and nobody is asked the stage's question any more."""
    def promise(rehearsal: Rehearsal, before: Any) -> None:
        assert rehearsal.state.outcome in outcomes and rehearsal.state.stage == "closed"
        if before.stage in WAITING:
            assert not rehearsal.state.of_kind(WAITING[before.stage])
    return promise


def nothing_moves(rehearsal: Rehearsal, before: Any) -> None:
    """Stage, end and open duties are those from before."""
    state = rehearsal.state
    assert (state.stage, state.outcome, state.paused_at) == (before.stage, before.outcome, before.paused_at)
    assert set(state.owed) >= {key for key, owed in before.owed.items() if owed.kind != "silence_guard"}


def also_owed(kind: str, about: str | None = None) -> Callable[[Rehearsal, Any], None]:
    """Nothing moves, and this is owed beside it."""
    def promise(rehearsal: Rehearsal, before: Any) -> None:
        nothing_moves(rehearsal, before)
        assert [owed for owed in rehearsal.state.of_kind(kind) if about is None or owed.params.get("about") == about]
    return promise


def first_the_row(rehearsal: Rehearsal, before: Any) -> None:
    assert rehearsal.state.leaving is not None and facts(rehearsal, "notification.close_ask")
    rehearsal.step()
    assert rehearsal.state.outcome == "withdrawn"


def offer_stands(rehearsal: Rehearsal, before: Any) -> None:
    assert len(rehearsal.state.of_kind("offer_withdrawal_review")) == 2
    nothing_moves(rehearsal, before)


def spared(rehearsal: Rehearsal, before: Any) -> None:
    assert not rehearsal.state.of_kind("rejection_words") and not told(rehearsal, "rejection")
    assert rehearsal.state.outcome == before.outcome and told(rehearsal, "withdrawn")


def reopened(rehearsal: Rehearsal, before: Any) -> None:
    assert rehearsal.state.stage == "deciding" and rehearsal.state.outcome is None
    assert rehearsal.state.of_kind("hire_decision") and not rehearsal.state.of_kind("rejection_words")


def paused(rehearsal: Rehearsal, before: Any) -> None:
    assert rehearsal.state.paused_at is not None and rehearsal.state.of_kind("pause_word")
    assert rehearsal.state.stage == before.stage


def judged_again(rehearsal: Rehearsal, before: Any) -> None:
    nothing_moves(rehearsal, before)
    assert facts(rehearsal, "screening.evaluate")
    rehearsal.tell("screening.passed", {}, cause=rehearsal.state.steps[0].id)


def recruiter_hears(rehearsal: Rehearsal, before: Any) -> None:
    nothing_moves(rehearsal, before)
    assert [message.purpose for message in told(rehearsal, "told")] == ["requisition_changed"]


def other_holder(rehearsal: Rehearsal, before: Any) -> None:
    """Open duties of our own people are with another person now; the candidate's own stay."""
    gone = owed_now_of(before)
    rehearsal.run(until=rehearsal.now + timedelta(minutes=1))
    still = [owed for owed in rehearsal.state.of_kind(gone.kind) if owed.id == gone.id]
    if gone.role in ("candidate", "new_hire"):
        assert still or rehearsal.state.stage != before.stage
    else:
        assert not still and [body.kind for body in facts(rehearsal, "obligation.transferred")] == [gone.kind]


def owed_now_of(state: Any) -> Any:
    kind = WAITING.get(state.stage, "rejection_words")
    return next(iter(state.of_kind(kind)))


def released(rehearsal: Rehearsal, before: Any) -> None:
    from workflows.obligation.rules import NEVER_WAIVED

    gone = owed_now_of(before)
    waived = [body.obligation_id for body in facts(rehearsal, "obligation.waived")]
    assert waived == ([] if gone.kind in NEVER_WAIVED else [gone.id] if gone.status == "open" else [])


def as_one(rehearsal: Rehearsal, before: Any) -> None:
    nothing_moves(rehearsal, before)
    assert rehearsal.state.person_id == person("other")
    assert person("candidate") not in {owed.holder.person_id for owed in rehearsal.state.owed.values() if owed.holder}


def silent_end(rehearsal: Rehearsal, before: Any) -> None:
    rehearsal.run(until=rehearsal.now + timedelta(minutes=1))
    assert rehearsal.state.closed
    assert not [message for name in ("rejection", "withdrawn", "filled") for message in told(rehearsal, name)]


PROMISES: dict[str, Callable[[Rehearsal, Any], None]] = {
    "withdrawn": ends_as("withdrawn"), "withdrawn unless accepted": first_the_row, "reneged": ends_as("reneged"),
    "worry": also_owed("worry"), "spared the rejection": spared, "rejected": ends_as("rejected"), "rejected unless delivered": offer_stands,
    "contract stands": offer_stands, "only by departure": nothing_moves, "nothing to take back": nothing_moves, "reopened": reopened,
    "back to deciding": offer_stands, "paused": paused, "paused unless delivered": offer_stands, "contract goes on": nothing_moves,
    "resumed": nothing_moves, "judged again": judged_again, "goes on as agreed": recruiter_hears, "role gone": ends_as("closed_by_client"),
    "role gone unless delivered": offer_stands, "handed over": other_holder, "given on": other_holder, "waived": released,
    "represented": nothing_moves, "another takes the chair": nothing_moves, "conflict looked at": nothing_moves,
    "touched asked": nothing_moves, "calendar unread asked": nothing_moves, "invitation heard": nothing_moves, "no appointment stands": nothing_moves, "twin looked at": also_owed("call", "twin"),
    "each goes its way": nothing_moves, "asked to release": also_owed("release_others"),
    "two yeses": also_owed("call", "two_acceptances"), "stays until departure": also_owed("worry"), "goes on as one": as_one,
    "erased": silent_end, "erased while ending": silent_end, "first answer counts": nothing_moves, "known late": nothing_moves,
    "late yes is a wish": nothing_moves, "late yes heard": also_owed("call", "late_yes"), "over": nothing_moves, "end stands": nothing_moves}


# -- the same rules where a stage is further on than its question ------------------------------------------------------
BEFORE_THE_LETTER = [("requisition.held", None), ("requisition.ended", "closed_by_client"), ("act.close", "rejected"), ("act.unhire", None)]


@pytest.mark.parametrize(("fact", "outcome"), BEFORE_THE_LETTER)
def test_an_offer_when_no_letter_is_on_its_way_then_the_wish_of_the_company_holds(fact: str, outcome: str | None) -> None:
    rehearsal = until_owed(began("inhouse-cn", draft_offer=None), "draft_offer")
    interrupt(rehearsal, fact)
    assert rehearsal.state.outcome == outcome and not asked(rehearsal, "offer_withdrawal_review")
    if fact == "act.unhire":
        assert rehearsal.state.stage == "deciding" and rehearsal.state.of_kind("hire_decision") and rehearsal.state.offer is None
    check(rehearsal)


def test_a_letter_when_approved_during_a_pause_then_it_waits_and_leaves_when_the_requisition_goes_on() -> None:
    rehearsal = until_owed(began("inhouse-cn", approve_offer=(5 * HOUR, {"decision": "approve"}), call=None), "approve_offer")
    rehearsal.tell("requisition.held", {"reason": "budget"})
    rehearsal.run(until=rehearsal.now + timedelta(days=2))
    assert facts(rehearsal, "offer.approved") and not asked(rehearsal, "offer_answer")
    assert [owed.params["about"] for owed in rehearsal.state.of_kind("call")] == ["paused_letter"]
    rehearsal.tell("requisition.continued")
    rehearsal.run(until=rehearsal.now + timedelta(hours=1))
    assert len(asked(rehearsal, "offer_answer")) == 1 and not rehearsal.state.of_kind("call")
    check(rehearsal)


def test_an_unrejection_when_the_words_had_left_then_a_person_calls_and_puts_it_right() -> None:
    rehearsal = until_owed(began(review_application=None), "review_application")
    rehearsal.answer("review_application", {"decision": "reject"})
    while rehearsal.state.outcome is None:
        rehearsal.step()
    left = next(fact for _, _, fact in rehearsal._queue if fact.type == "message.delivered")
    rehearsal._queue = [entry for entry in rehearsal._queue if entry[2] is not left]
    interrupt(rehearsal, "act.unreject")
    assert rehearsal.state.stage == "screening" and facts(rehearsal, "notification.withdraw_message")
    rehearsal.take(left)
    assert [owed.params["about"] for owed in rehearsal.state.of_kind("call")] == ["told_too_soon"]
    assert not rehearsal.state.steps and rehearsal.state.of_kind("review_application")
    check(rehearsal)


def test_an_unrejection_when_everybody_knows_then_it_comes_too_late() -> None:
    rehearsal = began(hire_decision={"decision": "reject"})
    rehearsal.run()
    before = rehearsal.state
    interrupt(rehearsal, "act.unreject")
    assert rehearsal.state.closed and rehearsal.state.outcome == before.outcome == "rejected"


def test_an_interviewer_when_absent_during_the_appointment_then_another_takes_the_chair() -> None:
    rehearsal = until_stage(began(), "interviewing")
    while rehearsal.state.interview is None or rehearsal.state.interview.starts_at is None or rehearsal.state.round < 2:
        rehearsal.step()
    out = rehearsal.state.interview.panel[0]
    start = rehearsal.state.interview.starts_at
    away = {"person_id": str(out), "starts_at": (start - HOUR).isoformat(), "ends_at": (start + 3 * HOUR).isoformat(), "reason": "absent"}
    rehearsal.tell("interviewer.away", away)
    rehearsal.step()
    rehearsal.step()
    assert out not in rehearsal.state.interview.panel and told(rehearsal, "cancelled_panel")


def test_an_absent_holder_when_a_rung_comes_then_the_delegate_hears_it() -> None:
    from shared.contracts.party import Absence

    rehearsal = waiting_in("screening")
    recruiter = rehearsal.directory.people[person("recruiter")]
    absence = Absence(starts_at=rehearsal.now, ends_at=rehearsal.now + timedelta(days=9))
    rehearsal.directory.people[person("recruiter")] = recruiter.model_copy(update={"absences": [absence], "delegate_id": person("hr")})
    rehearsal.run(until=rehearsal.now + timedelta(days=1))
    reminded = [sent.body.message.party.person_id for sent in rehearsal.log if getattr(getattr(sent.body, "message", None), "purpose", "") == "remind"]
    assert reminded and set(reminded) == {person("hr")}
