"""Projections are functions of the archive: whatever the order in which owners' topics arrive, and whatever arrives twice."""

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from services.reporting.folds.all import FOLDS, KEYS, fold
from services.reporting.folds.facts import Fact, scope_of
from services.reporting.folds.legs import holder_at, legs
from services.reporting.reads import in_causal_order
from shared.contracts import obligation
from shared.contracts.envelope import Envelope
from tests.support.reporting_story import BEGIN, HireStory, Teller, records, rejected, settled, uid, waiting


def as_fact(envelope: Envelope) -> Fact:
    return Fact(envelope.id, envelope.source, envelope.type, envelope.subject, int(envelope.sequence), envelope.time.isoformat(),
                envelope.policyversion, envelope.json())


def told(*stories) -> list[Fact]:
    teller = Teller()
    for story in stories:
        story(teller)
    return [as_fact(e) for e in teller.told]


def rows_of(facts: list[Fact], table: str) -> list[dict]:
    return fold(facts)[table]


def duties_of(facts: list[Fact]) -> list[dict]:
    rows = rows_of(facts, "obligations")
    for row in rows:
        for name in ("opened_at", "due_at", "ended_at"):
            row[name] = datetime.fromisoformat(row[name]) if row[name] else None
    return sorted(rows, key=lambda r: r["opened_at"])


def test_fold_when_topics_are_shuffled_then_the_rows_are_the_same():
    facts = told(records, settled, rejected, waiting)
    straight = fold(facts)
    for seed in range(25):
        mixed = list(facts)
        random.Random(seed).shuffle(mixed)
        assert fold(mixed) == straight


def test_fold_when_a_part_is_missing_then_it_never_fails_and_the_whole_has_every_key_of_the_part():
    facts = told(records, settled, rejected, waiting)
    whole = fold(facts)
    for seed in range(25):
        part = random.Random(seed).sample(facts, len(facts) // 2)
        for table, rows in fold(part).items():
            have = {tuple(row[k] for k in KEYS[table]) for row in whole[table]}
            assert {tuple(row[k] for k in KEYS[table]) for row in rows} <= have


def test_hire_when_settled_then_the_row_says_so():
    [row] = rows_of(told(settled), "hires")
    assert (row["stage"], row["outcome"], row["closed_stage"], row["joined"], row["verdict"]) == ("closed", "settled", "settling", "started", "passed")
    stages = rows_of(told(settled), "stages")
    assert [s["stage"] for s in stages if s["left_at"]] == ["screening", "interviewing", "offering", "joining", "settling"]


def test_hire_when_paused_and_resumed_then_it_is_in_the_stage_that_the_pause_lay_over_and_a_second_pause_stands_open():
    teller = Teller()
    story = HireStory(teller, "mo").applies().wait(hours=1).enters("paused")
    seen = []
    for go_on in (lambda: story, lambda: story.wait(hours=1).leaves("paused", "resumed"), lambda: story.wait(hours=1).enters("paused")):
        go_on()
        facts = [as_fact(e) for e in teller.told]
        [row], pauses = rows_of(facts, "hires"), [one for one in rows_of(facts, "stages") if one["stage"] == "paused"]
        seen.append((row["stage"], [one["how"] for one in pauses]))
    assert seen == [("paused", [None]), ("screening", ["resumed"]), ("paused", [None])]


def test_obligation_when_met_late_then_marked_and_ledger_is_one_to_one():
    rows = rows_of(told(settled, rejected, waiting), "obligations")
    assert all(row["opens"] == 1 for row in rows)
    assert Counter((row["ended"], row["late"]) for row in rows) == {("met", False): 3, ("met", True): 1, (None, None): 1}
    late = next(row for row in rows if row["late"])
    assert late["kind"] == "round_verdict" and late["overdue_at"] and late["rule"] == "round_verdict: within 1 wd" and late["policy_version"] == "p1"


def test_message_when_suppressed_then_never_counted_as_sent():
    rows = {row["purpose"]: row for row in rows_of(told(rejected), "messages")}
    assert (rows["remind"]["state"], rows["remind"]["sends"], rows["remind"]["reason"]) == ("suppressed", 0, "untrue")
    assert (rows["result"]["state"], rows["result"]["sends"]) == ("delivered", 1)


def test_person_when_recorded_then_no_identity_is_in_any_row():
    rows = fold(told(records))
    assert rows["parties"][0]["party_class"] == "candidate"
    assert "c2VhbGVkLW5hbWU" not in str(rows)


def test_legs_when_followed_then_they_cover_the_whole_life_without_gap_or_overlap():
    facts = told(settled)
    duties, [row] = duties_of(facts), rows_of(facts, "hires")
    end = datetime.fromisoformat(row["closed_at"])
    found = legs(duties, BEGIN, until=end, now=end)
    assert found[0].since == BEGIN and found[-1].until == end
    for one, other in zip(found, found[1:], strict=False):
        assert one.until == other.since and one.obligation_id != other.obligation_id
    assert [leg.kind for leg in found if leg.state != "house"] == ["review_application", "choose_slot", "round_verdict"]
    assert [leg.state for leg in found if leg.kind == "round_verdict"] == ["late"]
    total = sum(((leg.until - leg.since) for leg in found), timedelta())
    assert total == end - BEGIN


def test_baton_when_several_are_open_then_the_blocking_one_due_first_has_it_and_calls_never():
    teller = Teller()
    story = HireStory(teller, "two").applies()
    later = story.duty("scorecard", "interviewer", due_at=story.at + timedelta(hours=30))
    sooner = story.duty("debrief", "recruiter", due_at=story.at + timedelta(hours=4))
    story.duty("call", "lead", due_at=story.at + timedelta(hours=1))
    story.duty("standing", "candidate", due_at=story.at + timedelta(hours=2), blocking=False)
    duties = duties_of([as_fact(e) for e in teller.told])
    assert str(holder_at(duties, story.at)["obligation_id"]) == str(sooner.obligation_id)
    assert str(holder_at(duties, BEGIN - timedelta(hours=1)) or "") == ""
    now = story.at + timedelta(hours=5)
    assert legs(duties, BEGIN, until=None, now=now)[-1].until is None
    assert later.kind == "scorecard"


@pytest.mark.parametrize("end", [obligation.ObligationWaived, obligation.ObligationTransferred, obligation.ObligationLapsed, obligation.ObligationCancelled])
def test_obligation_when_it_ends_in_each_way_then_the_row_names_it(end):
    teller = Teller()
    story = HireStory(teller, "x").applies()
    duty = story.duty("scorecard", "interviewer")
    story.ends(duty, end, reason="because")
    [row] = fold([as_fact(e) for e in teller.told])["obligations"]
    assert row["ended"] == end.TYPE.rpartition(".")[2] and row["reason"] == "because" and row["ends"] == 1


def test_scope_when_application_and_hire_then_one():
    assert scope_of(f"application/{uid('a')}") == scope_of(f"hire/{uid('a')}") == f"hire/{uid('a')}"
    assert set(FOLDS) >= {"hire", "obligation", "message", "interview", "offer"}


def test_story_when_many_facts_share_one_instant_then_causes_come_first():
    rows = [{"id": "c", "cause": "b", "at": 1, "n": 1}, {"id": "b", "cause": "a", "at": 1, "n": 2}, {"id": "a", "cause": "outside", "at": 1, "n": 3},
            {"id": "z", "cause": "", "at": 0, "n": 9}]
    assert [row["id"] for row in in_causal_order(rows)] == ["z", "a", "b", "c"]
    circle = [{"id": "x", "cause": "y", "at": 1, "n": 1}, {"id": "y", "cause": "x", "at": 1, "n": 2}]
    assert len(in_causal_order(circle)) == 2
