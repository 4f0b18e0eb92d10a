"""`baton down`: stop the local stack and wait until nothing of it is left."""

import time

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, fail, say
from deploy.local.control import ask, read_state
from deploy.local.errors import NotRunningError
from deploy.local.home import Home

app = typer.Typer()
PATIENCE = 60.0


@app.command()
def down(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Stop the local stack; its data stays. Nothing running is fine too.

    Example: baton down --home ./var
    """
    place = Home(home)
    try:
        read_state(place)
    except NotRunningError:
        emit({"ok": True, "was_running": False}) if as_json else say("Nothing was running.")
        return
    ask(place, "down")
    until = time.monotonic() + PATIENCE
    while place.locked():
        if time.monotonic() > until:
            fail(f"The stack on {place.path} is still stopping after {PATIENCE:.0f} s.", "Look at `baton status` and log/ in the data folder.")
        time.sleep(0.05)
    emit({"ok": True, "was_running": True}) if as_json else say("Stopped.")
