"""A loop: the candidate books all interviews of a round in one act; what breaks later is one part's matter, and the verdict waits for all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.unit.workflows.paper import IN_A_LOOP, asked, check, facts, hire, told, until_owed
from tests.unit.workflows.test_appointments import play
from workflows.hire.state import Interview, dump, load
from workflows.rehearsal import Rehearsal

PARTS = ("technical", "lead", "people")


def looped(**ideas: Any) -> Rehearsal:
    """A hire whose one round is a loop of three."""
    rehearsal = hire("inhouse-cn", **IN_A_LOOP, **ideas)
    rehearsal.tell("screening.uncertain")
    return rehearsal


def parts_of(rehearsal: Rehearsal) -> list[Interview]:
    """All parts in the order of the plan."""
    state = rehearsal.state
    return sorted([one for one in (state.interview, *state.others) if one is not None], key=lambda one: one.part)


def whole(**ideas: Any) -> Rehearsal:
    """All three stand."""
    rehearsal = looped(**ideas)
    while not (found := parts_of(rehearsal)) or any(one.starts_at is None for one in found):
        assert rehearsal.step()
    play(rehearsal, 0)
    return rehearsal


def test_a_loop_when_chosen_then_one_question_books_all_parts_and_each_panel_is_told() -> None:
    rehearsal = whole()
    (spec,) = asked(rehearsal, "choose_slot")
    assert [[part["name"] for part in slot["parts"]] for slot in spec.params["slots"]] == [list(PARTS)] * 3
    (order,) = facts(rehearsal, "scheduling.offer_loop")
    assert [leg.minutes for leg in order.legs] == [60, 45, 30] and not facts(rehearsal, "scheduling.offer_slots")
    (book,) = facts(rehearsal, "scheduling.book_loop")
    assert str(book.way_id) == spec.params["slots"][0]["slot_id"] and len(parts_of(rehearsal)) == 3
    assert len(told(rehearsal, "invitation")) == len(told(rehearsal, "invitation_panel")) == 3
    assert len({one.party.person_id for one in told(rehearsal, "invitation_panel")}) == len(rehearsal.state.panel()) >= 2
    assert load(dump(rehearsal.state)) == rehearsal.state
    ends = max(one.ends_at for one in parts_of(rehearsal) if one.ends_at)
    assert [owed.opens_at for owed in rehearsal.state.of_kind("debrief", "word_after_interview")] == [ends, ends]


def test_a_loop_when_all_parts_are_over_then_one_verdict_after_the_last_card() -> None:
    rehearsal = looped()
    rehearsal.run()
    assert len(asked(rehearsal, "round_verdict")) == 1 and len(asked(rehearsal, "scorecard")) == 3
    assert len(facts(rehearsal, "screening.reveal")) == 3 and rehearsal.state.outcome == "settled"
    check(rehearsal)


def test_a_part_when_its_interviewer_says_no_then_only_this_part_has_times_looked_for_again() -> None:
    rehearsal = whole()
    first, broken, last = parts_of(rehearsal)
    stood = (first.starts_at, last.starts_at)
    rehearsal.tell("invitation.answered", {"interview_id": str(broken.id), "version": broken.version, "person_id": str(rehearsal.state.person_id), "answer": "declined"})
    play(rehearsal, 3)
    (again,) = facts(rehearsal, "scheduling.offer_slots")
    assert again.minutes == 45 and len(facts(rehearsal, "scheduling.offer_loop")) == 1
    now = parts_of(rehearsal)
    assert [one.part for one in now] == [1, 2, 3] and (now[0].starts_at, now[2].starts_at) == stood
    assert now[1].id == again.interview_id != broken.id and now[1].starts_at not in (None, broken.starts_at)
    assert {owed.params["interview_id"] for owed in rehearsal.state.of_kind("attendance", "scorecard")} == {str(one.id) for one in now}
    check(rehearsal)
    rehearsal.run()
    assert rehearsal.state.outcome == "settled" and len(asked(rehearsal, "round_verdict")) == 1


def test_a_chair_when_empty_in_two_parts_then_each_is_filled_from_its_own_panel() -> None:
    rehearsal = whole()
    sitting = parts_of(rehearsal)[1].panel[0]
    until = max(one.ends_at for one in parts_of(rehearsal) if one.ends_at)
    away = {"person_id": str(sitting), "reason": "absent", "starts_at": rehearsal.now.isoformat(), "ends_at": (until + timedelta(days=1)).isoformat()}
    rehearsal.tell("interviewer.away", away)
    play(rehearsal, 0.1)
    touched = {one.id for one in parts_of(rehearsal) if sitting in one.panel}
    asked_for = {order.interview_id for order in facts(rehearsal, "scheduling.replace")}
    assert asked_for and asked_for >= touched


def test_a_loop_when_none_fits_or_nobody_chooses_then_everything_is_free_again_and_a_person_calls() -> None:
    rehearsal = looped(choose_slot=[{"slot": "none"}, None], call=None)
    until_owed(rehearsal, "call")
    assert len(facts(rehearsal, "scheduling.release")) == 3 and not facts(rehearsal, "scheduling.book_loop")
    assert asked(rehearsal, "call")[0].params["about"] == "slots"
    rehearsal.answer("call", {"done": "yes", "reached": "yes"})
    play(rehearsal, 0.1)
    assert len(facts(rehearsal, "scheduling.offer_loop")) == 2
    check(rehearsal)


def test_a_way_when_gone_then_other_ways_are_shown_and_a_candidate_who_leaves_frees_every_part() -> None:
    rehearsal = looped(choose_slot=[(timedelta(hours=2), {"slot": "x"}), None])
    rehearsal._loop = {"x": []}
    while not asked(rehearsal, "choose_slot"):
        assert rehearsal.step()
    rehearsal.tell("loop.unavailable", {"loop_id": str(rehearsal.state.loop_id), "reason": "way_gone"})
    rehearsal.step()
    play(rehearsal, 0.1)
    assert len(facts(rehearsal, "scheduling.offer_loop")) == 2
    rehearsal = whole()
    stood = {one.id for one in parts_of(rehearsal)}
    rehearsal.tell("application.ended", {"reason": "withdrawn"})
    play(rehearsal, 0.1)
    assert {order.interview_id for order in facts(rehearsal, "scheduling.cancel")} == stood
    assert len(told(rehearsal, "cancelled_panel")) == 3 and not parts_of(rehearsal)
    check(rehearsal)


def test_a_card_when_waived_or_lost_then_it_is_that_parts_card_whichever_part_was_looked_at_last() -> None:
    rehearsal = whole(scorecard=[(timedelta(hours=2), {"recommend": "yes"}), None])
    ends = max(one.ends_at for one in parts_of(rehearsal) if one.ends_at)
    rehearsal.run(until=ends)
    cards = sorted(rehearsal.state.of_kind("scorecard"), key=lambda owed: str(owed.params["interview_id"]))
    for owed in cards:
        rehearsal.tell("workflows.act", {"act": "waive", "obligation_id": str(owed.id), "reason": "stated"})
        play(rehearsal, 0.1)
    until_owed(rehearsal, "round_verdict")
    assert len(facts(rehearsal, "screening.reveal")) == 3 and {order.interview_id for order in facts(rehearsal, "screening.reveal")} == {
        one.id for one in parts_of(rehearsal)}
    check(rehearsal)
