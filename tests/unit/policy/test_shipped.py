"""The policies that come along: complete, lawful by their own lints, and a version that hashes the meaning."""
import re
from importlib.resources import files

import jsonschema
import pytest
from ruamel.yaml import YAML

from shared.policy.due import plan
from shared.policy.kinds import KINDS
from shared.policy.loader import available_calendars, load_calendar, load_policy, shipped_policy
from shared.policy.model import Policy
from shared.policy.roles import OUTSIDERS
from shared.policy.rules import faults

SHIPPED = ["agency-cn", "inhouse-cn"]
MINE = "policy: mine\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\n"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_kind_is_there_and_no_lint_speaks(name: str) -> None:
    policy = shipped_policy(name)
    assert KINDS <= set(policy.obligations)
    assert {f"checkin_{day}" for day in policy.onboarding.checkins} <= set(policy.obligations)
    assert list(faults(policy, available_calendars())) == []
    assert policy.auto_reject == "off"
    assert "counsel" in policy.note


@pytest.mark.parametrize("name", SHIPPED)
def test_every_kind_can_be_planned(name: str, cn, at) -> None:
    policy = shipped_policy(name)
    names = ("slot", "start", "interview_end", "probation_end", "guarantee_end", "last_day")
    anchors = dict.fromkeys(names, at("2026-11-16 09:00"))
    for kind, entry in policy.obligations.items():
        ower = entry.ower if entry.ower in ("candidate", "new_hire", "client") else "staff"
        planned = plan(policy, kind, opened_at=at("2026-09-11 10:00"), calendar=cn, party_class=ower, anchors=anchors)
        assert planned.due_at > planned.opened_at, kind
        assert [rung.n for rung in planned.rungs] == list(range(1, len(planned.rungs) + 1)), kind
        assert planned.rungs, kind


@pytest.mark.parametrize("name", SHIPPED)
def test_no_person_is_climbed_and_only_five_kinds_do_not_hold_the_baton(name: str) -> None:
    policy = shipped_policy(name)
    assert {kind for kind, entry in policy.obligations.items() if not entry.blocking} == {"call", "keep_warm", "kickoff", "presence", "presence_panel", "silence_guard"}
    for kind, entry in policy.obligations.items():
        if set(entry.owed_by) & OUTSIDERS:
            assert not [act for step in entry.silence for act in step.do if act.do in ("climb", "transfer")], kind


def test_consents_are_given_by_the_person_only() -> None:
    policy = shipped_policy("agency-cn")
    assert {kind for kind, entry in policy.obligations.items() if entry.on_behalf == "never"} == {
        "represent_consent", "check_consent", "pool_consent",
    }
    assert policy.obligation("offer_answer").on_behalf == "with_evidence"


def test_the_clock_of_what_is_asked_outside_starts_with_delivery() -> None:
    policy = shipped_policy("agency-cn")
    started_by_delivery = {kind for kind, entry in policy.obligations.items() if entry.opens == "delivery"}
    assert {"choose_slot", "client_verdict", "offer_answer", "introduction_claim", "represent_consent"} <= started_by_delivery
    assert "scorecard" not in started_by_delivery


def test_the_two_policies_differ_in_who_is_the_employer() -> None:
    agency, house = (shipped_policy(name) for name in SHIPPED)
    assert (agency.offers.offer_by, house.offers.offer_by) == ("client", "us")
    assert agency.version != house.version
    assert house.obligation("client_verdict").ower == "hiring_manager"


def test_undo_windows_are_minutes_and_none_for_slots_attendance_approvals() -> None:
    policy = shipped_policy("agency-cn")
    assert policy.undo_seconds("hire_decision") == 600
    assert [policy.undo_seconds(kind) for kind in ("choose_slot", "attendance", "approve_offer")] == [0, 0, 0]


def test_an_approval_is_needed_above_the_band_or_where_the_pay_is_unknown() -> None:
    approval = shipped_policy("agency-cn").offers.approvals[0]
    assert approval.holds({"salary": 51, "band.max": 50})
    assert not approval.holds({"salary": 50, "band.max": 50})
    assert approval.holds({"band.max": 50})
    assert approval.chain == ("department_head", "finance")


def test_a_short_policy_says_only_what_differs() -> None:
    policy = load_policy(MINE + "obligations:\n  scorecard: {within: 2 wd}\nladders:\n  calm: []\n")
    assert str(policy.obligation("scorecard").within) == "2 wd"
    assert policy.obligation("scorecard").ower == "interviewer"
    assert {"calm", "standard"} <= set(policy.ladders)


def test_the_version_hashes_the_meaning_not_the_bytes() -> None:
    body = "obligations:\n  scorecard: {within: 2 wd, ladder: once}\n  resigned: {within: due + 4 wh}\n".replace("due + 4 wh", "4 wh")
    same = "# a remark\nobligations:\n  resigned:\n    within: '4wh'\n  scorecard:\n    ladder: once\n    within: 2  wd\n"
    assert load_policy(MINE + body).version == load_policy(MINE + same).version
    assert load_policy(MINE + body).version != load_policy(MINE + body.replace("2 wd", "3 wd")).version


def test_a_policy_survives_the_journey_as_json() -> None:
    policy = shipped_policy("agency-cn")
    again = Policy.model_validate_json(policy.model_dump_json())
    assert again.version == policy.version
    assert again == policy


def test_the_example_of_the_papers_loads() -> None:
    policy = load_policy(EXAMPLE)
    assert re.fullmatch(r"[0-9a-f]{16}", policy.version)
    assert [plan.panel for plan in policy.stage_plans["engineer"].rounds] == [
        ("recruiter",), ("pool backend", "pool backend"), ("hiring_manager",),
    ]
    assert load_calendar(policy.calendar).zone == policy.zone


@pytest.mark.parametrize("text", [*(f"{name}.yaml" for name in SHIPPED), "example"])
def test_the_json_schema_accepts_what_the_loader_accepts(text: str) -> None:
    written = EXAMPLE if text == "example" else files("shared.policy").joinpath("shipped", text).read_text("utf-8")
    schema = Policy.model_json_schema()
    jsonschema.validate(YAML(typ="safe").load(written), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(YAML(typ="safe").load(written.replace("offer_by: ", "offer_by: not_")), schema)


EXAMPLE = """\
policy: agency-cn
calendar: CN                      # named working calendar, versioned, complete_until
zone: Asia/Shanghai
jurisdiction: CN                  # which lints and defaults of law apply
windows: {sms: "09:00-20:00", mail: "08:30-21:00", call: ["12:00-13:30", "18:30-20:30"]}     # in the recipient's zone
budgets: {candidate: {per_day: 1, per_week: 3}, client_contact: {digest: "09:30"}, interviewer: {per_day: 2}}
auto_reject: off
tiers:
  strategic: {first_shortlist: {within: 5 wd}, client_question: {within: 4 wh}}
  ordinary:  {first_shortlist: {within: 10 wd}, client_question: {within: 2 wd}}
ladders:
  standard: [{at: 50%, do: remind}, {at: due, do: remind}, {at: due + 4 wh, do: climb}]     # climb: by party class
obligations:
  scorecard:   {within: next wd 12:00, ladder: standard, silence: {at: due + 1 wd, do: lapse}}
  choose_slot: {within: "later of (24 h, next wd 20:00)", never_after: slot - 4 wh, silence: {at: due, do: [release_slots, call]}}
stage_plans:
  engineer:
    rounds:
      - {name: phone screen, kit: motivation, panel: [recruiter], minutes: 30}
      - {name: technical, kit: system design, panel: [pool backend, pool backend], minutes: 60}
      - {name: final, kit: culture, panel: [hiring manager], minutes: 45}
offers: {offer_by: us, approvals: [{when: salary > band.max, chain: [department head, finance]}], expires: "5 wd 20:00"}
onboarding: {checkins: [1, 7, 30, 60, 90]}
undo: {client_verdict: 10 min, hire_decision: 10 min}
"""
