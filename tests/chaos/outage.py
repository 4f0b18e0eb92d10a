"""Temporal away: pages still answer, applications are still received and screened, and afterwards nothing is missing."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from deploy.clock.keeper import Keeper
from deploy.clock.wakes import Wakes
from deploy.demo.door import Door
from deploy.demo.ledger import read_ledger
from deploy.demo.people import People
from deploy.demo.small import application, mixed_rules, reference, requisitions, script
from deploy.demo.timetable import Timetable
from deploy.demo.walk import Plan, walk
from deploy.local.stack import Stack
from tests.chaos.run import AT, NEED, PATIENCE, ends


async def outage(home: Path, *, hires: int, seconds: float, first: int = 0) -> list[str]:
    """Half of the applications come before, half while Temporal is away for `seconds`; what is wrong, empty when nothing.

    `first` is the number of the first one: number 0 walks to day 90, 1 to 9 end on the way.
    """
    wrong: list[str] = []
    applications = [application(n, NEED, at=AT) for n in range(first, first + hires)]
    async with Stack(home=home, env={"BATON_CLOCK": "held", "BATON_OUTBOUND": "sink"}) as stack:
        people = People("http://" + stack.env["BATON_SINK_HTTP"], script([*mixed_rules(first + hires), *ends(first + hires)]), patience=PATIENCE)
        wakes = Wakes(stack.env["BATON_TEMPORAL"], namespace=stack.env["BATON_TEMPORAL_NAMESPACE"])
        keeper = Keeper(stack.env["BATON_DATABASE_OPS"], wakes, [people], patience=PATIENCE)
        async with Door(stack.env) as door:
            await door.publish([*reference(), requisitions()[NEED], *applications[: hires // 2]])
            await keeper.settle()
            asked_at = people.next_at()
            began = time.monotonic()
            await stack.stop("temporal")
            await door.publish(applications[hires // 2 :])
            wrong += await _screened(stack, hires, within=seconds)
            answered = sum(people.answered.values())
            if asked_at is not None:
                await people.act(asked_at + timedelta(seconds=1))
                if sum(people.answered.values()) == answered or people.problems:
                    wrong.append(f"no page took an answer while Temporal was away: {people.problems}")
            await asyncio.sleep(max(0.0, seconds - (time.monotonic() - began)))
            await stack.start("temporal")
            await keeper.close()
            await walk(Plan(stack.env, people, Timetable(), hires=hires, patience=PATIENCE))
        await people.close()
        counts = (await read_ledger(stack.env["BATON_KAFKA"])).obligations()
        wrong += [f"after the outage: {counts[what]} obligations {what}" for what in ("open", "ended_twice") if counts[what]]
    return wrong


async def _screened(stack: Stack, hires: int, *, within: float) -> list[str]:
    until, received, screened = time.monotonic() + within, 0, 0
    while time.monotonic() < until:
        ledger = await read_ledger(stack.env["BATON_KAFKA"], ("intake.events", "screening.events"))
        received = len(ledger.of("application.received"))
        screened = len(ledger.of("screening.passed", "screening.uncertain", "screening.failed"))
        if received == screened == hires:
            return []
        await asyncio.sleep(0.5)
    return [f"while Temporal was away {received} of {hires} applications were received, {screened} screened"]
