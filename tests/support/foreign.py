"""A publisher who knows Baton only from its schemas: plain aiokafka, plain HTTP, plain dictionaries; none of Baton's classes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

import asyncpg
from aiokafka import AIOKafkaProducer

from deploy.clock.quiet import note

SCHEMAS = "https://baton.example/schemas"


class Foreign:
    """Another system of the firm. Each acknowledged offset is noted, because quiet is asked of the held clock only."""

    def __init__(self, env: Mapping[str, str], *, source: str = "urn:foreign:ats") -> None:
        self._env, self.source = env, source
        self._producer: AIOKafkaProducer
        self._pg: asyncpg.Connection
        self.sent = 0

    async def __aenter__(self) -> Self:
        self._producer = AIOKafkaProducer(bootstrap_servers=self._env["BATON_KAFKA"], max_request_size=20_000_000)
        await self._producer.start()
        self._pg = await asyncpg.connect(self._env["BATON_DATABASE_OPS"])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()
        await self._pg.close()

    def headers(self, type_: str, id_: str, *, version: int = 1, **more: str) -> list[tuple[str, bytes]]:
        """CloudEvents attributes in binary mode."""
        attributes = {"specversion": "1.0", "id": id_, "source": self.source, "type": f"baton.{type_}",
                      "dataschema": f"{SCHEMAS}/baton.{type_}/{version}.json", **more}
        return [("content-type", b"application/json"), *((f"ce_{name}", value.encode()) for name, value in attributes.items())]

    async def publish(self, type_: str, data: Mapping[str, Any], *, id_: str = "", version: int = 1, time: str = "") -> None:
        """One event, binary mode; `id_` defaults to type and external id."""
        more = {"time": time} if time else {}
        name = id_ or f"{type_}/{data['externalid']}"
        await self.raw(json.dumps(data).encode(), self.headers(type_, name, version=version, **more))

    async def raw(self, value: bytes | None, headers: Sequence[tuple[str, bytes | None]], *, key: bytes | None = None) -> None:
        """Any record at all."""
        acked = await self._producer.send_and_wait("inbound", value, key=key, headers=list(headers))
        await note(self._pg, "inbound", acked.partition, acked.offset)
        self.sent += 1


def structured(event: Mapping[str, Any]) -> bytes:
    """An event in structured mode."""
    return json.dumps(dict(event)).encode()
