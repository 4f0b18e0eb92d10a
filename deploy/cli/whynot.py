"""`baton whynot ID PURPOSE`: why something has not been said or done."""

from pathlib import Path
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

    First the condition that holds it back, with its value now; then what stands between: the hire's own rules played on from here.

    Example: baton whynot 6fd288c2 offer_answer
    """
    from deploy.cli.reading import Reporting, when

    found = Reporting(home).get(f"/whynot/{purpose}/{name}")
    ahead = [] if found["happened"] else _ahead(home, found["hire_id"], purpose)
    found["first_condition"], found["then"] = (ahead[0], ahead[1:]) if ahead else (None, [])
    if as_json:
        emit(found)
        return
    say(f"{purpose}: " + ("it has happened" if found["happened"] else "it has not happened"))
    if ahead:
        say(f"held back by: [bold]{ahead[0]['what']}[/]: {ahead[0]['now']}")
        for one in ahead[1:8]:
            say(f"  then: {one['what']}" + ("" if one["now"] == "not asked yet" else f": {one['now']}"))
    table(("at", "code", "why", "fact"), [(when(r["at"]), r["code"], r["text"], (r["event"] or "")[:8]) for r in found["reasons"]])


def _ahead(home: Path | None, hire_id: str, purpose: str) -> list[dict[str, str]]:
    """Conditions from the hire's own state; none where this environment names no database."""
    import asyncio
    from uuid import UUID

    from deploy.cli.console import stack_env
    from deploy.cli.policy_plan import reading
    from deploy.rehearse.ahead import as_rows, of_hire

    if not stack_env(home).get("BATON_DATABASE_OPS"):
        return []

    async def read() -> list[dict[str, str]]:
        async with reading(home) as uow:
            return as_rows(await of_hire(uow, UUID(hire_id), purpose) or [])

    return asyncio.run(read())
