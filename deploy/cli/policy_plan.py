"""What the commands about policies share: reading the workflows' tables with the operators' role, and how a plan is printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from deploy.cli.console import CANNOT_REACH, emit, fail, say, stack_env, table

ZONE = ZoneInfo("Asia/Shanghai")


@asynccontextmanager
async def reading(home: Path | None) -> AsyncIterator[Any]:
    """A unit of work on schema `workflows` by the role that may select everywhere. Ends the command where the database is away."""
    import asyncpg

    from shared.runtime.clock import Clock
    from shared.runtime.db import Database

    env = stack_env(home)
    if not env.get("BATON_DATABASE_OPS"):
        fail("BATON_DATABASE_OPS is not set.", "It names the role that may select everywhere; `baton up` sets it.", code=CANNOT_REACH)
    db = Database(env["BATON_DATABASE_OPS"], schema="workflows", clock=Clock("held" if env.get("BATON_CLOCK") == "held" else "real"), size=1)
    try:
        async with db.unit() as uow:
            yield uow
    except (OSError, asyncpg.PostgresConnectionError) as problem:
        fail(f"The database does not answer ({type(problem).__name__}).", "`baton status` shows what runs.", code=CANNOT_REACH)
    finally:
        await db.close()


async def hire_ids(home: Path | None, said: Sequence[str]) -> list[UUID]:
    """Open hires by id, the beginning of an id, or the publisher's reference. Ends the command where one is unknown or ambiguous."""
    found = []
    async with reading(home) as uow:
        for one in said:
            rows = await uow.rows(
                "select hire_id from hires where closed_at is null and (cast(hire_id as text) like :like or externalref = :ref) limit 2",
                like=f"{one}%" if len(one) >= 4 else one, ref=one)
            if len(rows) != 1:
                fail(f"{one} names {'no open hire' if not rows else 'several hires'}.", "`baton hires --state live` lists them; give 4 characters or more.")
            found.append(rows[0]["hire_id"])
    return found


def when(at: datetime | str | None) -> str:
    """An instant in the firm's zone, short."""
    if not at:
        return ""
    return f"{(datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(ZONE):%a %d %b %H:%M}"


def printed(wanted: Any, plans: Sequence[Any], waiting: int, *, limit: int = 40, as_json: bool = False) -> None:
    """The plan: how many hires, which kinds move by how much, which steps ahead change, then each hire with each due."""
    moving = [plan for plan in plans if plan.dues or plan.steps]
    if as_json:
        emit({"policy": wanted.policy, "version": wanted.version, "hires": len(plans), "moving": len(moving), "not_begun": waiting,
              "plans": [asdict(plan) for plan in plans]})
        return
    say(f"[bold]{wanted.policy}[/] {wanted.version}: {len(plans)} open hires would run under it, {len(moving)} of them move; "
        f"{waiting} applications have not begun and take what is current then")
    kinds: dict[str, list[Any]] = defaultdict(list)
    for plan in moving:
        for due in plan.dues:
            kinds[due.kind].append(due)
    if kinds:
        table(("obligation", "hires", "earlier", "later", "ladder only"), [
            (kind, len(dues), sum(_moved(d) < 0 for d in dues), sum(_moved(d) > 0 for d in dues), sum(_moved(d) == 0 for d in dues))
            for kind, dues in sorted(kinds.items())], title="what moves")
    rows = [row for plan in (moving[:limit] if limit else moving) for row in _rows(plan)]
    if rows:
        table(("hire", "req", "stage", "what", "owed by", "now", "then", "ladder ahead"), rows, title="each hire")
    if limit and len(moving) > limit:
        say(f"… and {len(moving) - limit} hires more; --limit 0 shows them all")


def _moved(due: Any) -> float:
    return (due.due_to - due.due_from).total_seconds() if due.due_from and due.due_to else 0.0


def _rows(plan: Any) -> list[tuple[Any, ...]]:
    head = (str(plan.hire_id)[:8], plan.requisition, plan.stage)
    rows: list[tuple[Any, ...]] = [
        (*head, due.kind.replace("_", " ") + (" (opens)" if due.planned else ""), due.role, when(due.due_from), when(due.due_to),
         "" if due.planned else f"{len(due.rungs_from)} -> {len(due.rungs_to)}") for due in plan.dues]
    return rows + [(*head, name.replace("_", " "), "", _short(before), _short(after), "") for name, (before, after) in plan.steps.items()]


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one["name"]) if isinstance(one, dict) else str(one) for one in value) or "none"
    return str(value)
