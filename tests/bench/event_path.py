"""(a) A structured application event -> stored, sealed, screened, published; against a raw loop that inserts a batch and republishes.

The bare loop is what anybody would write by hand for one hop that loses nothing: aiokafka batches, one transaction with the inbox ids
and the body, then republish, wait for the acknowledgements and commit. Ours is two hops (intake, screening) with their relays; everything else stands still. Both find their backlog in Kafka when the clock
starts; the start of processes is counted in neither.
"""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pydantic_core import to_json

from deploy.local.stack import Stack
from shared.contracts.envelope import SCHEMA_BASE, Envelope
from tests.bench.cpu import used

SOURCE = "bench"
ENGINES, OURS = ("kafka", "postgres"), ("intake", "screening")
_PUBLISHED = "select sum(next) from screening.published where topic = 'screening.events'"


def _event(type_: str, number: int | str, body: dict[str, Any], version: int = 1) -> Envelope:
    name = f"baton.{type_}"
    return Envelope(id=f"{type_}-{number}", source=SOURCE, type=name, data=to_json(body), version=version,
                    dataschema=f"{SCHEMA_BASE}/{name}/{version}.json")


def application(number: int) -> Envelope:
    """A structured application of about 800 bytes."""
    return _event("application.submitted", number, {
        "externalid": f"A-{number}", "requisition": "R-1", "origin": "applied", "skills": ["c++", "motion-control", "ros", "python"],
        "years": 3 + number % 9, "degree_level": 3 + number % 3, "languages": ["zh", "en"],
        "person": {"name": f"候选人{number}", "email": f"person{number}@example.com", "phone": f"+86138{number:08d}",
                   "locale": "zh-CN", "address": "上海市浦东新区临港" + "路" * 60},
        "submitted_at": "2026-09-03T09:00:00+08:00"}, version=2)


def reference() -> list[Envelope]:
    """The client and the requisition that all applications name."""
    return [_event("client.registered", 1, {"externalid": "C-1", "name": "海港机器人", "tier": "strategic", "data_agreement": True}),
            _event("requisition.raised", 1, {
                "externalid": "R-1", "client": "C-1", "title": "高级运动控制工程师", "policy": "agency-cn", "rules": [
                    {"rule": "has_skill", "id": "core", "skills": ["motion-control"]},
                    {"rule": "min_years", "id": "years", "years": 5}, {"rule": "min_degree", "id": "degree", "level": 3}]})]


async def _publish(bootstrap: str, topic: str, events: list[Envelope]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=5, enable_idempotence=True)
    await producer.start()
    for event in events:
        await producer.send(topic, event.data, key=event.id.encode(), headers=event.kafka_headers())
    await producer.flush()
    await producer.stop()


async def _bare(stack: Stack, env: dict[str, str], events: list[Envelope]) -> tuple[float, float]:
    """Events a second of the raw loop, and processor seconds of it, Kafka and PostgreSQL."""
    bootstrap = env["BATON_KAFKA"]
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("bench.in", 12, 1), NewTopic("bench.out", 12, 1)])
    await admin.close()
    await _publish(bootstrap, "bench.in", events)
    pg = await asyncpg.connect(env["BATON_DATABASE"])
    await pg.execute("create table bench_inbox (id text primary key); create table bench_rows (id text primary key, body bytea)")
    consumer = AIOKafkaConsumer("bench.in", bootstrap_servers=bootstrap, group_id="bench", auto_offset_reset="earliest", enable_auto_commit=False)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=5, enable_idempotence=True)
    await consumer.start()
    await producer.start()
    done, started, spent = 0, None, 0.0
    while done < len(events):
        got = await consumer.getmany(timeout_ms=1000, max_records=500)
        if started is None:
            started, spent = time.perf_counter(), used(map(stack.pid, ENGINES)) + time.process_time()
        records = [record for batch in got.values() for record in batch]
        ids = [dict(record.headers)["ce_id"].decode() for record in records]
        async with pg.transaction():
            await pg.execute("insert into bench_inbox select * from unnest($1::text[]) on conflict do nothing", ids)
            await pg.execute("insert into bench_rows select * from unnest($1::text[], $2::bytea[])", ids, [r.value for r in records])
        sent = [await producer.send("bench.out", record.value, key=record.key, headers=list(record.headers)) for record in records]
        await asyncio.gather(*sent)  # a flush alone says nothing of a record that failed, and the commit would lose it
        await consumer.commit()
        done += len(records)
    seconds, spent = time.perf_counter() - (started or 0), used(map(stack.pid, ENGINES)) + time.process_time() - spent
    await consumer.stop()
    await producer.stop()
    await pg.close()
    return done / seconds, spent


async def _count(pg: asyncpg.Connection, sql: str) -> int:
    return int(await pg.fetchval(sql) or 0)


async def _ours(stack: Stack, env: dict[str, str], events: list[Envelope]) -> tuple[float, dict[str, float]]:
    """Events a second, and processor seconds of each process, from the moment both processes may read the backlog to the last verdict published.

    Both run and have handled the reference data before; they are stopped (SIGSTOP) while the backlog is written, as bare's is.
    """
    pg = await asyncpg.connect(env["BATON_DATABASE"])
    await _publish(env["BATON_KAFKA"], "inbound", reference())
    while not await _count(pg, "select count(*) from screening.requisitions"):
        await asyncio.sleep(0.1)
    for name in OURS:
        await stack.kill(name, signal.SIGSTOP)
    await _publish(env["BATON_KAFKA"], "inbound", events)
    before, spent = await _count(pg, _PUBLISHED), {name: used([stack.pid(name)]) for name in (*ENGINES, *OURS)}
    started = time.perf_counter()
    for name in OURS:
        await stack.kill(name, signal.SIGCONT)
    while (done := await _count(pg, _PUBLISHED) - before) < len(events):
        if time.perf_counter() - started > 300:
            raise RuntimeError(f"only {done} of {len(events)} verdicts after 300 s; see the logs in {env['BATON_HOME']}")
        await asyncio.sleep(0.05)
    seconds = time.perf_counter() - started
    await pg.close()
    return len(events) / seconds, {name: used([stack.pid(name)]) - spent[name] for name in spent}


async def measure(home: Path, *, events: int) -> dict[str, object]:
    """Both loops on the same engines; the ratio is what counts. The processor time shows what a busy machine hides."""
    sent = [application(number) for number in range(events)]
    async with Stack(home=home, only=["kafka", "postgres", "provision", "intake", "screening"]) as stack:
        env = {**stack.env}
        bare, bare_cpu = await _bare(stack, env, sent)
        ours, ours_cpu = await _ours(stack, env, sent)
    return {"n": events, "bare_events_per_s": bare, "ours_events_per_s": ours, "ratio": ours / bare, "wanted": 0.45,
            "bare_cpu_us_per_event": bare_cpu / events * 1e6, "ours_cpu_us_per_event": sum(ours_cpu.values()) / events * 1e6,
            **{f"  of it {name}": seconds / events * 1e6 for name, seconds in ours_cpu.items()}, "cpu_ratio": bare_cpu / sum(ours_cpu.values()),
            "bytes_per_event": len(sent[-1].data)}
