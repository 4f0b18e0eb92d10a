"""`baton logs`: the end of each process' log, or all of them followed as they grow."""

import time
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, fail
from deploy.local.home import Home

app = typer.Typer()


@app.command()
def logs(
    names: Annotated[list[str] | None, typer.Argument(help="Processes; default: all.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as they grow; end with Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="Lines to show of each.")] = 20,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show or follow the logs. They stay after `baton down`.

    Example: baton logs intake worker --follow
    """
    files = _files(Home(home), names or [])
    if as_json:
        emit({"ok": True, "logs": {name: _last(path, lines) for name, path in files.items()}})
        return
    for name, path in files.items():
        for line in _last(path, lines):
            print(f"{name:<12} {line}")
    if follow:
        _follow(files)


def _files(home: Home, names: list[str]) -> dict[str, Path]:
    known = {path.stem: path for path in sorted(home.folder("log").glob("*.log"))}
    if unknown := [name for name in names if name not in known]:
        fail(f"No log of {', '.join(unknown)} in {home.folder('log')}.", f"There are: {', '.join(known) or 'none; nothing was ever started here'}.")
    return {name: known[name] for name in names} if names else known


def _last(path: Path, lines: int) -> list[str]:
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - 200 * (lines + 1) * 4))
        return file.read().decode(errors="replace").splitlines()[-lines:] if lines else []


def _follow(files: dict[str, Path]) -> None:
    places = {name: path.stat().st_size for name, path in files.items()}
    try:
        while True:
            for name, path in files.items():
                if path.stat().st_size < places[name]:
                    places[name] = 0  # rotated
                with open(path, "rb") as file:
                    file.seek(places[name])
                    whole = file.read().rpartition(b"\n")[0]
                if whole:
                    places[name] += len(whole) + 1
                    for line in whole.decode(errors="replace").splitlines():
                        print(f"{name:<12} {line}", flush=True)
            time.sleep(0.3)
    except KeyboardInterrupt:
        return
