"""The notification desk on PostgreSQL and a mail sink of its own, empty, on the held clock of a working Monday: what the message figures are taken on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.stack import Stack
from shared.runtime.provision import prepare_database
from shared.runtime.settings import ServiceSettings
from tests.support.engines import HELD
from tests.support.notices import Bureau


@asynccontextmanager
async def quiet_desk(home: Path) -> AsyncIterator[tuple[Bureau, dict[str, str]]]:
    """The desk, and the settings that lead to its servers."""
    async with Stack(home=home, only=["postgres", "sink"], env=HELD) as stack:
        env = {**stack.process_env("provision"), **stack.env}
        known = {name.removeprefix("BATON_").lower(): value for name, value in env.items() if name.startswith("BATON_")}
        await prepare_database(ServiceSettings(**known))  # type: ignore[arg-type]
        bureau = Bureau(env)
        try:
            await bureau.empty()
            await bureau.clock("2026-09-07T10:00:00")
            await bureau.settle()
            yield bureau, env
        finally:
            await bureau.close()
