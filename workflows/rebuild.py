"""`python -m workflows.rebuild`: start every open hire again from `workflows.hires`, e.g. in an empty Temporal.

Hires that run are left alone; a run that failed by a bug is followed by a new one. Safe to run at any time, twice too.
"""

from __future__ import annotations

import asyncio

from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.settings import ServiceSettings

from . import client as temporal
from . import options, store
from .client import Client
from .hire.state import load
from .hire.wire import Begin


async def rebuild(db: Database, client: Client, queue: str) -> int:
    """Start all open hires that have begun; each looks at the clock first. Returns how many there are."""
    async with db.unit() as uow:
        states = await store.open_states(uow)
    for stored in states:
        state = load(stored)
        await client.start_workflow(
            options.HIRE, Begin(state=state, wait_s=0.0), id=options.workflow_id(state.hire_id), task_queue=queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING, id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=options.attributes(state))
    return len(states)


async def main() -> None:
    """Rebuild with the settings of the environment."""
    settings = ServiceSettings()
    db = Database(settings.database_of("workflows"), schema="workflows", clock=Clock(settings.clock))
    try:
        count = await rebuild(db, await temporal.connect(settings), settings.task_queue)
    finally:
        await db.close()
    print(f"{count} open hires run")


if __name__ == "__main__":
    asyncio.run(main())
