"""`baton policy`: policies as code: show, lint, plan before they change anything, apply to whom you say, and their history."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.console import REFUSED, DryRunOption, HomeOption, JsonOption, YesOption, emit, fail, say, table

app = typer.Typer(no_args_is_help=True, help="""Show, lint, plan, apply the hiring policy.

A policy says who owes what by when, and what silence means. Each hire is pinned to the version it began under; only `apply` gives it another one.

Write: baton policy show practice > mine.yaml; lint it; plan it; apply it to new hires, to all, or to some. docs/policy.md teaches it.""")
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A policy file (YAML), or the name of a shipped policy.")]
HiresOption = Annotated[list[str] | None, typer.Option("--hires", help="new, all, or hire ids (repeat the option).")]


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Shipped name, file, or practice for the defaults; without it: the list.")] = "",
    merged: Annotated[bool, typer.Option("--merged", help="With all defaults filled in, as the machine reads it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the shipped policies, or the text (or with --merged the whole meaning) of one.

    Example: baton policy show campus --merged
    """
    from shared.policy.loader import shipped_names, shipped_policy, shipped_text

    if not name:
        rows = [{"name": one, "version": shipped_policy(one).version, "calendar": shipped_policy(one).calendar,
                 "for": shipped_text(one).splitlines()[0].lstrip("# ")} for one in shipped_names()]
        emit(rows) if as_json else table(("policy", "version", "calendar", "for"), [tuple(row.values()) for row in rows])
        return
    if merged or as_json:
        emit(_policy(Path(name)).model_dump(mode="json"))
        return
    print(_text(Path(name)), end="")


@app.command()
def lint(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Policy files, or shipped names.")],
    strict: Annotated[bool, typer.Option("--strict", help="What is only unusual counts as wrong too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say everything that is wrong with a policy: line, column, what was read, what would be right. Exit code 1 when something is.

    Errors are what no hire may run under: unknown kinds, times that can't be read, a consent given by silence, a person
    climbed over. Doubts are allowed and unusual: a machine that rejects, calls at the candidate's desk, too many mails.

    Example: baton policy lint mine.yaml
    """
    from shared.policy.loader import judge

    found = []
    for file in files:
        judged = judge(_text(file) + "\n", name=str(file))
        found += [_finding(one, "error") for one in judged.errors] + [_finding(one, "doubt") for one in judged.doubts]
        if judged.policy is not None and not as_json:
            say(f"[green]{file}[/]: policy {judged.policy.policy}, version {judged.policy.version}, {len(judged.doubts)} doubts")
    found.sort(key=lambda one: (one["file"], one["line"], one["column"]))
    wrong = [one for one in found if strict or one["level"] == "error"]
    if as_json:
        emit({"ok": not wrong, "findings": found})
    for one in [] if as_json else found:
        print(f"{one['file']}:{one['line']}:{one['column']}: {one['level']}: {one['path']}{': ' if one['path'] else ''}read {one['read']!r}; {one['cure']}")
    if wrong:
        raise typer.Exit(REFUSED)


@app.command()
def plan(
    file: FileArgument, hires: HiresOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="Show so many hires; 0: all.")] = 40,
    home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """List every open hire that the policy would touch, and how each due, ladder and step moves. Nothing is changed.

    Without --hires: all open hires of this policy's name. What both versions say alike does not move; nobody is late and
    no reminder fires because of the change alone.

    Example: baton policy plan mine.yaml --json
    """
    from deploy.cli.policy_plan import printed

    wanted = _policy(file)
    plans, waiting = _planned(home, wanted, _ids(home, hires))
    printed(wanted, plans, waiting, limit=limit, as_json=as_json)


@app.command(name="apply")
def apply_(
    file: FileArgument, hires: HiresOption = None, reason: Annotated[str, typer.Option("--reason", help="Why; stands in the history.")] = "",
    yes: YesOption = False, dry_run: DryRunOption = False, home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Put a policy into force: for new hires (the default), for all of its name, or for the hires you name.

    Every other hire keeps the version it runs under. To go back, apply the former text again.

    Example: baton policy apply mine.yaml --hires all --reason "clients need three days"
    """
    from deploy.cli.policy_plan import printed
    from deploy.cli.sending import order

    wanted, ids = _policy(file), _ids(home, hires)
    whom = "new" if not hires or hires == ["new"] else "all" if ids is None else "chosen"
    if whom != "new":
        plans, waiting = _planned(home, wanted, ids)
        if not as_json:
            printed(wanted, plans, waiting, limit=10)
    elif not as_json:
        say(f"New hires of [bold]{wanted.policy}[/] begin under version {wanted.version}; those that run keep theirs.")
    if not dry_run and not yes and not typer.confirm("Apply?"):
        raise typer.Exit(REFUSED)
    body = {"externalid": wanted.policy, "text": _text(file), "hires": whom, "hire_ids": [str(one) for one in ids or ()], "reason": reason}
    answer = order(home, "command.policy", [body], dry_run=dry_run)[0]
    if answer["outcome"] == "parked":
        fail(f"The door refused it: {answer.get('reason', '')}", "`baton policy lint` says more.")
    if as_json:
        emit({"ok": True, "dry_run": dry_run, "policy": wanted.policy, "version": wanted.version, "hires": whom, "subject": answer.get("subject")})
    else:
        say(f"{wanted.policy} {wanted.version}: " + ("would be applied" if dry_run else "applied") + f" ({whom})")


@app.command()
def history(
    name: Annotated[str, typer.Argument(help="Policy name; without it: all.")] = "", home: HomeOption = None, as_json: JsonOption = False,
) -> None:
    """Which versions were in force when, by whose word, and how many hires run or ran under each.

    Example: baton policy history agency-cn
    """
    from deploy.cli.policy_plan import when

    rows = asyncio.run(_reading(home, lambda uow: _history(uow, name)))
    if as_json:
        emit(rows)
        return
    table(("policy", "version", "now", "applied", "for", "by", "open hires", "all hires"), [
        (row["name"], row["version"], "current" if row["current"] else "", when(row["applied_at"]), row["hires"] or "shipped", row["actor"] or "",
         row["open"], row["total"]) for row in rows])


async def _history(uow: Any, name: str) -> list[dict[str, Any]]:
    rows = await uow.rows(
        "select p.name, p.version, c.version is not null as current, a.time as applied_at, a.body->>'hires' as hires, a.actor,"
        " (select count(*) from hires h where h.policy = p.version and h.closed_at is null) as open,"
        " (select count(*) from hires h where h.policy = p.version) as total"
        " from policies p left join current_policies c on c.name = p.name and c.version = p.version"
        " left join reporting.events a on a.type = 'baton.policy.applied' and a.body->>'hash' = p.version"
        " where :name = '' or p.name = :name order by p.name, a.time nulls first, p.version", name=name)
    return [dict(row) for row in rows]


def _planned(home: Path | None, wanted: Any, ids: list[Any] | None) -> tuple[list[Any], int]:
    from workflows.planning import not_begun, plan_policy

    async def read(uow: Any) -> tuple[list[Any], int]:
        return await plan_policy(uow, wanted, hire_ids=ids), await not_begun(uow, wanted.policy)

    found: tuple[list[Any], int] = asyncio.run(_reading(home, read))
    return found


async def _reading(home: Path | None, read: Any) -> Any:
    from deploy.cli.policy_plan import reading

    async with reading(home) as uow:
        return await read(uow)


def _ids(home: Path | None, hires: list[str] | None) -> list[Any] | None:
    """The hires that were named, by id or the beginning of it; None: all."""
    from deploy.cli.policy_plan import hire_ids

    return None if not hires or hires in (["all"], ["new"]) else asyncio.run(hire_ids(home, hires))


def _text(file: Path) -> str:
    from shared.policy.loader import shipped_names, shipped_text

    if not file.exists() and (str(file) in shipped_names() or str(file) == "practice"):
        return shipped_text(str(file))
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read ({type(error).__name__}).", f"Give a policy file, or one of {', '.join(shipped_names())}.", code=2)


def _policy(file: Path) -> Any:
    from shared.policy.loader import judge

    judged = judge(_text(file) + "\n", name=str(file))
    if judged.policy is None:
        fail("\n".join(str(error) for error in judged.errors), "`baton policy lint` lists all of it; nothing was changed.")
    return judged.policy


def _finding(error: Any, level: str) -> dict[str, Any]:
    where = ".".join(str(part) for part in error.path)
    return {"level": level, "file": error.file, "line": error.line, "column": error.column, "path": where, "read": error.read, "cure": error.cure}
