"""Kafka in: every event of every owner, in batches, into the archive and from there into the projections, in one transaction.

Commands are kept too: they share their subject's sequence, so that a gap is a loss, and they are links in the chain of causes.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.contracts.topics import INBOUND, TOPICS
from shared.runtime.consume import Router
from shared.runtime.db import Uow
from shared.runtime.records import Received

from . import store

READ = tuple(topic for topic in TOPICS if topic is not INBOUND)


def build_router() -> Router:
    """One consumer group for all our topics."""
    router = Router("reporting", consumer="reporting.archive", topics=[topic.name for topic in READ])
    router.linger = 0.25  # nobody acts on the archive: fewer and fuller batches

    @router.on_batch(*(cls for topic in READ for cls in topic.carries))
    async def archived(uow: Uow, events: Sequence[Received]) -> None:
        await store.archive(uow.pg, [(e.envelope, e.body, e.topic) for e in events], now=uow.now)
        await store.project(uow.pg, {store.scope_of(e.envelope.subject) for e in events})

    return router
