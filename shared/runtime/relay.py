"""The relay: publishes the outbox in order per key and deletes what Kafka has acknowledged.

Any number may run; one holds a topic's lock at a time. A crash between acknowledgement and delete publishes up to one batch again:
the readers' inboxes know those ids already.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from .db import Database
from .observability import OUTBOX_AGE, OUTBOX_ROWS, RELAYED, get_logger
from .outgoing import Outgoing, of_row
from .partitioner import partitions_of

log = get_logger(__name__)
TURN = 2000
IDLE_S = 2.0
"""Rest of an idle relay: its own process wakes it at once; the look is for rows that a killed process left."""
SEVERAL, BUSY_S = 6, 0.008
"""After a turn that moved several rows it waits so long: who writes much writes more meanwhile, and one turn does the work of two."""
BATCH_BYTES = 262_144
"""Of one partition's batch. The client's own 16 KiB made five round trips of what is one. Uncompressed: packing cost more than all else here."""
_TOPICS = """with recursive t (topic) as ((select topic from outbox order by topic limit 1)
  union all select (select o.topic from outbox o where o.topic > t.topic order by o.topic limit 1) from t where t.topic is not null)
  select topic from t where topic is not null"""
_TAKEN = """with taken as (delete from outbox where ctid = any(array(select ctid from outbox where topic = $1 order by id limit $2))
    returning id, key, headers, value, extract(epoch from clock_timestamp() - created_at)::float8 as age)
  select t.id, t.age, at_hand.id is not null as known, case when at_hand.id is null then key end as key,
    case when at_hand.id is null then headers end as headers, case when at_hand.id is null then value end as value
  from taken t left join unnest($3::bigint[]) as at_hand (id) on at_hand.id = t.id order by t.id"""
"""Gone only when this transaction commits, which is after Kafka's acknowledgement; until then, and if it fails, the rows are there."""
_PUBLISHED = """insert into published (topic, part, next) select $1, * from unnest($2::int[], $3::bigint[])
  on conflict (topic, part) do update set next = greatest(published.next, excluded.next)"""


class Relay:
    """Publishes one schema's outbox. `turns` counts completed turns, for the health check."""

    def __init__(self, db: Database, bootstrap: str, *, client_id: str) -> None:
        self._db, self._bootstrap, self._client_id = db, bootstrap, client_id
        self._producer: AIOKafkaProducer | None = None
        self.turns = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop`; while Kafka or the database is away, keep trying with growing pauses."""
        self._db.shelf.wanted = True
        pause = 0.05
        while not stop.is_set():
            try:
                moved = await self.turn()
                pause = 0.05
                if not moved:
                    await self._rest()
                elif SEVERAL <= moved < TURN:
                    await asyncio.sleep(BUSY_S)
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                log.warning("relay_again", problem=type(problem).__name__, pause=pause)
                await self._drop_producer()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 3.0)
        await self._drop_producer()

    async def turn(self) -> int:
        """One pass over all topics with waiting rows, side by side; returns how many rows left."""
        self._db.written.clear()
        async with self._db.reading() as pg:
            topics = [row["topic"] for row in await pg.fetch(_TOPICS)]
        done = await asyncio.gather(*map(self._topic, topics), return_exceptions=True)
        for problem in done:  # only after all have ended: the producer is dropped then
            if isinstance(problem, BaseException):
                raise problem
        self.turns += 1
        return sum(moved for moved in done if isinstance(moved, int))

    async def _rest(self) -> None:
        OUTBOX_ROWS.set(0)
        OUTBOX_AGE.set(0)
        try:
            await asyncio.wait_for(self._db.written.wait(), timeout=IDLE_S)
        except TimeoutError:
            return

    async def _topic(self, topic: str) -> int:
        async with self._db.reading() as pg, pg.transaction():
            if not await pg.fetchval("select pg_try_advisory_xact_lock(7001, hashtext($1))", f"{self._db.schema}/{topic}"):
                return 0
            at_hand = self._db.shelf.look()
            rows = await pg.fetch(_TAKEN, topic, TURN, list(at_hand))
            if not rows:
                return 0
            OUTBOX_AGE.set(rows[0]["age"])
            OUTBOX_ROWS.set(len(rows))
            upto: dict[int, int] = {}
            for ack, count in await self._send(topic, [at_hand[row["id"]] if row["known"] else of_row(row) for row in rows]):
                upto[ack.partition] = max(upto.get(ack.partition, 0), ack.offset + count)
            await pg.execute(_PUBLISHED, topic, list(upto), list(upto.values()))
        self._db.shelf.drop([row["id"] for row in rows])
        RELAYED.labels(topic).inc(len(rows))
        return len(rows)

    async def _send(self, topic: str, records: Sequence[Outgoing]) -> list[tuple[Any, int]]:
        """Publish records as whole batches: (acknowledgement with the first offset, number of records) of each.

        One task, in sequence: many concurrent senders of a topic can invert the order across an outage.
        """
        producer = await self._started()
        partitions = sorted(await producer.partitions_for(topic))
        now = int(time.time() * 1000)
        full: list[tuple[int, Any]] = []
        filling: dict[int, Any] = {}
        places = partitions_of([record.key for record in records], len(partitions))
        for place, (key, headers, value) in zip(places, records, strict=True):
            partition = partitions[place]
            batch = filling.get(partition)
            if batch is None or batch.append(key=key, value=value, timestamp=now, headers=headers) is None:
                if batch is not None:
                    full.append((partition, batch))
                batch = filling[partition] = producer.create_batch()
                batch.append(key=key, value=value, timestamp=now, headers=headers)
        sent = []
        for partition, batch in [*full, *filling.items()]:  # of one partition in the order of its records
            batch.close()
            sent.append((await producer.send_batch(batch, topic, partition=partition), batch.record_count()))
        acks = await asyncio.gather(*(future for future, _ in sent))
        return list(zip(acks, [count for _, count in sent], strict=True))

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap, client_id=self._client_id, enable_idempotence=True, acks="all",
                max_batch_size=BATCH_BYTES, max_request_size=1_048_576, request_timeout_ms=20_000)
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
