"""What could go on for ever, or was only recorded: silence about times is bounded, drafts are let go, a wrong end is taken back after it was told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.workflows.paper import asked, began, check, facts, hire, told, until_owed
from workflows.first import REOPENED_WITHIN, reopened
from workflows.hire.facts import ACT, Fact
from workflows.hire.state import dump


@pytest.mark.parametrize(("decision", "ends"), [("again", False), ("end", True)])
def test_a_candidate_when_silent_about_every_offer_of_times_then_after_a_few_a_person_decides(decision: str, ends: bool) -> None:
    rehearsal = began("inhouse-cn", choose_slot=None, no_show_ruling=(timedelta(0), {"decision": decision}))
    until_owed(rehearsal, "no_show_ruling")
    assert len(asked(rehearsal, "choose_slot")) == rehearsal.state.max_silent_offers == 3
    rehearsal.run(until=rehearsal.now + timedelta(days=8))
    assert (rehearsal.state.outcome == "rejected") is ends
    assert ends or len(asked(rehearsal, "choose_slot")) > 3
    check(rehearsal)


def test_drafts_when_let_go_by_an_operator_then_they_leave_once_as_they_are() -> None:
    rehearsal = hire(modes={"duties": ["release_draft"]})
    rehearsal.answers = lambda spec, now: None if spec.kind == "release_draft" else (timedelta(0), {"decision": "no"})
    rehearsal.tell("screening.passed")
    until_owed(rehearsal, "release_draft")
    drafts = rehearsal.state.of_kind("release_draft")
    rehearsal.tell(ACT, {"act": "release", "reason": "operator"})
    rehearsal.run(until=rehearsal.now + timedelta(hours=1))
    assert not rehearsal.state.of_kind("release_draft") or {owed.id for owed in rehearsal.state.of_kind("release_draft")}.isdisjoint({one.id for one in drafts})
    met = [body for body in facts(rehearsal, "obligation.met") if body.kind == "release_draft"]
    assert [body.reason for body in met[:len(drafts)]] == ["released"] * len(drafts)
    for draft in drafts:
        assert len(told(rehearsal, draft.params["draft"]["template"])) == 1
    check(rehearsal)


def test_an_end_when_it_was_told_and_is_wrong_then_within_two_weeks_the_same_hire_goes_on() -> None:
    rehearsal = began(review_application=(timedelta(0), {"decision": "reject"}))
    rehearsal.run()
    over = rehearsal.state
    assert over.closed and over.outcome == "rejected" and over.result_told
    stored, closed_at = dump(over), rehearsal.now
    assert reopened(stored, closed_at, closed_at + REOPENED_WITHIN + timedelta(days=1)) is None
    again = reopened(stored, closed_at, closed_at + timedelta(days=1))
    assert again is not None
    rehearsal.state = again
    before = len(told(rehearsal, "rejection"))
    rehearsal.tell(ACT, {"act": "reopen", "reason": "wrong_person"})
    rehearsal.step()
    assert (rehearsal.state.stage, rehearsal.state.outcome, rehearsal.state.closed) == ("screening", None, False)
    assert rehearsal.state.of_kind("review_application") and len(told(rehearsal, "rejection")) == before
    hold = Fact(id="h", source="baton/intake", type="requisition.held", at=closed_at, now=closed_at, data={"reason": "budget"})
    still = reopened(dump(over), closed_at, closed_at + timedelta(days=1), standing=hold)
    assert still is not None and still.hold is not None and (still.hold.at, still.hold.reason) == (closed_at, "budget")
    stale = dump(still.model_copy(update={"closed": True}))
    gone_on = reopened(stale, closed_at, closed_at + timedelta(days=1))
    assert gone_on is not None and gone_on.hold is None, "a hire that is over does not hear that its requisition goes on"
    assert reopened(dump(began(represent_consent={"decision": "no"}).state), closed_at, closed_at) is None, "what lives, or ended by the candidate, is not taken back"
