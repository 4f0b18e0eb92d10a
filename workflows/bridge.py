"""The bridge process: `python -m workflows.bridge`. Events become facts of hires; the table is rows.py.

Hires of one batch are served side by side, one hire's facts in order. The batch's transaction, and with it the offsets, commits only
after every update has returned, which it does when the hire's step is settled. A hire that does not answer has its facts kept and
tried again; it blocks nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from prometheus_client import Counter

from shared.runtime.app import Process, ProcessContext, run_process
from shared.runtime.consume import Router
from shared.runtime.db import Database, Uow
from shared.runtime.errors import is_transient
from shared.runtime.observability import get_logger, registry
from shared.runtime.records import Received

from . import client as temporal
from . import ops, rows, store
from .client import Client
from .first import first_state, reopened
from .hire.facts import Fact, fact_of
from .hire.state import HireState, load
from .projections import receipts_router, records_router
from .subject import store as subjects
from .subject.desk import SubjectDesk

log = get_logger(__name__)
TAKES = Counter("baton_hire_takes", "Facts handed to hires", ["result"], registry=registry)
SIDE_BY_SIDE = 32
AGAIN_S = 0.2
"""First pause before held facts are tried again; grows by half with each try."""
LOOK_S = 0.15
TOPICS = ("intake.events", "screening.events", "scheduling.events", "notification.events", "workflows.commands")


class Bridge:
    """Hands facts to hires and keeps those that can't be handed over now."""

    def __init__(self, db: Database, client: Client, queue: str, house_policy: str = "agency-cn") -> None:
        self._db, self._client, self._queue = db, client, queue
        self.desk = SubjectDesk(db, client, queue, house_policy)
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)

    def router(self) -> Router:
        """Group `workflows.bridge`."""
        router = Router("workflows", consumer="workflows.bridge", topics=TOPICS)
        router.on_batch(*rows.TAKE)(self.on_facts)
        return router

    async def on_facts(self, uow: Uow, events: Sequence[Received]) -> None:
        """A run of records: per hire in order, hires side by side; replies that are about no hire go to whoever waits for them."""
        await self.desk.on_replies(uow, events)
        await self.desk.on_acts(uow, events)
        facts: dict[UUID, list[Fact]] = {}
        for event in events:
            hire_id = rows.hire_of(event.body)
            if hire_id is not None and rows.concerns(event.body):
                facts.setdefault(UUID(str(hire_id)), []).append(fact_of(event.body, event.envelope))
        if not facts:
            return
        known = await store.hires_of(uow, list(facts))
        ready: dict[UUID, list[Fact]] = {}
        for hire_id, mine in facts.items():
            row = known.get(hire_id)
            if row is None or row["held"]:
                for fact in mine:
                    await store.hold_fact(uow, hire_id, fact, needs="hire" if row is None else "")
            else:
                ready[hire_id] = mine
        left = await asyncio.gather(*(self._serve(hire_id, mine) for hire_id, mine in ready.items()))
        for hire_id, late, rest in left:
            for fact in late:
                await store.note_late(uow, hire_id, fact)
            for fact, needs in rest:
                await store.hold_fact(uow, hire_id, fact, needs)

    async def _serve(self, hire_id: UUID, facts: list[Fact]) -> tuple[UUID, list[Fact], list[tuple[Fact, str]]]:
        """Hand over in order; returns what came too late, and from the first that could not be handed over on, the rest."""
        late: list[Fact] = []
        async with self._slots:
            for n, fact in enumerate(facts):
                needs = await self._hand(hire_id, fact, late)
                if needs is not None:
                    return hire_id, late, [(rest, needs) for rest in facts[n:]]
        return hire_id, late, []

    async def _hand(self, hire_id: UUID, fact: Fact, late: list[Fact]) -> str | None:
        """One fact to its hire; None: done (perhaps late), else what it has to wait for ("" = an answer)."""
        try:
            result = await self._take(hire_id, fact)
        except temporal.UnreachableError as problem:
            log.warning("hire_does_not_answer", hire=str(hire_id), fact=fact.type, problem=str(problem))
            TAKES.labels("held").inc()
            return ""
        if result == "references":
            return "references"
        TAKES.labels(result).inc()
        if result in ("late", "gone"):
            late.append(fact)
        return None

    async def _take(self, hire_id: UUID, fact: Fact) -> str:
        async with self._db.unit() as uow:
            row = (await store.hires_of(uow, [hire_id])).get(hire_id)
            if row is None:
                return "references"
        if row["closed_at"] is not None:
            return await self._reopen(row, fact)
        if row["begun"]:
            result = await temporal.take(self._client, hire_id, fact)
            if result != "gone":
                return result
        state = await self._beginning(hire_id)
        if state is None:
            return "references"
        before = None if row["begun"] else await self._standing(row["requisition_id"])
        if before is not None:
            await temporal.start(self._client, state, before, self._queue)
        result = await temporal.start(self._client, state, fact, self._queue)
        if result == "gone" and not await self._is_closed(hire_id):
            raise temporal.UnreachableError("lost")  # a run that failed: `python -m workflows.rebuild` begins the next one
        return result

    async def _reopen(self, row: Any, fact: Fact) -> str:
        """A hire that is over takes nothing but the operators' act that takes its end back: same id, next run."""
        if fact.row != "act.reopen":
            return "late"
        hire_id, standing = row["hire_id"], await self._standing(row["requisition_id"])
        async with self._db.unit() as uow:
            state = reopened(await store.state_of(uow, hire_id), row["closed_at"], fact.now, standing=standing)
        if state is None:
            return "late"
        await temporal.again(self._client, state, self._queue)
        return await temporal.take(self._client, hire_id, fact)

    async def _standing(self, requisition_id: UUID) -> Fact | None:
        """What a hire has to know before its first step: its requisition is over, or stands still."""
        async with self._db.unit() as uow:
            return await subjects.standing(uow, requisition_id)

    async def _is_closed(self, hire_id: UUID) -> bool:
        async with self._db.unit() as uow:
            row = (await store.hires_of(uow, [hire_id])).get(hire_id)
            return row is not None and row["closed_at"] is not None

    async def _beginning(self, hire_id: UUID) -> HireState | None:
        """The state to begin with: the stored one of a hire whose workflow is lost, else the first; None while records are missing."""
        async with self._db.unit() as uow:
            stored = await store.state_of(uow, hire_id)
            if stored is not None:
                return load(stored)
            row = (await store.hires_of(uow, [hire_id]))[hire_id]
            found = await store.requisition_and_client(uow, row["requisition_id"])
            if found is None:
                return None
            try:
                policy = await store.keep_policy(uow, found[0].policy)
            except LookupError:
                return None
            await store.assign(uow, hire_id, found[0])
        ids = {name: row[name] for name in ("hire_id", "person_id", "requisition_id", "client_id")}
        return first_state(ids, origin=row["origin"], requisition=found[0], client=found[1], policy=policy)

    async def again(self, stop: asyncio.Event) -> None:
        """Beside the consumers: hand over what was held, and what is on its way to other subjects."""
        while not stop.is_set():
            try:
                async with self._db.reading() as pg:
                    waits = await subjects.something_waits(pg)
                if waits:
                    await self._retry_held()
                    await self.desk.again()
            except Exception as problem:
                if not is_transient(problem):
                    log.error("again_failed", problem=type(problem).__name__, exc_info=True)
            try:
                await asyncio.wait_for(stop.wait(), timeout=LOOK_S)
            except TimeoutError:
                continue

    async def _retry_held(self) -> None:
        async with self._db.unit() as uow:
            ids = await store.held_hires(uow, SIDE_BY_SIDE)
        await asyncio.gather(*(self._retry(hire_id) for hire_id in ids))

    async def _retry(self, hire_id: UUID) -> None:
        """The held facts of one hire in order; each leaves the table only when it was taken."""
        async with self._db.unit() as uow:
            waiting = await store.held_facts(uow, hire_id)
        for row_id, fact in waiting:
            late: list[Fact] = []
            needs = await self._hand(hire_id, fact, late)
            async with self._db.unit() as uow:
                if needs is not None:
                    await store.put_off(uow, hire_id, AGAIN_S)
                    return
                for one in late:
                    await store.note_late(uow, hire_id, one)
                await store.release_fact(uow, row_id)


async def build(ctx: ProcessContext) -> Process:
    """Three groups: records and receipts without Temporal, facts with it."""
    client = await temporal.connect(ctx.settings, lazy=True)
    bridge = Bridge(ctx.db, client, ctx.settings.task_queue, ctx.settings.house_policy)
    return Process(routers=[records_router(), receipts_router(), bridge.router()], loops=[bridge.again],
                   ops=ops.routes(ctx.db))


def main() -> None:
    """Run until told to stop."""
    run_process("workflows", build)


if __name__ == "__main__":
    main()
