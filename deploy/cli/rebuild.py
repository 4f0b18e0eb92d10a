"""`baton rebuild`: make reporting's projections again from its archive of every event."""

import typer

from deploy.cli.console import REFUSED, HomeOption, JsonOption, YesOption, emit, say, table

app = typer.Typer()


@app.command()
def rebuild(yes: YesOption = False, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Empty the tables that answer questions and fill them again from the archive; nothing else changes, and the answers must be the same.

    Use it when `baton verify` says projection_differs. Reading waits until it is done.

    Example: baton rebuild --yes
    """
    from deploy.cli.admin import ask_process

    if not yes and not typer.confirm("Make reporting's projections again from the archive?"):
        raise typer.Exit(REFUSED)
    made = ask_process(home, "reporting", "POST", "/ops/rebuild")
    emit({"ok": True, "rows": made}) if as_json else table(("table", "rows"), sorted(made.items()))
    if not as_json:
        say("made again; `baton verify` compares them with the archive")
