"""Consuming: batches, each record decoded alone, one transaction and one offset commit a batch, order kept per key.

A record that fails is parked alone, one whose reference is missing is deferred alone; neither spoils its batch nor blocks a
partition. What fails because the outside is away (database, network) is tried again until it is back. The inbox makes redelivery
harmless: every rebalance redelivers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import groupby

from pydantic_core import from_json, to_json

from shared.contracts.base import Message
from shared.contracts.catalog import LATEST, UnknownTypeError, decode
from shared.contracts.envelope import EnvelopeError, from_attributes

from .db import COPY_FROM, Database, Uow
from .errors import Refused, WaitsFor, is_transient
from .observability import BATCH_SECONDS, RECORDS, get_logger
from .parked import park
from .records import RawRecord, Received, StoredRecord, receive

log = get_logger(__name__)
One = Callable[[Uow, Received], Awaitable[None]]
Many = Callable[[Uow, Sequence[Received]], Awaitable[None]]
DEFER_FOR = timedelta(hours=24)
_INBOX = """insert into inbox (consumer, source, id) select $1, * from unnest($2::text[], $3::text[])
  on conflict do nothing returning source, id"""
_CONSUMED = """insert into consumed (consumer, topic, part, next) select $1, * from unnest($2::text[], $3::int[], $4::bigint[])
  on conflict (consumer, topic, part) do update set next = greatest(consumed.next, excluded.next)"""


class _Failed(Exception):  # noqa: N818
    """Carries which record of a batch failed (None: one of a run, unknown which), and why, out of the rolled-back transaction."""

    def __init__(self, index: int | None, problem: Exception) -> None:
        super().__init__(index)
        self.index, self.problem = index, problem


class Router:
    """What one consumer group does with each message class. `consumer` names the group and its inbox."""

    def __init__(self, schema: str, *, consumer: str, topics: Sequence[str]) -> None:
        self.schema, self.consumer, self.topics = schema, consumer, list(topics)
        self._one: dict[type[Message], One] = {}
        self._many: dict[type[Message], Many] = {}
        self.stretch = 1
        """How many times `settings.batch` a batch may hold: more where a batch costs a handful of statements whatever its length."""
        self.linger = 0.0
        """Seconds to wait for more after the first record of a batch: only for readers that nobody waits for."""
        self._passed_over: frozenset[bytes] | None = None
        self.parks_unknown = False
        """Whether a type nobody knows is parked (the door) or counted and acknowledged (our own topics)."""

    def on(self, *classes: type[Message]) -> Callable[[One], One]:
        """Register a handler for one record of these classes."""
        def register(handler: One) -> One:
            self._passed_over = None
            for cls in classes:
                self._one[cls] = handler
            return handler
        return register

    def on_batch(self, *classes: type[Message]) -> Callable[[Many], Many]:
        """Register a handler for a run of consecutive records of these classes (hot paths)."""
        def register(handler: Many) -> Many:
            self._passed_over = None
            for cls in classes:
                self._many[cls] = handler
            return handler
        return register

    def handles(self, cls: type[Message]) -> bool:
        """Whether anybody here wants this class."""
        return cls in self._one or cls in self._many

    def _unwanted(self, record: RawRecord) -> bool:
        """Whether the record is of a known type that nobody here wants: half of what comes on a shared topic, not worth decoding."""
        if self._passed_over is None:
            self._passed_over = frozenset(type_.encode() for type_, cls in LATEST.items() if not self.handles(cls))
        headers = record.headers
        if len(headers) > 3 and headers[3][0] == "ce_type":  # where our own relay writes it
            return headers[3][1] in self._passed_over
        return any(name == "ce_type" and value in self._passed_over for name, value in headers)

    async def process(self, db: Database, records: Sequence[RawRecord]) -> None:
        """Handle a batch completely; returns when every record is stored, deferred, parked or known already."""
        with BATCH_SECONDS.labels(self.consumer).time():
            await self._process(db, records)

    async def _process(self, db: Database, records: Sequence[RawRecord]) -> None:
        parts = [list(records)]
        while parts:
            part = parts.pop()
            if not part:
                continue
            try:
                await self._attempt(db, part)
            except _Failed as failure:
                if is_transient(failure.problem):
                    raise failure.problem from None
                at = len(part) // 2 if failure.index is None else failure.index
                if at == 0:
                    await self._set_aside(db, part[0], failure.problem)
                    parts.append(part[1:])
                else:  # everything was rolled back: do what stands before first, then look again
                    parts += [part[at:], part[:at]]

    async def _attempt(self, db: Database, records: Sequence[RawRecord]) -> None:
        good, index_of = self._decode(records)
        async with db.unit() as uow:
            fresh = await self._unseen(uow, good)
            fresh = await self._hold_back(uow, fresh)
            uow.on_arrival = self._release
            for many, run in groupby(fresh, key=lambda event: self._many.get(event.cls)):
                await self._run(uow, many, list(run), index_of)
            await self._note(uow, records)

    def _decode(self, records: Sequence[RawRecord]) -> tuple[list[Received], dict[int, int]]:
        good: list[Received] = []
        index_of: dict[int, int] = {}
        for index, record in enumerate(records):
            if self._unwanted(record):
                continue
            try:
                event = receive(record)
            except UnknownTypeError as problem:
                RECORDS.labels(self.consumer, "unknown_type").inc()
                if self.parks_unknown:
                    raise _Failed(index, problem) from None
                continue
            except (EnvelopeError, UnicodeDecodeError) as problem:
                raise _Failed(index, problem) from None
            if self.handles(event.cls):
                index_of[id(event)] = index
                good.append(event)
        return good, index_of

    async def _unseen(self, uow: Uow, events: list[Received]) -> list[Received]:
        if not events:
            return []
        names = [(e.envelope.source, e.envelope.id) for e in events]
        if len(names) >= COPY_FROM and await uow.copy_new("inbox", ("consumer", "source", "id"), [(self.consumer, *name) for name in sorted(names)]):
            RECORDS.labels(self.consumer, "handled").inc(len(events))
            return events
        rows = await uow.pg.fetch(_INBOX, self.consumer, [name[0] for name in names], [name[1] for name in names])
        new = {(row["source"], row["id"]) for row in rows}
        fresh = []
        for event in events:
            name = (event.envelope.source, event.envelope.id)
            if name in new:
                new.discard(name)
                fresh.append(event)
        RECORDS.labels(self.consumer, "duplicate").inc(len(events) - len(fresh))
        RECORDS.labels(self.consumer, "handled").inc(len(fresh))
        return fresh

    async def _hold_back(self, uow: Uow, events: list[Received]) -> list[Received]:
        """Records of a key that has deferred ones on the same topic wait behind them: order holds within one topic and key only,

        and what a deferred record waits for may well come on another topic with the same key.
        """
        if not events:
            return events
        rows = await uow.pg.fetch(
            "select distinct on (topic, key) topic, key, waits_for from deferred where consumer = $1 and key = any($2::text[]) order by topic, key, id desc",
            self.consumer, [e.key for e in events if e.key])
        waiting = {(row["topic"], row["key"]): row["waits_for"] for row in rows}
        if not waiting:
            return events
        for event in events:
            if (event.topic, event.key) in waiting:
                await self._defer(uow, event, waiting[event.topic, event.key])
        return [event for event in events if (event.topic, event.key) not in waiting]

    async def _run(self, uow: Uow, many: Many | None, run: list[Received], index_of: dict[int, int]) -> None:
        if many is not None:
            try:
                await many(uow, run)
            except Exception as problem:
                culprit = run[0] if len(run) == 1 else getattr(problem, "event", None)
                raise _Failed(None if culprit is None else index_of.get(id(culprit), 0), problem) from problem
            return
        for event in run:
            try:
                await self._one[event.cls](uow, event)
            except Exception as problem:
                raise _Failed(index_of.get(id(event), 0), problem) from problem

    async def _set_aside(self, db: Database, record: RawRecord, problem: Exception) -> None:
        async with db.unit() as uow:
            if isinstance(problem, WaitsFor):
                event = receive(record)
                if await self._unseen(uow, [event]):
                    await self._defer(uow, event, problem.ref)
            else:
                code = getattr(problem, "code", None) or type(problem).__name__
                reason = str(problem) if isinstance(problem, EnvelopeError | Refused) else f"{type(problem).__name__} in {self.consumer}"
                if not isinstance(problem, EnvelopeError | Refused):
                    log.error("handler_failed", consumer=self.consumer, topic=record.topic, offset=record.offset, exc_info=problem)
                await park(uow, self.consumer, record, code=code, reason=reason)
                await self.on_parked(uow, record, code)
            await self._note(uow, [record])

    async def replay(self, db: Database, record: RawRecord) -> str:
        """Handle a parked record again; returns an empty string, or why it is still wrong."""
        try:
            event = receive(record)
            async with db.unit() as uow:
                uow.on_arrival = self._release
                if await self._unseen(uow, [event]):
                    await self._replay_one(uow, event)
        except (EnvelopeError, Refused, WaitsFor) as problem:
            return f"{getattr(problem, 'code', 'waits_for')}: {problem}"
        return ""

    async def on_parked(self, uow: Uow, record: RawRecord, code: str) -> None:
        """What else happens when a record is parked; command consumers answer with their refusal event."""

    async def _defer(self, uow: Uow, event: Received, ref: str) -> None:
        await uow.run(
            "insert into deferred (consumer, waits_for, key, topic, part, pos, attributes, value, deferred_at, expires_at) values"
            " (:consumer, :ref, :key, :topic, :part, :pos, :attributes, :value, :now, :until) on conflict do nothing",
            consumer=self.consumer, ref=ref, key=event.key, topic=event.topic, part=event.partition, pos=event.offset,
            attributes=to_json(event.envelope.attributes()).decode(), value=event.envelope.data, now=uow.now, until=uow.now + DEFER_FOR)
        RECORDS.labels(self.consumer, "deferred").inc()

    async def _release(self, uow: Uow, ref: str) -> None:
        """Replay, in order, what waited for `ref` (and what waited behind it); what now waits for something else is deferred again."""
        rows = await uow.rows("delete from deferred where consumer = :consumer and waits_for = :ref returning *", consumer=self.consumer, ref=ref)
        blocked: dict[tuple[str, str], str] = {}
        for row in sorted(rows, key=lambda r: r["id"]):
            envelope = from_attributes(from_json(row["attributes"]), row["value"])
            event = Received(envelope, decode(envelope), row["topic"], row["part"], row["pos"], row["key"])
            if (event.topic, event.key) in blocked:
                await self._defer(uow, event, blocked[event.topic, event.key])
                continue
            try:
                async with uow.pg.transaction():  # a savepoint
                    await self._replay_one(uow, event)
            except WaitsFor as problem:
                uow.memo.clear()  # what was read may have been written by what was rolled back
                blocked[event.topic, event.key] = problem.ref
                await self._defer(uow, event, problem.ref)

    async def _replay_one(self, uow: Uow, event: Received) -> None:
        many = self._many.get(event.cls)
        if many is not None:
            await many(uow, [event])
        else:
            await self._one[event.cls](uow, event)

    async def _note(self, uow: Uow, records: Sequence[RawRecord]) -> None:
        upto: dict[tuple[str, int], int] = {}
        for record in records:
            upto[record.topic, record.partition] = record.offset + 1
        names = sorted(upto)
        await uow.pg.execute(_CONSUMED, self.consumer, [n[0] for n in names], [n[1] for n in names], [upto[n] for n in names])

    async def expire(self, db: Database) -> int:
        """Park what has waited too long for a reference; returns how many."""
        async with db.unit() as uow:
            rows = await uow.rows("delete from deferred where consumer = :c and expires_at <= :now returning *", c=self.consumer, now=uow.now)
            for row in rows:
                headers = [("ce_" + k, v.encode()) for k, v in from_json(row["attributes"]).items()]
                record = StoredRecord(row["topic"], row["part"], row["pos"], row["key"].encode(), row["value"], headers)
                await park(uow, self.consumer, record, code="reference_missing", reason=f"{row['waits_for']} did not arrive in 24 h")
                await self.on_parked(uow, record, "reference_missing")
            return len(rows)


async def process_until_done(router: Router, db: Database, records: Sequence[RawRecord], *, patience: float = 200.0) -> None:
    """Process a batch; while the outside is away, try again with growing pauses. Raises the last problem after `patience` seconds."""
    pause, started = 0.05, asyncio.get_running_loop().time()
    while True:
        try:
            return await router.process(db, records)
        except Exception as problem:
            if asyncio.get_running_loop().time() - started > patience:
                raise
            log.warning("batch_again", consumer=router.consumer, problem=type(problem).__name__, pause=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, 3.0)
