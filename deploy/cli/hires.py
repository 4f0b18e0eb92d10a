"""`baton hires`: who is where, and who holds the baton."""

from typing import Annotated

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, say, table

app = typer.Typer()


@app.command()
def hires(
    stage: Annotated[str, typer.Option("--stage", help="screening, submission, interviewing ...")] = "",
    state: Annotated[str, typer.Option("--state", help="live or closed.")] = "",
    outcome: Annotated[str, typer.Option("--outcome", help="settled, rejected, withdrawn ...")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Role or person id that owes something.")] = "",
    client: Annotated[str, typer.Option("--client", help="Name or id.")] = "",
    requisition: Annotated[str, typer.Option("--requisition", "-r", help="Code, reference or id.")] = "",
    due: Annotated[str, typer.Option("--due", help="overdue, today or week.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 500,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the hires, oldest first, each with its stage and who has the baton until when.

    Example: baton hires --state live --requisition R-118
    """
    from deploy.cli.reading import Reporting, coloured, short, when

    rows = Reporting(home).all("/hires", limit, stage=stage, state=state, outcome=outcome, owner=owner, client=client, requisition=requisition, due=due)
    if as_json:
        emit(rows)
        return
    shown = []
    for row in rows:
        baton = row["baton"]
        ended = row["outcome"] or ""
        where = ended or row["stage"]
        shown.append((short(row["hire_id"]), row["requisition"] or "", where, when(row["closed_at"] or row["stage_since"]), "" if ended else baton["role"],
                      "" if ended else baton["kind"], when(baton["due_at"]), "" if ended or baton["state"] == "house" else coloured(baton["state"])))
    table(("hire", "req", "stage", "since", "baton", "owes", "due", ""), shown)
    live = sum(row["outcome"] is None for row in rows)
    say(f"{len(rows)} hires, {live} live")
