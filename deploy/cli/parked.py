"""`baton parked`: what could not be taken in: list, show, repair, replay, discard; on every process."""

from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from deploy.cli.console import CANNOT_REACH, DryRunOption, HomeOption, JsonOption, YesOption, emit, fail, say, table

app = typer.Typer(invoke_without_command=True, help="What could not be taken in: list, show, repair, replay, discard.")
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Parked id, or the beginning of it.")]


@app.callback()
def listed(
    ctx: typer.Context,
    state: Annotated[str, typer.Option("--state", help="parked, replayed, discarded.")] = "parked",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what is parked, with its reason.

    Example: baton parked --state parked
    """
    if ctx.invoked_subcommand is not None:
        return
    from deploy.cli.reading import when

    rows = [row for process, admin in _admins(home).items() for row in _rows(process, admin, state)]
    if as_json:
        emit(rows)
        return
    table(("id", "process", "parked", "topic", "code", "reason"), [(row["id"][:8], row["process"], when(row["parked_at"]), row["topic"], row["code"], row["reason"]) for row in rows])
    say(f"{len(rows)} parked" if rows else "Nothing is parked.")


@app.command()
def show(parked_id: IdArgument, content: Annotated[bool, typer.Option("--content", help="The original too: may hold personal data.")] = False,
         home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show one parked record: reason, place, headers, size.

    Example: baton parked show 5f18c286
    """
    row, admin = _find(parked_id, home)
    emit(_ask(lambda: httpx.get(f"{admin}/ops/parked/{row['id']}", params={"content": "true"} if content else {}, timeout=30)))


@app.command()
def repair(parked_id: IdArgument, file: Annotated[Path, typer.Argument(help="The corrected body, or a whole structured CloudEvent.")],
           yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Put a corrected body in the place of the original; `replay` then takes it in.

    Example: baton parked repair 5f18c286 corrected.json
    """
    try:
        body = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.", "Name a file with the corrected body.")
    _act(parked_id, "repair", {"content": body}, (yes, dry_run, as_json), home)


@app.command()
def replay(parked_id: IdArgument, yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take it in again.

    Example: baton parked replay 5f18c286 --yes
    """
    _act(parked_id, "replay", {}, (yes, dry_run, as_json), home)


@app.command()
def discard(parked_id: IdArgument, reason: Annotated[str, typer.Option("--reason", help="Why.")], yes: YesOption = False, dry_run: DryRunOption = False,
            home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Give it up, with a reason; the original is destroyed.

    Example: baton parked discard 5f18c286 --reason "sent by mistake" --yes
    """
    _act(parked_id, "discard", {"json": {"reason": reason}}, (yes, dry_run, as_json), home)


def _act(parked_id: str, verb: str, body: dict[str, Any], how: tuple[bool, bool, bool], home: Path | None) -> None:
    yes, dry_run, as_json = how
    row, admin = _find(parked_id, home)
    line = f"{verb} {row['id']} ({row['process']}, {row['topic']}, {row['code']})"
    if dry_run:
        emit({"ok": True, "would": verb, "id": row["id"]}) if as_json else say(f"would {line}")
        return
    if not yes and not typer.confirm(f"{line}?"):
        raise typer.Exit(1)
    answer = _ask(lambda: httpx.post(f"{admin}/ops/parked/{row['id']}/{verb}", timeout=60, **body))
    emit({"ok": True, "id": row["id"], **answer}) if as_json else say(f"{row['id']}: {answer['state']}")


def _admins(home: Path | None) -> dict[str, str]:
    """Process -> admin address, of the stack on this home; one process a schema."""
    from deploy.local.control import read_state
    from deploy.local.home import Home

    processes = read_state(Home(home))["processes"]
    return {name: facts["admin"] for name, facts in processes.items() if facts.get("admin") and name != "bridge"}


def _rows(process: str, admin: str, state: str) -> list[dict[str, Any]]:
    found = _ask(lambda: httpx.get(f"{admin}/ops/parked", params={"state": state, "limit": 1000}, timeout=30))
    return [{"process": process, **row} for row in found]


def _find(parked_id: str, home: Path | None) -> tuple[dict[str, Any], str]:
    for process, admin in _admins(home).items():
        for row in _rows(process, admin, "parked"):
            if len(parked_id) >= 4 and row["id"].startswith(parked_id):
                return row, admin
    fail(f"No parked record begins with {parked_id}.", "`baton parked` lists them; give 4 characters or more.")


def _ask(call: Any) -> Any:
    try:
        answer = call()
    except httpx.TransportError as problem:
        fail(f"The process does not answer ({type(problem).__name__}).", "`baton status` shows what runs.", code=CANNOT_REACH)
    said = answer.json()
    if answer.status_code >= 400:
        fail(str(said.get("detail", "refused")), str(said.get("cure", "")))
    return said
