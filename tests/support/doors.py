"""Fixtures for tests of doors, pages and stores: a real PostgreSQL and a real mail server, and no bus, which these never speak to.

One pair of servers serves every such file of a worker; who needs an empty schema empties it.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg
import pytest

from deploy.local.stack import Stack
from services.notification.links import Links
from services.notification.pages.app import make_app
from shared.runtime.provision import START_OF_HELD_CLOCK, prepare_database
from shared.runtime.settings import ServiceSettings
from shared.runtime.web import serve
from tests.support.engines import HELD, clean_environment
from tests.support.notices import Bureau


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, str]]:
    """The BATON_* variables of a database with all schemas and of the mail sink."""
    clean_environment()
    async with Stack(home=tmp_path_factory.mktemp("doors"), only=["postgres", "sink"], env=HELD) as stack:
        env = {**stack.process_env("provision"), **stack.env, "BATON_KAFKA": "nowhere.invalid:9092"}
        known = {name.removeprefix("BATON_").lower(): value for name, value in env.items() if name.startswith("BATON_")}
        await prepare_database(ServiceSettings(**known))  # type: ignore[arg-type]
        yield env


@pytest.fixture
async def database(house: dict[str, str]) -> dict[str, str]:
    """The same variables, with the held clock where it begins."""
    pg = await asyncpg.connect(house["BATON_DATABASE_OPS"])
    await pg.execute("update runtime.clock set now = $1", datetime.fromisoformat(START_OF_HELD_CLOCK))
    await pg.close()
    return house


@pytest.fixture
async def bureau(house: dict[str, str]) -> AsyncIterator[Bureau]:
    """A clean notification service and its usual world on Monday 7 September 2026, 10:00 in Shanghai."""
    made = Bureau(house)
    await made.empty()
    await made.clock("2026-09-07T10:00:00")
    await made.settle()
    yield made
    await made.close()


@pytest.fixture
async def doors(bureau: Bureau) -> AsyncIterator[tuple[Bureau, str]]:
    """The doors on a port of this machine, and the service behind them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    object.__setattr__(bureau.desk, "links", Links(bureau.vault.links, base))
    stop = asyncio.Event()
    task = asyncio.create_task(serve(make_app(bureau.db, bureau.desk), f"127.0.0.1:{port}", stop))
    await asyncio.sleep(0.5)
    yield bureau, base
    stop.set()
    await asyncio.wait({task}, timeout=10)
