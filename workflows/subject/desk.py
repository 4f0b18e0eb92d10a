"""Hands facts over to subjects that are no hire, and events that concern many hires out to them; beside the bridge's consumers.

Everything on its way stands in a row that was written in the transaction of the event: nothing is lost while Temporal is away, and one
requisition with a thousand hires blocks nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from shared.contracts.base import derive_id
from shared.contracts.envelope import Envelope
from shared.contracts.hire import BulkAct
from shared.policy.loader import shipped_policy
from shared.runtime.db import Database, Uow
from shared.runtime.observability import get_logger
from shared.runtime.records import Received
from workflows import client as temporal
from workflows import rows
from workflows.client import Client
from workflows.hire.facts import Fact
from workflows.store import current_policy, keep_policy, requisition_and_client

from . import beginning, facts, store
from .stories import AnySubject, SubjectBegin, load

log = get_logger(__name__)
SIDE_BY_SIDE = 16


class SubjectDesk:
    """What the bridge does for requisitions, client accounts, the pool and the house."""

    def __init__(self, db: Database, client: Client, queue: str, house_policy: str) -> None:
        self._db, self._client, self._queue, self._house_policy = db, client, queue, house_policy

    async def on_replies(self, uow: Uow, events: Sequence[Received]) -> None:
        """Answers, deliveries and refusals that are about no hire: each goes to the subject that asked, told or ordered."""
        wanted = {}
        for event in events:
            if isinstance(event.body, facts.BY_REF) and rows.hire_of(event.body) is None and rows.concerns(event.body):
                ref = facts.ref_of(event.body)
                if ref is not None:
                    wanted[event.envelope.id] = (ref, event)
        if not wanted:
            return
        known = await store.subjects_of(uow, {ref for ref, _ in wanted.values()})
        for ref, event in wanted.values():
            if ref in known:
                kind, subject_id = known[ref]
                await store.enqueue(uow, kind, subject_id, facts.fact_of(event.body, event.envelope))

    async def on_acts(self, uow: Uow, events: Sequence[Received]) -> None:
        """Acts on many requisitions wait with the house until their undo window has passed."""
        for event in events:
            if isinstance(event.body, BulkAct):
                body = event.body
                data = {"batch": str(body.batch_id), "act": body.act, "ids": [str(one) for one in body.requisition_ids], "reason": body.reason,
                        "due_at": body.due_at.isoformat()}
                await tell_house(uow, Fact(id=event.envelope.id, source=event.envelope.source, type="acts.ordered", at=body.at, now=uow.now, data=data))

    async def again(self) -> None:
        """One round: hand out a page, wake the house, hand over what waits."""
        await self.hand_out()
        await self.open_house()
        async with self._db.unit() as uow:
            waiting = await store.waiting(uow, SIDE_BY_SIDE)
        await asyncio.gather(*(self._hand_over(kind, subject_id) for kind, subject_id in waiting))

    async def hand_out(self) -> bool:
        """The next page of an event for many hires; False where none is on its way."""
        async with self._db.unit() as uow:
            page = await store.next_page(uow)
            if page is None:
                return False
            row, hires = page
            cause = Envelope(id=row["cause"], source=row["source"], type="", data=b"", correlationid=row["correlation"])
            await store.hand_out(uow, row, hires, cause)
            return True

    async def open_house(self) -> None:
        """The house learns of applications whose screening deadline it does not watch yet; the first one opens it."""
        async with self._db.unit() as uow:
            due = await store.unwatched(uow)
            if due is None:
                return
            for name in ("house.opened", "applications.waiting"):
                fact = Fact(id=str(derive_id("workflows", name, due.isoformat())), source="baton/workflows", type=name, at=uow.now, now=uow.now)
                if name == "applications.waiting" or await store.row_of(uow, "house", store.HOUSE_ID) is None:
                    await store.enqueue(uow, "house", store.HOUSE_ID, fact, begins=True)

    async def _hand_over(self, kind: str, subject_id: UUID) -> None:
        """The facts of one subject in order; each leaves the queue only when it was taken, or came too late."""
        async with self._db.unit() as uow:
            waiting = await store.facts_for(uow, kind, subject_id)
        for row_id, fact in waiting:
            try:
                needs = await self._give(kind, subject_id, fact)
            except temporal.UnreachableError as problem:
                log.warning("subject_does_not_answer", subject=f"{kind}/{subject_id}", fact=fact.type, problem=str(problem))
                needs = ""
            async with self._db.unit() as uow:
                if needs is not None:
                    await store.put_off(uow, kind, subject_id, needs)
                    return
                await store.handed_over(uow, row_id)

    async def _give(self, kind: str, subject_id: UUID, fact: Fact) -> str | None:
        """None: done; else what has to come first."""
        async with self._db.unit() as uow:
            row = await store.row_of(uow, kind, subject_id)
            if row is None or row["closed_at"] is not None:
                return None
            state = load(row["state"]) if row["state"] is not None else await self._first(uow, kind, subject_id, fact)
        if state is None:
            return "references"
        await temporal.give(self._client, SubjectBegin(state=state, wait_s=0.0 if row["state"] is not None else None), fact, self._queue)
        return None

    async def _first(self, uow: Uow, kind: str, subject_id: UUID, fact: Fact) -> AnySubject | None:
        """The state to begin with; None while records are missing."""
        if kind == "house":
            policy = await keep_policy(uow, self._house_policy)
            return beginning.house(subject_id, policy)
        if kind == "requisition":
            found = await requisition_and_client(uow, subject_id)
            return None if found is None else beginning.requisition(found[0], found[1], await keep_policy(uow, found[0].policy))
        if kind == "client":
            record = await store.client_of(uow, subject_id)
            return None if record is None else beginning.account(record, await keep_policy(uow, self._house_policy))
        return beginning.nurture(subject_id, fact, await keep_policy(uow, str(fact.get("policy") or self._house_policy)))


async def tell_house(uow: Uow, fact: Fact) -> None:
    """The house hears it, and before anything else that it is open."""
    if await store.row_of(uow, "house", store.HOUSE_ID) is None:
        opened = Fact(id=str(derive_id("workflows", "house.opened", fact.id)), source="baton/workflows", type="house.opened", at=uow.now, now=uow.now)
        await store.enqueue(uow, "house", store.HOUSE_ID, opened, begins=True)
    await store.enqueue(uow, "house", store.HOUSE_ID, fact, begins=True)


async def wants(uow: Uow, policy: str) -> tuple[bool, bool]:
    """Whether this policy has requisitions confirmed, and whether it keeps in touch with persons who were not hired."""
    try:
        found = await current_policy(uow, policy)
    except LookupError:
        found = shipped_policy("agency-cn")
    return found.requisition == "confirmed", found.nurture == "on"
