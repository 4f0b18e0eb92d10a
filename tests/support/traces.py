"""Looks for a person everywhere they must not be readable: logs, Kafka behind the door, Temporal's histories, every table."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer
from temporalio.client import Client

SCHEMAS = ("intake", "screening", "scheduling", "notification", "reporting", "workflows", "runtime", "vault")


def _found(where: str, text: str, needles: Sequence[str]) -> list[str]:
    """Also in the escaped form that JSON may write."""
    return [f"{where}: {needle!r}" for needle in needles if needle in text or json.dumps(needle)[1:-1] in text]


def in_logs(home: Path, needles: Sequence[str]) -> list[str]:
    """Log files of all processes and servers."""
    return [hit for path in sorted((home / "log").glob("*")) if path.is_file()
            for hit in _found(f"log {path.name}", path.read_text(errors="replace"), needles)]


async def in_kafka(bootstrap: str, needles: Sequence[str], *, clear: Sequence[str] = ("inbound",)) -> list[str]:
    """Keys, headers and bodies of all records but those of the clear topics."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    hits: set[str] = set()
    try:
        topics = {name for name in await consumer.topics() if name not in clear and not name.startswith("_")}
        consumer.subscribe(topics=sorted(topics))
        empty = 0
        while empty < 3:
            batches = await consumer.getmany(timeout_ms=400)
            empty = 0 if batches else empty + 1
            for records in batches.values():
                for record in records:
                    raw = b" ".join([record.key or b"", record.value or b"", *(value or b"" for _, value in record.headers)])
                    text = raw.decode(errors="replace")
                    hits.update(_found(f"topic {record.topic}", text, needles))
    finally:
        await consumer.stop()
    return sorted(hits)


async def in_tables(dsn: str, needles: Sequence[str]) -> list[str]:
    """Every row of every table, as text, bytes included."""
    pg = await asyncpg.connect(dsn)
    hits = []
    try:
        tables = await pg.fetch("select schemaname as s, tablename as t from pg_tables where schemaname = any($1::text[])", list(SCHEMAS))
        for table in tables:
            for needle in needles:
                sql = f'select count(*) from "{table["s"]}"."{table["t"]}" as r where r::text like $1 or r::text like $2'
                if await pg.fetchval(sql, f"%{needle}%", f"%{needle.encode().hex()}%"):
                    hits.append(f"table {table['s']}.{table['t']}: {needle!r}")
    finally:
        await pg.close()
    return hits


async def in_temporal(env: Mapping[str, str], needles: Sequence[str]) -> tuple[int, list[str]]:
    """Histories with decoded payloads, ids, memos and search attributes; also how many workflows were read."""
    client = await Client.connect(env["BATON_TEMPORAL"], namespace=env["BATON_TEMPORAL_NAMESPACE"])
    hits: set[str] = set()
    read = 0
    async for workflow in client.list_workflows():
        read += 1
        history = await client.get_workflow_handle(workflow.id, run_id=workflow.run_id).fetch_history()
        text = workflow.id + str(workflow.typed_search_attributes) + _plain(history.to_json_dict())
        hits.update(_found(f"workflow {workflow.id}", text, needles))
    return read, sorted(hits)


def _plain(value: object) -> str:
    """All strings of a history; payload data is base64."""
    if isinstance(value, Mapping):
        return " ".join(_plain(item) for item in value.values())
    if isinstance(value, list):
        return " ".join(_plain(item) for item in value)
    if isinstance(value, str):
        try:
            return value + " " + base64.b64decode(value, validate=True).decode(errors="replace")
        except ValueError:
            return value
    return ""
