"""A consumed record: its raw bytes as they came, and what they were decoded to."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic_core import from_json, to_json

from shared.contracts.base import Message
from shared.contracts.catalog import decode
from shared.contracts.envelope import Envelope, from_attributes, from_kafka

_OURS = {f"ce_{name}": name for name in (
    "specversion", "id", "source", "type", "dataschema", "subject", "time", "recordedtime", "correlationid", "causationid", "externalref",
    "actor", "policyversion", "sequence")}


class RawRecord(Protocol):
    """What aiokafka hands out; also rebuilt from a parked row."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]: ...


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A raw record that came back from a table."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


@dataclass(slots=True)
class Received:
    """One decoded record: the body in its newest version, the envelope, and where it stood."""

    envelope: Envelope
    body: Any
    topic: str = ""
    partition: int = 0
    offset: int = 0
    key: str = ""

    @property
    def cls(self) -> type[Message]:
        """Class of the body."""
        return type(self.body)


def receive(record: RawRecord) -> Received:
    """Decode one record; EnvelopeError (unknown type, wrong body, bad headers ...) says what is wrong."""
    envelope = envelope_of(record)
    key = record.key.decode(errors="replace") if record.key else ""
    return Received(envelope, decode(envelope), record.topic, record.partition, record.offset, key)


def envelope_of(record: RawRecord) -> Envelope:
    """The envelope of any record; EnvelopeError or UnicodeDecodeError where it is no CloudEvent."""
    return _from_relay(record) or from_kafka(record.headers, record.value)


def _from_relay(record: RawRecord) -> Envelope | None:
    """The envelope of a record as our relay writes it, in a third of the steps; None for any other, which `from_kafka` judges."""
    if record.value is None or not record.headers or record.headers[-1] != ("content-type", b"application/json"):
        return None
    try:
        attributes = {_OURS[name]: item.decode() for name, item in record.headers[:-1]}  # type: ignore[union-attr]
    except (KeyError, AttributeError, UnicodeDecodeError):
        return None
    return from_attributes(attributes, record.value)


def pack_headers(headers: Sequence[tuple[str, bytes | None]]) -> str:
    """Headers as JSON, any bytes kept."""
    return to_json([[name, None if value is None else base64.b64encode(value).decode()] for name, value in headers]).decode()


def unpack_headers(packed: str) -> list[tuple[str, bytes | None]]:
    """The reverse of `pack_headers`."""
    return [(name, None if value is None else base64.b64decode(value)) for name, value in from_json(packed)]
