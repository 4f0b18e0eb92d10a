"""What every command shares: the common options, how to print for people and for machines, and where the running stack is."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from deploy.local.errors import NotRunningError
from deploy.local.home import Home

REFUSED, MISUSED, CANNOT_REACH = 1, 2, 3

HomeOption = Annotated[Path | None, typer.Option("--home", help="Data folder [default: $BATON_HOME or ~/.baton]")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")]


def emit(value: object) -> None:
    """Print one JSON document."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def say(text: str) -> None:
    """Print a line for people (rich markup)."""
    from rich import print as rich_print

    rich_print(text)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", whole: Sequence[str] = ()) -> None:
    """Print a table for people; columns without any content are left out, the first one and those named `whole` are never broken."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    cells = [[str(cell) for cell in row] for row in rows]
    shown = [index for index in range(len(columns)) if not cells or any(row[index] for row in cells)]
    drawn = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1, 0, 0))
    for index in shown:
        drawn.add_column(columns[index], no_wrap=index == 0 or columns[index] in whole, overflow="fold")
    for row in cells:
        drawn.add_row(*(row[index] for index in shown))
    Console().print(drawn)


def fail(problem: str, cure: str = "", *, code: int = REFUSED) -> NoReturn:
    """Say what is wrong and what to do, and end with this exit code; as JSON where --json is on the command line."""
    if "--json" in sys.argv:
        emit({"ok": False, "problem": problem, "cure": cure})
    else:
        print(f"{problem}\n{cure}".rstrip(), file=sys.stderr)
    sys.exit(code)


def stack_env(home: Path | None = None) -> dict[str, str]:
    """The BATON_* variables of the stack that runs on this home, else the caller's own.

    Raises NotRunningError (exit code 3) when no stack runs there and the caller's environment names no servers.
    """
    from deploy.local.control import read_state

    try:
        return read_state(Home(home))["env"]
    except NotRunningError:
        given = {name: value for name, value in os.environ.items() if name.startswith("BATON_")}
        if home is None and "BATON_DATABASE" in given and "BATON_KAFKA" in given:
            return given
        raise


def operator_token(env: dict[str, str]) -> str:
    """The first token of the token file that may act as operator; '' when there is none."""
    tokens = json.loads(Path(env["BATON_TOKENS"]).read_text())
    return next((token for token, grant in tokens.items() if "operator" in grant.get("roles", [])), "")
