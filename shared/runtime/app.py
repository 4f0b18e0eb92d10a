"""Running one process: settings -> dependencies -> consumers, relay, HTTP, loops, until SIGTERM.

`main.py` of each service gives a `build` function; everything that all processes share stands here.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asyncpg.pgproto.pgproto import UUID as DriverId
from pydantic import ValidationError
from starlette.routing import BaseRoute

from shared.contracts.base import make_ids_with

from .admin import admin_app
from .blobs import Blobs
from .bus import make_broker, subscribe
from .clock import Clock
from .consume import Router
from .db import Database
from .errors import ConfigurationError, is_transient
from .observability import configure_logging, get_logger
from .relay import Relay
from .settings import ServiceSettings
from .vault import Vault
from .web import serve

log = get_logger(__name__)
Loop = Callable[[asyncio.Event], Awaitable[None]]


@dataclass
class ProcessContext:
    """What a process may use. `vault` and `blobs` open their files when first asked."""

    settings: ServiceSettings
    clock: Clock
    db: Database

    @property
    def vault(self) -> Vault:
        """Seals and opens; which keys this process can read is a matter of database grants."""
        return Vault(self.settings.keys)

    @property
    def blobs(self) -> Blobs:
        """Sealed documents."""
        return Blobs(self.settings.blobs)

    @property
    def tokens(self) -> dict[str, dict[str, Any]]:
        """Bearer token -> {name, source, types, roles}."""
        try:
            return dict(json.loads(Path(self.settings.tokens).read_text()))
        except (OSError, ValueError) as problem:
            raise ConfigurationError(f"BATON_TOKENS ({self.settings.tokens or 'not set'}) can't be read: {type(problem).__name__}") from None


@dataclass
class Process:
    """What `build` returns: consumers, an HTTP app on its address, further loops, admin routes, and whether the outbox is relayed here."""

    routers: list[Router] = field(default_factory=list)
    http: Any = None
    http_address: str = ""
    loops: list[Loop] = field(default_factory=list)
    ops: Sequence[BaseRoute] = field(default_factory=list)
    relay: bool = True
    close: Callable[[], Awaitable[None]] | None = None
    health: Callable[[], Awaitable[str]] | None = None


Build = Callable[[ProcessContext], Awaitable[Process]]


def run_process(schema: str, build: Build) -> None:
    """Run until SIGTERM or SIGINT. A wrong setting ends it with exit code 2 and one clear line."""
    import uvloop

    try:
        settings = ServiceSettings()
        configure_logging(settings.process or schema, settings.log_level)
        make_ids_with(DriverId)  # what every query answers with anyway: made and written in C
        gc.freeze()  # what imports made stays for ever, and batches make no cycles: a third of a consumer's time went into looking
        gc.set_threshold(200_000, 20, 50)  # net of what is freed: more than the greatest batch holds at once
        uvloop.run(_run(schema, settings, build))
    except (ConfigurationError, ValidationError, ValueError) as problem:
        print(f"{schema}: {problem}", file=sys.stderr)
        raise SystemExit(2) from None


async def _run(schema: str, settings: ServiceSettings, build: Build) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    clock = Clock(settings.clock)
    db = Database(settings.database_of(schema), schema=schema, clock=clock)
    await _until_reachable(db, stop)
    process = await build(ProcessContext(settings, clock, db))
    await _announce(db, process.routers)
    broker = make_broker(settings)
    subscribers = [subscribe(broker, router, db, settings) for router in process.routers]
    relay = Relay(db, settings.kafka, client_id=f"{settings.process or schema}-relay")
    state = {"started": False}

    async def probe() -> str:
        if not state["started"]:
            return "starting"
        dead = [s for s in subscribers if not getattr(s, "running", True)]
        if dead:
            return "a subscription has ended"
        return await process.health() if process.health else ""

    tasks = _tasks(schema, settings, process, (db, relay, probe), stop)
    try:
        if process.routers:
            await _start_broker(broker, stop)
        state["started"] = True
        log.info("started", schema=schema)
        await _first_end(tasks, stop)
    finally:
        stop.set()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(broker.stop(), timeout=20)
        await asyncio.wait(tasks, timeout=10)
        if process.close:
            await process.close()
        await db.close()
        log.info("stopped", schema=schema)


def _tasks(schema: str, settings: ServiceSettings, process: Process, parts: Any, stop: asyncio.Event) -> list[asyncio.Task[Any]]:
    db, relay, probe = parts
    jobs: list[Awaitable[Any]] = [loop(stop) for loop in process.loops]
    if process.relay:
        jobs.append(relay.run(stop))
    jobs.append(_housekeeping(db, process.routers, stop))
    if settings.admin_port:
        app = admin_app(settings.process or schema, db, process.routers, probe, process.ops)
        jobs.append(serve(app, f"127.0.0.1:{settings.admin_port}", stop))
    if process.http is not None:
        jobs.append(serve(process.http, process.http_address, stop))
    return [asyncio.ensure_future(job) for job in jobs]


async def _first_end(tasks: list[asyncio.Task[Any]], stop: asyncio.Event) -> None:
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({waiting, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    if waiting in done:
        return
    waiting.cancel()
    for task in done:
        task.result()
    raise RuntimeError("a part of the process ended by itself")


async def _until_reachable(db: Database, stop: asyncio.Event) -> None:
    pause = 0.1
    while not stop.is_set():
        try:
            async with db.unit():
                return
        except Exception as problem:
            if not is_transient(problem):
                raise
            log.warning("database_away", problem=type(problem).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, 2.0)


async def _announce(db: Database, routers: list[Router]) -> None:
    """Write down (as partition -1) who reads which topic: a reader that has read nothing yet is behind, not absent."""
    async with db.unit() as uow:
        await uow.many("insert into consumed (consumer, topic, part, next) values (:consumer, :topic, -1, 0) on conflict do nothing",
                       [{"consumer": router.consumer, "topic": topic} for router in routers for topic in router.topics])


async def _start_broker(broker: Any, stop: asyncio.Event) -> None:
    pause = 0.2
    while not stop.is_set():
        try:
            await broker.start()
            return
        except Exception as problem:
            log.warning("kafka_away", problem=type(problem).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, 2.0)


async def _housekeeping(db: Database, routers: list[Router], stop: asyncio.Event) -> None:
    """Park what waited too long; forget inbox ids older than any redelivery (31 days of real time)."""
    rest = 5.0 if db.clock.held else 30.0
    while not stop.is_set():
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), timeout=rest)
            return
        try:
            for router in routers:
                await router.expire(db)
            async with db.unit() as uow:
                await uow.run("delete from inbox where at < clock_timestamp() - interval '31 days'")
        except Exception as problem:
            if not is_transient(problem):
                raise
            log.warning("housekeeping_again", problem=type(problem).__name__)


def pid_line() -> str:
    """For logs and tests: which process this is."""
    return f"{os.environ.get('BATON_PROCESS', '?')} pid {os.getpid()}"
