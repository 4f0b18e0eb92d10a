"""`baton whynot ID PURPOSE`: why something has not been said or done."""

from typing import Annotated

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, say, table

app = typer.Typer()


@app.command()
def whynot(
    name: Annotated[str, typer.Argument(metavar="ID", help="Hire id, the beginning of it, or the publisher's reference.")],
    purpose: Annotated[str, typer.Argument(help="A message's purpose or text, an obligation's kind, a stage, or an event type.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why something has not happened to a hire: held back by which guard, refused for which reason, or what it waits for.

    Example: baton whynot 6fd288c2 offer_answer
    """
    from deploy.cli.reading import Reporting, when

    found = Reporting(home).get(f"/whynot/{purpose}/{name}")
    if as_json:
        emit(found)
        return
    say(f"{purpose}: " + ("it has happened" if found["happened"] else "it has not happened"))
    table(("at", "code", "why", "fact"), [(when(r["at"]), r["code"], r["text"], (r["event"] or "")[:8]) for r in found["reasons"]])
