"""Messages as records, and a plain Kafka client: what tests use to speak to a service without knowing its code."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.contracts.base import Message
from shared.contracts.catalog import decode
from shared.contracts.envelope import SCHEMA_BASE, Envelope, from_kafka
from shared.contracts.topics import topic_of
from shared.runtime.records import StoredRecord

_OFFSETS = itertools.count()


def envelope_of(message: Message, *, id: UUID | str | None = None, source: str = "test/publisher", time: datetime | None = None) -> Envelope:
    """The message as somebody else would publish it."""
    return Envelope(
        id=str(id or uuid4()), source=source, type=message.TYPE, version=message.VERSION, subject=message.subject(),
        data=message.model_dump_json().encode(), time=time or datetime.now(UTC),
        dataschema=f"{SCHEMA_BASE}/{message.TYPE}/{message.VERSION}.json")


def record_of(message: Message, *, id: UUID | str | None = None, source: str = "test/publisher", partition: int = 0) -> StoredRecord:
    """The record that a consumer would get; every call has its own offset."""
    envelope = envelope_of(message, id=id, source=source)
    return StoredRecord(topic_of(type(message)).name, partition, next(_OFFSETS), message.key().encode(), envelope.data, envelope.kafka_headers())


async def publish(bootstrap: str, messages: Iterable[Message], *, ids: Iterable[UUID] | None = None) -> list[str]:
    """Publish in order, each to its own topic and key; returns the ids."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
    await producer.start()
    try:
        sent = []
        for message, id in zip(messages, ids if ids is not None else itertools.repeat(None), strict=False):
            envelope = envelope_of(message, id=id)
            await producer.send(topic_of(type(message)).name, envelope.data, key=message.key().encode(), headers=envelope.kafka_headers())
            sent.append(envelope.id)
        await producer.flush()
        return sent
    finally:
        await producer.stop()


async def collect(
    bootstrap: str, topics: Iterable[str], enough: Callable[[list[tuple[Envelope, Message]]], bool], *, within: float = 30.0,
) -> list[tuple[Envelope, Message]]:
    """Everything on these topics from the beginning until `enough` says so; AssertionError names what came when it does not in time."""
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    got: list[tuple[Envelope, Message]] = []
    until = asyncio.get_running_loop().time() + within
    try:
        while not enough(got):
            if asyncio.get_running_loop().time() > until:
                raise AssertionError(f"not enough in {within} s; came: {[envelope.type for envelope, _ in got]}")
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    envelope = from_kafka(record.headers, record.value)
                    got.append((envelope, decode(envelope)))
        return got
    finally:
        await consumer.stop()
