"""The story from the first verdict to day 90, agency and in-house, and its ways out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.contracts.hire import HireClosed
from shared.contracts.party import Absence
from tests.unit.workflows.paper import asked, began, check, facts, hire, told, until_owed, until_stage
from workflows.hire.facts import FACT_TYPES
from workflows.hire.printer import person
from workflows.hire.table import STAGES, TABLE
from workflows.rehearsal import Rehearsal


def stages(rehearsal: Rehearsal) -> list[str]:
    return [body.stage for body in facts(rehearsal, "stage.entered")]


def outcome(rehearsal: Rehearsal) -> str:
    closed: list[HireClosed] = facts(rehearsal, "hire.closed")
    assert len(closed) == 1
    return closed[0].outcome


def test_table_when_read_then_every_stage_has_a_rule_for_every_fact() -> None:
    missing = [(stage, fact) for stage in STAGES for fact in FACT_TYPES if (stage, fact) not in TABLE]
    assert not missing and len(TABLE) == len(STAGES) * len(FACT_TYPES)


@pytest.mark.parametrize(("policy", "way"), [
    ("agency-cn", ["submission", "interviewing", "deciding", "offering", "joining", "settling", "closed"]),
    ("inhouse-cn", ["interviewing", "deciding", "offering", "joining", "settling", "closed"])])
def test_a_good_hire_when_everybody_answers_then_it_settles_at_day_90(policy: str, way: list[str]) -> None:
    rehearsal = began(policy)
    rehearsal.run()
    check(rehearsal)
    assert stages(rehearsal) == way and outcome(rehearsal) == "settled"
    start = facts(rehearsal, "hire.started")[0].start_at
    assert rehearsal.now - start >= timedelta(days=89)
    assert {spec.kind for spec in asked(rehearsal, "checkin_90")} == {"checkin_90"} and len(asked(rehearsal, "checkin_90")) == 2


def test_two_runs_when_the_same_happens_then_every_id_is_the_same() -> None:
    runs = []
    for _ in range(2):
        rehearsal = began()
        rehearsal.run()
        runs.append([(sent.body.TYPE, str(sent.event_id), sent.body.subject(), sent.ordinal) for sent in rehearsal.log])
    assert runs[0] == runs[1]


def test_the_same_fact_when_taken_twice_then_nothing_changes() -> None:
    rehearsal = began()
    until_owed(rehearsal, "client_verdict")
    fact = rehearsal.tell("disclosure.made", {"disclosure": {"disclosure_id": str(person("again"))}})
    rehearsal.take(fact)
    before = (rehearsal.state.model_dump_json(), len(rehearsal.log))
    rehearsal.take(fact)
    assert (rehearsal.state.model_dump_json(), len(rehearsal.log)) == before


def test_screening_when_passed_then_nobody_has_to_look() -> None:
    rehearsal = began(verdict="screening.passed")
    rehearsal.step()
    assert rehearsal.state.stage == "submission" and not asked(rehearsal, "review_application")


def test_screening_when_failed_then_a_person_decides_and_the_result_is_told() -> None:
    rehearsal = began(verdict="screening.failed")
    rehearsal.run()
    check(rehearsal)
    assert outcome(rehearsal) == "rejected"
    assert [message.purpose for message in told(rehearsal, "rejection")] == ["result"]
    assert facts(rehearsal, "decision.made")[0].decision == "reject"


def test_a_defect_when_the_document_is_unreadable_then_it_is_owed_beside_the_review_and_met_by_a_new_file() -> None:
    rehearsal = hire(review_application=None)
    rehearsal.tell("screening.uncertain", {"defect": "unreadable"})
    rehearsal.step()
    assert {owed.kind for owed in rehearsal.state.owed.values()} >= {"review_application", "data_defect"}
    rehearsal.tell("application.changed", {})
    rehearsal.step()
    assert not rehearsal.state.of_kind("data_defect")
    assert [body.kind for body in facts(rehearsal, "obligation.met")] == ["data_defect"]


def test_a_review_when_nobody_answers_then_it_climbs_to_operators_and_nobody_is_rejected() -> None:
    rehearsal = began(review_application=None)
    rehearsal.run(until=rehearsal.now + timedelta(days=30))
    check(rehearsal)
    holders = [spec.holder for spec in asked(rehearsal, "review_application")]
    assert [holder.person_id for holder in holders[:3]] == [person("recruiter"), person("lead"), person("director")]
    assert holders[3].role == "operators" and rehearsal.state.outcome is None
    assert [spec.previous_holder.person_id for spec in asked(rehearsal, "review_application")[1:3]] == [person("recruiter"), person("lead")]


def test_consent_when_refused_then_nothing_was_ever_disclosed() -> None:
    rehearsal = began(represent_consent={"decision": "no"})
    rehearsal.run()
    assert outcome(rehearsal) == "withdrawn" and not facts(rehearsal, "intake.disclose")


def test_consent_when_never_answered_then_a_person_calls_once_and_nothing_is_submitted() -> None:
    rehearsal = began(represent_consent=None)
    rehearsal.run()
    check(rehearsal)
    assert outcome(rehearsal) == "withdrawn" and not facts(rehearsal, "candidate.submitted")
    assert asked(rehearsal, "call")[0].params["serves_kind"] == "represent_consent"


def test_a_sourced_person_when_the_hire_begins_then_a_person_speaks_first() -> None:
    rehearsal = began(origin="sourced")
    until_owed(rehearsal, "interest")
    assert asked(rehearsal, "call")[0].params["about"] == "first_contact"
    assert not told(rehearsal, "receipt")


def test_the_submission_guard_when_it_refuses_then_the_recruiter_hears_and_the_hire_ends() -> None:
    rehearsal = began()
    until_owed(rehearsal, "candidate_report")
    rehearsal.tell("intake.command_refused", {"command_id": "x", "command_type": "baton.intake.disclose", "reason": "same_group"})
    rehearsal.run()
    check(rehearsal)
    assert outcome(rehearsal) == "refused" and told(rehearsal, "refused")


def test_the_clients_no_when_given_then_the_candidate_is_told() -> None:
    rehearsal = began(client_verdict={"decision": "refused", "reason_code": "experience"})
    rehearsal.run()
    assert outcome(rehearsal) == "refused" and len(told(rehearsal, "rejection")) == 1


def test_slots_when_none_fits_then_a_person_calls_and_new_times_are_sought() -> None:
    rehearsal = began(choose_slot=[{"slot": "none"}, (timedelta(hours=1), {"slot": None})])
    until_stage(rehearsal, "interviewing")
    until_owed(rehearsal, "call")
    for _ in range(60):
        rehearsal.step()
        if len(facts(rehearsal, "scheduling.offer_slots")) == 2:
            break
    assert facts(rehearsal, "scheduling.release") and len(facts(rehearsal, "scheduling.offer_slots")) == 2


def test_slots_when_nobody_chooses_then_they_are_freed_only_after_the_ask_is_closed() -> None:
    rehearsal = began(choose_slot=None)
    until_stage(rehearsal, "interviewing")
    for _ in range(80):
        rehearsal.step()
        if facts(rehearsal, "scheduling.release"):
            break
    kinds = [sent.body.TYPE for sent in rehearsal.log]
    assert kinds.index("baton.notification.close_ask") < kinds.index("baton.obligation.lapsed") < kinds.index("baton.scheduling.release")


def test_an_interviewer_when_away_before_the_panel_then_another_sits_there_and_each_is_told_once() -> None:
    rehearsal = began()
    until_stage(rehearsal, "interviewing")
    while rehearsal.state.round < 2 or rehearsal.state.interview is None or rehearsal.state.interview.version == 0:
        rehearsal.step()
    out = rehearsal.state.interview.panel[0]
    rehearsal.tell("interviewer.away", {"person_id": str(out), "reason": "left"})
    rehearsal.step()
    rehearsal.step()
    assert rehearsal.state.interview.version == 2 and out not in rehearsal.state.interview.panel
    mine = [message for message in told(rehearsal, "invitation") if message.refs[0].id == rehearsal.state.interview.id]
    assert [message.refs[0].version for message in mine] == [1, 2]
    assert [message.party.person_id for message in told(rehearsal, "cancelled_panel")] == [out]
    rehearsal.run()
    check(rehearsal)
    assert outcome(rehearsal) == "settled"


@pytest.mark.parametrize("left", [True, False])
def test_an_interviewer_when_gone_then_nobody_else_gets_the_cancellation_of_their_calendar(left: bool) -> None:
    rehearsal = began()
    until_stage(rehearsal, "interviewing")
    while rehearsal.state.round < 2 or rehearsal.state.interview is None or rehearsal.state.interview.version == 0:
        rehearsal.step()
    out, stands_in = rehearsal.state.interview.panel[0], person("manager")
    away = [Absence(starts_at=rehearsal.now, ends_at=rehearsal.now + timedelta(days=9))]
    record = rehearsal.directory.people[out]
    rehearsal.directory.people[out] = record.model_copy(
        update={"delegate_id": stands_in, **({"left_at": rehearsal.now} if left else {"absences": away})})
    rehearsal.tell("interviewer.away", {"person_id": str(out), "reason": "left"})
    rehearsal.step()
    rehearsal.step()
    assert [message.party.person_id for message in told(rehearsal, "cancelled_panel")] == ([] if left else [out])


def test_cards_when_one_is_missing_then_all_are_opened_without_it() -> None:
    rehearsal = began(scorecard=None)
    until_owed(rehearsal, "round_verdict")
    assert [body.kind for body in facts(rehearsal, "obligation.lapsed")].count("scorecard") == 1
    assert facts(rehearsal, "screening.reveal")


def test_a_round_when_failed_then_the_words_come_from_a_person_and_the_plain_text_where_nobody_writes() -> None:
    for words, purpose in ((None, "plain_rejection"), ({"done": "yes"}, "result")):
        rehearsal = began(round_verdict={"decision": "fail"}, rejection_words=words)
        rehearsal.run()
        check(rehearsal)
        assert outcome(rehearsal) == "rejected"
        assert [message.purpose for message in told(rehearsal, "rejection")] == [purpose]


def test_a_decision_when_reserve_then_it_ends_so_and_the_candidate_hears() -> None:
    rehearsal = began(hire_decision={"decision": "reserve"})
    rehearsal.run()
    assert outcome(rehearsal) == "reserve" and len(told(rehearsal, "reserve")) == 1


def test_the_word_after_an_interview_when_the_recruiter_gives_it_then_the_candidate_has_it_in_writing() -> None:
    rehearsal = began(round_verdict=None)
    until_owed(rehearsal, "round_verdict")
    rehearsal.run(until=rehearsal.now + timedelta(hours=4))
    words = told(rehearsal, "interim")
    assert [message.party.person_id for message in words] == [person("candidate")] and words[0].params["next_word"]


def test_the_word_after_an_interview_when_a_no_waits_for_its_words_then_the_promise_of_24_hours_is_kept() -> None:
    slow = (timedelta(days=3), {"done": "yes"})
    rehearsal = began(round_verdict={"decision": "fail"}, word_after_interview=None, rejection_words=slow)
    rehearsal.directory.policy.obligations["rejection_words"] = rehearsal.directory.policy.obligations["rejection_words"].model_copy(
        update={"silence": ()})
    try:
        until_owed(rehearsal, "rejection_words")
        ended = rehearsal.state.interview.ends_at
        rehearsal.run()
    finally:
        from shared.policy.loader import shipped_policy

        shipped_policy.cache_clear()
    check(rehearsal)
    said = [sent.at for sent in rehearsal.log if getattr(getattr(sent.body, "message", None), "template", "") in ("interim", "rejection")]
    assert said and min(said) <= ended + timedelta(hours=24)
    assert outcome(rehearsal) == "rejected"


def test_a_call_when_it_is_owed_then_no_quiet_hour_is_broken_for_it() -> None:
    rehearsal = began(represent_consent=None)
    until_owed(rehearsal, "call")
    orders = [sent.body for sent in rehearsal.log if sent.body.TYPE == "baton.notification.ask" and sent.body.spec.kind == "call"]
    assert orders and not orders[0].message.urgent


def test_a_verdict_when_the_client_knew_the_person_before_then_our_director_rules_on_it():
    rehearsal = began(client_verdict={"decision": "refused", "reason_code": "known", "known_since": "2026-03-02"}, ownership_ruling=None)
    until_owed(rehearsal, "ownership_ruling")
    assert rehearsal.state.outcome == "refused", "the refusal stands meanwhile"
    assert asked(rehearsal, "ownership_ruling")[0].holder.role == "director"
