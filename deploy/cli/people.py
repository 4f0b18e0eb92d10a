"""`baton people`: who is known here, by id; names are opened only by `reveal` and `export`, which are recorded before they show anything."""

from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.console import REFUSED, DryRunOption, HomeOption, JsonOption, YesOption, emit, fail, say, table

app = typer.Typer(invoke_without_command=True, help="""Who is known here: list, show, reveal, export, erase.

Ids, roles and numbers only. `reveal` and `export` open names: each needs a reason, and is a fact in the audit before anything is shown.""")
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Person id, or the beginning of it.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the audit.")]


@app.callback()
def listed(
    ctx: typer.Context,
    kind: Annotated[str, typer.Option("--class", help="staff, client, candidate, new_hire, referee, vendor.")] = "",
    role: Annotated[str, typer.Option("--role", help="recruiter, lead, hiring_manager ...")] = "",
    client: Annotated[str, typer.Option("--client", help="People of this client: name or id.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 500,
    home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """List persons with role, zone and how much they owe.

    Example: baton people --class staff --role recruiter
    """
    if ctx.invoked_subcommand is not None:
        return
    from deploy.cli.reading import Reporting

    rows = Reporting(home).all("/people", limit, role=role, client=client, **{"class": kind})
    if as_json:
        emit(rows)
        return
    table(("person", "class", "roles", "organisation", "zone", "owes", ""), [
        (row["person_id"], row["party_class"] or "", ", ".join(row["roles"] or ()), row["organisation"] or "", row["zone"] or "", row["owes"] or "",
         "erased" if row["erased_at"] else "left" if row["left_at"] else "") for row in rows])
    say(f"{len(rows)} persons")


@app.command()
def show(name: IdArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show one person without a name: role, hires, what they owe, and who has opened their data.

    Example: baton people show 1f0c6e2a
    """
    from deploy.cli.reading import Reporting, short, when

    found = Reporting(home).get(f"/people/{name}")
    if as_json:
        emit(found)
        return
    say(f"[bold]{found['person_id']}[/] {found['party_class']} {', '.join(found['roles'] or ())} {found['organisation'] or ''}"
        + (" [red]erased[/]" if found["erased_at"] else ""))
    table(("hire", "req", "stage", "since"), [(short(h["hire_id"]), h["requisition"] or "", h["outcome"] or h["stage"], when(h["received_at"])) for h in found["hires"]])
    table(("owes", "hire", "due"), [(d["kind"].replace("_", " "), short(d["hire_id"]), when(d["due_at"])) for d in found["owes"]])
    table(("opened", "by", "what", "reason"), [(when(o["at"]), o["actor"], o["what"], o["reason"]) for o in found["opened_by"]])


@app.command()
def reveal(name: IdArgument, reason: ReasonOption, yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None,
           as_json: JsonOption = False) -> None:
    """Open who this is: name, mail, phone. Recorded first, with your name and the reason.

    Example: baton people reveal 1f0c6e2a --reason "called back, number wrong"
    """
    found = _open(home, name, "reveal", reason, yes=yes, dry_run=dry_run, as_json=as_json)
    if found is not None:
        emit(found)


@app.command()
def export(name: IdArgument, reason: ReasonOption, file: Annotated[Path | None, typer.Option("--to", help="Write into this file (0600).")] = None,
           yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """What the door holds about a person, as one JSON document: identity, record, applications, to whom they were shown.

    Messages and answers are in the copy that people take themselves, from the page behind each of their mails.

    Example: baton people export 1f0c6e2a --reason "asked for access" --to linyue.json
    """
    import json
    import os

    found = _open(home, name, "export", reason, yes=yes, dry_run=dry_run, as_json=as_json)
    if found is None:
        return
    if file is None:
        emit(found)
        return
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(found, out, ensure_ascii=False, indent=2)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.", "Name another file.")
    emit({"ok": True, "file": str(file)}) if as_json else say(f"written to {file}")


@app.command()
def erase(name: IdArgument, reason: ReasonOption, yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None,
          as_json: JsonOption = False) -> None:
    """Destroy the person's key: whatever is sealed under it, here and in every copy, can't be opened any more. Prints the certificate.

    Running hires of the person end, and nothing is told to them any more. There is no way back.

    Example: baton people erase 1f0c6e2a --reason "asked for it on 3 Sep"
    """
    from deploy.cli.reading import Reporting
    from deploy.cli.sending import order

    found = Reporting(home).get(f"/people/{name}")
    live = [str(hire["hire_id"]) for hire in found["hires"] if hire["outcome"] is None]
    if found["erased_at"]:
        fail(f"{found['person_id']} was erased at {found['erased_at']}.", "Nothing is left to erase.")
    if not dry_run and not yes and not typer.confirm(f"Erase {found['person_id']} ({found['party_class']}) for good? {len(live)} running hires end."):
        raise typer.Exit(REFUSED)
    answer = order(home, "erasure.requested", [{"externalid": str(found["person_id"]), "reason": reason}], dry_run=dry_run)[0]
    if answer["outcome"] == "parked":
        fail(f"The door refused it: {answer.get('reason', '')}", "`baton parked` shows the event.")
    certificate = {"ok": True, "dry_run": dry_run, "person_id": str(found["person_id"]), "erased_by_event": answer["id"], "reason": reason,
                   "ended_hires": live, "means": "the person's key is destroyed; sealed data under it is unreadable in every store and copy"}
    emit(certificate) if as_json else table(("certificate", ""), [(key.replace("_", " "), value) for key, value in certificate.items() if key != "ok"])


def _open(home: Path | None, name: str, what: str, reason: str, *, yes: bool, dry_run: bool, as_json: bool) -> Any:  # noqa: PLR0913
    from deploy.cli.admin import ask_process
    from deploy.cli.reading import Reporting

    person_id = Reporting(home).get(f"/people/{name}")["person_id"]
    if dry_run:
        emit({"ok": True, "would": what, "person_id": person_id}) if as_json else say(f"would {what} {person_id}")
        return None
    if not yes and not typer.confirm(f"{what} {person_id}? It is recorded."):
        raise typer.Exit(REFUSED)
    return ask_process(home, "intake", "POST", f"/ops/people/{person_id}/{what}", {"reason": reason})
