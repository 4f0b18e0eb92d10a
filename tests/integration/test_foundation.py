"""The delivery path alone, before any service: 10,000 events through two consumers while processes and Kafka are killed; counts exact."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.stack import Stack
from shared.contracts.application import ApplicationReceived, Facts
from tests.integration import foundation_process
from tests.support.bus import envelope_of
from tests.support.engines import clean_environment

EVENTS = 10_000
PROCESS = Path(foundation_process.__file__)


class Consumers:
    """The two processes, started as the supervisor would, killed as nobody would."""

    def __init__(self, env: dict[str, str], group: str, log: Path) -> None:
        self._env, self._group, self._log = env, group, log
        self.running = {which: self._start(which) for which in "ab"}

    def _start(self, which: str) -> subprocess.Popen[bytes]:
        env = {**self._env, "BATON_PROCESS": f"proof-{which}", f"BATON_DATABASE_PROOF_{which.upper()}": self._env["BATON_DATABASE"],
               "BATON_CLOCK": "real", "BATON_ADMIN_PORT": "0"}
        with self._log.open("ab") as log:
            return subprocess.Popen([sys.executable, str(PROCESS), which, self._group], env=env, stdout=log, stderr=log)

    def kill(self, which: str) -> None:
        """kill -9, then start it again."""
        self.running[which].kill()
        self.running[which].wait()
        self.running[which] = self._start(which)

    def stop(self) -> list[int]:
        """SIGTERM to both; their exit codes."""
        for process in self.running.values():
            process.terminate()
        return [process.wait(timeout=30) for process in self.running.values()]


async def _publish(bootstrap: str, poison_at: int) -> list[UUID]:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=5, enable_idempotence=True)
    await producer.start()
    sent = [uuid4() for _ in range(EVENTS)]
    for number, id_ in enumerate(sent):
        body = ApplicationReceived(
            application_id=id_, hire_id=id_, person_id=id_, requisition_id=id_, requisition_version=1, client_id=id_, origin="applied",
            facts=Facts(), submitted_at=datetime.now(UTC))
        envelope = envelope_of(body, id=id_)
        await producer.send("intake.events", envelope.data, key=str(id_).encode(), headers=envelope.kafka_headers())
        if number == poison_at:
            await producer.send("intake.events", b"\x00 no json", key=b"poison", headers=[("ce_type", None), ("ce_id", b"\xff")])
        if number % 1000 == 0:
            await producer.send("intake.events", envelope.data, key=str(id_).encode(), headers=envelope.kafka_headers())  # twice
    await producer.flush()
    await producer.stop()
    return sent


async def _counts(pg: asyncpg.Connection, schema: str, sent: list[UUID]) -> tuple[int, int]:
    row = await pg.fetchrow(f"select count(*), count(distinct application_id) from {schema}.seen where application_id = any($1::uuid[])", sent)
    return row[0], row[1]


@pytest.fixture
async def own_engines(tmp_path: Path) -> AsyncIterator[Stack]:
    """Servers of its own: ten thousand applications are nothing that other tests want to find on their topics."""
    clean_environment()
    async with Stack(home=tmp_path / "home", only=["kafka", "postgres", "provision"]) as stack:
        yield stack


async def test_ten_thousand_events_with_kills_anywhere_are_each_handled_once(own_engines: Stack, tmp_path: Path) -> None:
    engines = own_engines
    env = {**engines.process_env("provision"), **engines.env}
    await foundation_process.prepare(env["BATON_DATABASE"])
    sent = await _publish(env["BATON_KAFKA"], poison_at=4321)
    consumers = Consumers(env, f"proof.{uuid4().hex[:8]}", tmp_path / "consumers.log")
    pg = await asyncpg.connect(env["BATON_DATABASE"])
    dice, victims = random.Random(7), ["a", "b", "a", "kafka", "b", "a"]
    try:
        for _ in range(240):
            await asyncio.sleep(0.5)
            reached = await _counts(pg, "proof_b", sent)
            if victims and reached[0] > (6 - len(victims)) * EVENTS // 12:
                victim = victims.pop(0)
                await asyncio.sleep(dice.random() * 0.4)
                await engines.kill("kafka") if victim == "kafka" else consumers.kill(victim)
            if reached[0] >= EVENTS:
                break
        await engines.ready("kafka")
        assert await _counts(pg, "proof_a", sent) == (EVENTS, EVENTS), (tmp_path / "consumers.log").read_text()[-3000:]
        assert await _counts(pg, "proof_b", sent) == (EVENTS, EVENTS), (tmp_path / "consumers.log").read_text()[-3000:]
        assert not victims, "the run ended before all kills were done"
        assert await pg.fetchval("select count(*) from proof_a.outbox") == 0
        assert await pg.fetchval("select count(*) from proof_a.parked where code = 'null_header'") == 1
        gaps = await pg.fetchval("select count(*) from proof_b.seen where n <> 1")
        assert gaps == 0, "each subject was told once, so each sequence is 1"
    finally:
        codes = consumers.stop()
        await pg.close()
    assert set(codes) <= {0, -15}, "a process that is still starting ends by the signal itself"
