"""One run of the demo from a fresh folder to its result."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from deploy.cli.console import operator_token
from deploy.demo import errands, story
from deploy.demo.door import Door
from deploy.demo.files import read_folder
from deploy.demo.first_page import with_first_page
from deploy.demo.home import Running, memory_mb, running
from deploy.demo.ledger import read_ledger
from deploy.demo.people import People, Script
from deploy.demo.progress import Progress
from deploy.demo.result import Result, hire_of, lost_files, unexpected, with_joined
from deploy.demo.small import mixed_rules, numbers, script
from deploy.demo.timetable import Timetable
from deploy.demo.told import days
from deploy.demo.walk import Plan, walk
from deploy.demo.watch import Standing
from deploy.local.errors import StackError
from deploy.local.home import Home
from deploy.verify.run import verify

KILLED = "worker"
KILL_AT = story.instant("2026-09-28 09:00:00")
FILES_AT = story.instant("2026-09-03 09:00:00")
CAST_HIRES = 30
HERO, GUEST, GUARDED = "song-zhiyuan", "yue.lin@example.cn", "shao-yifan"
CHANNELS = ("mail", "dingtalk", "wecom", "feishu", "slack", "sms")
"""In each of them somebody answers in the story of the cast."""
MORNING = story.instant("2026-09-11 09:00:00")
"""A Friday in the middle of the interviews."""


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


@dataclass(frozen=True)
class Wanted:
    """What the run has to come to: at least so many hires, requisitions, files in all, and the story's ends."""

    hires: int
    requisitions: int
    files: int = 0
    expected: Mapping[str, str] = field(default_factory=dict)
    told: bool = False
    """Whether each day of the story has to go as it is told: with another seed people answer at other moments, and days differ."""


async def play(options: Options) -> Result:
    """Run the demo; StackError where something cannot start, StuckError where nothing moves any more."""
    began = time.monotonic()
    with Progress(quiet=options.quiet) as progress:
        async with running(Home(options.home), keep=options.keep, told=lambda name, state: _told(progress, name, state)) as run:
            people = People("http://" + run.env["BATON_SINK_HTTP"], _script(options), numbers=story.numbers() | numbers(options.hires))
            try:
                async with Door(run.env) as door:
                    timetable = Timetable()
                    wanted = _plan(options, door, timetable, run, progress)
                    await walk(Plan(run.env, people, timetable, hires=wanted.hires, patience=options.patience), on_jump=_watcher(progress))
            finally:
                await people.close()
            result = await _result(run, people, wanted)
            result.mailbox = f"http://{run.env['BATON_SINK_HTTP']}/?to={GUEST}" if options.keep and wanted.expected else ""
    result.seconds = time.monotonic() - began
    return result


def _told(progress: Progress, name: str, state: str) -> None:
    if state == "waiting to restart":
        progress.line(f"{name} is gone; the supervisor starts it again")


def _script(options: Options) -> Script:
    if options.input is not None:
        return script(seed=options.seed)
    if options.hires:
        return script(mixed_rules(options.hires), seed=options.seed)
    return script(story.rules(), seed=options.seed, turns=story.turns())


def _plan(options: Options, door: Door, timetable: Timetable, run: Running, progress: Progress) -> Wanted:
    """Fill the timetable; what has to come of it."""
    if options.input is not None:
        if not options.input.is_dir():
            raise StackError(f"{options.input} is no folder.", "Give --input a folder with résumés and postings.")
        batch = read_folder(options.input, requisition=options.requisition, at=FILES_AT.isoformat(), limit=options.hires)
        if not batch.deliveries:
            raise StackError(f"{options.input} holds no file.", "Put résumés (PDF, DOCX, TXT, JSON) and postings into it.")
        errands.folder_errands(door, timetable, batch, FILES_AT, progress.line)
        return Wanted(0, sum(bool(one.raises) for one in batch.deliveries), files=batch.files)
    if options.hires:
        errands.plain_errands(door, timetable, options.hires, options.requisition or "R-118")
        return Wanted(options.hires, 1)
    errands.cast_errands(door, timetable, run.env, progress.line)
    run.outside = door.counted

    async def kill() -> None:
        await run.kill(KILLED)
        progress.line(f"kill -9 {KILLED}: nothing below may show it")

    async def morning() -> None:
        async with _reporting(run.env) as http:
            run.morning = (await http.get("/report", params={"part": "morning"})).text
        progress.line("周敏 opens her page: who holds the baton this morning (the report begins with it)")

    timetable.add(MORNING, "a director's morning", morning)
    timetable.add(KILL_AT, "one process is killed", kill)
    return Wanted(CAST_HIRES, 4, expected=story.expected(), told=options.seed == Options.seed)


def _watcher(progress: Progress) -> Any:
    async def moved(now: datetime, standing: Standing) -> None:
        progress.moved(now, standing)

    return moved


async def _result(run: Running, people: People, wanted: Wanted) -> Result:
    env = run.env
    memory, ledger = memory_mb(run.processes()), await read_ledger(env["BATON_KAFKA"])
    counts = await verify(env)
    counts["requisitions"] = wanted.requisitions
    wrong = [*counts["violations"], *(f"form_came_back: {problem}" for problem in people.problems), *unexpected(ledger, wanted.expected)]
    if wanted.files:
        counts = with_joined(counts, len(ledger.of("duplicate.suspected")))
        wrong += lost_files(counts, wanted.files)
    async with _reporting(env) as http:
        played = days(ledger, whynot=await _whynot(http, hire_of(ledger, GUARDED)), outside=run.outside) if wanted.expected else []
    if wanted.told:
        wrong += [f"story_untold: {day.when}" for day in played if not day.line]
        wrong += [f"channel_unanswered: {name}" for name in CHANNELS if not any(way.startswith(name) for way in people.ways)]
    hero = hire_of(ledger, HERO) or next(iter(ledger.hires()), "")
    async with _reporting(env) as http:
        story = (await http.get(f"/hires/{hero}")).json() if hero else {}
        report = await http.get("/report")
    path = run.home.path / "report.html"
    result = Result(ledger, counts, wrong, memory_mb=memory, report=str(path), story=story, days=played, answers=people.ways)
    await asyncio.to_thread(path.write_text, with_first_page(report.text, (MORNING, run.morning), result), encoding="utf-8")
    return result


async def _whynot(http: httpx.AsyncClient, hire: str) -> str:
    """Why this candidate was never shown to the client, in the words of `baton whynot`."""
    answer = await http.get(f"/whynot/disclose/{hire}")
    return "; ".join(reason["text"] for reason in answer.json().get("reasons", []))


def _reporting(env: Mapping[str, str]) -> httpx.AsyncClient:
    token = operator_token(dict(env))
    return httpx.AsyncClient(base_url=f"http://{env['BATON_REPORTING_HTTP']}", timeout=60, headers={"authorization": f"Bearer {token}"})
