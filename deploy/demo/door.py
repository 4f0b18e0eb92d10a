"""How the demo's outside world reaches Baton: Kafka topic `inbound` and the HTTP door, as any other publisher would."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx
from aiokafka import AIOKafkaProducer

from deploy.clock.keeper import AWAY
from deploy.clock.quiet import note
from deploy.demo.patience import patiently

logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a broker that is killed on purpose would fill the screen
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


class Door:
    """Publishes events and documents. `sent` counts deliveries, `answers` what the HTTP door said to its own."""

    def __init__(self, env: Mapping[str, str], *, patience: float = 60.0) -> None:
        self._env, self._patience = env, patience
        token = next(iter(json.loads(Path(env["BATON_TOKENS"]).read_text())))
        self._http = httpx.AsyncClient(base_url=f"http://{env['BATON_INTAKE_HTTP']}", timeout=30, headers={"authorization": f"Bearer {token}"})
        self._producer: AIOKafkaProducer | None = None
        self._pg: asyncpg.Connection | None = None
        self.sent = 0
        self.answers: Counter[str] = Counter()
        self.counted: Counter[str] = Counter()
        """What the story's outside counts on its own side: records `sent` and what was answered to them, links `opened`."""

    async def __aenter__(self) -> Self:
        self._producer = AIOKafkaProducer(bootstrap_servers=self._env["BATON_KAFKA"], enable_idempotence=True)
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._producer is not None:
            await self._producer.stop()
        if self._pg is not None:
            await self._pg.close(timeout=5)
        await self._http.aclose()

    async def publish(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Structured events on Kafka, in this order."""
        for event in events:
            await self.raw(json.dumps(event, ensure_ascii=False).encode(), [("content-type", STRUCTURED.encode())], key=event["data"].get("externalid", ""))

    async def raw(self, value: bytes | None, headers: Sequence[tuple[str, bytes | None]], *, key: str = "") -> None:
        """Any record on `inbound`."""
        assert self._producer is not None
        acked = await self._producer.send_and_wait("inbound", value, key=key.encode() or None, headers=list(headers))
        await self._note(acked.partition, acked.offset)
        self.sent += 1

    async def _note(self, partition: int, offset: int) -> None:
        """Tell the time-keeper what is under way; a database that is away (or was killed on purpose) is waited for."""
        until = asyncio.get_running_loop().time() + self._patience
        while True:
            try:
                if self._pg is None or self._pg.is_closed():
                    self._pg = await asyncpg.connect(self._env["BATON_DATABASE_OPS"], timeout=5)
                return await note(self._pg, "inbound", partition, offset)
            except AWAY:
                if asyncio.get_running_loop().time() > until:
                    raise
                if self._pg is not None:
                    self._pg.terminate()
                self._pg = None
            await asyncio.sleep(0.2)

    async def post(self, events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """A batch over HTTP; the door's answer for each event, in order."""
        body = json.dumps(list(events), ensure_ascii=False).encode()
        answer = await patiently(self._http, "POST", "/events", seconds=self._patience, content=body, headers={"content-type": BATCH})
        return self._told(answer)

    async def file(self, name: str, data: bytes) -> list[dict[str, Any]]:
        """A file as it is; the door's answer for it, in a list as for several events."""
        return self._told(await patiently(self._http, "POST", "/files", seconds=self._patience, params={"name": name}, content=data))

    def _told(self, answer: httpx.Response) -> list[dict[str, Any]]:
        answer.raise_for_status()
        results: list[dict[str, Any]] = answer.json()["results"]
        self.sent += len(results)
        self.answers.update(result["outcome"] for result in results)
        return results

    async def document(self, data: bytes) -> int:
        """Put a file to /documents/{sha256}; the HTTP status."""
        digest = hashlib.sha256(data).hexdigest()
        answer = await patiently(self._http, "PUT", f"/documents/{digest}", seconds=self._patience, content=data, headers={"content-type": "application/octet-stream"})
        return answer.status_code


def event(type_: str, data: Mapping[str, Any], *, source: str, at: str, id_: str = "", version: int = 1) -> dict[str, Any]:
    """One structured CloudEvent of an inbound type; `id_` defaults to type and external id."""
    name = f"baton.{type_}"
    return {"specversion": "1.0", "id": id_ or f"{type_}/{data['externalid']}", "source": source, "type": name, "time": at,
            "dataschema": f"https://baton.example/schemas/{name}/{version}.json", "datacontenttype": "application/json", "data": dict(data)}
