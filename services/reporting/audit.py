"""The audit chain over the archive: blocks of events, each sealed by a digest that covers the block before it.

Whoever changes, adds or removes an archived event afterwards breaks the digest of its block and of none before it; a copy of the last
digest kept elsewhere (`baton audit export`) proves that the blocks themselves were not made anew.
"""

from __future__ import annotations

import asyncio
from typing import Any

from shared.contracts import hire, party, policy
from shared.runtime.db import Database, Uow
from shared.runtime.observability import get_logger

log = get_logger(__name__)
BLOCK = 5_000
"""Events of a block at most."""
EVERY_S = 60.0
AUDITED = (hire.OperatorAct.TYPE, policy.PolicyApplied.TYPE, party.PersonRevealed.TYPE, party.PersonErased.TYPE, party.PersonMerged.TYPE)
"""Acts of operators and what opens or destroys personal data; an actor on any other fact makes it one as well."""
_DIGEST = """select count(*) as events, min(n) as first_n, max(n) as last_n, encode(sha256(convert_to($1 || string_agg(concat_ws('|', n, source, id,
  type, version, subject, extract(epoch from time), sequence, cause, actor, policyversion, body::text), E'\\n' order by n), 'UTF8')), 'hex') as digest
  from (select * from events where n > $2 and n <= $3 order by n limit $4) as e"""
_SHOWN = """select n, time as at, type, subject, actor, hire, id, body->>'act' as act, body->>'actor' as by_actor, body->>'reason' as reason
  from events where (type = any($1::text[]) or actor <> '') and n > $2 and ($3 = '' or actor = $3 or body->>'actor' = $3)
  and ($4 = '' or type like $4) order by n limit $5"""


async def seal(uow: Uow) -> int:
    """Seal what the archive has grown by; how many blocks were made. One at a time over all processes."""
    await uow.pg.execute("select pg_advisory_xact_lock(hashtext('baton.audit'))")
    made = 0
    while True:
        last = await uow.pg.fetchrow("select k, last_n, digest from audit_blocks order by k desc limit 1")
        k, after, before = (last["k"], last["last_n"], last["digest"]) if last else (0, 0, "")
        row = await uow.pg.fetchrow(_DIGEST, before, after, 2**62, BLOCK)
        if not row["events"]:
            return made
        await uow.pg.execute("insert into audit_blocks (k, first_n, last_n, events, digest, sealed_at) values ($1, $2, $3, $4, $5, $6)",
                             k + 1, row["first_n"], row["last_n"], row["events"], row["digest"], uow.now)
        made += 1


async def verify(uow: Uow) -> dict[str, Any]:
    """Every block made again from the archive: how many stand, the first that does not, what is not sealed yet, and the last digest."""
    before, wrong, blocks = "", None, await uow.pg.fetch("select k, first_n, last_n, events, digest from audit_blocks order by k")
    expected = 0
    for block in blocks:
        row = await uow.pg.fetchrow(_DIGEST, before, expected, block["last_n"], 2**31 - 1)
        if (row["digest"], row["events"]) != (block["digest"], block["events"]) and wrong is None:
            wrong = {name: block[name] for name in ("k", "first_n", "last_n")}
        before, expected = block["digest"], block["last_n"]
    unsealed = await uow.pg.fetchval("select count(*) from events where n > $1", expected)
    return {"ok": wrong is None, "blocks": len(blocks), "events": sum(block["events"] for block in blocks), "broken": wrong, "unsealed": unsealed,
            "digest": blocks[-1]["digest"] if blocks else ""}


async def shown(uow: Uow, *, after: int, actor: str, type_: str, limit: int) -> list[dict[str, Any]]:
    """Acts by people and machines with a name, in the order of the archive."""
    like = f"baton.{type_.removeprefix('baton.')}%" if type_ else ""
    return [dict(row) for row in await uow.pg.fetch(_SHOWN, list(AUDITED), after, actor, like, limit)]


async def blocks(uow: Uow) -> list[dict[str, Any]]:
    """The chain itself."""
    return [dict(row) for row in await uow.pg.fetch("select k, first_n, last_n, events, digest, sealed_at from audit_blocks order by k")]


async def sealing(db: Database, stop: asyncio.Event) -> None:
    """Beside the consumer: seal once a minute."""
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), timeout=EVERY_S)
        except TimeoutError:
            try:
                async with db.unit() as uow:
                    await seal(uow)
            except Exception as problem:
                log.warning("sealing_failed", problem=type(problem).__name__)
