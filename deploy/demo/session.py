"""One run of the demo from a fresh folder to its result."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from deploy.demo import errands, story
from deploy.demo.door import Door
from deploy.demo.files import read_folder
from deploy.demo.home import Running, memory_mb, running
from deploy.demo.ledger import read_ledger
from deploy.demo.people import People
from deploy.demo.progress import Progress
from deploy.demo.result import Result, calendars_of, check
from deploy.demo.small import mixed_rules, script
from deploy.demo.timetable import Timetable
from deploy.demo.walk import Plan, walk
from deploy.demo.watch import Standing
from deploy.local.errors import StackError
from deploy.local.home import Home
from deploy.local.versions import engine_versions

KILLED = "worker"
KILL_AT = story.instant("2026-09-28 09:00:00")
FILES_AT = story.instant("2026-09-03 09:00:00")
CAST_HIRES = 30


@dataclass(frozen=True)
class Options:
    """What the caller asked for."""

    home: Path | None = None
    input: Path | None = None
    requisition: str = ""
    hires: int = 0
    seed: int = 1
    keep: bool = False
    quiet: bool = False
    patience: float = 45.0


async def play(options: Options) -> Result:
    """Run the demo; StackError where something cannot start, StuckError where nothing moves any more."""
    began = time.monotonic()
    with Progress(quiet=options.quiet) as progress:
        async with running(Home(options.home), keep=options.keep, told=lambda name, state: _told(progress, name, state)) as run:
            people = People("http://" + run.env["BATON_SINK_HTTP"], script(_rules(options), seed=options.seed))
            try:
                async with Door(run.env) as door:
                    timetable = Timetable()
                    expected, requisitions = _plan(options, door, timetable, run, progress)
                    await walk(Plan(run.env, people, timetable, hires=expected, patience=options.patience), on_jump=_watcher(run, progress))
            finally:
                await people.close()
            result = await _result(run, people)
            result.requisitions = requisitions
    result.seconds = time.monotonic() - began
    return result


def _told(progress: Progress, name: str, state: str) -> None:
    if state == "waiting to restart":
        progress.line(f"{name} is gone; the supervisor starts it again")


def _rules(options: Options) -> Any:
    if options.input is not None:
        return ()
    return mixed_rules(options.hires) if options.hires else story.rules()


def _plan(options: Options, door: Door, timetable: Timetable, run: Running, progress: Progress) -> tuple[int, int]:
    """Fill the timetable; how many hires at least and how many requisitions there will be."""
    if options.input is not None:
        if not options.input.is_dir():
            raise StackError(f"{options.input} is no folder.", "Give --input a folder with résumés and postings.")
        batch = read_folder(options.input, requisition=options.requisition, at=FILES_AT.isoformat(), limit=options.hires)
        if not batch.deliveries:
            raise StackError(f"{options.input} holds no file.", "Put résumés (PDF, DOCX, TXT, JSON) and postings into it.")
        errands.folder_errands(door, timetable, batch, FILES_AT, progress.line)
        return 0, sum(bool(one.raises) for one in batch.deliveries)
    if options.hires:
        errands.plain_errands(door, timetable, options.hires, options.requisition or "R-118")
        return options.hires, 1
    errands.cast_errands(door, timetable, run.env, progress.line)

    async def kill() -> None:
        await run.kill(KILLED)
        progress.line(f"kill -9 {KILLED}: nothing below may show it")

    timetable.add(KILL_AT, "one process is killed", kill)
    return CAST_HIRES, 4


def _watcher(run: Running, progress: Progress) -> Any:
    async def moved(now: datetime, standing: Standing) -> None:
        progress.moved(now, standing)

    return moved


async def _result(run: Running, people: People) -> Result:
    env = run.env
    memory = memory_mb(run.processes())
    ledger = await read_ledger(env["BATON_KAFKA"])
    result = Result(ledger, engines=await engine_versions(env), memory_mb=memory, calendars=await calendars_of(env["BATON_DATABASE_OPS"]))
    await _count_door(result, env)
    result.repeated = await _repeated(env)
    result.report = str(await _report(env, run.home))
    result.violations = check(result, problems=people.problems, verified=await verified(run.home))
    return result


async def _count_door(result: Result, env: Mapping[str, str]) -> None:
    """accepted + duplicate + parked = sent, as the door's own book has it; and what still waits for a reference."""
    pg = await asyncpg.connect(env["BATON_DATABASE_OPS"])
    try:
        said = {row["name"]: row["n"] for row in await pg.fetch("select name, n from intake.tally")}
        result.waiting = await pg.fetchval("select count(*) from intake.waiting")
    finally:
        await pg.close()
    result.sent, result.accepted = said.get("sent", 0), said.get("accepted", 0)
    result.duplicates, result.parked = said.get("duplicate", 0), said.get("parked", 0)


async def _repeated(env: Mapping[str, str]) -> int:
    async with httpx.AsyncClient() as http:
        ids = [mail["message_id"] for mail in (await http.get(f"http://{env['BATON_SINK_HTTP']}/api/messages")).json()]
    return len(ids) - len(set(ids))


async def _report(env: Mapping[str, str], home: Home) -> Path:
    """The HTML report as reporting draws it, kept in the data folder."""
    token = next(iter(json.loads(Path(env["BATON_TOKENS"]).read_text())))
    path = home.path / "report.html"
    async with httpx.AsyncClient(timeout=60) as http:
        answer = await http.get(f"http://{env['BATON_REPORTING_HTTP']}/report", headers={"authorization": f"Bearer {token}"})
    answer.raise_for_status()
    await asyncio.to_thread(path.write_bytes, answer.content)
    return path


async def verified(home: Home) -> dict[str, Any]:
    """What `baton verify --json` says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli.main", "verify", "--home", str(home.path), "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = await process.communicate()
    try:
        found: dict[str, Any] = json.loads(out)
    except ValueError:
        return {"violations": [f"baton verify gave no answer: {(out + err).decode(errors='replace')[-300:]}"]}
    return found
