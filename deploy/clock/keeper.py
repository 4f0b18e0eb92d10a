"""The time-keeper: waits until everything is quiet, lets people act, wakes hires, and jumps to the next instant.

    quiet? -- no --> look again
      | yes
    people due now? -- yes --> they act, look again
      | no
    hires due now?  -- yes --> wake them in the order (instant, id), look again
      | no
    jump to the earliest instant of all services and people

Demo, end-to-end tests and chaos share it. It never looks at a wall clock but to notice that nothing moves any more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

import asyncpg

from deploy.clock.quiet import Flight, judge, make_look
from deploy.clock.wakes import Wakes

WAKE_AGAIN = 2.0
SHORTEST, LONGEST = 0.008, 0.025
"""Pauses between two looks: each costs the database about half a millisecond, which those who work need more."""
AWAY = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a database says or does when it is away, or is killed in the middle of an answer."""


class StuckError(RuntimeError):
    """Nothing has moved for too long; the text lists what is in flight."""


class Crowd(Protocol):
    """Whoever acts from outside at business instants: simulated people, the story's other systems."""

    async def look(self, now: datetime) -> None:
        """Notice what is new (read mail) and plan acts."""

    def next_at(self) -> datetime | None:
        """The instant of the earliest planned act."""

    async def act(self, now: datetime, *, one: bool = False) -> int:
        """Do what is planned for `now` or before (or only the first of it); how many acts."""


class Keeper:
    """Moves the held clock of one deployment. `serial`: one act and one wake at a time, with quiet between them."""

    def __init__(self, dsn: str, wakes: Wakes, crowds: Sequence[Crowd] = (), *, patience: float = 20.0, serial: bool = False) -> None:
        self._dsn, self._wakes, self._crowds, self._patience, self._serial = dsn, wakes, crowds, patience, serial
        self._pg: asyncpg.Connection | None = None
        self._sql = ""
        self._sent: dict[tuple[datetime, str], float] = {}
        self._fingerprint: tuple[object, ...] = ()
        self._moved_at = time.monotonic()
        self.jumps = 0
        self.on_jump: Callable[[datetime], Awaitable[None]] | None = None
        """Called after every jump, before anything acts."""
        self.on_wake: Callable[[str], Awaitable[None]] | None = None
        """Called after a wake was sent, while its effects are in flight."""

    async def close(self) -> None:
        """Give the connection back."""
        if self._pg is not None:
            await self._pg.close(timeout=5)

    async def now(self) -> datetime:
        """Business time."""
        return (await self._look()).now

    async def run(self, *, until: datetime | None = None, done: Callable[[], Awaitable[bool]] | None = None) -> datetime:
        """Go on until `done` says so at a quiet instant, or the next instant lies after `until`, or there is none; returns the time.

        Raises StuckError when nothing moves for the keeper's patience.
        """
        while True:
            flight = await self._settled()
            if done is not None and await done():
                return await self.settle()
            target = min((at for at in (flight.next_at, *(crowd.next_at() for crowd in self._crowds)) if at is not None), default=None)
            if target is None or (until is not None and target > until):
                if until is not None and until > flight.now:
                    await self._jump(until)
                return await self.settle()
            await self._jump(target)

    async def settle(self) -> datetime:
        """Wait until everything that is due now has been done and everybody has read of it; returns business time."""
        while (flight := await self._settled()).behind:
            self._check_moving(flight)
            await asyncio.sleep(LONGEST)
        return flight.now

    async def _settled(self) -> Flight:
        pause = SHORTEST
        while True:
            flight = await self._look()
            sent = any(self._sent.get(wake, 0.0) + WAKE_AGAIN > time.monotonic() for wake in flight.wakes)
            if flight.busy or sent:
                self._check_moving(flight)
                await asyncio.sleep(pause)
                pause = min(pause * 1.4, LONGEST)
                continue
            pause = SHORTEST
            if await self._people(flight.now):
                await asyncio.sleep(SHORTEST)  # what somebody did is in flight for longer than that
                continue
            if not flight.wakes:
                self._sent.clear()
                return flight
            await self._wake(flight)
            await asyncio.sleep(SHORTEST)

    async def _people(self, now: datetime) -> int:
        for crowd in self._crowds:
            await crowd.look(now)
        acted = 0
        for crowd in self._crowds:
            at = crowd.next_at()
            if at is not None and at <= now:
                acted += await crowd.act(now, one=self._serial)
                if self._serial:
                    break
        return acted

    async def _wake(self, flight: Flight) -> None:
        """Wake whoever is due, in order; those woken before without effect too."""
        for wake in flight.wakes[:1] if self._serial else flight.wakes:
            if await self._wakes.send(wake[1]):
                self._sent[wake] = time.monotonic()
            if self.on_wake is not None:
                await self.on_wake(wake[1])
        self._check_moving(flight)

    async def _jump(self, target: datetime) -> None:
        while True:
            try:
                pg = await self._connection()
                await pg.execute("with moved as (update runtime.clock set now = $1 where now < $1 returning 1) select pg_notify('baton_clock', '') from moved", target)
                break
            except AWAY:
                await self._lost()
        self.jumps += 1
        self._moved_at = time.monotonic()
        if self.on_jump is not None:
            await self.on_jump(target)

    def _check_moving(self, flight: Flight) -> None:
        fingerprint = (flight.now, flight.busy, flight.wakes, flight.behind)
        if fingerprint != self._fingerprint:
            self._fingerprint, self._moved_at = fingerprint, time.monotonic()
        elif time.monotonic() - self._moved_at > self._patience:
            raise StuckError(f"Nothing has moved for {self._patience:.0f} s at {flight.now.isoformat()}. In flight: {flight.told()}")

    async def _look(self) -> Flight:
        while True:
            try:
                pg = await self._connection()
                if not self._sql:
                    self._sql = await make_look(pg)
                return judge(await pg.fetch(self._sql))
            except AWAY:
                await self._lost()

    async def _connection(self) -> asyncpg.Connection:
        if self._pg is None or self._pg.is_closed():
            self._pg = await asyncpg.connect(self._dsn, timeout=5)
        return self._pg

    async def _lost(self) -> None:
        """The database is away (or was killed on purpose): try again, but not for ever."""
        if self._pg is not None:
            self._pg.terminate()
        self._pg = None
        if time.monotonic() - self._moved_at > self._patience * 3:
            raise StuckError("The database has been away for too long.")
        await asyncio.sleep(0.2)
