"""Kafka through FastStream: one batch subscriber a router, at least once; offsets follow the batches' transactions once a second.

How far a reader is stands in its own database, in the batch's transaction (`consumed`); the offset in Kafka only says where to begin
after a restart, and what comes twice is known to the inbox. A commit for every small batch cost the broker as much as its fetches.

FastStream's own parsing is kept away from the records (a null or non-UTF-8 header would block the partition before any handler):
the subscriber gets the raw records and decodes them one by one. Ack policy: NACK_ON_ERROR, and the handler raises only when even
parking failed for minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from itertools import chain
from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from .consume import Router, process_until_done
from .db import Database
from .observability import LAG
from .settings import ServiceSettings

ACK_POLICY = AckPolicy.NACK_ON_ERROR
IDLE_MS = 500
COMMIT_S = 1.0
WORTH_A_COMMIT = 50
"""Records of a batch whose commit costs little beside it, and lets the next batch fill meanwhile: without it a backlog went in small ones."""


def make_broker(settings: ServiceSettings) -> KafkaBroker:
    """The process's broker object; topics are made at deploy time, never by use."""
    return KafkaBroker(settings.kafka, client_id=settings.process or "baton", graceful_timeout=25, allow_auto_create_topics=False,
                       logger=logging.getLogger("baton.bus"), log_level=logging.DEBUG)


def _raw_batch(offsets: _Offsets) -> Any:
    async def parse(records: tuple[Any, ...], original: Any) -> Any:
        """Hide headers and bodies from FastStream, keep the records themselves."""
        first, last = records[0], records[-1]
        bare = tuple(SimpleNamespace(topic=r.topic, partition=r.partition, offset=r.offset, timestamp=r.timestamp, value=b"", headers=()) for r in (first, last))
        message = await original(bare)
        message.raw_message = records
        message.consumer = offsets.of(message.consumer)
        return message
    return parse


class _Offsets:
    """Stands before the client's consumer: remembers what is stored, and commits that (never what is being processed) in its own time."""

    def __init__(self) -> None:
        self._stored: dict[Any, int] = {}
        self._at, self._full = 0.0, False
        self._consumer: Any = None

    def of(self, consumer: Any) -> _Offsets:
        """The same, in front of this consumer."""
        self._consumer = consumer
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._consumer, name)

    async def commit(self) -> None:
        """FastStream's acknowledgement of a batch: nothing yet."""

    def stored(self, records: Sequence[Any]) -> None:
        """These records' transaction was committed."""
        self._full = len(records) >= WORTH_A_COMMIT
        upto = {(record.topic, record.partition): record.offset + 1 for record in records}  # of one partition they come in order
        self._stored |= {TopicPartition(*part): offset for part, offset in upto.items()}

    async def tell(self, consumer: Any, *, idle: bool) -> None:
        """Commit what is stored: after a full batch, when there is nothing else to do, else once a second."""
        if not self._stored or not (idle or self._full or time.monotonic() - self._at > COMMIT_S):
            return
        mine = {part: upto for part, upto in self._stored.items() if part in consumer.assignment()}
        self._stored, self._at = {}, time.monotonic()
        with contextlib.suppress(KafkaError, IllegalStateError):  # a partition went elsewhere: its next reader begins a little earlier
            if mine:
                await consumer.commit(mine)


async def _no_body(message: Any) -> bytes:
    return b""


def _wait_for_records(most: int, linger: float, offsets: _Offsets) -> Any:
    """Wait in the client until records are there. FastStream's own loop sleeps deaf after every empty look, which costs latency or CPU.

    `linger`: so many seconds more for those that follow, where nobody waits for this reader.
    """
    async def get_msg(consumer: Any) -> tuple[Any, ...]:
        await offsets.tell(consumer, idle=False)
        first = tuple(chain.from_iterable((await consumer.getmany(timeout_ms=IDLE_MS, max_records=most)).values()))
        if not first:
            await offsets.tell(consumer, idle=True)
        if not linger or not first or len(first) >= most:
            return first
        await asyncio.sleep(linger)
        return first + tuple(chain.from_iterable((await consumer.getmany(timeout_ms=0, max_records=most - len(first))).values()))
    return get_msg


def subscribe(broker: KafkaBroker, router: Router, db: Database, settings: ServiceSettings) -> Any:
    """Subscribe a router: its own group, batches of up to `settings.batch` times the router's stretch, earliest first."""
    most, offsets = settings.batch * router.stretch, _Offsets()
    subscriber = broker.subscriber(
        *router.topics, batch=True, group_id=router.consumer, group_instance_id=f"{router.consumer}.{settings.process or 'one'}",
        max_records=most, auto_offset_reset="earliest", ack_policy=ACK_POLICY,
        session_timeout_ms=10_000, heartbeat_interval_ms=1_000, rebalance_timeout_ms=60_000, max_poll_interval_ms=600_000,
        parser=_raw_batch(offsets), decoder=_no_body, include_in_schema=False)

    async def on_batch(message: KafkaMessage) -> None:
        await process_until_done(router, db, message.raw_message)
        offsets.stored(message.raw_message)
        _report_lag(router, message)

    subscriber(on_batch)
    subscriber.get_msg = _wait_for_records(most, router.linger, offsets)  # type: ignore[method-assign, assignment]
    return subscriber


def _report_lag(router: Router, message: Any) -> None:
    consumer, lag = message.consumer, 0
    newest = {(record.topic, record.partition): record.offset for record in message.raw_message}  # of one partition they come in order
    for name, last in newest.items():
        lag += max(0, (consumer.highwater(TopicPartition(*name)) or 0) - last - 1)
    LAG.labels(router.consumer).set(lag)
