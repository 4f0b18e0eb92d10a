"""Operators on the whole system, by the commands they type: a policy for some hires and for new ones, acts, and a requirement that both sides sign."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.cli.reading import Reporting
from deploy.clock.keeper import Keeper
from deploy.demo.people import Habit, People, Rule, Script
from deploy.local.stack import Stack
from shared.policy.loader import shipped_text
from tests.support.foreign import Foreign

AT = "2026-09-03T09:00:00+08:00"
HOUSE = shipped_text("agency-cn").replace("policy: agency-cn", "policy: trial-house")
SLOWER = HOUSE.replace("client_verdict: {within: 2 wd}", "client_verdict: {within: 2 wd}\n  review_application: {within: 6 wd}")
SIGNERS = Script(
    rules=[Rule(kind=kind) for kind in ("requirement_confirmation", "plan_confirmation", "pool_search")] + [Rule(ignore=-1)],
    default=Habit(moments="office", weekends=False, away=()))
"""Everybody of the firm and its client signs, at office hours; whoever else is asked something in this stack does nothing."""
RULES = [{"rule": "has_skill", "id": "s", "skills": ["gardening"], "minimum": 1}]
SIGNED = HOUSE.replace("policy: trial-house", "policy: signing-house\nrequisition: confirmed")


async def baton(stack: Stack, *words: str, code: int = 0, plain: bool = False) -> Any:
    """What a command answers with --json; where it ends with another exit code than 0 its words."""
    done = await asyncio.to_thread(CliRunner().invoke, app, [*words, "--home", str(stack.home.path), *(() if plain else ("--json",))])
    assert done.exit_code == code, f"baton {' '.join(words)}: {done.exit_code}\n{done.output}\n{done.exception!r}"
    return json.loads(done.output) if code == 0 else done.output


def cast() -> list[tuple[str, dict[str, Any], int]]:
    """A firm, its client, and their people."""
    def person(name: str) -> dict[str, Any]:
        return {"name": name.title(), "email": f"{name}@op.example.org", "locale": "en", "zone": "Asia/Shanghai"}

    return [
        ("staff.registered", {"externalid": "op-lead", "roles": ["lead", "client_manager"], "person": person("op-lead")}, 1),
        ("staff.registered", {"externalid": "op-rec", "roles": ["recruiter"], "manager": "op-lead", "person": person("op-rec")}, 1),
        ("client.registered", {"externalid": "op-org", "name": "Trial Works", "data_agreement": True, "manager": "op-lead"}, 1),
        ("contact.registered", {"externalid": "op-hm", "client": "op-org", "roles": ["hiring_manager"], "person": person("op-hm")}, 1)]


def requisition(code: str, policy: str, **more: Any) -> tuple[str, dict[str, Any], int]:
    """A requirement of that client."""
    team = {"recruiter": "op-rec", "lead": "op-lead", "client_manager": "op-lead", "hiring_manager": "op-hm"}
    return "requisition.raised", {"externalid": code, "client": "op-org", "title": "Gardener", "policy": policy, "team": team, **more}, 1


def application(code: str, n: int) -> tuple[str, dict[str, Any], int]:
    """Somebody applies; the machine is not sure, so a recruiter has to look."""
    return "application.submitted", {
        "externalid": f"{code}-{n}", "requisition": code, "origin": "applied", "submitted_at": AT, "skills": [],
        "person": {"name": f"Kim Op {n}", "email": f"kim-{code}-{n}@example.net".lower()}}, 2


def at(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text)


async def publish(stack: Stack, keeper: Keeper, events: Sequence[tuple[str, dict[str, Any], int]]) -> None:
    """Events of another system, and quiet after them."""
    async with Foreign(stack.env, source="urn:operators:ats") as foreign:
        for type_, body, version in events:
            await foreign.publish(type_, body, version=version, time=AT)
    await keeper.settle()


async def morning(keeper: Keeper) -> None:
    """Ten o'clock of a working day in Shanghai, whatever other tests of this stack did with the clock."""
    now = (await keeper.now()).astimezone(ZoneInfo("Asia/Shanghai"))
    ten = now.replace(hour=10, minute=0, second=0, microsecond=0)
    while ten < now or ten.weekday() > 4:
        ten += timedelta(days=1)
    await keeper.run(until=ten)


async def batons(stack: Stack, code: str) -> dict[str, dict[str, Any]]:
    """Hire -> what holds its baton, of a requisition's live hires."""
    return {hire["hire_id"]: hire["baton"] for hire in await baton(stack, "hires", "--state", "live", "-r", code)}


async def story(stack: Stack, hire: str) -> dict[str, Any]:
    """One hire whole."""
    return dict(await baton(stack, "hire", hire))


async def events(stack: Stack, type_: str, code: str) -> list[dict[str, Any]]:
    """Bodies of all archived events of a type about this code, oldest first."""
    found = await asyncio.to_thread(lambda: Reporting(Path(stack.home.path)).all("/events", 5_000, type=type_))
    return [one["body"] for one in found if one["body"].get("code") == code]


async def test_a_policy_when_applied_to_some_hires_and_to_new_ones_then_their_dues_move_and_no_others(stack: Stack, keeper: Keeper, tmp_path: Path) -> None:
    fast, slow = tmp_path / "fast.yaml", tmp_path / "slow.yaml"
    fast.write_text(HOUSE)
    slow.write_text(SLOWER)
    await publish(stack, keeper, cast())
    assert (await baton(stack, "policy", "apply", str(fast), "--yes", "--reason", "begin"))["hires"] == "new"
    await keeper.settle()
    await publish(stack, keeper, [requisition("OP-1", "trial-house", rules=RULES), *(application("OP-1", n) for n in range(4))])
    before = await batons(stack, "OP-1")
    assert len(before) == 4 and len({duty["kind"] for duty in before.values()}) == 1
    chosen = sorted(before)[:2]
    planned = await baton(stack, "policy", "plan", str(slow), *(word for one in chosen for word in ("--hires", one)))
    assert planned["moving"] == 2
    wanted = {due["obligation_id"]: due["due_to"] for plan in planned["plans"] for due in plan["dues"]}
    await baton(stack, "policy", "apply", str(slow), *(word for one in chosen for word in ("--hires", one)), "--yes")
    await keeper.settle()
    after = await batons(stack, "OP-1")
    for hire, duty in after.items():
        if hire in chosen:
            assert at(duty["due_at"]) == at(wanted[duty["obligation_id"]]) > at(before[hire]["due_at"])
        else:
            assert duty["due_at"] == before[hire]["due_at"]
    await baton(stack, "policy", "apply", str(slow), "--yes")
    await publish(stack, keeper, [application("OP-1", 4)])
    now = await batons(stack, "OP-1")
    assert {hire: now[hire]["due_at"] for hire in after} == {hire: duty["due_at"] for hire, duty in after.items()}, "those that run keep theirs"
    (new,) = set(now) - set(after)
    assert at(now[new]["due_at"]) > max(at(before[hire]["due_at"]) for hire in before)
    history = {row["version"]: row["open"] for row in await baton(stack, "policy", "history", "trial-house")}
    assert sorted(history.values()) == [2, 3]


async def test_acts_when_typed_then_each_hire_does_what_was_said_and_a_wrong_one_is_refused(stack: Stack, keeper: Keeper) -> None:
    await publish(stack, keeper, [*cast(), requisition("OP-2", "agency-cn", rules=RULES), *(application("OP-2", n) for n in range(3))])
    first, second, third = sorted(await batons(stack, "OP-2"))
    await morning(keeper)
    dry = await baton(stack, "pause", "-r", "OP-2", "--dry-run")
    assert dry["dry_run"] and len(dry["hires"]) == 3
    await baton(stack, "pause", "-r", "OP-2", "--reason", "budget", "--yes")
    await keeper.settle()
    assert {stage["stage"] for one in (first, second, third) for stage in (await story(stack, one))["stages"]} == {"screening", "paused"}
    began = await keeper.now()
    await keeper.run(until=began + timedelta(hours=3))
    before = (await story(stack, first))["baton"]["due_at"]
    await baton(stack, "resume", first, "--yes")
    await baton(stack, "reassign", first, "--to", "lead", "--yes", "--reason", "holiday")
    await baton(stack, "withdraw", second, "--yes", "--reason", "moved abroad")
    await keeper.settle()
    held = (await story(stack, first))["baton"]
    assert held["role"] == "lead" and at(held["due_at"]) > at(before), "what stood still is due later"
    refused = await baton(stack, "waive", third, "--obligation", "scorecard", code=1)
    assert "scorecard is not owed" in refused and "Open are: review_application" in refused
    assert (await story(stack, second))["stage"] == "closed"
    assert len((await story(stack, third))["stages"]) == 2, "whoever was not named stays as they were"


async def test_a_requirement_when_confirmed_then_both_sides_sign_by_link_and_the_search_opens(stack: Stack, keeper: Keeper, tmp_path: Path) -> None:
    house = tmp_path / "signing.yaml"
    house.write_text(SIGNED)
    await baton(stack, "policy", "apply", str(house), "--yes")
    need = {"background": "a garden", "duties": "plants", "talent": "green thumbs", "timeline": "six weeks", "budget": "20k"}
    people = People("http://" + stack.env["BATON_SINK_HTTP"], SIGNERS)
    await keeper.settle()
    await publish(stack, keeper, [*cast(), requisition("OP-3", "signing-house", need=need, rules=RULES)])
    walker = Keeper(stack.env["BATON_DATABASE_OPS"], keeper._wakes, [people])

    async def opened() -> bool:
        return people.answered["pool_search"] > 0

    try:
        await walker.run(until=await walker.now() + timedelta(days=9), done=opened)
    finally:
        await walker.close()
        await people.close()
    assert people.problems == []
    assert people.answered["requirement_confirmation"] == 2
    records = await events(stack, "baton.requisition.recorded", "OP-3")
    signed = records[-1]["signed"]
    assert len(signed["by"]) == 2 and signed["text_hash"] == records[-1]["text_hash"] and signed["need"]["budget"] == "20k"
    assert records[-1]["state"] == "open"


async def test_requisitions_when_closed_in_bulk_then_nobody_hears_it_before_its_window_has_passed(stack: Stack, keeper: Keeper) -> None:
    codes = ("OP-7", "OP-8")
    await publish(stack, keeper, [*cast(), *(requisition(code, "agency-cn", rules=RULES) for code in codes), *(application(code, 0) for code in codes)])
    dry = await baton(stack, "requisition", "close", *codes, "--reason", "given_up", "--dry-run")
    assert dry["dry_run"] and dry["impact"]["total"]["hires"] == 2
    hires = [next(iter(await batons(stack, code))) for code in codes]
    first = await baton(stack, "requisition", "close", *codes, "--reason", "given_up", "--undo", "10", "--yes")
    await keeper.settle()
    await baton(stack, "requisition", "undo", first["batch"], "--yes")
    await keeper.run(until=await keeper.now() + timedelta(minutes=20))
    assert {(await story(stack, hire))["stage"] for hire in hires} == {"screening"}
    await baton(stack, "requisition", "close", "OP-7", "--reason", "given_up", "--undo", "10", "--yes")
    await keeper.settle()
    assert (await story(stack, hires[0]))["stage"] == "screening"
    await keeper.run(until=await keeper.now() + timedelta(minutes=20))
    assert [(await story(stack, hire))["stage"] for hire in hires] == ["closed", "screening"]
    assert {row["code"]: row["state"] for row in await baton(stack, "requisition") if row["code"] in codes} == {"OP-7": "closed", "OP-8": "open"}
    assert "names no requisition" in await baton(stack, "requisition", "pause", "nowhere", "--yes", code=1)
