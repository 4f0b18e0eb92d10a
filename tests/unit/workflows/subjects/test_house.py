"""The house on paper: hires that screening never judged begin; links leave on working mornings of whoever reads them, by policy only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from shared.policy.loader import load_policy
from tests.unit.workflows.subjects.paper import BEGIN, Paper, check, paper_world
from workflows.hire.facts import LATE_SCREENING
from workflows.subject import beginning
from workflows.subject.store import HOUSE_ID

MORNING = load_policy("policy: mornings\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\nhouse: {morning: '09:00', roles: [recruiter, lead]}\n")


def test_applications_when_screening_is_late_then_each_begins_with_that_fact_once() -> None:
    world = paper_world()
    paper = Paper(beginning.house(HOUSE_ID, world.policy), world)
    world.next_screen_by = BEGIN + timedelta(minutes=15)
    paper.tell("house.opened")
    paper.tell("applications.waiting")
    paper.step(), paper.step()
    hires = [uuid4(), uuid4()]
    world.unscreened, world.next_screen_by = hires, None
    paper.step()
    assert paper.now == BEGIN + timedelta(minutes=15)
    assert [(body.hire_id, body.cause_type) for body in paper.said("workflows.fan_out")] == [(hire, LATE_SCREENING) for hire in hires]
    assert not paper.step(), "nothing is due any more, and nothing polls"
    check(paper)


def test_mornings_when_the_policy_wants_them_then_working_days_at_nine_on_each_readers_wall() -> None:
    world = paper_world(MORNING)
    lead = next(one for one in world.people.values() if "lead" in one.roles)
    world.people[lead.person_id] = lead.model_copy(update={"zone": "Europe/Berlin", "calendar": "DE-BY"})
    paper = Paper(beginning.house(HOUSE_ID, world.policy), world, now=datetime(2026, 9, 29, 12, tzinfo=UTC))
    paper.tell("house.opened")
    paper.run(12)
    sent = [(body.message.party.role, at_wall(sent.at, "Asia/Shanghai" if body.message.party.role == "recruiter" else "Europe/Berlin"))
            for sent in paper.log if (body := sent.body).TYPE == "baton.notification.tell"]
    recruiter = [at for role, at in sent if role == "recruiter"]
    assert {at.strftime("%H:%M") for _, at in sent} == {"09:00"}
    assert [at.day for at in recruiter] == [30, 8, 9, 10], "no mail in the Golden Week, one on the make-up Saturday"
    assert [at.day for role, at in sent if role == "lead"][:3] == [30, 1, 2]
    check(paper)


def at_wall(at: datetime, zone: str) -> datetime:
    """The reader's wall."""
    return at.astimezone(ZoneInfo(zone))


def test_mornings_when_the_policy_is_silent_then_there_are_none() -> None:
    world = paper_world()
    paper = Paper(beginning.house(HOUSE_ID, world.policy), world)
    paper.tell("house.opened")
    paper.run(10)
    assert not paper.log


def test_an_act_on_many_requisitions_when_ordered_then_it_waits_for_its_window_and_can_be_taken_back() -> None:
    ids = [str(uuid4()) for _ in range(3)]
    for taken_back in (False, True):
        world = paper_world()
        paper = Paper(beginning.house(HOUSE_ID, world.policy), world)
        due = (paper.now + timedelta(minutes=10)).isoformat()
        paper.tell("acts.ordered", {"batch": "b", "act": "close", "ids": ids, "reason": "given_up", "due_at": due})
        paper.run(0.001)
        assert not paper.said("intake.move_requisition") and [step.name for step in paper.state.steps] == ["house.acts"]
        if taken_back:
            paper.tell("acts.ordered", {"batch": "b", "act": "undo", "ids": [], "reason": "stated", "due_at": due})
        paper.run(0.5)
        moved = paper.said("intake.move_requisition")
        assert [str(body.requisition_id) for body in moved] == ([] if taken_back else ids) and {body.to for body in moved} <= {"closed"}
        assert not paper.state.steps


def _unread(answers: dict[str, Any]) -> tuple[Paper, dict[str, str]]:
    """A house that hears of somebody's calendar that can't be read."""
    world = paper_world()
    person = next(one for one in world.people.values() if "recruiter" in one.roles)
    paper = Paper(beginning.house(HOUSE_ID, world.policy), world, answers=answers)
    told = {"person_id": str(person.person_id), "feed_id": str(uuid4())}
    paper.tell("calendar.failed", {**told, "reason": "unreachable"})
    paper.run(0.01)
    return paper, told


def test_a_calendar_when_unreadable_then_its_person_owes_a_look_told_once_until_it_reads_again() -> None:
    paper, told = _unread({"calendar_unread": None})
    paper.tell("calendar.failed", {**told, "reason": "refused"})
    paper.tell("calendar.failed", {**told, "feed_id": str(uuid4()), "reason": "refused"})
    paper.run(0.01)
    asked = [body.spec for body in paper.said("notification.ask")]
    assert [str(spec.holder.person_id) for spec in asked] == [told["person_id"]] * 2 and {spec.params["feed_id"] for spec in asked} > {told["feed_id"]}
    paper.tell("calendar.read", told)
    paper.run(0.01)
    assert [owed.params["feed_id"] for owed in paper.state.of_kind("calendar_unread")] == [asked[1].params["feed_id"]]
    assert [body.reason for body in paper.said("obligation.cancelled")] == ["read_again"]
    check(paper)


def test_a_calendar_when_said_to_be_mended_then_it_is_asked_again_unless_it_reads() -> None:
    paper, told = _unread({"calendar_unread": [{"decision": "mended"}, None]})
    paper.run(0.5)
    (planned,) = paper.state.of_kind("calendar_unread")
    assert planned.status == "planned" and planned.opens_at is not None
    paper.run(3)
    assert len(paper.said("notification.ask")) == 2
    paper.tell("calendar.read", told)
    paper.run(0.01)
    assert not paper.state.owed
    check(paper)


def test_a_calendar_when_not_used_any_more_or_nobody_looks_then_operators_owe_it() -> None:
    for answers in ({"calendar_unread": [{"decision": "gone"}, {"decision": "gone"}]}, {"calendar_unread": [None, {"decision": "gone"}]}):
        paper, _ = _unread(answers)
        paper.run(12)
        assert [body.spec.holder.role for body in paper.said("notification.ask")] == ["interviewer", "operators"]
        assert not paper.state.owed
        check(paper)


def test_mornings_when_the_policy_has_digests_then_one_mail_a_day_that_stays_away_where_nothing_is_owed() -> None:
    digests = load_policy(
        "policy: digests\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\nhouse: {morning: '09:00', digest: on, roles: [recruiter]}\n")
    world = paper_world(digests)
    paper = Paper(beginning.house(HOUSE_ID, world.policy), world, now=datetime(2026, 9, 29, 12, tzinfo=UTC))
    paper.tell("house.opened")
    paper.run(12)
    sent = paper.said("notification.tell")
    assert [at_wall(one.at, "Asia/Shanghai").day for one in paper.log if one.body in sent] == [30, 8, 9, 10]
    assert {body.message.template for body in sent} == {"digest"} and len({body.message_id for body in sent}) == 4
    assert {(guard.guard, guard.person_id) for body in sent for guard in body.message.guards} == {("owes", sent[0].message.party.person_id)}
