"""`baton requisition`: list them; pause, resume or close many at once: what it touches is shown first, and for some minutes it can be taken back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.console import REFUSED, DryRunOption, HomeOption, JsonOption, YesOption, emit, fail, say, table

app = typer.Typer(invoke_without_command=True, help="""List requisitions; pause, resume or close many at once.

Nothing happens before the undo window (--undo, 10 minutes) has passed: until then `baton requisition undo BATCH` takes it back and nobody has heard of it.""")
CodesArgument = Annotated[list[str], typer.Argument(metavar="CODE...", help="Codes, references or ids.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the record.")]
UndoOption = Annotated[int, typer.Option("--undo", min=0, max=1440, help="Minutes in which it can be taken back; 0: at once.")]


@app.callback()
def listed(
    ctx: typer.Context,
    state: Annotated[str, typer.Option("--state", help="raised, open, paused, closed.")] = "",
    client: Annotated[str, typer.Option("--client", help="Name or id.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 500,
    home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """List requisitions with their live hires.

    Example: baton requisition --state open
    """
    if ctx.invoked_subcommand is not None:
        return
    from deploy.cli.reading import Reporting, short

    rows = Reporting(home).all("/requisitions", limit, state=state, client=client)
    if as_json:
        emit(rows)
        return
    table(("code", "title", "client", "state", "openings", "live hires", "policy", "id"), [
        (r["code"], r["title"], r["client"] or "", r["state"], r["openings"], r["live"], r["policy"], short(r["requisition_id"])) for r in rows])
    say(f"{len(rows)} requisitions")


@app.command()
def pause(codes: CodesArgument, reason: ReasonOption = "operator", undo: UndoOption = 10, yes: YesOption = False, dry_run: DryRunOption = False,
          home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Let the work on them stand still: clocks of working time stop, nobody is reminded; a delivered offer stands.

    Example: baton requisition pause R-118 R-121 --reason "headcount frozen" --dry-run
    """
    _bulk("pause", codes, reason, undo, (yes, dry_run, as_json), home)


@app.command()
def resume(codes: CodesArgument, reason: ReasonOption = "operator", undo: UndoOption = 0, yes: YesOption = False, dry_run: DryRunOption = False,
           home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Let the work on them go on: what stood still is due later by as long as the pause was.

    Example: baton requisition resume R-118 R-121 --yes
    """
    _bulk("resume", codes, reason, undo, (yes, dry_run, as_json), home)


@app.command()
def close(codes: CodesArgument, reason: ReasonOption = "given_up", undo: UndoOption = 10, yes: YesOption = False, dry_run: DryRunOption = False,
          home: HomeOption = None, as_json: JsonOption = False) -> None:
    """End the work on them: everybody still in hears so, worded by how far they came; contracts stand.

    Example: baton requisition close R-127 --reason filled
    """
    _bulk("close", codes, reason, undo, (yes, dry_run, as_json), home)


@app.command()
def undo(batch: Annotated[str, typer.Argument(metavar="BATCH", help="What pause or close printed.")], yes: YesOption = False,
         dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take an act in bulk back whose window has not passed. Afterwards use `resume`, or raise the requirement anew.

    Example: baton requisition undo 0197c2d4-...
    """
    from deploy.cli.sending import order

    if not dry_run and not yes and not typer.confirm(f"Take {batch} back?"):
        raise typer.Exit(REFUSED)
    order(home, "command.requisitions", [{"externalid": batch, "act": "undo"}], dry_run=dry_run)
    emit({"ok": True, "dry_run": dry_run, "batch": batch}) if as_json else say(f"{batch} is taken back, if its window had not passed; `baton requisition` shows the states")


def _bulk(act: str, codes: list[str], reason: str, window: int, how: tuple[bool, bool, bool], home: Path | None) -> None:  # noqa: PLR0913
    from deploy.cli.admin import ask_process
    from deploy.cli.reading import Reporting
    from deploy.cli.sending import order
    from shared.runtime.ids import new_id

    yes, dry_run, as_json = how
    reporting = Reporting(home)
    ids = [_id(reporting, code) for code in codes]
    query = "&".join(f"id={one}" for one in ids)
    touched: dict[str, Any] = ask_process(home, "bridge", "GET", f"/ops/requisitions/impact?{query}")
    if not as_json:
        table(("requisition", "state", "live hires", "by stage", "open duties", "dues that move"), [
            (one["code"] or one["requisition_id"], one["state"], one["hires"], ", ".join(f"{n} {stage}" for stage, n in one["stages"].items()),
             one["duties"], one["dues"]) for one in touched["requisitions"]])
    if not dry_run and not yes and not typer.confirm(f"{act} {len(ids)} requisitions with {touched['total']['hires']} live hires?"):
        raise typer.Exit(REFUSED)
    batch = str(new_id())
    answer = order(home, "command.requisitions", [{
        "externalid": batch, "act": act, "requisitions": ids, "reason": reason, "undo_minutes": window}], dry_run=dry_run)[0]
    if answer["outcome"] == "parked":
        fail(f"The door refused it: {answer.get('reason', '')}", "`baton requisition` lists what there is.")
    if as_json:
        emit({"ok": True, "act": act, "dry_run": dry_run, "batch": batch, "undo_minutes": window, "impact": touched})
    else:
        say(f"{act}: {'would be ordered' if dry_run else 'ordered'}" + (f"; for {window} minutes: baton requisition undo {batch}" if window and not dry_run else ""))


def _id(reporting: Any, code: str) -> str:
    found = reporting.all("/requisitions", 2, code=code)
    if len(found) != 1:
        fail(f"{code} names {'no requisition' if not found else 'several requisitions'}.", "`baton requisition` lists codes and ids.")
    return str(found[0]["requisition_id"])
