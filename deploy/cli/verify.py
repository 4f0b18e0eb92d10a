"""`baton verify`: the invariants of a running system; exit code 1 with the ids that break them."""

import asyncio
import os
import sys
from typing import NoReturn

import typer

from deploy.cli.console import CANNOT_REACH, REFUSED, HomeOption, JsonOption, emit, fail, say, stack_env, table

app = typer.Typer()


@app.command()
def verify(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Check that every live hire has a holder, nothing is lost, nothing is said twice, and every count adds up.

    Example: baton verify --json
    """
    from deploy.verify.run import UnreachableError
    from deploy.verify.run import verify as run

    env = stack_env(home)
    try:
        found = asyncio.run(run(env))
    except UnreachableError as problem:
        fail(str(problem), "`baton status` shows what runs.", code=CANNOT_REACH)
    emit({"ok": not found["violations"], **found}) if as_json else _show(found)
    leave(REFUSED if found["violations"] else 0)


def leave(code: int) -> NoReturn:
    """End at once: Temporal's client library can abort an interpreter that is shutting down, which would spoil the exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _show(found: dict) -> None:
    duties = found["obligations"]
    ends = " + ".join(f"{duties[name]} {name.replace('_', ' ')}" for name in duties if name != "opened")
    outcomes = ", ".join(f"{n} {name}" for name, n in found["outcomes"].items())
    rows = [
        ("door", f"{found['sent']} sent = {found['accepted']} accepted + {found['duplicates']} duplicate + {found['parked']} parked"),
        ("waiting", found["waiting"]), ("requisitions", found["requisitions"]),
        ("hires", f"{found['hires']}, {found['open']} open" + (f"; {outcomes}" if outcomes else "")),
        ("obligations", f"{duties['opened']} opened = {ends}"),
        ("messages", f"{found['messages']['sent']} sent, {found['messages']['suppressed']} suppressed, {found['messages']['repeated']} repeated"),
        ("facts", found["events"]), ("engines", ", ".join(f"{name} {version}" for name, version in found["engines"].items()))]
    table(("", ""), rows)
    for line in found["violations"]:
        print(f"VIOLATION {line}")
    say(f"[green]0 violations[/] in {found['seconds']} s" if not found["violations"] else f"[red]{len(found['violations'])} violations[/]")
