"""All SQL that writes or rebuilds reporting's tables: the archive, and the projections as functions of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import from_json, to_json

from shared.contracts.envelope import Envelope

from .folds.all import KEYS, fold
from .folds.facts import Fact, Row, scope_of

CHUNK = 2000
_ARCHIVE = """insert into events (source, id, type, version, scope, subject, time, recordedtime, sequence, hire, cause, correlation, actor,
  externalref, policyversion, topic, body)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::bigint[],
  $10::uuid[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::jsonb[])
  on conflict (source, id) do nothing"""
_FACTS = "select id, source, type, subject, sequence, time, policyversion, body from events"
_ROWS = "jsonb_populate_recordset(null::{table}, $1::jsonb)"


async def archive(pg: Any, arrivals: Sequence[tuple[Envelope, Any, str]], *, now: datetime) -> None:
    """Store events as published, (envelope, body, topic) each; an event that is there already stays as it is."""
    rows = [_event_row(envelope, body, topic, now) for envelope, body, topic in arrivals]
    await pg.execute(_ARCHIVE, *(list(column) for column in zip(*rows, strict=True)))


def _event_row(envelope: Envelope, body: Any, topic: str, now: datetime) -> tuple[Any, ...]:
    recorded = datetime.fromisoformat(envelope.recordedtime) if envelope.recordedtime else envelope.time or now
    return (
        envelope.source, envelope.id, envelope.type, body.VERSION, scope_of(envelope.subject), envelope.subject, envelope.time or recorded, recorded,
        int(envelope.sequence or 0), _hire_of(body), envelope.causationid, envelope.correlationid, envelope.actor, envelope.externalref,
        envelope.policyversion, topic, _without_identity(envelope.data))


def _hire_of(body: Any) -> str | None:
    hire = getattr(body, "hire_id", None)
    return str(hire) if hire is not None else None


def _without_identity(data: bytes) -> str:
    """Reporting knows no person: the sealed identity of a person record is left out, the rest stands as published."""
    if b'"identity"' not in data:
        return data.decode()
    body = from_json(data)
    body.pop("identity", None)
    return to_json(body).decode()


async def facts_of(pg: Any, scopes: Iterable[str]) -> list[Fact]:
    """All archived facts of these scopes."""
    rows = await pg.fetch(_FACTS + " where scope = any($1::text[])", list(scopes))
    return [_fact(row) for row in rows]


def _fact(row: Any) -> Fact:
    body = row["body"]
    return Fact(row["id"], row["source"], row["type"], row["subject"], row["sequence"], row["time"].isoformat(), row["policyversion"],
                from_json(body) if isinstance(body, str) else body)


async def project(pg: Any, scopes: Iterable[str]) -> None:
    """Bring the rows of these scopes up to the archive, in the archive's transaction."""
    for table, rows in fold(await facts_of(pg, scopes)).items():
        if rows:
            await _upsert(pg, table, rows)


async def _upsert(pg: Any, table: str, rows: list[Row]) -> None:
    columns, key = list(rows[0]), KEYS[table]
    rest = [c for c in columns if c not in key]
    names, news, olds = ", ".join(columns), ", ".join(f"excluded.{c}" for c in rest), ", ".join(f"{table}.{c}" for c in rest)
    await pg.execute(
        f"insert into {table} ({names}) select {names} from {_ROWS.format(table=table)} on conflict ({', '.join(key)})"
        f" do update set ({', '.join(rest)}) = row({news}) where row({olds}) is distinct from row({news})", to_json(rows).decode())


async def rebuild(pg: Any) -> dict[str, int]:
    """Empty the projections and make them again from the archive, in this transaction; rows by table."""
    await pg.execute("lock table events in share row exclusive mode")
    await pg.execute("truncate " + ", ".join(KEYS))
    made = dict.fromkeys(KEYS, 0)
    async for scopes in _scopes(pg):
        for table, rows in fold(await facts_of(pg, scopes)).items():
            if rows:
                await _upsert(pg, table, rows)
                made[table] += len(rows)
    return made


async def differences(pg: Any) -> list[str]:
    """`<table>/<key>` of each row that the archive would make otherwise, that is missing or too many; empty when all is well.

    Run it in a repeatable-read transaction whose search_path is reporting's schema; it only reads.
    """
    wrong: list[str] = []
    made = dict.fromkeys(KEYS, 0)
    async for scopes in _scopes(pg):
        for table, rows in fold(await facts_of(pg, scopes)).items():
            if rows:
                made[table] += len(rows)
                wrong += await _differing(pg, table, rows)
    for table, n in made.items():
        there = await pg.fetchval(f"select count(*) from {table}")
        missing = sum(name.startswith(table + "/") and name.endswith("/missing") for name in wrong)
        if there != n - missing:
            wrong.append(f"{table}/{there - n + missing} rows too many")
    return wrong


async def _differing(pg: Any, table: str, rows: list[Row]) -> list[str]:
    columns, key = list(rows[0]), KEYS[table]
    same = " and ".join(f"t.{k} = m.{k}" for k in key)
    rest = [c for c in columns if c not in key]
    unlike = f"row({', '.join(f't.{c}' for c in rest)}) is distinct from row({', '.join(f'm.{c}' for c in rest)})"
    found = await pg.fetch(
        f"select {', '.join(f'm.{k}' for k in key)}, t.{key[0]} is null as missing from {_ROWS.format(table=table)} as m"
        f" left join {table} as t on {same} where t.{key[0]} is null or {unlike}", to_json(rows).decode())
    return ["/".join([table, *(str(row[k]) for k in key)]) + ("/missing" if row["missing"] else "") for row in found]


async def _scopes(pg: Any) -> AsyncIterator[list[str]]:
    after = ""
    while True:
        rows = await pg.fetch("select distinct scope from events where scope > $1 order by scope limit $2", after, CHUNK)
        if not rows:
            return
        yield [row["scope"] for row in rows]
        after = rows[-1]["scope"]
