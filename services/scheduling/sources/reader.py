"""The loops of the scheduling process: linked calendars are read again and again, appointments compared with new zone and holiday data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from shared.runtime.db import Database
from shared.runtime.errors import is_transient
from shared.runtime.observability import get_logger

from ..domain.spans import Span
from ..usecases import changes
from . import feeds
from .busy_times import Block, UnreadableCalendarError, busy_of
from .feeds import Safe
from .servers import Reading, read

log = get_logger(__name__)
_REST = 5.0
_LOOK = 3600.0


@dataclass(frozen=True)
class Reader:
    """Reads what is due. `every`, `patience`: seconds between readings, and of failure before it is told; `ahead`: days that count."""

    db: Database
    safe: Callable[[], Safe]
    client: Callable[[], httpx.AsyncClient]
    every: int = 300
    patience: int = 1800
    ahead: int = 60

    async def run(self, stop: asyncio.Event) -> None:
        """Until stopped; an error of one calendar is that calendar's alone."""
        while not stop.is_set():
            try:
                await self.turn()
            except Exception as problem:
                log.warning("calendars_not_read", problem=type(problem).__name__)
                if not is_transient(problem):
                    raise
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _REST)

    async def turn(self) -> int:
        """Read everything that is due once; returns how many calendars."""
        async with self.db.unit() as uow:
            rows, now = await feeds.due(uow, self.every), uow.now
        if not rows:
            return 0
        within = (now - timedelta(days=1), now + timedelta(days=self.ahead))
        async with self.client() as client:
            for row in rows:
                await self._one(client, row, within)
        return len(rows)

    async def _one(self, client: httpx.AsyncClient, row: Any, within: Span) -> None:
        try:
            found = await read(client, self.safe().open(row["feed_id"], bytes(row["address"])), within, tag=row["tag"])
            blocks = None if found.calendars is None else await asyncio.to_thread(self._blocks, found, row["zone"], within)
        except UnreadableCalendarError as problem:
            async with self.db.unit() as uow:
                await feeds.failed(uow, row, problem.code, patience_seconds=self.patience)
            return
        async with self.db.unit() as uow:
            if blocks is not None:
                ours = await feeds.ours_among(uow, [one.key.partition("|")[0] for one in blocks])
                blocks = [one for one in blocks if one.key.partition("|")[0] not in ours]
                await feeds.replace(uow, row["feed_id"], row["person_id"], blocks, within=within)
            await feeds.succeeded(uow, row, tag=found.tag, busy=len(blocks or ()))

    @staticmethod
    def _blocks(found: Reading, zone: str, within: Span) -> list[Block]:
        return [block for raw in found.calendars or () for block in busy_of(raw, within, zone)]


async def watch_data(db: Database, stop: asyncio.Event) -> None:
    """At start, and every hour: do the appointments to come still mean what was agreed?"""
    while not stop.is_set():
        try:
            async with db.unit() as uow:
                touched = await changes.look(uow)
            if touched:
                log.warning("appointments_touched", n=touched)
        except Exception as problem:
            if not is_transient(problem):
                raise
            log.warning("appointments_not_compared", problem=type(problem).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _LOOK)
