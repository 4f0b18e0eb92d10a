"""The sender: one lane a channel, side by side; it wakes those that have something due, and tells what is out of grace (agreements.md 9)."""

import asyncio
import contextlib
import time
from collections.abc import Mapping

from services.notification.channels.base import Channel
from services.notification.desk import Desk
from services.notification.sending.lane import Fault, Lane, no_fault
from services.notification.sending.preparing import Office
from services.notification.sending.settled_cards import change_cards
from services.notification.sending.settling import deliver, grace_end
from services.notification.sending.valve import Valve
from services.notification.store import messages
from shared.runtime.db import Database
from shared.runtime.observability import LAG, get_logger

__all__ = ["Sender", "grace_end"]
log = get_logger(__name__)
LAG_LIMIT_SECONDS = 30.0
REST_SECONDS = 0.5
CARDS_SECONDS = 2.0


class Sender:
    """Empties the queue. `fault` is a test's hook at each await between two effects."""

    def __init__(self, db: Database, desk: Desk, channels: Mapping[str, Channel], valve: Valve, *, fault: Fault = no_fault) -> None:  # noqa: PLR0913
        self._db, self._desk, self._channels = db, desk, channels
        self._office = Office(desk, channels, valve, desk.settings.process or "notification")
        self._fault = fault
        self._lanes: dict[str, Lane] = {}
        self._behind_since: float | None = None
        self.turns = 0

    def lanes(self) -> dict[str, Lane]:
        """A lane for each channel."""
        for name, channel in self._channels.items():
            if name not in self._lanes:
                self._lanes[name] = Lane(self._db, self._office, channel, fault=self._fault)
        return self._lanes

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what fails because the outside is away is tried again with growing pauses."""
        running = [asyncio.create_task(lane.run(stop)) for lane in self.lanes().values()]
        running.append(asyncio.create_task(self._cards(stop)))
        pause = 0.1
        while not stop.is_set():
            rest = REST_SECONDS
            try:
                await self._look()
                pause = 0.1
            except Exception as problem:
                log.warning("sender_again", problem=type(problem).__name__)
                rest, pause = pause, min(pause * 2, 3.0)
            self.turns += 1
            await self._wait(rest)
        await asyncio.wait(running, timeout=5)
        for task in running:
            task.cancel()
        for channel in self._channels.values():
            await channel.close()

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._desk.bell.wait(), timeout=seconds)
        self._desk.bell.clear()

    async def _look(self) -> None:
        """Deliver what is out of grace, wake the lanes that have something due."""
        if self._behind():
            return
        async with self._db.unit() as uow:
            due, grace = await messages.lanes_due(uow, self.lanes())
        for name in due:
            self.lanes()[name].wake.set()
        if grace:
            while await self._deliver():
                continue

    async def _cards(self, stop: asyncio.Event) -> None:
        """Cards follow their asks: answered elsewhere, taken back, changed."""
        while not stop.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), timeout=CARDS_SECONDS)
                return
            try:
                await change_cards(self._db, self._office)
            except Exception as problem:
                log.warning("cards_again", problem=type(problem).__name__)

    async def turn(self) -> int:
        """Deliver what is out of grace, then send everything that is due, lane beside lane; returns how many rows moved."""
        if self._behind():
            return 0
        moved = await self._deliver()
        while True:
            async with self._db.unit() as uow:
                due, _ = await messages.lanes_due(uow, self.lanes())
            found = sum(await asyncio.gather(*(self.lanes()[name].empty() for name in sorted(due))))
            moved += found
            if not found:
                return moved

    def _behind(self) -> bool:
        """Whether the guards' news is more than 30 s late: then nothing leaves, it could be untrue."""
        lag = LAG.labels("notification")._value.get()  # noqa: SLF001 - the gauge has no public reader
        self._behind_since = (self._behind_since or time.monotonic()) if lag > 0 else None
        return self._behind_since is not None and time.monotonic() - self._behind_since > LAG_LIMIT_SECONDS

    async def send_one(self) -> bool:
        """Take the next due message of any lane to its outcome; False when there is none that can go now."""
        for lane in self.lanes().values():
            if await lane.once(1):
                return True
        return False

    async def _deliver(self) -> int:
        async with self._db.unit() as uow:
            rows = await messages.out_of_grace(uow)
            await deliver(uow, rows)
        return len(rows)
