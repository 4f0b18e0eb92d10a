"""`baton ask` and `baton answer`: how a question stands, and an answer that somebody gave on the phone, in a meeting, on paper."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.console import MISUSED, REFUSED, DryRunOption, HomeOption, JsonOption, YesOption, emit, fail, say, table

app = typer.Typer()
AskArgument = Annotated[str, typer.Argument(metavar="ASK", help="Id of the ask or of its obligation, or the beginning of it.")]


@app.command()
def ask(name: AskArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show a question: kind, state, who owes the answer, who may answer for them, and the fields with their codes.

    Example: baton ask 5f18c286
    """
    from deploy.cli.admin import ask_process
    from deploy.cli.reading import when

    found = ask_process(home, "notification", "GET", f"/ops/asks/{name}")
    if as_json:
        emit(found)
        return
    say(f"[bold]{found['kind'].replace('_', ' ')}[/] {found['ask_id']}: {found['closed_how'] or found['state']}, owed by {found['holder_role']}"
        + (f" until {when(found['due_at'])}" if found["due_at"] else ""))
    say({"allowed": "Others may answer for them.", "with_evidence": "Others may answer for them with a signed paper (--evidence).",
         "never": "Only they may answer."}[found["on_behalf"]])
    table(("field", "kind", "", "codes"), [
        (one["name"], one["kind"], "required" if one["required"] else "", ", ".join(one["codes"])) for one in found["fields"]])


@app.command()
def answer(
    name: AskArgument,
    said: Annotated[list[str], typer.Option("--set", "-s", metavar="FIELD=VALUE", help="A field of the form; repeat it. `baton ask` lists them.")],
    on_behalf_of: Annotated[str, typer.Option("--on-behalf-of", help="Person id of who answered; must be who owes it [default: who owes it].")] = "",
    via: Annotated[str, typer.Option("--via", help="phone, wechat, meeting, paper, mail, system.")] = "phone",
    by: Annotated[str, typer.Option("--by", help="Person id of who of us heard it.")] = "",
    note: Annotated[str, typer.Option("--note", help="Words to it; sealed under the person's key.")] = "",
    at: Annotated[datetime | None, typer.Option("--at", help="When it was said, with zone: 2026-09-03T09:00:00+08:00 [default: now].",
                                                formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"])] = None,
    evidence: Annotated[Path | None, typer.Option("--evidence", help="The signed paper; its SHA-256 is kept with the answer, the file goes to the door.")] = None,
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Bring an answer that somebody gave elsewhere. It meets the same row as the page: the first answer wins; the person gets one receipt.

    A consent and a yes to an offer are never answered by another; a signature needs the signed paper.

    Example: baton answer 5f18c286 --set decision=yes --via phone --note "called back at noon" --on-behalf-of 1f0c6e2a-...
    """
    from deploy.cli.admin import ask_process
    from deploy.cli.reading import client as http_of

    fields = dict(_pair(one) for one in said)
    found = ask_process(home, "notification", "GET", f"/ops/asks/{name}")
    if on_behalf_of and not str(found["holder_id"] or "").startswith(on_behalf_of.lower()):
        fail(f"{on_behalf_of} does not owe this answer.", f"It is owed by {found['holder_role']} {found['holder_id']}.")
    line = f"{found['kind'].replace('_', ' ')} of {found['holder_role']}: {', '.join(f'{name}={value}' for name, value in fields.items())}, by {via}"
    if not as_json:
        say(line)
    if not dry_run and not yes and not typer.confirm("Answer it?"):
        raise typer.Exit(REFUSED)
    body: dict[str, Any] = {"fields": fields, "via": via, "by": by or None, "note": note, "dry_run": dry_run, "evidence": None,
                            "happened_at": at.isoformat() if at else None}
    if evidence is not None:
        body["evidence"] = _paper(home, evidence, http_of, dry_run=dry_run)
    done = ask_process(home, "notification", "POST", f"/ops/asks/{found['ask_id']}/answer", body)
    emit(done) if as_json else say("would be answered" if dry_run else "answered; they get one receipt")


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not name:
        fail(f"{text} is no field.", "Write it as field=value, e.g. --set decision=yes.", code=MISUSED)
    return name, value


def _paper(home: Path | None, file: Path, http_of: Any, *, dry_run: bool) -> str:
    """The digest of the signed paper, which goes to the door's documents first."""
    import hashlib

    from deploy.cli.console import stack_env
    from deploy.cli.reading import answered

    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.", "Name the scan of the signed paper.", code=MISUSED)
    digest = hashlib.sha256(data).hexdigest()
    if not dry_run:
        http = http_of(stack_env(home), "BATON_INTAKE_HTTP")
        answered(lambda: http.put(f"/documents/{digest}", content=data, params={"name": file.name}), http)
    return digest
