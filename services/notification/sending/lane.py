"""One channel's own queue and pace: several messages at once, never faster than the vendor allows; slow ones hold up nobody else.

Each message takes the same way: the attempt is committed, then it is handed over, then its outcome is committed. Killed anywhere between,
the next sender finds the attempt and knows what it may do (agreements.md 9).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, cast
from uuid import UUID

from services.notification.channels.base import Channel, Finding, Outcome, Result
from services.notification.channels.pace import Pace
from services.notification.sending.preparing import Job, Office, prepare
from services.notification.sending.settling import PATIENCE_SECONDS, accept, conclude
from services.notification.store import messages
from services.notification.store.messages import Lane as Queue
from shared.runtime.db import Database
from shared.runtime.observability import get_logger

log = get_logger(__name__)
BATCH = 16
Fault = Callable[[str], Awaitable[None]]


async def no_fault(_: str) -> None:
    """Nothing goes wrong."""


class Lane:
    """The messages of one channel. `fault` is a test's hook at each await between two effects."""

    def __init__(self, db: Database, office: Office, channel: Channel, *, fault: Fault = no_fault) -> None:
        self._db, self._office, self._channel, self._fault = db, office, channel, fault
        self._pace = Pace(channel.per_second)
        self._skip: set[UUID] = set()
        self.wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Empty the lane whenever it is woken, until `stop`; what fails is tried again with growing pauses."""
        pause = 0.1
        while not stop.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.wake.wait(), timeout=1.0)
            if not self.wake.is_set():
                continue
            self.wake.clear()
            try:
                await self.empty()
                pause = 0.1
            except Exception as problem:
                log.warning("sender_again", channel=self._channel.name, problem=type(problem).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 3.0)

    async def empty(self) -> int:
        """Send all that is due and can go; returns how many rows moved."""
        self._skip = set()
        moved = 0
        while (found := await self.once(BATCH)) is not None:
            moved += found
        return moved

    async def once(self, most: int) -> int | None:
        """Take up to `most` messages to their outcome; how many rows moved, None when there is none that can go now."""
        free = min(self._pace.free(), most)
        if free < 1:
            await asyncio.sleep(self._pace.wait())
            return 0
        looked, jobs, settled = await self._take(free)
        if not looked:
            return None
        await self._fault("prepared")
        self._pace.took(len(jobs))
        results = await self._hand_over(jobs)
        await self._fault("handed_over")
        return settled + await self._conclude(jobs, results)

    async def _take(self, most: int) -> tuple[int, list[Job], int]:
        """(rows looked at, jobs whose attempt is written, rows settled without a send)."""
        office, known = self._office, tuple(self._office.channels)
        queue = Queue(self._channel.name, most, strays=known[0] == self._channel.name, known=known)
        jobs: list[Job] = []
        taken: set[UUID] = set()
        settled = 0
        async with self._db.unit() as uow:
            rows = await messages.take_due(uow, office.me, queue, self._skip)
            for row in rows:
                if row["id"] in taken:
                    continue
                made = await prepare(uow, office, row)
                if isinstance(made, Job):
                    jobs.append(made)
                    taken.update(made.ids)
                elif made is None:
                    settled += 1
                else:
                    self._skip.add(row["id"])
            await self._fault("taking")
        return len(rows), jobs, settled

    async def _hand_over(self, jobs: list[Job]) -> list[Result]:
        """All of them, a few at the same time; one that breaks breaks no other."""
        gate = asyncio.Semaphore(self._channel.at_once)

        async def one(job: Job) -> Result:
            async with gate:
                await self._fault("before")
                return await self._one(job)

        done: list[Any] = await asyncio.gather(*(one(job) for job in jobs), return_exceptions=True)
        died = next((problem for problem in done if isinstance(problem, BaseException)), None)
        if died is not None:
            raise died
        return cast(list[Result], done)

    async def _one(self, job: Job) -> Result:
        keyless = self._channel.key_life is None
        result = Result(Outcome.UNKNOWN, "lost") if job.lost else await self._channel.send(job.outgoing)
        if result.outcome is Outcome.UNKNOWN and (job.lost or keyless) and hasattr(self._channel, "find"):
            return await cast(Finding, self._channel).find(job.outgoing) or result
        return result

    async def _conclude(self, jobs: list[Job], results: list[Result]) -> int:
        moved = 0
        async with self._db.unit() as uow:
            accepted = [(job.ids, result) for job, result in zip(jobs, results, strict=True) if result.accepted]
            if accepted:
                await accept(uow, accepted)
                moved += sum(len(ids) for ids, _ in accepted)
            for job, result in zip(jobs, results, strict=True):
                if result.accepted:
                    continue
                if result.outcome is Outcome.BUSY and result.wait <= PATIENCE_SECONDS:
                    self._pace.pause(result.wait)
                if result.outcome is Outcome.UNKNOWN and not job.lost and self._channel.key_life is not None:
                    log.warning("send_unknown", message_id=str(job.outgoing.message_id), detail=result.detail)
                    self._skip.update(job.ids)
                    continue
                await conclude(uow, self._office.desk, job.ids, result)
                moved += len(job.ids)
            await self._fault("concluding")
        return moved
