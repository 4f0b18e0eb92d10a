"""One run of many hires on a fresh data folder, with or without kills, and what its books say."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from deploy.demo.door import Door
from deploy.demo.ledger import read_ledger
from deploy.demo.people import People, Rule
from deploy.demo.small import application, mixed_rules, reference, requisitions, script
from deploy.demo.timetable import Timetable
from deploy.demo.walk import Plan, walk
from deploy.demo.watch import Standing
from deploy.local.stack import Stack
from tests.chaos.books import Books

NEED = "R-121"
"""The shortest way: one round, one who decides."""
AT = datetime.fromisoformat("2026-09-03T09:00:00+08:00")
AT_THE_DOOR = ("intake", "screening", "kafka", "postgres")
UNDER_WAY = ("notification", "worker", "bridge", "scheduling", "reporting", "temporal", "postgres", "kafka", "worker", "notification", "bridge")
EVERY_PROCESS = ("intake", "screening", "scheduling", "notification", "reporting", "bridge", "worker", "kafka", "postgres", "temporal")
OWN = (6, 8)
"""Ways that the candidate decides, not somebody who reads about them."""
PATIENCE = 90.0
TOLD_EVERY_S = 15.0
LATER_S = 0.02
WAKES_OF_A_HIRE = 5
"""A little less than it takes on average: kills are spread over the whole run, and none is left when it ends."""

Say = Callable[[str], None]


def ends(hires: int) -> list[Rule]:
    """Of every ten hires nine end on the way, in stages of their own (two by `mixed_rules`): many ends to compare, and not fifty walks to day 90."""
    ways: dict[int, Rule] = {
        1: Rule(kind="client_verdict", answer={"decision": "refused", "reason_code": "known", "known_since": "2026-03-02", "reason": "三月起就认识。"}),
        2: Rule(kind="client_verdict", answer={"decision": "refused", "reason_code": "experience"}),
        4: Rule(kind="round_verdict", answer={"decision": "fail", "reason_code": "skills"}),
        6: Rule(kind="represent_consent", answer={"decision": "no"}),
        7: Rule(kind="round_verdict", answer={"decision": "fail", "reason_code": "experience"}),
        8: Rule(kind="offer_answer", answer={"decision": "decline", "reason_code": "other_offer"}),
        9: Rule(kind="hire_decision", answer={"decision": "reject", "reason_code": "skills"}),
    }
    people = {n: application(n, NEED, at=AT)["data"]["person"] for n in range(hires)}
    return [replace(ways[n % 10], **({"who": person["email"]} if n % 10 in OWN else {"about": (person["name"],)}))
            for n, person in people.items() if n % 10 in ways]


def silent(_: str) -> None:
    """Says nothing."""


class Killer:
    """Kills one process after another: the first ones while applications come in, the others at chosen wakes, each a little later
    after its wake than the one before, so that they are hit in different moments of the work that the wake causes."""

    def __init__(self, at_door: Sequence[str] = (), under_way: Sequence[str] = (), *, every: int = 1, say: Say = silent) -> None:
        self._at_door, self._under_way, self._every, self._say = list(at_door), list(under_way), max(1, every), say
        self.wakes = 0
        self.killed: list[str] = []

    @property
    def left(self) -> list[str]:
        """Who was to be killed and was not: the run was too short."""
        return [*self._at_door, *self._under_way]

    async def at_door(self, stack: Stack, n: int, of: int) -> None:
        """Called before the n-th of `of` applications is published, while those before it are under way."""
        if self._at_door and n and n % max(1, of // (len(self._at_door) + 1)) == 0:
            await self._kill(stack, self._at_door)

    async def on_wake(self, stack: Stack) -> None:
        """Called while the effects of a wake are in flight."""
        self.wakes += 1
        if self._under_way and self.wakes % self._every == 0:
            await asyncio.sleep(LATER_S * len(self.killed))
            await self._kill(stack, self._under_way)

    async def _kill(self, stack: Stack, names: list[str]) -> None:
        """The next one; one that is still coming back from its last death is left for the next call."""
        if stack.pid(names[0]) is not None and stack.state(names[0]) == "ready":
            await stack.kill(names[0])
            self.killed.append(names.pop(0))
            self._say(f"kill -9 {self.killed[-1]}, {len(self.left)} to come")


async def side_by_side(folder: Path, hires: int, killer: Killer, say: Say = silent) -> tuple[Books, Books]:
    """The same hires twice at the same time, on servers of their own: in peace, and with `killer`. Both halves mostly wait, so that
    side by side they take little longer than one; the held clock keeps either from noticing how long anything takes."""
    started = asyncio.Event()
    async with asyncio.TaskGroup() as both:
        peace = both.create_task(run(folder / "quiet", hires, Killer(), started.set, say=lambda text: say(f"in peace    {text}")))
        await started.wait()  # ports are chosen from those that nobody listens on yet
        hurt = both.create_task(run(folder / "killed", hires, killer, say=lambda text: say(f"with kills  {text}")))
    return peace.result(), hurt.result()


async def run(home: Path, hires: int, killer: Killer, on_start: Callable[[], None] = lambda: None, *, say: Say = silent) -> Books:
    """Walk `hires` applications to their ends on `home`, disturbed by `killer`; `on_start` is called when everything is up.

    Every fact of the run is kept beside `home`, so that a difference can be looked into.
    """
    began = time.monotonic()
    try:
        async with Stack(home=home, env={"BATON_CLOCK": "held", "BATON_OUTBOUND": "sink"}) as stack:
            on_start()
            people = People("http://" + stack.env["BATON_SINK_HTTP"], script([*mixed_rules(hires), *ends(hires)]), patience=PATIENCE)
            await _walk(stack, people, hires, killer, say=say)
            await people.close()
            await stack.ready()
            books = Books(await read_ledger(stack.env["BATON_KAFKA"]), await _mails(stack), await verify(home), people.problems,
                          killer.killed, killer.left, time.monotonic() - began)
            books.keep(home.with_suffix(".facts.jsonl"))
            return books
    finally:
        on_start()  # whoever waits for the start must not wait for one that failed


async def _walk(stack: Stack, people: People, hires: int, killer: Killer, *, say: Say) -> None:
    timetable, told = Timetable(), [time.monotonic()]
    async with Door(stack.env, patience=PATIENCE) as door:
        await door.publish([*reference(), requisitions()[NEED]])

        async def apply() -> None:
            for n in range(hires):
                await killer.at_door(stack, n, hires)
                await door.publish([application(n, NEED, at=AT)])

        async def on_wake(_: str) -> None:
            await killer.on_wake(stack)

        async def on_jump(at: datetime, standing: Standing) -> None:
            if time.monotonic() > told[0] + TOLD_EVERY_S:
                told[0] = time.monotonic()
                say(f"{at:%d %b %Y}: {standing.live} of {standing.total} hires under way, {sum(people.answered.values())} answers")

        timetable.add(AT, "all apply", apply)
        await walk(Plan(stack.env, people, timetable, hires=hires, serial=True, patience=PATIENCE), on_jump=on_jump, on_wake=on_wake)


async def _mails(stack: Stack) -> list[str]:
    async with httpx.AsyncClient() as http:
        return [mail["message_id"] for mail in (await http.get(f"http://{stack.env['BATON_SINK_HTTP']}/api/messages")).json()]


async def verify(home: Path) -> dict[str, Any]:
    """What `baton verify --json` says about the running stack."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli.main", "verify", "--home", str(home), "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = await process.communicate()
    try:
        found: dict[str, Any] = json.loads(out)
    except ValueError:
        raise RuntimeError(f"baton verify said no JSON: {out.decode()[-500:]} {err.decode()[-500:]}") from None
    return found
