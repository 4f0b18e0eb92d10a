"""Hears that the held clock jumped (clock.md), so that the sender need not ask all the time; a real clock needs no bell."""

import asyncio
import contextlib

import asyncpg

CHANNEL = "baton_clock"
AGAIN_SECONDS = 1.0
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)


async def ring_on_jump(dsn: str, bell: asyncio.Event, stop: asyncio.Event) -> None:
    """Set `bell` at each jump, until `stop`; a lost connection is opened again, and the bell rung, as a jump may have been missed."""
    while not stop.is_set():
        try:
            await _listen(dsn, bell, stop)
        except _AWAY:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)


async def _listen(dsn: str, bell: asyncio.Event, stop: asyncio.Event) -> None:
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, lambda *_: bell.set())
        bell.set()
        waits = {asyncio.create_task(stop.wait()), asyncio.create_task(lost.wait())}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()
    finally:
        with contextlib.suppress(*_AWAY):
            await connection.close(timeout=2)
