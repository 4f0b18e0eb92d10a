"""`baton pause|resume|withdraw|reassign|waive|release|star|reopen`: operators' acts on hires, one or many, through intake's door like any other event.

Each act is an event of its own with the operator's token: audited, in order with everything else of the hire, refused where the story does not allow it.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.console import REFUSED, DryRunOption, HomeOption, JsonOption, YesOption, emit, fail, say, table

app = typer.Typer()
IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Hire ids, beginnings of them, or the publisher's references; or filter.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the record.")]
RequisitionOption = Annotated[str, typer.Option("--requisition", "-r", help="All live hires of this requisition.")]
ClientOption = Annotated[str, typer.Option("--client", help="All live hires of this client.")]
StageOption = Annotated[str, typer.Option("--stage", help="Only those in this stage.")]
ENDS_TAKEN_BACK = frozenset({"rejected", "refused", "reserve", "filled", "closed_by_client", "lapsed"})
ObligationOption = Annotated[str, typer.Option("--obligation", "-o", help="Kind or id of what is owed; default: what holds the baton.")]


@app.command()
def pause(
    ids: IdsArgument = None, reason: ReasonOption = "operator", requisition: RequisitionOption = "", client: ClientOption = "", stage: StageOption = "",
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Let hires stand still: clocks of working time stop, nobody is reminded; candidates get a word when it lasts. `resume` takes it back.

    Example: baton pause --requisition R-118 --reason budget --dry-run
    """
    _act("pause", reason, _chosen(home, ids, requisition=requisition, client=client, stage=stage), (yes, dry_run, as_json), home)


@app.command()
def resume(
    ids: IdsArgument = None, reason: ReasonOption = "operator", requisition: RequisitionOption = "", client: ClientOption = "", stage: StageOption = "",
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Let paused hires go on: what stood still is due later by as long as the pause was.

    Example: baton resume --requisition R-118 --yes
    """
    _act("resume", reason, _chosen(home, ids, requisition=requisition, client=client, stage=stage), (yes, dry_run, as_json), home)


@app.command()
def withdraw(
    ids: IdsArgument = None, reason: ReasonOption = "operator", requisition: RequisitionOption = "", client: ClientOption = "", stage: StageOption = "",
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """End hires because the candidate stepped back. With a letter on the table an acceptance that was first wins.

    Example: baton withdraw 6fd288c2 --reason "moved abroad"
    """
    _act("withdraw", reason, _chosen(home, ids, requisition=requisition, client=client, stage=stage), (yes, dry_run, as_json), home)


@app.command()
def reassign(
    name: Annotated[str, typer.Argument(metavar="ID", help="Hire id or the beginning of it.")],
    to: Annotated[str, typer.Option("--to", help="Role of ours that takes it over, e.g. lead.")],
    obligation: ObligationOption = "", reason: ReasonOption = "operator",
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Give what somebody owes to another of ours: the old question closes, the new holder is asked. A candidate's own duty stays theirs.

    Example: baton reassign 6fd288c2 --to lead --obligation review_application
    """
    from shared.policy.roles import CALLERS

    if to not in CALLERS:
        fail(f"{to} is no role of ours.", f"Write one of {', '.join(sorted(CALLERS))}.", code=2)
    duty = _duty(home, name, obligation)
    _act("reassign", reason, [duty], (yes, dry_run, as_json), home, obligation_id=duty["obligation_id"], role=to)


@app.command()
def waive(
    name: Annotated[str, typer.Argument(metavar="ID", help="Hire id or the beginning of it.")],
    obligation: ObligationOption = "", reason: ReasonOption = "operator",
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Release somebody from what they owe: the question closes, the story goes on as if it had lapsed.

    Example: baton waive 6fd288c2 --obligation scorecard --reason "was not there"
    """
    duty = _duty(home, name, obligation)
    _act("waive", reason, [duty], (yes, dry_run, as_json), home, obligation_id=duty["obligation_id"])


@app.command()
def release(
    ids: IdsArgument = None, reason: ReasonOption = "operator", requisition: RequisitionOption = "", client: ClientOption = "", stage: StageOption = "",
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Let go drafts that wait for a consultant's word (executive voice): they leave as they are written.

    Example: baton release 6fd288c2 --yes
    """
    _act("release", reason, _chosen(home, ids, requisition=requisition, client=client, stage=stage), (yes, dry_run, as_json), home)


@app.command()
def star(
    ids: IdsArgument = None, reason: ReasonOption = "operator", requisition: RequisitionOption = "", client: ClientOption = "", stage: StageOption = "",
    off: Annotated[bool, typer.Option("--off", help="No star any more.")] = False,
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:  # noqa: PLR0913
    """Mark hires of people who matter most: our own side is prompted sooner from the next duty on; the candidate hears nothing more.

    Example: baton star 6fd288c2 --reason "two other offers"
    """
    chosen = _chosen(home, ids, requisition=requisition, client=client, stage=stage)
    _act("unstar" if off else "star", reason, chosen, (yes, dry_run, as_json), home)


@app.command()
def reopen(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of ended hires, beginnings of them, or the publisher's references.")],
    reason: ReasonOption = "operator", yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Take an end back that was wrong, up to 14 days after it: the same hire goes on, whoever decided last is asked again.

    Only ends that we or the client made (rejected, refused, reserve, filled, closed by the client, lapsed). The candidate hears nothing by itself.

    Example: baton reopen 6fd288c2 --reason "wrong person rejected"
    """
    from deploy.cli.reading import Reporting

    reporting = Reporting(home)
    found = [reporting.get(f"/hires/{one}") for one in ids]
    for one in found:
        ended = one["outcome"] or next((d["decision"] for d in one["decisions"] if d["stage"] == "closed"), "")
        if one["stage"] != "closed":
            fail(f"{one['hire_id']} has not ended; it is in {one['stage']}.", "`baton hires --state closed` lists the ended ones.")
        if ended and ended not in ENDS_TAKEN_BACK:
            fail(f"{one['hire_id']} ended as {ended}: that is nobody's to take back.", f"Only {', '.join(sorted(ENDS_TAKEN_BACK))} can be.")
    _act("reopen", reason, found, (yes, dry_run, as_json), home)


def _chosen(home: Path | None, ids: list[str] | None, **filters: str) -> list[dict[str, Any]]:
    """Live hires by id or by filter, each with where it is. Ends the command where nothing was named or found."""
    from deploy.cli.reading import Reporting

    if not ids and not any(filters.values()):
        fail("No hire is named.", "Give ids, or --requisition, --client, --stage.", code=2)
    reporting = Reporting(home)
    if ids:
        return [reporting.get(f"/hires/{one}") for one in ids]
    found = reporting.all("/hires", 100_000, state="live", **filters)
    if not found:
        fail("No live hire matches.", "`baton hires --state live` lists them.")
    return found


def _duty(home: Path | None, name: str, wanted: str) -> dict[str, Any]:
    """One hire with the one open obligation that is meant."""
    from deploy.cli.reading import Reporting

    story: dict[str, Any] = Reporting(home).get(f"/hires/{name}")
    held = wanted or str(story["baton"].get("obligation_id") or "")
    found = [duty for duty in story["obligations"] if duty["ended"] is None and (duty["kind"] == held or str(duty["obligation_id"]).startswith(held or "-"))]
    if len(found) != 1:
        owed = ", ".join(f"{duty['kind']} ({str(duty['obligation_id'])[:8]})" for duty in story["obligations"] if duty["ended"] is None)
        fail(f"{wanted or 'The baton'} is {'not owed' if not found else 'owed more than once'}.", f"Open are: {owed or 'none'}.")
    return {**story, "obligation_id": str(found[0]["obligation_id"]), "what": f"{found[0]['kind']} of {found[0]['by_role']}"}


def _act(act: str, reason: str, hires: list[dict[str, Any]], how: tuple[bool, bool, bool], home: Path | None, **params: str) -> None:  # noqa: PLR0913
    from deploy.cli.sending import order

    yes, dry_run, as_json = how
    if not as_json:
        table(("hire", "req", "stage", "what"), [
            (str(one["hire_id"])[:8], one.get("requisition") or "", one["outcome"] or one["stage"], one.get("what", act)) for one in hires])
    if not dry_run and not yes and not typer.confirm(f"{act} {len(hires)} hires?"):
        raise typer.Exit(REFUSED)
    bodies = [{"externalid": str(one["hire_id"]), "act": act, "reason": reason, "params": params} for one in hires]
    results = order(home, "command.act", bodies, dry_run=dry_run)
    refused = [{"hire_id": str(one["hire_id"]), "reason": answer.get("reason", "")} for one, answer in zip(hires, results, strict=True) if answer["outcome"] == "parked"]
    if as_json:
        emit({"ok": not refused, "act": act, "dry_run": dry_run, "hires": [str(one["hire_id"]) for one in hires], "refused": refused})
    else:
        say(f"{act}: {len(hires) - len(refused)} {'would be ' if dry_run else ''}accepted, {len(refused)} refused")
        for one in refused:
            print(f"{one['hire_id']}: {one['reason']}")
    if refused:
        raise typer.Exit(REFUSED)
