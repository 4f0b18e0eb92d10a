"""One run of many hires on a fresh data folder, with or without kills, and what its books say."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from deploy.demo.door import Door
from deploy.demo.ledger import Ledger, read_ledger
from deploy.demo.people import People
from deploy.demo.small import application, mixed_rules, reference, requisitions, script
from deploy.demo.timetable import Timetable
from deploy.demo.walk import Plan, walk
from deploy.local.stack import Stack

NEED = "R-121"
"""The shortest way: one round, one who decides."""
AT = datetime.fromisoformat("2026-09-03T09:00:00+08:00")
AT_THE_DOOR = ("intake", "screening", "kafka", "postgres")
UNDER_WAY = ("notification", "worker", "bridge", "scheduling", "reporting", "temporal", "postgres", "kafka", "worker", "notification", "bridge")
PATIENCE = 90.0


@dataclass
class Books:
    """What one run left behind."""

    ledger: Ledger
    mails: list[str]
    verify: dict[str, Any]
    problems: list[str]
    wakes: int
    killed: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The same for equal runs."""
        return self.ledger.digest()


class Killer:
    """Kills one process after another: the first ones while applications come in, the others at chosen wakes."""

    def __init__(self, stack: Stack, at_door: Sequence[str], under_way: Sequence[str], *, every: int) -> None:
        self._stack, self._at_door, self._under_way, self._every = stack, list(at_door), list(under_way), max(1, every)
        self.wakes = 0
        self.killed: list[str] = []

    async def at_door(self, n: int, of: int) -> None:
        """Called before the n-th of `of` applications is published."""
        if self._at_door and n and n % max(1, of // (len(self._at_door) + 1)) == 0:
            await self._kill(self._at_door.pop(0))

    async def on_wake(self, _: str) -> None:
        """Called while the effects of a wake are in flight."""
        self.wakes += 1
        if self._under_way and self.wakes % self._every == 0:
            await self._kill(self._under_way.pop(0))

    async def _kill(self, name: str) -> None:
        if name in self._stack.names and self._stack.pid(name) is not None:
            await self._stack.kill(name)
            self.killed.append(name)


async def run(home: Path, hires: int, killer: Callable[[Stack], Killer]) -> Books:
    """Walk `hires` applications to their ends on `home`; `killer` makes whoever disturbs this run."""
    async with Stack(home=home, env={"BATON_CLOCK": "held", "BATON_OUTBOUND": "sink"}) as stack:
        people = People("http://" + stack.env["BATON_SINK_HTTP"], script(mixed_rules(hires)), patience=PATIENCE)
        timetable, disturber = Timetable(), killer(stack)
        async with Door(stack.env) as door:
            await door.publish([*reference(), requisitions()[NEED]])

            async def apply() -> None:
                for n in range(hires):
                    await disturber.at_door(n, hires)
                    await door.publish([application(n, NEED, at=AT)])

            timetable.add(AT, "all apply", apply)
            await walk(Plan(stack.env, people, timetable, hires=hires, serial=True, patience=PATIENCE), on_wake=disturber.on_wake)
        await people.close()
        await stack.ready()
        books = Books(await read_ledger(stack.env["BATON_KAFKA"]), await _mails(stack), await verify(home), people.problems, disturber.wakes, disturber.killed)
    return books


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


def differences(quiet: Books, disturbed: Books) -> list[str]:
    """What is not as it should be; empty when the kills left no trace."""
    wrong = []
    ours, theirs = set(quiet.ledger.rows()), set(disturbed.ledger.rows())
    wrong += [f"only without kills: {row}" for row in sorted(ours - theirs)[:20]] + [f"only with kills: {row}" for row in sorted(theirs - ours)[:20]]
    for name, books in (("without kills", quiet), ("with kills", disturbed)):
        counts, ids = books.ledger.obligations(), books.ledger.messages()[1]
        wrong += [f"{name}: {counts[what]} obligations {what}" for what in ("open", "ended_twice", "never_opened") if counts[what]]
        wrong += [f"{name}: {n} message ids for {key}" for key, n in ids.items() if n > 1]
        wrong += [f"{name}: gap in {gap}" for gap in books.ledger.gaps()[:5]]
        wrong += [f"{name}: verify: {finding}" for finding in books.verify.get("violations", [])]
        wrong += [f"{name}: {problem}" for problem in books.problems]
    if len(set(quiet.mails)) != len(set(disturbed.mails)):
        wrong.append(f"{len(set(quiet.mails))} different mails without kills, {len(set(disturbed.mails))} with")
    return wrong

