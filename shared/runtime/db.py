"""One transaction as a unit of work: business time, SQL, and the messages that leave with it.

Messages are buffered by `emit` and written to the outbox, with their sequence numbers, at the end of the unit, in bulk. Writers of
the same key wait for each other there, which is the per-key order that the relay needs (agreements.md 1).
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from pydantic_core import to_json
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.contracts.base import Message, derive_id
from shared.contracts.envelope import SCHEMA_BASE, Envelope
from shared.contracts.topics import topic_of

from .clock import Clock
from .errors import ConfigurationError
from .outgoing import Outgoing, Shelf, as_record

_NUMBERS = """with locked as materialized (select pg_advisory_xact_lock(7003, h)
    from (select distinct hashtext(k) as h from unnest(string_to_array($3, ',')) as k order by 1) as keys), all_locked as (select count(*) from locked)
  insert into sequences (subject, n) select s.subject, s.n from all_locked, unnest($1::text[], $2::bigint[]) as s (subject, n) order by 1
  on conflict (subject) do update set n = sequences.n + excluded.n returning subject, n"""
"""One round trip: no row comes before the count of all locks, and an upsert counts on from what was committed while it waited for them."""
_OUTBOX = "insert into outbox (topic, key, headers, value) select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) returning id"
_OUTBOX_IDS = "select array_agg(nextval('outbox_id_seq')) from generate_series(1, $1)"
_OUTBOX_COLUMNS = ("id", "topic", "key", "headers", "value")
_NAMED = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
"""`:name`, but not the second half of a `::cast`."""
COPY_FROM = 100
"""Rows from which COPY, which asks for the columns' types first, is cheaper than arrays: by half, on both sides."""


@lru_cache(maxsize=2048)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with `$1` for each `:name` (the same number for the same name), and the names in order.

    A service's statements are written with names and go straight to the driver: what the library does around each, result
    metadata above all, was a tenth of a service's processor time. The pool is the library's.
    """
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}"

    return _NAMED.sub(number, sql), tuple(names)


@cache
def _schema_of(cls: type[Message]) -> str:
    return f"{SCHEMA_BASE}/{cls.TYPE}/{cls.VERSION}.json"


class Cause(Protocol):
    """What made us write: an envelope, or something that carries one."""

    @property
    def envelope(self) -> Envelope: ...


_Pending = tuple[str, str, str, str, Outgoing]
"""Topic, key, subject, headers as JSON but for the end, and the record without key and sequence."""


class Uow:
    """One open transaction. `now` is business time, read in it."""

    def __init__(self, pg: asyncpg.Connection, now: datetime, schema: str, shelf: Shelf | None = None) -> None:
        self.pg, self.now, self.schema = pg, now, schema
        self._shelf = shelf or Shelf()
        self._now_text, self._source = now.isoformat(), f"baton/{schema}"
        self._pending: list[_Pending] = []
        """Written at once, while all of it is at hand; only the sequence number comes with the flush."""
        self.on_arrival: Callable[[Uow, str], Awaitable[None]] | None = None
        self.emitted = 0
        self.memo: dict[Any, Any] = {}
        """What a store has read in this transaction and need not read again; the store that writes it forgets it."""
        self._after: list[Callable[[], object]] = []

    def after(self, call: Callable[[], object]) -> None:
        """Call this once the transaction has been committed: a bell rung inside of it is heard before its rows can be seen."""
        self._after.append(call)

    def committed(self) -> None:
        """Make the calls that waited for the commit; the unit's end does it."""
        for call in self._after:
            call()

    async def rows(self, sql: str, **params: Any) -> Sequence[asyncpg.Record]:
        """All rows of a query with named parameters (`:name`; arrays need `cast(:ids as uuid[])`)."""
        written, names = _numbered(sql)
        found: Sequence[asyncpg.Record] = await self.pg.fetch(written, *[params[name] for name in names])
        return found

    async def one(self, sql: str, **params: Any) -> asyncpg.Record | None:
        """The first row, or None."""
        found = await self.rows(sql, **params)
        return found[0] if found else None

    async def value(self, sql: str, **params: Any) -> Any:
        """The first column of the first row, or None."""
        found = await self.rows(sql, **params)
        return found[0][0] if found else None

    async def run(self, sql: str, **params: Any) -> int:
        """Execute a statement; the number of rows it touched."""
        written, names = _numbered(sql)
        done: str = await self.pg.execute(written, *[params[name] for name in names])
        touched = done.rpartition(" ")[2]
        return int(touched) if touched.isdigit() else 0

    async def many(self, sql: str, rows: Sequence[dict[str, Any]]) -> None:
        """Execute one statement for many parameter sets (unnest through `pg` is faster for hot paths)."""
        written, names = _numbered(sql)
        if rows:
            await self.pg.executemany(written, [[row[name] for name in names] for row in rows])

    async def arrived(self, ref: str) -> None:
        """Tell that the entity `ref` is stored: records waiting for it are replayed in this transaction."""
        if self.on_arrival is not None:
            await self.on_arrival(self, ref)

    async def copy_new(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], *, schema: str | None = None) -> bool:
        """Insert many rows by COPY where all are new; False, and nothing is inserted, where any is there already.

        Then the caller's slower statement sorts it out. Rows come in the order of their key: writers of the same rows wait, never deadlock.
        """
        try:
            async with self.pg.transaction():  # a savepoint
                await self.pg.copy_records_to_table(table, records=rows, columns=columns, schema_name=schema)
        except asyncpg.UniqueViolationError:
            return False
        return True

    def emit(  # noqa: PLR0913
        self, message: Message, *, cause: Cause | Envelope | None = None, ordinal: int = 0, at: datetime | None = None,
        externalref: str = "", actor: str = "", event_id: UUID | str | None = None, policyversion: str = "", key: str = "",
    ) -> UUID | str:
        """Let this event or command leave with the transaction; returns its id, derived from the cause.

        `at` is when it happened (default: now); `ordinal` tells apart several messages of one type and subject with one cause.
        """
        origin = cause if isinstance(cause, Envelope) or cause is None else cause.envelope
        subject = message.subject()
        if event_id is None:
            if origin is None:
                raise ValueError(f"{message.TYPE} needs a cause or an event_id: ids are derived, never random")
            event_id = derive_id(self.schema, "event", origin.source, origin.id, message.TYPE, subject, ordinal)
        cls = type(message)
        attributes = {
            "specversion": "1.0", "id": str(event_id), "source": self._source, "type": cls.TYPE, "dataschema": _schema_of(cls), "subject": subject,
            "time": at.isoformat() if at else self._now_text, "recordedtime": self._now_text,
        }
        if origin is not None:
            attributes["correlationid"] = origin.correlationid or origin.id
            attributes["causationid"] = origin.id
            externalref = externalref or origin.externalref
            actor = actor or origin.actor
        if externalref:
            attributes["externalref"] = externalref
        if actor:
            attributes["actor"] = actor
        if policyversion:
            attributes["policyversion"] = policyversion
        value = message.__pydantic_serializer__.to_json(message)  # model_dump_json without the way there and back through str
        self._pending.append((topic_of(cls).name, key or message.key(), subject, to_json(attributes)[:-1].decode(), as_record(attributes, value)))
        return event_id

    async def flush(self) -> None:
        """Write the buffered messages to the outbox; called by the unit's end."""
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        upto = await self._numbers([key for _, key, *_ in pending], Counter([subject for _, _, subject, *_ in pending]))
        rows, records = [], []
        for topic, key, subject, headers, record in pending:
            upto[subject] = number = upto[subject] + 1
            rows.append((topic, key, f'{headers},"sequence":"{number}"}}', record.value))
            records.append(record.numbered(key, number))
        ids = await self._write(rows)
        self.after(lambda: self._shelf.keep(ids, records))  # what is rolled back, a dry run above all, would stay there for nobody
        self.emitted += len(pending)

    async def _write(self, rows: list[tuple[str, str, str, bytes | None]]) -> Sequence[int]:
        """The rows into the outbox, in order; returns their ids."""
        if len(rows) < COPY_FROM:
            return [row["id"] for row in await self.pg.fetch(_OUTBOX, *map(list, zip(*rows, strict=True)))]
        ids: list[int] = await self.pg.fetchval(_OUTBOX_IDS, len(rows))
        await self.pg.copy_records_to_table("outbox", records=[(number, *row) for number, row in zip(ids, rows, strict=True)], columns=_OUTBOX_COLUMNS)
        return ids

    async def _numbers(self, keys: Sequence[str], wanted: dict[str, int]) -> dict[str, int]:
        """Lock the keys and reserve that many numbers of each subject; returns the last number before them.

        A key whose own subject is born here (its first number is copied in) needs no lock: nobody can write about what is not
        committed yet, and whoever is born under the same name waits at that row. Thousands of locks were a sixth of the database's work.
        """
        if len(wanted) >= COPY_FROM and _born(wanted, keys) and await self.copy_new(
                "sequences", ("subject", "n"), sorted(wanted.items())):
            return dict.fromkeys(wanted, 0)
        joined = ",".join(keys)  # a key with a comma in it takes two locks, always the same two
        rows = await self.pg.fetch(_NUMBERS, list(wanted), list(wanted.values()), joined)
        return {row["subject"]: row["n"] - wanted[row["subject"]] for row in rows}


def _born(subjects: Iterable[str], keys: Sequence[str]) -> bool:
    """Whether each key is the id of one of these subjects."""
    return {subject[subject.index("/") + 1 :] for subject in subjects}.issuperset(keys)


class Database:
    """A service's own schema through its own role."""

    def __init__(self, dsn: str, *, schema: str, clock: Clock, size: int = 6) -> None:
        if not dsn.startswith("postgresql"):
            raise ConfigurationError(f"BATON_DATABASE_{schema.upper()} must begin with postgresql://")
        url = "postgresql+asyncpg://" + dsn.split("://", 1)[1]
        self.schema, self.clock = schema, clock
        self.engine: AsyncEngine = create_async_engine(
            url, hide_parameters=True, pool_size=size, max_overflow=4, pool_pre_ping=False, pool_recycle=600,
            connect_args={"server_settings": {"search_path": schema, "application_name": f"baton-{schema}"}, "timeout": 5,
                          "statement_cache_size": 400})
        event.listen(self.engine.sync_engine, "checkout", _alive)
        self.written = asyncio.Event()
        """Set whenever a unit that emitted messages committed: wakes the relay of this process."""
        self.shelf = Shelf()

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Uow]:
        """One transaction: commits at the end, rolls back on any exception."""
        async with self.reading() as pg, pg.transaction():
            uow = Uow(pg, await pg.fetchval(self.clock.sql), self.schema, self.shelf)
            yield uow
            await uow.flush()
        if uow.emitted:
            self.written.set()
        uow.committed()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """The driver's connection without a transaction, for one look: no begin, no clock, no commit."""
        async with self.engine.connect() as conn:
            raw: Any = (await conn.get_raw_connection()).driver_connection
            try:
                yield raw
            finally:
                if raw.is_in_transaction():  # ended in the middle of its own end: nobody else may get it like this
                    await conn.invalidate()

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()


def _alive(connection: Any, _record: Any, _proxy: Any) -> None:
    """Costs no round trip: a connection that has noticed its server's death is never handed out, the pool makes a new one instead."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError("the server closed this connection")
