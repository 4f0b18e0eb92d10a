"""`python -m workflows.rebuild`: start every open hire and every other subject again from their rows, e.g. in an empty Temporal.

Those that run are left alone; a run that failed by a bug is followed by a new one. Safe to run at any time, twice too.
"""

from __future__ import annotations

import asyncio

from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.settings import ServiceSettings

from . import client as temporal
from . import store
from .client import Client
from .hire.state import load
from .subject import store as subjects
from .subject.stories import SubjectBegin
from .subject.stories import load as load_subject


async def rebuild(db: Database, client: Client, queue: str) -> int:
    """Start all open hires and subjects that have begun; each looks at the clock first. Returns how many there are."""
    async with db.unit() as uow:
        states = await store.open_states(uow)
        others = await subjects.open_states(uow)
    for stored in states:
        await temporal.begin_again(client, load(stored), queue)
    for stored in others:
        await temporal.begin_subject_again(client, SubjectBegin(state=load_subject(stored), wait_s=0.0), queue)
    return len(states) + len(others)


async def main() -> None:
    """Rebuild with the settings of the environment."""
    settings = ServiceSettings()
    db = Database(settings.database_of("workflows"), schema="workflows", clock=Clock(settings.clock))
    try:
        count = await rebuild(db, await temporal.connect(settings), settings.task_queue)
    finally:
        await db.close()
    print(f"{count} open hires and other subjects run")


if __name__ == "__main__":
    asyncio.run(main())
