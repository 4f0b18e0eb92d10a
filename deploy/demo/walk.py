"""One walk under the held clock: keeper, people and timetable together until every hire has ended. Demo, tests and chaos share it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deploy.clock.keeper import AWAY, Crowd, Keeper
from deploy.clock.wakes import Wakes
from deploy.demo.people import People
from deploy.demo.timetable import Timetable
from deploy.demo.watch import Standing, Watch

LONGEST = timedelta(days=400)
SHOWN_EVERY = 0.5
"""Real seconds between two looks at how all hires stand, while more is still to come anyway."""


@dataclass
class Plan:
    """What a walk needs: the stack's variables, people, what happens when, how many hires there will be, and whether one thing at a time."""

    env: Mapping[str, str]
    people: People
    timetable: Timetable
    hires: int
    serial: bool = False
    patience: float = 45.0
    crowds: Sequence[Crowd] = ()


async def walk(
    plan: Plan, *, on_jump: Callable[[datetime, Standing], Awaitable[None]] | None = None, on_wake: Callable[[str], Awaitable[None]] | None = None,
) -> datetime:
    """Walk until all hires have ended, nothing is planned and nobody has anything left to do for the ended; returns business time.

    Raises StuckError (keeper) when nothing moves, RuntimeError when a hire is still open after 400 days.
    """
    wakes = Wakes(plan.env["BATON_TEMPORAL"], namespace=plan.env["BATON_TEMPORAL_NAMESPACE"])
    keeper = Keeper(plan.env["BATON_DATABASE_OPS"], wakes, [plan.timetable, plan.people, *plan.crowds], patience=plan.patience, serial=plan.serial)
    watch = Watch(plan.env["BATON_DATABASE_OPS"])
    state: dict[str, Any] = {"standing": Standing(), "seen": 0.0}

    async def told(now: datetime) -> None:
        if on_jump is not None:
            await on_jump(now, state["standing"])

    async def done() -> bool:
        if not plan.timetable.empty and time.monotonic() < state["seen"] + SHOWN_EVERY:
            return False
        state["seen"] = time.monotonic()
        while True:
            try:
                standing = state["standing"] = await watch.standing()
                break
            except AWAY:
                watch.drop()
            await asyncio.sleep(0.2)
        return plan.timetable.empty and standing.total >= plan.hires and standing.live == 0

    keeper.on_jump, keeper.on_wake = told, on_wake
    try:
        began = await keeper.settle()
        ended = await keeper.run(until=began + LONGEST, done=done)
        if state["standing"].live or state["standing"].total < plan.hires:
            raise RuntimeError(f"{state['standing'].live} hires are still open at {ended.isoformat()}, {state['standing'].total} of {plan.hires} began")
        return ended
    finally:
        await keeper.close()
        await watch.close()
