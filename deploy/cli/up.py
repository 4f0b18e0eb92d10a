"""`baton up`: start the local stack in the background and say where everything is."""

import json
import os
import signal
import subprocess
import sys
from typing import Annotated

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, fail, say
from deploy.cli.status import measured, show
from deploy.local.control import read_state
from deploy.local.environment import ROOT
from deploy.local.errors import NotRunningError
from deploy.local.home import Home

app = typer.Typer()


@app.command()
def up(
    home: HomeOption = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Start only this engine or process (may be repeated).")] = None,
    new_ports: Annotated[bool, typer.Option("--new-ports", help="Choose all ports anew.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Start the local stack: real Kafka, PostgreSQL, Temporal, a mail sink, all services. Returns when all are ready.

    Servers named by BATON_KAFKA, BATON_DATABASE, BATON_TEMPORAL or BATON_SMTP are used instead of local ones.

    Example: baton up --home ./var
    """
    place = Home(home).prepare()
    try:
        state = read_state(place)
    except NotRunningError:
        state = _start(place, only or [], new_ports=new_ports, quiet=as_json)
    else:
        if not as_json:
            say(f"Running already (process {state['pid']}).")
    if as_json:
        emit({"ok": True, **{key: state[key] for key in ("pid", "home", "env", "processes")}})
    else:
        show(measured(state))


def _start(home: Home, only: list[str], *, new_ports: bool, quiet: bool) -> dict:
    argv = [sys.executable, "-m", "deploy.local.daemon", "--home", str(home.path)]
    argv += [part for name in only for part in ("--only", name)] + (["--new-ports"] if new_ports else [])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    with open(home.log("supervisor"), "ab") as errors:
        daemon = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, env=env, cwd=home.path, start_new_session=True
        )
    try:
        _follow(daemon, quiet=quiet)
    except KeyboardInterrupt:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
        fail("Stopped.", code=130)
    return read_state(home)


def _follow(daemon: subprocess.Popen, *, quiet: bool) -> None:
    """Show how the start goes until it is ready or has failed."""
    for line in daemon.stdout or ():
        news = json.loads(line)
        if "ready" not in news:
            if not quiet and news["state"] != "starting":
                say(f"  {news['name']:<13}{news['state']}")
        elif news["ready"]:
            return
        else:
            daemon.wait()
            fail(news["problem"], news["cure"])
    fail(f"The supervisor ended before the stack was ready (exit code {daemon.wait()}).", "See log/supervisor.log in the data folder.")
