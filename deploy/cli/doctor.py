"""`baton doctor`: everything that can be wrong around Baton, looked at one by one, each with what to do."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.checks import Finding, environment_findings, home_findings, server_findings, settings_table
from deploy.cli.console import CANNOT_REACH, REFUSED, HomeOption, JsonOption, emit, table
from deploy.local.home import Home

app = typer.Typer()
MARKS = {"fine": "[green]fine[/]", "note": "[yellow]note[/]", "wrong": "[red]wrong[/]", "unreachable": "[red]unreachable[/]"}


@app.command()
def doctor(
    settings: Annotated[bool, typer.Option("--settings", help="List every setting with its value and default instead.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check settings, versions, ports, servers, folders and clocks; say what to do. Exit code 1 when something is wrong, 3 when a server cannot be reached.

    Example: baton doctor --settings
    """
    place = Home(home)
    if settings:
        rows = settings_table(place)
        emit(rows) if as_json else table(("setting", "value", "default", "meaning"), [tuple(row.values()) for row in rows])
        return
    findings = asyncio.run(_look(place))
    if as_json:
        emit({"ok": all(found.fine for found in findings), "findings": [found._asdict() for found in findings]})
    else:
        table(("check", "", "what"), [(found.check, MARKS[found.verdict], _text(found)) for found in findings])
    raise typer.Exit(_code(findings))


async def _look(home: Home) -> list[Finding]:
    return [*environment_findings(Path.cwd()), *home_findings(home), *await server_findings(home)]


def _text(found: Finding) -> str:
    return f"{found.what}\n{found.cure}" if found.cure else found.what


def _code(findings: list[Finding]) -> int:
    verdicts = {found.verdict for found in findings}
    if "wrong" in verdicts:
        return REFUSED
    return CANNOT_REACH if "unreachable" in verdicts else 0
