"""Run every check in one consistent read of the database and count what stands there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import asyncpg

from deploy.local.versions import engine_versions

from . import delivery, duties, hires, saying, subjects
from .finding import SCHEMAS, Check, Finding, Look

CHECKS: tuple[Check, ...] = (
    hires.without_holder, hires.never_begun, hires.silent, hires.different, subjects.without_holder, subjects.different,
    subjects.stuck, delivery.gaps, delivery.stuck, delivery.parked_inside,
    delivery.door_sum, delivery.projections, duties.ledger, duties.orphans, duties.untold, duties.shown, saying.twice, saying.closed_hours)
CATCH_UP_SECONDS = 20.0


class UnreachableError(Exception):
    """The database does not answer, or this environment names none; the text says which variable."""


async def verify(env: Mapping[str, str], *, patience: float = CATCH_UP_SECONDS) -> dict[str, Any]:
    """All invariants and totals, with the keys of surface.md; `violations` is empty when all is well.

    `env` holds BATON_* variables (BATON_DATABASE_OPS at least). Waits up to `patience` seconds for messages on their way.
    Raises UnreachableError.
    """
    began = time.monotonic()
    pg = await _connect(env)
    try:
        await _caught_up(pg, patience)
        async with pg.transaction(isolation="repeatable_read", readonly=True):
            look = await _look(pg, env)
            findings = [finding for check in CHECKS for finding in await check(look)]
            totals = await _totals(look)
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.InvalidSchemaNameError) as problem:
        raise UnreachableError(f"The schemas are not those of this version ({problem}); run `baton migrate`.") from None
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError) as problem:
        raise UnreachableError(f"The database went away while it was read: {type(problem).__name__}.") from None
    finally:
        await pg.close(timeout=5)
    return {**totals, "violations": [str(f) for f in _unique(findings)], "seconds": round(time.monotonic() - began, 2), "engines": await engine_versions(env)}


async def _connect(env: Mapping[str, str]) -> asyncpg.Connection:
    dsn = env.get("BATON_DATABASE_OPS", "")
    if not dsn:
        raise UnreachableError("BATON_DATABASE_OPS is not set: the role that may select everywhere.")
    try:
        return await asyncpg.connect(dsn, timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError) as problem:
        raise UnreachableError(f"The database of BATON_DATABASE_OPS does not answer: {type(problem).__name__}.") from None


async def _look(pg: asyncpg.Connection, env: Mapping[str, str]) -> Look:
    held = env.get("BATON_CLOCK") == "held"
    now = await pg.fetchval("select coalesce((select now from runtime.clock), clock_timestamp())" if held else "select clock_timestamp()")
    return Look(pg, now, held, env)


async def _caught_up(pg: asyncpg.Connection, patience: float) -> None:
    """Wait until outboxes are empty and every consumer has read what was published; what stays behind is found by the checks."""
    until = time.monotonic() + patience
    rows = " union all ".join(f"select count(*) as n from {schema}.outbox" for schema in SCHEMAS)
    published = " union all ".join(f"select topic, part, next from {schema}.published" for schema in SCHEMAS)
    behind = (f"select count(*) from (select topic, part, max(next) as next from ({published}) as p group by 1, 2) as p left join reporting.consumed c"
              " on c.topic = p.topic and c.part = p.part where coalesce(c.next, 0) < p.next")
    while time.monotonic() < until:
        if not await pg.fetchval(f"select sum(n) from ({rows}) as o") and not await pg.fetchval(behind):
            return
        await asyncio.sleep(0.3)


async def _totals(look: Look) -> dict[str, Any]:
    """The counts of surface.md."""
    pg = look.pg
    outcomes = {row["outcome"]: row["n"] for row in await pg.fetch(
        "select outcome, count(*) as n from reporting.hires where outcome is not null and received_at is not null group by 1 order by 1")}
    messages = await pg.fetchrow("select count(*) filter (where sends > 0) as sent, count(*) filter (where state = 'suppressed') as suppressed"
                                 " from reporting.messages")
    hires_ = await pg.fetchval("select count(*) from reporting.hires where received_at is not null")
    return {
        **await delivery.tally(look), "hires": hires_, "requisitions": await pg.fetchval("select count(*) from reporting.requisitions"),
        "outcomes": outcomes, "open": hires_ - sum(outcomes.values()), "obligations": await duties.counts(look),
        "waiting": await pg.fetchval("select count(*) from intake.waiting"),
        "messages": {"sent": messages["sent"], "suppressed": messages["suppressed"], "repeated": await saying.repeated(look)},
        "events": await pg.fetchval("select count(*) from reporting.events"), "now": look.now.isoformat()}


def _unique(findings: list[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))
