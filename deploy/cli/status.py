"""`baton status`: every process with its state, age, memory, lag and backlog, and where it is."""

import json
import re
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import typer

from deploy.cli.console import REFUSED, HomeOption, JsonOption, emit, say, table
from deploy.local.control import read_state
from deploy.local.home import Home

app = typer.Typer()
# Sums over labels of what each process exposes on its admin port.
GAUGES = {"lag": r"baton_\w*lag\w*", "backlog": r"baton_outbox_(?:rows|backlog|size|depth)\w*"}


@app.command()
def status(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show what runs, since when, and where. Exit code 1 when something that should run is not ready, 3 when nothing runs.

    Example: baton status --json
    """
    state = measured(read_state(Home(home)))
    processes = state["processes"]
    bad = [name for name, facts in processes.items() if facts["state"] not in ("ready", "stopped")]
    if as_json:
        emit({"ok": not bad, "pid": state["pid"], "home": state["home"], "external": state["external"], "processes": processes})
    else:
        show(state)
    if bad:
        raise typer.Exit(REFUSED)


def measured(state: dict) -> dict:
    """The supervisor's state with what each process says and uses now."""
    return {**state, "processes": {name: {**facts, **_measure(facts)} for name, facts in state["processes"].items()}}


def show(state: dict) -> None:
    """The table for people."""
    rows = []
    for name, facts in state["processes"].items():
        where = facts.get("page") or facts.get("address") or facts.get("admin", "")
        colour = "green" if facts["state"] == "ready" else "yellow"
        memory = facts["memory_mb"] or ""
        where = where.removeprefix("http://")
        lag, backlog = (facts.get(key, "") for key in GAUGES)
        times = facts["restarts"] or ""
        rows.append((name, f"[{colour}]{facts['state']}[/]", facts["pid"] or "", _age(facts["since"]), times, memory, lag, backlog, where))
    columns = ("process", "state", "pid", "since", "died", "MB", "lag", "backlog", "where")
    table(columns, rows, whole=columns)
    env = state["env"]
    for name, facts in state["processes"].items():
        if facts.get("problem"):
            say(f"  [yellow]{name}[/]: {facts['problem']}")
    for name in state["external"]:
        say(f"  {name}: given by the environment, not started here")
    say(f"  pages {env['BATON_PAGES_URL']}   events http://{env['BATON_INTAKE_HTTP']}/events\n  data  {state['home']}")


def _measure(facts: dict) -> dict:
    found: dict = {"memory_mb": _memory(facts.get("pid"))}
    if facts.get("admin") and facts["state"] == "ready":
        found |= _readiness(facts["admin"])
        with suppress(OSError):
            text = urllib.request.urlopen(facts["admin"] + "/metrics", timeout=2).read().decode()
            for key, pattern in GAUGES.items():
                values = re.findall(rf"^(?:{pattern})(?:\{{[^}}]*\}})? (\S+)$", text, re.MULTILINE)
                if values:
                    found[key] = int(sum(map(float, values)))
    return found


def _readiness(admin: str) -> dict:
    """What the process says of itself now: it was ready once, it may have lost a server since."""
    try:
        urllib.request.urlopen(admin + "/readyz", timeout=8).close()
    except urllib.error.HTTPError as error:
        with suppress(ValueError):
            return {"state": "not ready", "problem": json.loads(error.read()).get("problem", "")}
        return {"state": "not ready", "problem": str(error)}
    except OSError as error:
        return {"state": "not ready", "problem": f"does not answer: {error}"}
    return {}


def _memory(pid: int | None) -> int | None:
    with suppress(OSError, IndexError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * 4096 // 1_000_000
    return None


def _age(since: float) -> str:
    seconds = int(time.time() - since)
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"

