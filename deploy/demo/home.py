"""The demo's data folder and its running stack: fresh each time, never over data that is somebody's."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.control import ask, read_state
from deploy.local.environment import ROOT
from deploy.local.errors import HomeError, NotRunningError, StackError, StartError
from deploy.local.home import FOLDERS, Home
from deploy.local.stack import Stack

MARK = "demo.json"
HELD = {"BATON_CLOCK": "held", "BATON_OUTBOUND": "sink", "BATON_CHANNELS": "local"}
Told = Callable[[str, str], None]


@dataclass
class Running:
    """A stack that runs: its variables, its home, and how to kill one of its processes."""

    env: Mapping[str, str]
    home: Home
    stack: Stack | None = None
    morning: str = ""
    """A morning's page as it stood then, for the report."""
    outside: Mapping[str, int] = field(default_factory=dict)
    """What publishers and a mail gateway counted on their own side."""

    async def kill(self, name: str) -> None:
        """kill -9 one process; the supervisor starts it again."""
        if self.stack is not None:
            await self.stack.kill(name)
        else:
            await asyncio.to_thread(ask, self.home, "kill", name=name, signal=9)

    def processes(self) -> dict[str, int]:
        """Name -> process id of everything that runs now, supervisor included."""
        snapshot = self.stack.snapshot() if self.stack is not None else read_state(self.home)
        found = {name: facts["pid"] for name, facts in snapshot["processes"].items() if facts["pid"]}
        return {**found, "supervisor": snapshot["pid"]}


def fresh(home: Home) -> None:
    """Empty what an earlier demo left there; HomeError when the folder holds anything else."""
    if home.path.exists() and home.locked():
        raise HomeError(f"A stack is running on {home.path}.", "Stop it with `baton down`, or give the demo its own --home.")
    if not home.path.exists() or not any(home.path.iterdir()):
        home.prepare()
    elif not (home.path / MARK).exists():
        if (home.path / "postgres").exists() and any((home.path / "postgres").iterdir()):
            raise HomeError(f"{home.path} holds data that no demo made.", "Give the demo its own folder with --home; nothing was touched.")
    else:
        for name in FOLDERS:
            shutil.rmtree(home.path / name, ignore_errors=True)
    home.prepare()
    home.write_json(MARK, {"made_by": "baton demo"})


@asynccontextmanager
async def running(home: Home, *, keep: bool, told: Told) -> AsyncIterator[Running]:
    """All of Baton with the held clock on a fresh folder. `keep`: in the background, left up afterwards (but not after a failed start)."""
    fresh(home)
    if not keep:
        async with Stack(home=home.path, env=HELD, report=told) as stack:
            yield Running(stack.env, home, stack)
        return
    await asyncio.to_thread(_in_background, home, told)
    yield Running(read_state(home)["env"], home)


def _in_background(home: Home, told: Told) -> None:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with open(home.log("supervisor"), "ab") as errors:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.daemon", "--home", str(home.path)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
            text=True, env={**os.environ, **HELD, "PYTHONPATH": path}, cwd=home.path, start_new_session=True)
    assert daemon.stdout is not None
    for line in daemon.stdout:
        news = json.loads(line)
        if "ready" not in news:
            told(news["name"], news["state"])
        elif news["ready"]:
            return
        else:
            daemon.wait()
            raise StackError(news["problem"], news["cure"])
    raise StartError(f"The supervisor ended before the stack was ready (exit code {daemon.wait()}).", "See log/supervisor.log in the data folder.")


def stop(home: Home) -> None:
    """Stop a stack that was left in the background."""
    try:
        ask(home, "down")
    except NotRunningError:
        return


def memory_mb(pids: Mapping[str, int]) -> int:
    """Proportional memory (PSS) of these processes and their children, in MB."""
    total = 0
    for pid in _with_children(set(pids.values())):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total // 1000


def _with_children(pids: set[int]) -> set[int]:
    found = set(pids)
    grown = True
    while grown:
        grown = False
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(path.read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            pid = int(path.parent.name)
            if parent in found and pid not in found and parent != os.getpid():
                found.add(pid)
                grown = True
    return found
