"""The house on paper: hires that screening never judged begin; links leave on working mornings of whoever reads them, by policy only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
