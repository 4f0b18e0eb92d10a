"""`baton obligations`: who owes what to whom, by when."""

from typing import Annotated

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, say, table

app = typer.Typer()


@app.command()
def obligations(
    state: Annotated[str, typer.Option("--state", help="open, overdue, all, or an end: met, waived, transferred, lapsed, cancelled.")] = "open",
    owner: Annotated[str, typer.Option("--owner", help="Role or person id.")] = "",
    client: Annotated[str, typer.Option("--client", help="Name or id.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="scorecard, offer_answer ...")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 500,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who holds the baton now: obligations by due time, overdue ones first.

    Example: baton obligations --owner interviewer --state overdue
    """
    from deploy.cli.reading import Reporting, coloured, short, when

    rows = Reporting(home).all("/obligations", limit, state=state, owner=owner, client=client, kind=kind)
    if as_json:
        emit(rows)
        return
    table(("", "owed by", "what", "hire", "req", "due", "used", "then"), [
        (coloured(r["state"]), r["by_role"], r["kind"], short(r["hire_id"]), r["requisition"] or "", when(r["due_at"]),
         f"{r['used']:.0%}" if r["ended"] is None else "", f"{when(r['next_rung']['at'])} {r['next_rung']['do']}" if r["next_rung"] else "") for r in rows])
    say(f"{len(rows)} obligations, {sum(r['state'] == 'over' for r in rows)} overdue")
