"""The door's pure rules: references, ranks, digests, grants, guards, and foreign bodies as our own."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from services.intake.callers import Callers
from services.intake.digest import digest_of
from services.intake.domain import Reference, as_code, disclosure_refusal, joined_facts, minted, protected_until, rank, reference
from services.intake.foreign import APPLICATION, body_of, event_of_file
from services.intake.skills import normal_skills
from shared.contracts.application import Facts
from shared.contracts.envelope import Envelope, EnvelopeError
from shared.contracts.inbound import ApplicationSubmitted, RequisitionRaisedV1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("R-118", Reference("requisition", "urn:jobs", "R-118")),
        ("urn:ats#R-118", Reference("requisition", "urn:ats", "R-118")),
        ("https://ats.example.com/#/x#R-1", Reference("requisition", "https://ats.example.com/#/x", "R-1")),
        ("#R-118", Reference("requisition", "urn:jobs", "#R-118")),
    ],
)
def test_reference_when_said_with_or_without_source_then_understood(said: str, expected: Reference) -> None:
    assert reference("requisition", "urn:jobs", said) == expected


def test_rank_when_sequence_is_given_then_before_time() -> None:
    early, late = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)
    ranks = [rank(Envelope("1", "s", "t", b"", time=at, sequence=n)) for at, n in [(early, ""), (late, ""), (early, "9"), (early, "10")]]
    assert ranks == sorted(ranks) and len(set(ranks)) == 4


def test_digest_when_only_the_spacing_differs_then_same() -> None:
    assert digest_of(Envelope("1", "s", "t", b'{"a": 1}')) == digest_of(Envelope("1", "s", "t", b'{"a":1}'))
    assert digest_of(Envelope("1", "s", "t", b'{"a": 1}')) != digest_of(Envelope("1", "s", "t", b'{"a": 2}'))


def test_id_when_mentioned_or_registered_then_the_same() -> None:
    assert minted("person", "s", "zhou-min") == minted("person", "s", "zhou-min") != minted("person", "other", "zhou-min")


def test_facts_when_two_files_join_then_all_skills_and_the_greater_numbers() -> None:
    one, two = Facts(skills=["a"], years=3, degree_level=None, confidence={"years": 0.5}), Facts(skills=["b", "a"], years=5, degree_level=4)
    joined = joined_facts(one, two)
    assert (joined.skills, joined.years, joined.degree_level, joined.confidence) == (["a", "b"], 5, 4, {"years": 0.5})


@pytest.mark.parametrize(
    ("level", "consented", "agreement", "off_limits", "expected"),
    [
        ("named", True, True, "", ""),
        ("named", False, True, "", "no_consent"),
        ("named", True, False, "", "no_data_agreement"),
        ("blind", False, False, "", ""),
        ("blind", True, True, "same_group", "same_group"),
    ],
)
def test_disclosure_when_something_stands_against_it_then_says_what(
    level: str, consented: bool, agreement: bool, off_limits: str, expected: str,
) -> None:
    assert disclosure_refusal(level=level, consented=consented, agreement=agreement, off_limits=off_limits) == expected


def test_protection_when_opened_on_a_leap_day_then_twelve_months() -> None:
    assert protected_until(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2029, 2, 28, tzinfo=UTC)


def test_reason_when_free_words_then_not_repeated() -> None:
    assert as_code("filled_elsewhere") == "filled_elsewhere"
    assert as_code("Lin Yue said no") == as_code("林悦") == ""


def test_skills_when_written_in_two_languages_then_one_id() -> None:
    assert normal_skills(["运动控制", "Motion Control", "skill:plc", "Weaving"]) == ["skill:motion-control", "skill:plc", "skill:x-weaving"]


def test_caller_when_token_is_bound_then_only_its_source_and_types() -> None:
    callers = Callers({"abc": {"name": "jobs", "source": "urn:jobs", "types": ["application.*", "command.act"], "roles": ["publisher"]}})
    caller = callers.find("Bearer abc")
    assert caller is not None and callers.find("Bearer abd") is None and callers.find("abc") is None
    assert caller.refusal(Envelope("1", "urn:jobs", "baton.application.submitted", b"")) == ""
    assert "bound to source" in caller.refusal(Envelope("1", "urn:other", "baton.application.submitted", b""))
    assert "no grant" in caller.refusal(Envelope("1", "urn:jobs", "baton.client.registered", b""))
    assert "operator" in caller.refusal(Envelope("1", "urn:jobs", "baton.command.act", b""))


def test_greenhouse_when_a_new_application_then_one_of_ours() -> None:
    hook = {"action": "new_candidate_application", "payload": {"application": {
        "id": 7, "applied_at": "2026-09-03T01:00:00Z", "jobs": [{"id": 3, "requisition_id": "R-1"}],
        "candidate": {"first_name": "Ada", "last_name": "Brook", "email_addresses": [{"value": "no mail"}, {"value": "Ada@example.com"}],
                      "phone_numbers": [{"value": "+15555550100"}]}}}}  # fmt: skip
    body = body_of(Envelope("1", "urn:gh", APPLICATION, json.dumps(hook).encode(), dataschema="https://developers.greenhouse.io/webhooks.html"))
    assert isinstance(body, ApplicationSubmitted) and body.person is not None
    assert (body.externalid, body.requisition, body.person.name, body.person.email) == ("7", "R-1", "Ada Brook", "ada@example.com")
    hook["action"] = "offer_created"
    with pytest.raises(EnvelopeError) as refused:
        body_of(Envelope("1", "urn:gh", APPLICATION, json.dumps(hook).encode(), dataschema="https://developers.greenhouse.io/webhooks.html"))
    assert refused.value.code == "unsupported_action"


def test_json_resume_when_sent_as_it_is_then_applies_to_the_subject() -> None:
    resume = json.dumps({"basics": {"name": "Ada Brook"}}).encode()
    schema = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
    body = body_of(Envelope("1", "urn:x", APPLICATION, resume, subject="requisition/R-1", dataschema=schema))
    assert isinstance(body, ApplicationSubmitted) and body.requisition == "R-1" and body.resume == {"basics": {"name": "Ada Brook"}}
    with pytest.raises(EnvelopeError) as refused:
        body_of(Envelope("1", "urn:x", APPLICATION, resume, dataschema=schema))
    assert refused.value.code == "no_requisition"


def test_posting_when_handed_over_as_a_file_then_a_requisition_with_soft_rules() -> None:
    posting = {"@type": "JobPosting", "title": "Engineer", "skills": ["C++"], "experienceRequirements": "3+ years", "baseSalary": 120000, "salaryCurrency": "EUR"}
    body = body_of(event_of_file("job.json", json.dumps(posting).encode(), source="urn:x", requisition="R-7"))
    assert isinstance(body, RequisitionRaisedV1)
    assert (body.externalid, body.client, body.salary_min, body.currency) == ("R-7", "org:unnamed", 10000, "EUR")
    assert [(rule.rule, rule.hard) for rule in body.rules] == [("has_skill", False), ("min_years", False)]
