"""Agreement 3 on the pure level: an acceptance against lapse, take-back and withdrawal; one end, and page equals workflow."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workflows.paper import asked, began, check, facts, until_owed
from workflows.rehearsal import Rehearsal

CONTRARY = [("application.ended", {"reason": "changed_mind"}), ("requisition.held", {"reason": "freeze"}), ("requisition.ended", {"reason": "freeze"}),
            ("workflows.act", {"act": "close", "reason": "freeze"}), ("workflows.act", {"act": "withdraw", "reason": "phone"})]
RUNS = 40


def on_the_table() -> Rehearsal:
    """A delivered letter that nobody has answered."""
    rehearsal = began(offer_answer=None, offer_revive=(timedelta(hours=30), {"decision": "no"}), late_acceptance={"decision": "no"})
    until_owed(rehearsal, "offer_answer")
    rehearsal.step()
    return rehearsal


def page(rehearsal: Rehearsal) -> str:
    """What the arbiter's row says of the (only) letter."""
    return rehearsal.asks[asked(rehearsal, "offer_answer")[0].ask_id]


@settings(max_examples=RUNS, deadline=None)
@given(minutes=st.integers(-600, 600))
def test_acceptance_when_it_meets_the_lapse_then_the_row_decides_and_there_is_one_end(minutes: int) -> None:
    rehearsal = on_the_table()
    due = rehearsal.state.of_kind("offer_answer")[0].due_at
    assert due is not None
    rehearsal.answer("offer_answer", {"decision": "accept"}, at=due + timedelta(minutes=minutes))
    rehearsal.run(until=due + timedelta(days=20))
    accepted, lapsed = facts(rehearsal, "offer.accepted"), facts(rehearsal, "offer.lapsed")
    assert len(accepted) + len(lapsed) == 1
    assert bool(accepted) == (page(rehearsal) == "answered")
    if minutes > 0:
        assert lapsed and asked(rehearsal, "late_acceptance"), "a late yes is welcome and goes to a person"
    check(rehearsal)


@settings(max_examples=RUNS, deadline=None)
@given(contrary=st.sampled_from(CONTRARY), seconds=st.integers(-3, 3), swapped=st.booleans())
def test_acceptance_when_it_meets_the_contrary_then_a_yes_on_the_page_is_a_yes_in_the_workflow(
    contrary: tuple[str, dict[str, str]], seconds: int, swapped: bool,
) -> None:
    rehearsal = on_the_table()
    at = rehearsal.now + timedelta(hours=5)

    def accept() -> None:
        rehearsal.answer("offer_answer", {"decision": "accept"}, at=at)

    def other() -> None:
        rehearsal.tell(contrary[0], dict(contrary[1]), at=at + timedelta(seconds=seconds))

    for act in (other, accept) if swapped else (accept, other):
        act()
    rehearsal.run(until=at + timedelta(hours=1))
    accepted = facts(rehearsal, "offer.accepted")
    assert bool(accepted) == (page(rehearsal) == "answered")
    if contrary[0].startswith("requisition"):
        assert accepted, "after delivery an offer can't be taken back"
    if not accepted:
        assert rehearsal.state.outcome == ("rejected" if contrary[1].get("act") == "close" else "withdrawn")
    check(rehearsal)


def test_headcount_frozen_when_the_letter_is_out_then_two_people_look_and_the_offer_stands() -> None:
    rehearsal = on_the_table()
    rehearsal.tell("requisition.held", {"reason": "freeze"})
    rehearsal.step()
    assert {spec.kind for spec in asked(rehearsal, "offer_withdrawal_review")} == {"offer_withdrawal_review"}
    assert len(asked(rehearsal, "offer_withdrawal_review")) == 2 and rehearsal.state.of_kind("offer_answer")
    rehearsal.answer("offer_answer", {"decision": "accept"})
    rehearsal.run(until=rehearsal.now + timedelta(hours=1))
    assert rehearsal.state.stage == "joining"


def test_answer_when_taken_back_inside_its_window_then_nothing_it_causes_was_written() -> None:
    rehearsal = began(hire_decision=None)
    until_owed(rehearsal, "hire_decision")
    rehearsal.answer("hire_decision", {"decision": "reject"})
    rehearsal.step()
    assert rehearsal.state.stage == "deciding" and not [body for body in facts(rehearsal, "decision.made") if body.decision == "reject"]
    owed = rehearsal.state.of_kind("hire_decision")[0]
    rehearsal.tell("ask.retracted", {"ask_id": str(owed.ask_id)}, at=rehearsal.now + timedelta(minutes=4))
    rehearsal.step()
    assert rehearsal.asks and owed.ask_id is not None
    rehearsal.asks[owed.ask_id] = "open"
    rehearsal.answer("hire_decision", {"decision": "hire"}, at=rehearsal.now + timedelta(hours=1))
    rehearsal.run(until=rehearsal.now + timedelta(hours=2))
    assert [body.decision for body in facts(rehearsal, "decision.made") if body.stage == "deciding"] == ["hire"]
    met = [body for body in facts(rehearsal, "obligation.met") if body.kind == "hire_decision"]
    assert len(met) == 1 and not met[0].late
    check(rehearsal)


def test_an_answer_when_in_its_window_then_the_ladder_stands_still() -> None:
    rehearsal = began(hire_decision=None)
    until_owed(rehearsal, "hire_decision")
    due = rehearsal.state.of_kind("hire_decision")[0].due_at
    assert due is not None
    rehearsal.answer("hire_decision", {"decision": "hire"}, at=due - timedelta(minutes=5))
    rehearsal.run(until=due + timedelta(minutes=20))
    fired = [body for body in facts(rehearsal, "obligation.rung_fired") if body.kind == "hire_decision" and body.fired_at >= due]
    assert not fired
