"""Deploy time: roles, schemas, grants, migrations, topics. Safe to run again; run before any process starts.

Needs BATON_DATABASE (an administrator) and the BATON_DATABASE_<SERVICE> DSNs, whose passwords it gives to the roles.
"""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import unquote, urlsplit

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.contracts.topics import TOPICS

from .errors import ConfigurationError
from .migrate import LOCATIONS, upgrade
from .settings import ServiceSettings

SCHEMAS = tuple(LOCATIONS)
START_OF_HELD_CLOCK = "2026-09-02T08:00:00+08:00"
_FOUNDATION = """
create extension if not exists btree_gist with schema public;
create schema if not exists runtime;
create table if not exists runtime.clock (one boolean primary key default true check (one), now timestamptz not null);
create table if not exists runtime.noted (topic text not null, part int not null, next bigint not null, primary key (topic, part));
create schema if not exists vault;
create table if not exists vault.keys (person_id uuid primary key, wrapped bytea, created_at timestamptz not null default clock_timestamp(),
  destroyed_at timestamptz);
revoke all on schema public from public;
grant usage on schema public to public;
"""


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


async def _roles(pg: asyncpg.Connection, settings: ServiceSettings) -> None:
    for name in (*SCHEMAS, "ops"):
        dsn = getattr(settings, f"database_{name}")
        if not dsn:
            raise ConfigurationError(f"BATON_DATABASE_{name.upper()} is not set")
        parts = urlsplit(dsn)
        role, password = parts.username or f"baton_{name}", unquote(parts.password or "")
        exists = await pg.fetchval("select 1 from pg_roles where rolname = $1", role)
        verb = "alter" if exists else "create"
        await pg.execute(f"{verb} role {_quote(role)} login password {_literal(password)}")
        if name != "ops":
            await pg.execute(f"create schema if not exists {name} authorization {_quote(role)}")


async def _grants(pg: asyncpg.Connection, settings: ServiceSettings) -> None:
    role = {name: _quote(urlsplit(getattr(settings, f"database_{name}")).username or "") for name in (*SCHEMAS, "ops")}
    everyone = ", ".join(role.values())
    await pg.execute(f"grant usage on schema runtime to {everyone}; grant select on runtime.clock to {everyone}")
    await pg.execute(f"grant select, insert, update on runtime.clock, runtime.noted to {role['ops']}")
    await pg.execute(f"grant usage on schema vault to {role['intake']}, {role['screening']}, {role['notification']}")
    await pg.execute(f"grant select, insert, update on vault.keys to {role['intake']}")
    await pg.execute(f"grant select on vault.keys to {role['screening']}, {role['notification']}")
    for name in SCHEMAS:
        await pg.execute(f"grant usage on schema {name} to {role['ops']}; grant select on all tables in schema {name} to {role['ops']}")
        await pg.execute(f"alter default privileges for role {role[name]} in schema {name} grant select on tables to {role['ops']}")


async def prepare_database(settings: ServiceSettings) -> None:
    """Roles, schemas, grants and migrations."""
    if not settings.database:
        raise ConfigurationError("BATON_DATABASE is not set; provisioning needs an administrator's DSN")
    pg = await asyncpg.connect(settings.database)
    try:
        await pg.execute(_FOUNDATION)
        await _roles(pg, settings)
        await _grants(pg, settings)
        if settings.clock == "held":
            await pg.execute(f"insert into runtime.clock (now) values ({_literal(START_OF_HELD_CLOCK)}) on conflict do nothing")
    finally:
        await pg.close()
    for name in SCHEMAS:
        await asyncio.to_thread(upgrade, name, settings.database_of(name))


async def make_topics(bootstrap: str, *, most: int = 12) -> None:
    """Create the topics of topics.py that are missing, with `most` partitions at most; RuntimeError names one that Kafka refused."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        wanted = [NewTopic(t.name, min(t.partitions, most), 1, topic_configs={
            "cleanup.policy": "compact" if t.compacted else "delete", "retention.ms": str(t.retention_ms)}) for t in TOPICS]
        answer = await admin.create_topics(wanted)
        for error in answer.topic_errors:
            if error[1] not in (0, 36):
                raise RuntimeError(f"Kafka refused topic {error[0]}: error {error[1]} {error[2] if len(error) > 2 else ''}")
    finally:
        await admin.close()


async def main() -> None:
    """Prepare database and Kafka."""
    settings = ServiceSettings()
    await prepare_database(settings)
    await make_topics(settings.kafka, most=settings.partitions)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except ConfigurationError as problem:
        print(f"provision: {problem}", file=sys.stderr)
        raise SystemExit(2) from None
