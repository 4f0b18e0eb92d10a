"""The operators' desk on the whole system: answers brought from elsewhere, hand-over, ends taken back, persons opened and erased, the audit."""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from deploy.clock.keeper import Keeper
from deploy.local.stack import Stack
from deploy.verify import verify

from .test_operators import RULES, application, baton, batons, cast, publish, requisition, story


async def test_an_answer_when_brought_by_an_operator_then_it_counts_once_and_a_wrong_end_is_taken_back(stack: Stack, keeper: Keeper) -> None:
    await publish(stack, keeper, [*cast(), requisition("OP-5", "agency-cn", rules=RULES), application("OP-5", 0)])
    ((hire, held),) = (await batons(stack, "OP-5")).items()
    asked = await baton(stack, "ask", held["obligation_id"])
    assert asked["state"] == "open" and asked["on_behalf"] == "allowed" and "reject" in next(f["codes"] for f in asked["fields"] if f["name"] == "decision")
    said = ("answer", asked["ask_id"], "--via", "meeting", "--yes")
    assert "decision" in await baton(stack, *said, "--set", "decision=perhaps", code=1)
    assert "does not owe" in await baton(stack, *said, "--set", "decision=reject", "--on-behalf-of", hire, code=1)
    assert (await baton(stack, *said, "--set", "decision=reject", "--dry-run"))["dry_run"]
    reasons = next((f["codes"] for f in asked["fields"] if f["name"] == "reason_code"), [])
    more = ("--set", f"reason_code={reasons[0]}") if reasons else ()
    await baton(stack, *said, "--set", "decision=reject", *more, "--note", "said so on the way out", "--on-behalf-of", held["party_id"])
    assert "answered before" in await baton(stack, *said, "--set", "decision=advance", code=1)
    await keeper.run(until=await keeper.now() + timedelta(hours=16))
    assert (await story(stack, hire))["outcome"] == "rejected"
    await publish(stack, keeper, [("requisition.paused", {"externalid": "OP-5", "reason": "budget"}, 1)])
    assert "not ended" not in await baton(stack, "reopen", hire, "--yes", code=0)
    await keeper.settle()
    again = await story(stack, hire)
    assert (again["stage"], again["outcome"], again["baton"]["kind"]) == ("paused", None, held["kind"]), "what is over heard of no pause; what comes back asks how its requisition stands"
    await publish(stack, keeper, [("requisition.resumed", {"externalid": "OP-5"}, 1)])
    assert (await story(stack, hire))["stage"] == "screening"
    assert [line for line in (await verify(stack.env))["violations"] if hire in line] == []


async def test_a_recruiter_when_handing_over_then_every_open_duty_moves_and_persons_are_opened_only_on_record(stack: Stack, keeper: Keeper) -> None:
    await publish(stack, keeper, [*cast(), requisition("OP-6", "agency-cn", rules=RULES), *(application("OP-6", n) for n in range(2))])
    before = await batons(stack, "OP-6")
    gone = next(iter(before.values()))["party_id"]
    comes = (await baton(stack, "people", "show", gone))["manager_id"]
    assert comes in {one["person_id"] for one in await baton(stack, "people", "--class", "staff", "--role", "lead")}
    assert len((await baton(stack, "transfer", "--from", gone, "--to", comes, "-r", "OP-6", "--dry-run"))["duties"]) == 2
    await baton(stack, "transfer", "--from", gone, "--to", comes, "-r", "OP-6", "--yes")
    await keeper.settle()
    assert {held["party_id"] for held in (await batons(stack, "OP-6")).values()} == {comes}
    person = (await story(stack, next(iter(before))))["person_id"]
    assert "reason" in await baton(stack, "people", "reveal", person, "--reason", " ", "--yes", code=1)
    assert (await baton(stack, "people", "reveal", person, "--reason", "wrong number", "--yes"))["identity"]["name"].startswith("Kim Op")
    assert (await baton(stack, "people", "export", person, "--reason", "asked for it", "--yes"))["applications"]
    await baton(stack, "people", "erase", person, "--reason", "asked for it", "--yes")
    await keeper.settle()
    assert "was erased" in await baton(stack, "people", "erase", person, "--reason", "again", "--yes", code=1)
    assert [one["what"] for one in (await baton(stack, "people", "show", person))["opened_by"]] == ["reveal", "export"]
    assert (await story(stack, next(iter(before))))["stage"] == "closed"


async def test_the_audit_when_somebody_changes_the_archive_then_the_chain_breaks_there(stack: Stack, keeper: Keeper) -> None:
    await keeper.settle()
    sealed = await baton(stack, "audit", "verify")
    assert sealed["ok"] and sealed["events"] > 50 and sealed["unsealed"] == 0
    assert {row["type"] for row in await baton(stack, "audit", "show")} >= {"baton.workflows.act", "baton.person.revealed", "baton.person.erased"}
    pg = await asyncpg.connect(stack.env["BATON_DATABASE"])
    change = "update reporting.events set actor = $1 where n = (select n from reporting.events where type = 'baton.person.revealed' order by n limit 1)"
    actor = await pg.fetchval("select actor from reporting.events where type = 'baton.person.revealed' order by n limit 1")
    await pg.execute(change, "somebody else")
    assert "is not what was sealed" in await baton(stack, "audit", "verify", code=1, plain=True)
    await pg.execute(change, actor)
    await pg.close()
    assert (await baton(stack, "audit", "verify", "--digest", sealed["digest"]))["digest_found"]
    await baton(stack, "audit", "verify", "--digest", "0000", code=1)


async def test_projections_when_made_again_then_they_are_the_same(stack: Stack, keeper: Keeper) -> None:
    await keeper.settle()
    before = (await baton(stack, "hires")), (await baton(stack, "obligations", "--state", "all"))
    made = await baton(stack, "rebuild", "--yes")
    assert made["rows"]["hires"] == len(before[0])
    assert ((await baton(stack, "hires")), (await baton(stack, "obligations", "--state", "all"))) == before
