"""A whole loop booked by the candidate, on the whole system: three interviews in one choice; one that breaks is looked for alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from deploy.clock.keeper import Keeper
from deploy.demo.ledger import read_ledger
from deploy.demo.people import Habit, People, Rule, Script
from deploy.local.stack import Stack
from shared.policy.loader import shipped_text
from tests.e2e.outside.test_operators import AT, RULES, baton, publish
from tests.support.mail_client import MailClient

WHO = {name: f"lp-{name}@example.org" for name in ("ada", "ben", "rec", "kim")}
CHOOSES = Script(rules=[Rule(kind="choose_slot"), Rule(ignore=-1)], default=Habit(away=()))
PLAN = """stage_plans:
  garden:
    rounds:
      - name: planting
        kit: profession
        panel: [pool planting]
        minutes: 60
        days: 2
        loop:
          - {name: pruning, kit: profession, panel: [pool pruning], minutes: 45}
          - {name: talk, kit: culture, panel: [recruiter], minutes: 30}
"""
HOUSE = shipped_text("inhouse-cn").replace("policy: inhouse-cn", "policy: loop-house").replace("stage_plans:\n", PLAN)


def _person(name: str) -> dict[str, Any]:
    return {"name": f"{name.title()} Moor", "email": WHO[name], "locale": "en", "zone": "Asia/Shanghai"}


def world() -> list[tuple[str, dict[str, Any], int]]:
    """A house with one round of three interviews."""
    staff = [("staff.registered", {"externalid": f"lp-{name}", "roles": roles, "person": _person(name)}, 1)
             for name, roles in (("rec", ["recruiter", "lead"]), ("ada", ["interviewer"]), ("ben", ["interviewer"]))]
    team = {"recruiter": "lp-rec", "lead": "lp-rec", "hiring_manager": "lp-rec"}
    return [
        *staff, ("client.registered", {"externalid": "lp-org", "name": "Moor House", "external": False, "data_agreement": True}, 1),
        ("requisition.raised", {
            "externalid": "LP-1", "client": "lp-org", "title": "Gardener", "policy": "loop-house", "stage_plan": "garden", "team": team,
            "rules": RULES, "pools": {"planting": ["lp-ada"], "pruning": ["lp-ben"]}}, 1),
        ("application.submitted", {
            "externalid": "lp-1", "requisition": "LP-1", "origin": "applied", "submitted_at": AT, "skills": ["gardening"], "person": _person("kim")}, 2)]


async def _until(stack: Stack, keeper: Keeper, people: People, times: int) -> None:
    """The candidate has chosen so often."""
    walker = Keeper(stack.env["BATON_DATABASE_OPS"], keeper._wakes, [people])

    async def chosen() -> bool:
        return people.answered["choose_slot"] >= times

    try:
        await walker.run(until=await walker.now() + timedelta(days=6), done=chosen)
    finally:
        await walker.close()
    assert people.problems == [] and people.answered["choose_slot"] == times


async def _told(stack: Stack, type_: str) -> list[dict[str, Any]]:
    """Bodies of this type about this hire, from Kafka alone."""
    ledger = await read_ledger(stack.env["BATON_KAFKA"])
    (hire,) = [hire for hire, body in ledger.hires().items() if str(body.get("externalref")).endswith("#lp-1")]
    return [dict(fact.body) for fact in ledger.of(type_) if fact.body.get("hire_id") == hire]


async def test_a_loop_is_booked_whole_by_one_choice_and_only_what_breaks_is_planned_again(stack: Stack, keeper: Keeper, tmp_path: Path) -> None:
    house = tmp_path / "loop.yaml"
    house.write_text(HOUSE)
    await baton(stack, "policy", "apply", str(house), "--yes")
    await keeper.settle()
    await publish(stack, keeper, world())
    people = People("http://" + stack.env["BATON_SINK_HTTP"], CHOOSES)
    clients = {name: MailClient("http://" + stack.env["BATON_SINK_HTTP"], Path(stack.env["BATON_MAILBOX"]), mail) for name, mail in WHO.items()}
    await _until(stack, keeper, people, 1)
    (offered,) = await _told(stack, "loop.offered")
    booked = await _told(stack, "interview.scheduled")
    assert len(booked) == 3 and {one["loop_id"] for one in booked} == {offered["loop_id"]} and len(await _told(stack, "loop.booked")) == 1
    way = next(way for way in offered["ways"] if {slot["starts_at"] for slot in way["slots"]} == {one["starts_at"] for one in booked})
    assert len(way["slots"]) == 3 and len({one["panel"][0] for one in booked}) == 3
    assert [len(await clients[name].invitations()) for name in ("ada", "ben", "rec", "kim")] == [1, 1, 1, 3]

    (bens,) = await clients["ben"].invitations()
    broken = bens.inside("VEVENT")[0].value("UID").partition("@")[0]
    place = next(n for n, one in enumerate(await clients["kim"].invitations()) if one.inside("VEVENT")[0].value("UID").startswith(broken))
    assert await clients["kim"].read(await clients["kim"].answer("DECLINED", nth=place)) == ["cur"]
    await _until(stack, keeper, people, 2)
    await people.close()
    (again,) = await _told(stack, "slots.offered")
    assert again["minutes"] == 45 and len(await _told(stack, "loop.offered")) == 1
    (off,) = await _told(stack, "interview.cancelled")
    assert off["interview_id"] == broken
    new = [one for one in await _told(stack, "interview.scheduled") if one not in booked]
    assert [one["panel"] for one in new] == [off["panel"]] and await _told(stack, "interview.moved") == []
    methods = {name: [one.value("METHOD") for one in await clients[name].invitations()] for name in ("ada", "ben", "rec")}
    assert methods == {"ada": ["REQUEST"], "ben": ["REQUEST", "CANCEL", "REQUEST"], "rec": ["REQUEST"]}
