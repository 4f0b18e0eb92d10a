"""A round that several candidates take together: one session for the panel, a place of one's own for each candidate."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.notification import Tell
from shared.policy.loader import PolicyError, load_policy, shipped_text
from tests.unit.workflows.paper import GROUP_PLAN, IN_A_GROUP, WELL_MEANT, asked, booked, check, facts, hire, told, until_owed
from workflows.hire.printer import person
from workflows.hire.stages.sessions import ref_of as session_of
from workflows.hire.state import Interview
from workflows.rehearsal import HOUR, Rehearsal

DAYS = ["2027-03-13", "2027-03-16"]


def seated(**ideas: Any) -> tuple[Rehearsal, Interview]:
    """A hire with a chair in a session to come."""
    rehearsal = booked(**{**IN_A_GROUP, **ideas})
    interview = rehearsal.state.interview
    assert interview is not None and interview.session is not None
    return rehearsal, interview


def on_days(days: list[str], hours: str = "09:30-12:00") -> dict[str, Any]:
    rounds = [{**GROUP_PLAN["engineer"]["rounds"][0], "group": {"capacity": 6, "days": days, "hours": hours}}]
    return {"modes": {"stage_plans": {"engineer": {"rounds": rounds}}}}


def commands(rehearsal: Rehearsal, template: str) -> list[tuple[Any, Any]]:
    return [(sent.event_id, sent.body.message) for sent in rehearsal.log if isinstance(sent.body, Tell) and sent.body.message.template == template]


def test_a_session_when_offered_then_scheduling_is_told_of_its_chairs_and_of_the_days_that_the_policy_names() -> None:
    rehearsal = booked(**on_days(DAYS))
    group = facts(rehearsal, "scheduling.offer_slots")[0].group
    assert group.capacity == 6 and [one.starts_at for one in group.windows] == [
        datetime(2027, 3, 13, 1, 30, tzinfo=UTC), datetime(2027, 3, 16, 1, 30, tzinfo=UTC)], "09:30 in Shanghai"
    (spec,) = asked(rehearsal, "choose_slot")
    assert spec.params["chairs"] == 6 and len(spec.params["slots"]) == 1
    plain = booked()
    assert facts(plain, "scheduling.offer_slots")[0].group is None and "chairs" not in asked(plain, "choose_slot")[0].params


def test_a_session_when_its_days_are_over_then_no_window_is_left_and_a_person_is_asked() -> None:
    rehearsal = booked(**on_days(["2020-01-04"]))
    assert facts(rehearsal, "scheduling.offer_slots")[0].group.windows == []


def test_a_seated_hire_when_booked_then_the_panel_hears_of_the_session_and_never_of_a_candidate() -> None:
    rehearsal, interview = seated()
    invited = commands(rehearsal, "session_panel")
    assert {message.party.person_id for _, message in invited} == set(interview.panel) and not told(rehearsal, "invitation_panel")
    for _, message in invited:
        assert message.occasion == f"{session_of(interview)[0]}/1"
        assert [str(ref["id"] if isinstance(ref, dict) else ref.id) for ref in message.refs] == [session_of(interview)[0]]
        assert str(interview.id) not in message.model_dump_json().replace(str(message.hire_id), "")
    (own,) = told(rehearsal, "invitation")
    assert own.occasion == f"{interview.id}/1" and session_of(interview)[0] not in own.occasion


def test_two_hires_of_one_session_when_both_tell_the_panel_then_it_is_one_message_by_two_commands() -> None:
    session = {"session_id": str(uuid4()), "version": 1, "capacity": 6}
    panel = [str(person("interviewer")), str(person("hiring_manager"))]
    found = []
    for hire_id in (uuid4(), uuid4()):
        rehearsal = hire(choose_slot=None, **IN_A_GROUP)
        rehearsal.state.hire_id = hire_id
        rehearsal.tell("screening.passed")
        until_owed(rehearsal, "choose_slot")
        assert rehearsal.state.interview is not None
        rehearsal.tell("interview.scheduled", {
            "interview_id": str(rehearsal.state.interview.id), "version": 1, "panel": panel, "starts_at": "2027-03-13T01:30:00+00:00",
            "ends_at": "2027-03-13T03:00:00+00:00", "session": session})
        while not told(rehearsal, "invitation"):
            assert rehearsal.step()
        found.append(rehearsal)
    messages = [{message.party.person_id: message.message_id for _, message in commands(one, "session_panel")} for one in found]
    orders = [{event_id for event_id, _ in commands(one, "session_panel")} for one in found]
    assert len(messages[0]) == 2 and messages[0] == messages[1], "the same reader, session and version: the arbiter says it once"
    assert not orders[0] & orders[1]
    assert told(found[0], "invitation")[0].message_id != told(found[1], "invitation")[0].message_id


def test_a_session_when_it_took_place_then_attendance_and_verdict_are_asked_beside_the_others() -> None:
    rehearsal, _ = seated(scorecard=None, session_verdict={"decision": "pass"})
    until_owed(rehearsal, "session_attendance")
    assert not asked(rehearsal, "attendance")
    rehearsal, _ = seated()
    until_owed(rehearsal, "session_verdict")
    assert not asked(rehearsal, "round_verdict") and rehearsal.state.of_kind("session_verdict")[0].role == "hiring_manager"
    rehearsal.run()
    assert rehearsal.state.outcome == "settled"
    check(rehearsal)


def test_a_session_when_one_does_not_come_then_only_this_one_is_called_and_asked_again() -> None:
    rehearsal, before = seated(session_attendance=(HOUR / 12, {"result": "candidate_absent"}), scorecard=None, call=None)
    until_owed(rehearsal, "session_attendance")
    until_owed(rehearsal, "call")
    assert facts(rehearsal, "scheduling.attend")[0].result == "candidate_absent"
    assert rehearsal.state.interview is None and not rehearsal.state.of_kind("scorecard", "session_verdict")
    assert not told(rehearsal, "session_off_panel"), "the others were there"
    assert before.session is not None
    check(rehearsal)


@pytest.mark.parametrize("stands", [True, False])
def test_a_chair_when_left_then_the_panel_hears_of_it_only_when_it_was_the_last_one(stands: bool) -> None:
    rehearsal, interview = seated(choose_slot=[WELL_MEANT, None])
    session = {"session_id": session_of(interview)[0], "version": 1 if stands else 2, "capacity": 6, "stands": stands}
    rehearsal.tell("interview.cancelled", {"interview_id": str(interview.id), "version": 2, "reason": "declined", "session": session})
    rehearsal.step()
    off = told(rehearsal, "session_off_panel")
    assert len(told(rehearsal, "cancelled")) == 1 and not told(rehearsal, "cancelled_panel")
    assert [message.party.person_id for message in off] == ([] if stands else interview.panel)
    assert {message.occasion for message in off} <= {f"{session_of(interview)[0]}/2"}


def test_one_of_the_panel_when_they_decline_the_session_in_their_calendar_then_another_takes_the_chair_for_all() -> None:
    rehearsal, interview = seated()
    gone = interview.panel[0]
    rehearsal.tell("invitation.answered", {
        "interview_id": session_of(interview)[0], "version": session_of(interview)[1], "person_id": str(gone), "answer": "declined"})
    while not told(rehearsal, "session_off_panel"):
        assert rehearsal.step()
    (excused,) = told(rehearsal, "session_off_panel")
    assert excused.party.person_id == gone and excused.occasion == f"{session_of(interview)[0]}/2"
    now = rehearsal.state.interview
    assert now is not None and session_of(now)[1] == 2 and gone not in now.panel
    assert {owed.person for owed in rehearsal.state.of_kind("scorecard")} == set(now.panel)
    assert UUID(str(person("candidate"))) not in now.panel
    check(rehearsal)


@pytest.mark.parametrize(("written", "said"), [
    ("{capacity: 1}", "capacity"), ("{capacity: 6, hours: 12-14}", "09:30-12:00"), ("{capacity: 6, hours: '14:00-12:00'}", "09:30-12:00"),
    ("{capacity: 6, days: [soon]}", "days")])
def test_a_group_when_it_is_written_wrongly_then_the_policy_is_refused_with_what_would_be_right(written: str, said: str) -> None:
    text = shipped_text("campus").replace("panel: [pool engineering, hr], minutes: 90}", f"panel: [hr], minutes: 90, group: {written}}}")
    with pytest.raises(PolicyError) as problem:
        load_policy(text)
    assert said in str(problem.value)
