"""`baton why ID`: the rule, the policy and the facts behind what a hire waits for."""

from typing import Annotated

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, say, table

app = typer.Typer()


@app.command()
def why(
    name: Annotated[str, typer.Argument(metavar="ID", help="Hire id, the beginning of it, or the publisher's reference.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the last step of a hire: who holds it, by which rule of which policy version, and the chain of facts that led there.

    Example: baton why 6fd288c2
    """
    from deploy.cli.reading import Reporting, when

    found = Reporting(home).get(f"/why/{name}")
    if as_json:
        emit(found)
        return
    baton = found["baton"]
    holder = f"ended as {found['outcome']}" if found["outcome"] else f"{baton['role']} has the baton" + (
        f": {baton['kind'].replace('_', ' ')}, due {when(baton['due_at'])}" if baton["kind"] else " (the firm's own step)")
    say(f"[bold]{found['hire_id']}[/] in {found['stage']}: {holder}")
    if found["rule"]:
        say(f"rule: {found['rule']}")
    say(f"policy: {found['policy_version'] or 'not pinned yet'}")
    if found["verdict"]["result"]:
        say(f"screening: {found['verdict']['result']}, score {found['verdict']['score']}, rules {found['verdict']['rules_version']}")
    table(("at", "fact", "subject", "actor", "id"), [
        (when(f["at"]), f["type"].removeprefix("baton."), f["subject"][:22], f["actor"], f["id"][:8]) for f in found["facts"]], title="because")
