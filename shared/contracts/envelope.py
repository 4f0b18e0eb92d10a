"""CloudEvents 1.0 as they travel: binary, structured and batch, on Kafka and HTTP.

An `Envelope` is one event with its attributes; the body stays bytes until somebody asks `catalog.decode` for the class.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic_core import from_json, to_json

SCHEMA_BASE = "https://baton.example/schemas"
"""Prefix of `dataschema`; the same path is served by every HTTP door (`/schemas/<type>/<n>.json`)."""
_SCHEMA = re.compile(r"/schemas/(?P<type>[a-z0-9_.]+)/(?P<version>[0-9]+)\.json$")
_EXTENSIONS = ("correlationid", "causationid", "recordedtime", "actor", "externalref", "sequence", "policyversion", "traceparent")
STRUCTURED = "application/cloudevents+json"
_STRUCTURED = STRUCTURED.encode()
BATCH = "application/cloudevents-batch+json"


class EnvelopeError(ValueError):
    """These bytes and headers are no CloudEvent; `code` is stable, the text says what is wrong and what would be right."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class Envelope:
    """One CloudEvent, never changed once made. `data` is the JSON body as bytes; `time` when it happened, `recordedtime` when the owner committed."""

    id: str
    source: str
    type: str
    data: bytes
    version: int = 1
    subject: str = ""
    time: datetime | None = None
    dataschema: str = ""
    datacontenttype: str = "application/json"
    correlationid: str = ""
    causationid: str = ""
    recordedtime: str = ""
    actor: str = ""
    externalref: str = ""
    sequence: str = ""
    policyversion: str = ""
    traceparent: str = ""

    def json(self) -> Any:
        """The body as Python values; ValueError when it is not JSON."""
        return from_json(self.data)

    def attributes(self) -> dict[str, str]:
        """All CloudEvents attributes that have a value, as strings."""
        out = {
            "specversion": "1.0", "id": self.id, "source": self.source, "type": self.type,
            "dataschema": self.dataschema or f"{SCHEMA_BASE}/{self.type}/{self.version}.json",
        }
        if self.subject:
            out["subject"] = self.subject
        if self.time is not None:
            out["time"] = self.time.isoformat()
        for name in _EXTENSIONS:
            if value := getattr(self, name):
                out[name] = value
        return out

    def kafka_headers(self) -> list[tuple[str, bytes]]:
        """Binary mode on Kafka: `ce_*` headers and the content type."""
        headers = [("ce_" + name, value.encode()) for name, value in self.attributes().items()]
        headers.append(("content-type", self.datacontenttype.encode()))
        return headers

    def structured(self) -> bytes:
        """Structured mode: one JSON document with the body inside."""
        return to_json({**self.attributes(), "datacontenttype": self.datacontenttype, "data": self.json()})


def _text(value: bytes | str | None, name: str) -> str:
    try:
        if type(value) is bytes:
            return value.decode()
        if value is None:
            raise EnvelopeError("null_header", f"header ce_{name} is null; send it as UTF-8 text or leave it out")
        return value if isinstance(value, str) else value.decode()
    except UnicodeDecodeError:
        raise EnvelopeError("header_not_utf8", f"header ce_{name} is not UTF-8; CloudEvents attributes are UTF-8 text") from None


def _when(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise EnvelopeError("bad_time", "attribute time is not RFC 3339, e.g. 2026-09-03T09:00:00+08:00") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def from_attributes(attributes: Mapping[str, str], data: bytes) -> Envelope:
    """Check the required attributes (specversion, id, source, type) and build the envelope; unknown extensions are ignored."""
    if not (attributes.get("id") and attributes.get("source") and attributes.get("type")):
        missing = [name for name in ("id", "source", "type") if not attributes.get(name)]
        raise EnvelopeError("not_a_cloudevent", f"CloudEvents attribute {', '.join(missing)} is missing; see PUBLISHING.md for an example")
    if attributes.get("specversion", "1.0") != "1.0":
        raise EnvelopeError("specversion", "specversion must be 1.0")
    said = attributes.get
    schema = said("dataschema", "")
    return Envelope(
        id=attributes["id"], source=attributes["source"], type=attributes["type"], data=data, version=_version_of(schema), subject=said("subject", ""),
        time=_when(said("time", "")), dataschema=schema, correlationid=said("correlationid", ""), causationid=said("causationid", ""),
        recordedtime=said("recordedtime", ""), actor=said("actor", ""), externalref=said("externalref", ""), sequence=said("sequence", ""),
        policyversion=said("policyversion", ""), traceparent=said("traceparent", ""))


@lru_cache(maxsize=1024)
def _version_of(schema: str) -> int:
    found = _SCHEMA.search(schema)
    return int(found["version"]) if found else 0


def from_structured(value: bytes | Mapping[str, Any]) -> Envelope:
    """Read a structured event. `data_base64` is understood too."""
    if isinstance(value, bytes | bytearray | memoryview):
        try:
            value = from_json(bytes(value))
        except ValueError:
            raise EnvelopeError("not_json", "the body is not JSON; a structured CloudEvent is one JSON object") from None
    if not isinstance(value, Mapping):
        raise EnvelopeError("not_a_cloudevent", "a structured CloudEvent is one JSON object with id, source, type and data")
    if "data_base64" in value:
        try:
            data = base64.b64decode(str(value["data_base64"]), validate=True)
        except ValueError:
            raise EnvelopeError("bad_base64", "data_base64 is not base64") from None
    else:
        data = to_json(value.get("data"))
    attributes = {name: item if isinstance(item, str) else str(item) for name, item in value.items()
                  if name not in ("data", "data_base64") and item is not None}
    return from_attributes(attributes, data)


def from_kafka(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Envelope:
    """Read a Kafka record, binary or structured.

    Raises EnvelopeError with code `tombstone` for a null value without attributes, `null_header`, `header_not_utf8`, `not_json`,
    `not_a_cloudevent`, `bad_time`.
    """
    content, said = b"", []
    for written, item in headers:
        name = written.lower()
        if name.startswith("ce_"):
            said.append((name[3:], item))
        elif name == "content-type" and not content:
            content = item or b""
    if content.lower().startswith(_STRUCTURED) or (value and not said):
        if value is None:
            raise EnvelopeError("tombstone", "the record has no value; a tombstone means nothing on this topic")
        return from_structured(value)
    attributes = {name: _text(item, name) for name, item in said}  # each is looked at: a null one is wrong even before a good one of its name
    if value is None:
        raise EnvelopeError("tombstone", "the record has no value; a tombstone means nothing on this topic")
    return from_attributes(attributes, bytes(value))


def from_http(headers: Mapping[str, str], body: bytes) -> list[Envelope]:
    """Read one request: binary (`ce-*` headers), structured, or a batch; in the order they were sent."""
    content = headers.get("content-type", "").split(";")[0].strip().lower()
    if content == BATCH:
        try:
            items = from_json(body)
        except ValueError:
            raise EnvelopeError("not_json", "the body is not JSON; a batch is a JSON array of structured CloudEvents") from None
        if not isinstance(items, list):
            raise EnvelopeError("not_a_batch", "a batch is a JSON array of structured CloudEvents")
        return [from_structured(item) for item in items]
    if content == STRUCTURED:
        return [from_structured(body)]
    attributes = {name[3:].lower(): value for name, value in headers.items() if name.lower().startswith("ce-")}
    return [from_attributes(attributes, body)]


def with_time(envelope: Envelope, instant: datetime) -> Envelope:
    """The same event, dated, when its publisher gave no time."""
    return envelope if envelope.time else replace(envelope, time=instant)
