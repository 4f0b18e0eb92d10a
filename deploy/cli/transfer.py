"""`baton transfer`: one of ours goes or is away for long; every open duty of theirs moves to somebody else in one act (C177-C179)."""

from typing import Annotated, Any

import typer

from deploy.cli.console import REFUSED, DryRunOption, HomeOption, JsonOption, YesOption, emit, fail, say, table

app = typer.Typer()


@app.command()
def transfer(
    gone: Annotated[str, typer.Option("--from", help="Id of the person who hands over (`baton people` finds it).")],
    comes: Annotated[str, typer.Option("--to", help="Id of the person who takes over.")],
    requisition: Annotated[str, typer.Option("--requisition", "-r", help="Only in hires of this requisition.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the record.")] = "hand_over",
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Hand everything that one of ours owes in running hires to another of ours. Dues stay; the old questions close, the new holder is asked.

    What one saw with own eyes (a scorecard) and what a candidate owes stays where it is. For what begins from now on
    change the requisition's team, or send absence.recorded with a delegate.

    Example: baton transfer --from 1f0c6e2a-... --to 77ab01c3-... --reason "left the firm" --dry-run
    """
    from deploy.cli.reading import Reporting
    from deploy.cli.sending import order

    reporting = Reporting(home)
    out, into = (_staff(reporting, one) for one in (gone, comes))
    if out == into:
        fail("Both are the same person.", "Name two different persons.", code=2)
    hires = reporting.all("/hires", 100_000, state="live", owner=out, requisition=requisition)
    duties = [duty for duty in reporting.all("/obligations", 100_000, state="open", owner=out) if duty["hire_id"] in {one["hire_id"] for one in hires}]
    if not as_json:
        table(("hire", "req", "what", "due"), [(str(d["hire_id"])[:8], d["requisition"] or "", d["kind"].replace("_", " "), d["due_at"][:16]) for d in duties])
    if not hires:
        fail("This person owes nothing in a running hire.", "`baton obligations --owner ID` shows what somebody owes.")
    if not dry_run and not yes and not typer.confirm(f"Hand over {len(duties)} duties in {len(hires)} hires?"):
        raise typer.Exit(REFUSED)
    bodies = [{"externalid": str(one["hire_id"]), "act": "hand_over", "reason": reason, "params": {"out_id": out, "in_id": into}} for one in hires]
    refused = [answer for answer in order(home, "command.act", bodies, dry_run=dry_run) if answer["outcome"] == "parked"]
    if as_json:
        emit({"ok": not refused, "dry_run": dry_run, "hires": len(hires), "duties": [str(one["obligation_id"]) for one in duties], "refused": len(refused)})
    else:
        say(f"{len(duties)} duties in {len(hires)} hires {'would move' if dry_run else 'move'}, {len(refused)} refused")
    if refused:
        raise typer.Exit(REFUSED)


def _staff(reporting: Any, name: str) -> str:
    """The id of one of ours; ends the command where it is nobody's, or a candidate's."""
    person = reporting.get(f"/people/{name}")
    if person["party_class"] not in ("staff", "vendor"):
        fail(f"{name} is not one of ours ({person['party_class']}).", "`baton people --class staff` lists who is.", code=2)
    return str(person["person_id"])
