"""The relay: publishes the outbox in order per key and deletes what Kafka has acknowledged.

Any number may run; one holds a topic's lock at a time. A crash between acknowledgement and delete publishes up to one batch again:
the readers' inboxes know those ids already.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from pydantic_core import from_json
from sqlalchemy import text

from .db import Database
from .observability import OUTBOX_AGE, OUTBOX_ROWS, RELAYED, get_logger

log = get_logger(__name__)
TURN = 1000
_PUBLISHED = """insert into published (topic, part, next) select * from unnest($1::text[], $2::int[], $3::bigint[])
  on conflict (topic, part) do update set next = greatest(published.next, excluded.next)"""


class Relay:
    """Publishes one schema's outbox. `turns` counts completed turns, for the health check."""

    def __init__(self, db: Database, bootstrap: str, *, client_id: str) -> None:
        self._db, self._bootstrap, self._client_id = db, bootstrap, client_id
        self._producer: AIOKafkaProducer | None = None
        self.turns = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop`; while Kafka or the database is away, keep trying with growing pauses."""
        pause = 0.05
        while not stop.is_set():
            try:
                moved = await self.turn()
                pause = 0.05
                if not moved:
                    await self._rest()
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                log.warning("relay_again", problem=type(problem).__name__, pause=pause)
                await self._drop_producer()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 3.0)
        await self._drop_producer()

    async def turn(self) -> int:
        """One pass over all topics with waiting rows; returns how many rows left."""
        self._db.written.clear()
        async with self._db.engine.connect() as conn:
            topics = [row[0] for row in await conn.execute(text("select distinct topic from outbox"))]
        moved = 0
        for topic in topics:
            moved += await self._topic(topic)
        self.turns += 1
        return moved

    async def _rest(self) -> None:
        OUTBOX_ROWS.set(0)
        OUTBOX_AGE.set(0)
        try:
            await asyncio.wait_for(self._db.written.wait(), timeout=0.5)
        except TimeoutError:
            return

    async def _topic(self, topic: str) -> int:
        async with self._db.engine.connect() as conn, conn.begin():
            locked = (await conn.execute(text("select pg_try_advisory_xact_lock(7001, hashtext(:name))"), {"name": f"{self._db.schema}/{topic}"})).scalar_one()
            if not locked:
                return 0
            pg: Any = (await conn.get_raw_connection()).driver_connection
            rows = await pg.fetch("select id, key, headers, value, extract(epoch from clock_timestamp() - created_at) as age"
                                  " from outbox where topic = $1 order by id limit $2", topic, TURN)
            if not rows:
                return 0
            OUTBOX_AGE.set(float(rows[0]["age"]))
            OUTBOX_ROWS.set(len(rows))
            acks = await self._send(topic, rows)
            upto: dict[int, int] = {}
            for ack in acks:
                upto[ack.partition] = max(upto.get(ack.partition, 0), ack.offset + 1)
            await pg.execute("delete from outbox where id = any($1::bigint[])", [row["id"] for row in rows])
            await pg.execute(_PUBLISHED, [topic] * len(upto), list(upto), list(upto.values()))
        RELAYED.labels(topic).inc(len(rows))
        return len(rows)

    async def _send(self, topic: str, rows: list[Any]) -> list[Any]:
        producer = await self._started()
        futures = []
        for row in rows:  # one task, in sequence: many concurrent senders can invert the order across an outage
            headers = [("ce_" + name, value.encode()) for name, value in from_json(row["headers"]).items()]
            headers.append(("content-type", b"application/json"))
            futures.append(await producer.send(topic, row["value"], key=row["key"].encode(), headers=headers))
        await producer.flush()
        return [await future for future in futures]

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap, client_id=self._client_id, enable_idempotence=True, acks="all",
                linger_ms=1, compression_type="lz4", max_request_size=1_048_576, request_timeout_ms=20_000)
            await producer.start()
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), timeout=5)
            except (KafkaError, TimeoutError, OSError):
                log.warning("producer_stop_failed")
