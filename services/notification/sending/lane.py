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
from services.notification.store import directory, messages
from services.notification.store.messages import Lane as Queue
from shared.runtime.db import Database
from shared.runtime.observability import get_logger

log = get_logger(__name__)
BATCH = 16
QUICK = 100.0
"""Messages a second from which a batch is gone in a blink: what is judged while the one before leaves is still true when its turn comes.

Of such a channel (mail, by hand) the same bytes may be sent again: what was prepared when something broke leaves at the next look.
"""
Fault = Callable[[str], Awaitable[None]]


async def no_fault(_: str) -> None:
    """Nothing goes wrong."""


class Lane:
    """The messages of one channel. `fault` is a test's hook at each await between two effects."""

    def __init__(self, db: Database, office: Office, channel: Channel, *, fault: Fault = no_fault) -> None:
        self._db, self._office, self._channel, self._fault = db, office, channel, fault
        self._pace = Pace(channel.per_second)
        self._skip: set[UUID] = set()
        self._leaving: list[Job] = []
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
        if self._channel.per_second >= QUICK:
            return await self._overlapping()
        moved = 0
        while (found := await self.once(BATCH)) is not None:
            moved += found
        return moved

    async def _overlapping(self) -> int:
        """While a full batch is on its way the next one is judged and worded; never a second message to the same party."""
        moved = 0
        before: asyncio.Task[int] | None = None
        try:
            while True:
                free = min(self._pace.free(), BATCH)
                if free < 1:
                    await asyncio.sleep(self._pace.wait())
                    continue
                looked, jobs, settled = await self._take(free)
                last, before = before, None
                moved += settled + (await last if last is not None else 0)
                if not looked and last is None:
                    return moved
                await self._fault("prepared")
                self._depart(jobs)
                if looked == free:
                    before = asyncio.create_task(self._fly(jobs))
                else:
                    moved += await self._fly(jobs)
        finally:
            if before is not None:  # something broke beside it: it ends as it would have
                await asyncio.gather(before, return_exceptions=True)

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
        self._depart(jobs)
        return settled + await self._fly(jobs)

    def _depart(self, jobs: list[Job]) -> None:
        self._leaving = jobs
        self._pace.took(len(jobs))

    async def _fly(self, jobs: list[Job]) -> int:
        """Hand over and write the outcomes; how many rows moved."""
        try:
            results = await self._hand_over(jobs)
            await self._fault("handed_over")
            return await self._conclude(jobs, results)
        finally:
            self._leaving = []

    async def _take(self, most: int) -> tuple[int, list[Job], int]:
        """(rows looked at, jobs whose attempt is written, rows settled without a send)."""
        office, known = self._office, tuple(self._office.channels)
        busy = tuple(job.party for job in self._leaving)
        queue = Queue(self._channel.name, most, strays=known[0] == self._channel.name, known=known, busy=busy)
        jobs: list[Job] = []
        taken: set[UUID] = set()
        settled = 0
        async with self._db.unit() as uow:
            rows = await messages.take_due(uow, office.me, queue, self._skip)
            await directory.about_all(uow, [(row["hire_id"], row["person_id"]) for row in rows])
            await office.desk.house.vault.keys(uow, {row["person_id"] for row in rows if row["person_id"] is not None})
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
            await messages.begin(uow, office.me, [(job.ids, job.attempt) for job in jobs if job.attempt is not None])
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
