"""`baton audit`: who did what, and the proof that nobody changed the record afterwards."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.console import REFUSED, HomeOption, JsonOption, emit, fail, say, table

app = typer.Typer(no_args_is_help=True, help="""Show, verify, export the audit.

Every fact of every service is archived. Blocks of the archive are sealed by a chain of digests, once a minute; keep an exported digest elsewhere.""")


@app.command()
def show(
    actor: Annotated[str, typer.Option("--actor", help="Only this token's name.")] = "",
    kind: Annotated[str, typer.Option("--type", help="Beginning of a type, e.g. person.revealed, policy, workflows.act.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 200,
    home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Acts of operators and of callers with a name, policies applied, persons opened, merged, erased.

    Example: baton audit show --type person.
    """
    from deploy.cli.reading import Reporting, short, when

    rows = Reporting(home).all("/audit", limit, actor=actor, type=kind)
    if as_json:
        emit(rows)
        return
    table(("at", "who", "what", "about", "reason", "event"), [
        (when(row["at"]), row["actor"] or row["by_actor"] or "", f"{row['type'].removeprefix('baton.')} {row['act'] or ''}".strip(), row["subject"][:44],
         row["reason"] or "", short(row["id"])) for row in rows])
    say(f"{len(rows)} acts")


@app.command()
def verify(
    digest: Annotated[str, typer.Option("--digest", help="A digest you kept: it must stand in the chain.")] = "",
    home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Make every block again from the archive and compare. Exit code 1 where the record was changed.

    Example: baton audit verify --digest 7c1e...
    """
    from deploy.cli.reading import Reporting

    found = Reporting(home).get("/audit/chain", seal="1")
    chain = found.pop("chain")
    missing = bool(digest) and not any(block["digest"].startswith(digest) for block in chain)
    ok = found["ok"] and not missing
    if as_json:
        emit({**found, "ok": ok, "digest_found": not missing})
    elif ok:
        say(f"[green]unbroken[/]: {found['blocks']} blocks, {found['events']} events; digest {found['digest']}")
    else:
        print("The digest you kept is not in the chain." if missing else f"Block {found['broken']['k']} (events {found['broken']['first_n']} to "
              f"{found['broken']['last_n']}) is not what was sealed.")
    if not ok:
        raise typer.Exit(REFUSED)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write: the chain, then every audited act, one JSON object a line.")],
    home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Write chain and acts as JSON Lines, for an archive outside of this system.

    Example: baton audit export audit-2026-09.jsonl
    """
    from deploy.cli.reading import Reporting

    reporting = Reporting(home)
    chain = reporting.get("/audit/chain", seal="1")["chain"]
    acts = reporting.all("/audit", 1_000_000)
    try:
        with file.open("w", encoding="utf-8") as out:
            for row in ({"block": block} for block in chain):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            for act in acts:
                out.write(json.dumps({"act": act}, ensure_ascii=False) + "\n")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.", "Name another file.")
    last = chain[-1]["digest"] if chain else ""
    emit({"ok": True, "file": str(file), "blocks": len(chain), "acts": len(acts), "digest": last}) if as_json else say(
        f"{len(acts)} acts and {len(chain)} blocks in {file}; last digest {last}")
