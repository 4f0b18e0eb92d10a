"""What becomes of an appointment that stands: each thing that comes over it is decided by somebody, and the decision is carried out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.workflows.paper import WELL_MEANT, asked, booked, check, facts, told, until_owed
from workflows.hire.decide import next_due
from workflows.hire.printer import person
from workflows.hire.state import Interview
from workflows.rehearsal import HOUR, Rehearsal

PRESENT = {"modes": {"duties": ["presence"]}}


def stands(rehearsal: Rehearsal) -> Interview:
    interview = rehearsal.state.interview
    assert interview is not None and interview.starts_at is not None
    return interview


def about(rehearsal: Rehearsal, **more: Any) -> dict[str, Any]:
    interview = stands(rehearsal)
    return {"interview_id": str(interview.id), "version": interview.version, **more}


def second_round(**ideas: Any) -> Rehearsal:
    """The technical interview stands: two engineers sit in it."""
    rehearsal = booked(**ideas)
    while rehearsal.state.round < 2 or rehearsal.state.interview is None or rehearsal.state.interview.starts_at is None:
        assert rehearsal.step()
    return rehearsal


def play(rehearsal: Rehearsal, hours: float = 1) -> Rehearsal:
    """Everything that happens until then, and nothing after it."""
    until = rehearsal.now + timedelta(hours=hours)
    while (rehearsal._queue and rehearsal._queue[0][0] <= until) or ((due := next_due(rehearsal.state)) and due.at <= until):
        rehearsal.step()
    check(rehearsal)
    return rehearsal


def test_a_busy_block_when_it_comes_later_then_the_recruiter_is_asked_once_and_nothing_moves_by_itself() -> None:
    rehearsal = booked(interview_conflict=None)
    before = stands(rehearsal).starts_at
    for _ in range(2):
        rehearsal.tell("interview.conflicted", about(rehearsal, conflict_id="c1", cause="busy", person_id=str(stands(rehearsal).panel[0])), tag=f"c{_}")
        play(rehearsal, 0.1)
    (spec,) = asked(rehearsal, "interview_conflict")
    assert spec.params["why"] == "busy" and spec.params["owner_id"] == str(stands(rehearsal).panel[0])
    assert stands(rehearsal).starts_at == before and not facts(rehearsal, "scheduling.cancel")
    rehearsal.tell("interview.conflict_ended", about(rehearsal, conflict_id="c1"))
    play(rehearsal, 0.1)
    assert not rehearsal.state.of_kind("interview_conflict")


def test_another_time_when_decided_then_the_old_one_stands_until_the_candidate_has_chosen_and_the_version_counts_on() -> None:
    rehearsal = booked(interview_conflict={"decision": "move"}, choose_slot=[WELL_MEANT, None])
    first = stands(rehearsal)
    rehearsal.tell("interview.conflicted", about(rehearsal, conflict_id="c1", cause="room"))
    until_owed(rehearsal, "choose_slot")
    assert stands(rehearsal).starts_at == first.starts_at and stands(rehearsal).id == first.id
    slot = rehearsal.state.of_kind("choose_slot")[0].params["slots"][2]
    rehearsal.answer("choose_slot", {"slot": slot["slot_id"]})
    play(rehearsal, 0.1)
    assert [body.slot_id for body in facts(rehearsal, "scheduling.move")] and stands(rehearsal).starts_at.isoformat() == slot["starts_at"]
    assert stands(rehearsal).version == first.version + 1 and not stands(rehearsal).moving
    assert told(rehearsal, "moved") and told(rehearsal, "moved_panel") and not told(rehearsal, "cancelled")


def test_another_time_when_nobody_chooses_then_the_appointment_stands_and_a_person_calls() -> None:
    rehearsal = booked(interview_conflict={"decision": "move"}, choose_slot=[WELL_MEANT, None], call=None)
    rehearsal.tell("interview.conflicted", about(rehearsal, conflict_id="c1", cause="room"))
    until_owed(until_owed(rehearsal, "choose_slot"), "call")
    assert {spec.params["about"] for spec in asked(rehearsal, "call")} == {"silent_choose_slot"} or asked(rehearsal, "call")
    check(rehearsal)


def test_another_interviewer_when_decided_then_the_chair_is_given_on() -> None:
    rehearsal = second_round(interview_conflict={"decision": "replace"})
    out = stands(rehearsal).panel[0]
    rehearsal.tell("interview.conflicted", about(rehearsal, conflict_id="c1", cause="busy", person_id=str(out)))
    play(rehearsal, 3)
    assert [body.out_id for body in facts(rehearsal, "scheduling.replace")] == [out]
    assert out not in stands(rehearsal).panel and told(rehearsal, "cancelled_panel")


def test_an_unread_calendar_when_the_person_sits_in_the_panel_then_it_is_asked_about_until_it_can_be_read() -> None:
    rehearsal = booked(interview_conflict=None)
    who = str(stands(rehearsal).panel[0])
    rehearsal.tell("calendar.failed", {"person_id": str(person("director"))})
    rehearsal.tell("calendar.failed", {"person_id": who})
    play(rehearsal, 0.1)
    assert [spec.params["owner_id"] for spec in asked(rehearsal, "interview_conflict")] == [who]
    rehearsal.tell("calendar.read", {"person_id": who})
    play(rehearsal, 0.1)
    assert not rehearsal.state.of_kind("interview_conflict")


@pytest.mark.parametrize("keep", ["wall", "instant"])
def test_new_zone_rules_when_they_touch_the_appointment_then_a_person_says_what_was_meant(keep: str) -> None:
    rehearsal = booked(interview_touched={"decision": keep})
    old = stands(rehearsal)
    later = (old.starts_at + HOUR).isoformat()  # type: ignore[operator]
    rehearsal.tell("interview.touched", about(rehearsal, reason="zone_rules", starts_at=old.starts_at.isoformat(), starts_at_now=later))  # type: ignore[union-attr]
    play(rehearsal, 3)
    assert [body.keep for body in facts(rehearsal, "scheduling.settle_touched")] == [keep]
    assert (stands(rehearsal).starts_at != old.starts_at) == (keep == "wall") and stands(rehearsal).version == old.version + 1


def test_a_holiday_when_published_over_the_appointment_then_it_is_a_conflict_like_any_other() -> None:
    rehearsal = booked(interview_conflict=None)
    rehearsal.tell("interview.touched", about(rehearsal, reason="holiday", person_id=str(person("candidate"))))
    play(rehearsal, 0.1)
    assert [spec.params["why"] for spec in asked(rehearsal, "interview_conflict")] == ["holiday"]


def test_an_invitation_when_declined_then_another_takes_the_chair_or_other_times_are_offered() -> None:
    rehearsal = second_round()
    out = stands(rehearsal).panel[0]
    rehearsal.tell("invitation.answered", about(rehearsal, person_id=str(out), answer="declined"))
    play(rehearsal, 0.1)
    assert out not in stands(rehearsal).panel
    first = stands(rehearsal).id
    rehearsal.tell("invitation.answered", about(rehearsal, person_id=str(person("candidate")), answer="declined"))
    until_owed(rehearsal, "choose_slot")
    assert rehearsal.state.interview is not None and rehearsal.state.interview.id != first and told(rehearsal, "cancelled")
    check(rehearsal)


def test_an_invitation_when_it_answers_an_older_version_or_accepts_then_nothing_changes() -> None:
    rehearsal = booked()
    was = stands(rehearsal)
    rehearsal.tell("invitation.answered", {**about(rehearsal, person_id=str(person("candidate")), answer="declined"), "version": was.version - 1})
    rehearsal.tell("invitation.answered", about(rehearsal, person_id=str(person("candidate")), answer="accepted"))
    play(rehearsal, 0.1)
    assert stands(rehearsal) == was


def test_another_time_when_proposed_in_the_calendar_then_only_that_time_is_looked_for() -> None:
    rehearsal = booked(interview_conflict={"decision": "move"}, choose_slot=[WELL_MEANT, None])
    wish = {"starts_at": (rehearsal.now + timedelta(days=5)).isoformat(), "ends_at": (rehearsal.now + timedelta(days=5, hours=1)).isoformat()}
    rehearsal.tell("invitation.answered", about(rehearsal, person_id=str(person("candidate")), answer="counter", **wish))
    until_owed(rehearsal, "choose_slot")
    offers = facts(rehearsal, "scheduling.offer_slots")
    assert not offers[0].candidate_open and [one.starts_at.isoformat() for one in offers[-1].candidate_open] == [wish["starts_at"]]
    assert offers[-1].interview_id == offers[0].interview_id


def test_a_candidate_who_can_not_come_again_and_again_talks_to_a_person_before_more_times_are_offered() -> None:
    rehearsal = booked(call=None)
    for n in range(3):
        rehearsal.tell("invitation.answered", about(rehearsal, person_id=str(person("candidate")), answer="declined"), tag=f"no{n}")
        while rehearsal.state.interview is not None and rehearsal.state.interview.starts_at is None and not rehearsal.state.of_kind("call"):
            assert rehearsal.step()
        play(rehearsal, 0.01)
        while not rehearsal.state.of_kind("call") and (rehearsal.state.interview is None or rehearsal.state.interview.starts_at is None):
            assert rehearsal.step()
    assert [spec.params.get("reason") for spec in asked(rehearsal, "call")] == ["too_many_changes"]


def test_taps_when_both_sides_are_there_then_nobody_is_asked_any_more() -> None:
    both = (2 * HOUR + timedelta(minutes=58), {"result": "both"})
    rehearsal = booked(presence=both, presence_panel=both, attendance=None, scorecard=None, **PRESENT)
    start = stands(rehearsal).starts_at
    rehearsal.run(until=start + timedelta(minutes=40))  # type: ignore[operator]
    assert {spec.holder.role for kind in ("presence", "presence_panel") for spec in asked(rehearsal, kind)} == {"candidate", "interviewer"}
    taps = facts(rehearsal, "scheduling.tap")
    assert taps and all(one.here and one.other for one in taps) and [body.result for body in facts(rehearsal, "scheduling.attend")] == ["both"]
    assert not asked(rehearsal, "attendance")
    check(rehearsal)


def test_a_tap_when_the_other_side_is_not_there_then_the_recruiter_finds_out_and_nobody_is_absent_by_one_word() -> None:
    late = (3 * HOUR + timedelta(minutes=5), {"result": "alone"})
    rehearsal = booked(presence=late, presence_panel=None, attendance=None, scorecard=None, **PRESENT)
    rehearsal.run(until=stands(rehearsal).starts_at + timedelta(minutes=40))  # type: ignore[operator]
    assert [one.other for one in facts(rehearsal, "scheduling.tap")] == [False]
    assert asked(rehearsal, "attendance") and not facts(rehearsal, "scheduling.attend")
    check(rehearsal)


def test_a_tap_when_the_candidate_can_not_come_then_other_times_are_offered_before_it_begins() -> None:
    rehearsal = booked(presence=[(HOUR, {"result": "cannot"}), None], presence_panel=None, attendance=None, scorecard=None, **PRESENT)
    rehearsal.run(until=stands(rehearsal).starts_at + timedelta(hours=1))  # type: ignore[operator]
    assert [body.reason for body in facts(rehearsal, "scheduling.cancel")] == ["cannot_come"]
    assert "candidate" not in {one.side for one in facts(rehearsal, "scheduling.tap")} and len(facts(rehearsal, "scheduling.offer_slots")) == 2
    check(rehearsal)


@pytest.mark.parametrize(("ruling", "ended"), [("again", False), ("end", True)])
def test_absences_when_the_policys_number_is_reached_then_a_person_rules(ruling: str, ended: bool) -> None:
    rehearsal = booked(attendance=[(timedelta(0), {"result": "candidate_absent"}), None], scorecard=None, no_show_ruling={"decision": ruling},
                       modes={"interviews": {"max_no_shows": 2}})
    rehearsal.run(until=stands(rehearsal).starts_at + timedelta(minutes=11))  # type: ignore[operator]
    while len(offers := facts(rehearsal, "scheduling.offer_slots")) < 2:
        assert rehearsal.step()
    assert [one.max_no_shows for one in offers] == [2, 2]
    rehearsal.tell("slots.unavailable", {"interview_id": str(offers[-1].interview_id), "reason": "no_show_cap"}, at=rehearsal.now)
    while not asked(rehearsal, "no_show_ruling"):
        assert rehearsal.step()
    play(rehearsal, 3)
    last = facts(rehearsal, "scheduling.offer_slots")[-1]
    assert (rehearsal.state.stage == "closed") == ended and (last.max_no_shows is None) == (not ended)


def test_limits_when_the_policy_names_them_then_every_offer_and_replacement_keeps_them() -> None:
    keep = {"per_day": 2, "per_week": 6, "buffer_minutes": 15, "lunch": "11:30-14:00", "focus": ["WED 09:00-12:00"]}
    rehearsal = booked(modes={"interviews": {"limits": keep, "hold": "24 h", "max_no_shows": 1}})
    (offer,) = facts(rehearsal, "scheduling.offer_slots")
    assert offer.limits is not None and (offer.limits.per_day, offer.limits.lunch, offer.limits.focus) == (2, "11:30-14:00", ["WED 09:00-12:00"])
    assert (offer.hold_minutes, offer.max_no_shows) == (1440, 1)
    plain = facts(booked(), "scheduling.offer_slots")[0]
    assert plain.limits is None and plain.hold_minutes is None and plain.max_no_shows is None
