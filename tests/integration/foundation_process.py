"""Two small consumers on the production runtime, each its own process: `a` reads intake.events and publishes, `b` reads that."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from shared.contracts.application import ApplicationReceived
from shared.contracts.screening import ScreeningPassed
from shared.runtime import app
from shared.runtime.consume import Router
from shared.runtime.db import Uow
from shared.runtime.plumbing import plumbing_ddl
from shared.runtime.records import Received

TABLE = "create table if not exists seen (application_id uuid not null, n int not null)"


async def prepare(dsn: str) -> None:
    """Schemas proof_a and proof_b, owned by the administrator."""
    import asyncpg

    pg = await asyncpg.connect(dsn)
    for schema in ("proof_a", "proof_b"):
        await pg.execute(f"drop schema if exists {schema} cascade; create schema {schema}; set search_path to {schema}")
        for statement in [*plumbing_ddl(), TABLE]:
            await pg.execute(statement)
    await pg.close()


def build_a(group: str) -> Router:
    """Stores each application and passes it on."""
    router = Router("proof_a", consumer=f"{group}.a", topics=["intake.events"])

    @router.on_batch(ApplicationReceived)
    async def received(uow: Uow, events: Sequence[Received]) -> None:
        await uow.pg.execute("insert into seen select * from unnest($1::uuid[], $2::int[])", [e.body.application_id for e in events], [1] * len(events))
        for event in events:
            b = event.body
            uow.emit(ScreeningPassed(
                application_id=b.application_id, hire_id=b.hire_id, person_id=b.person_id, requisition_id=b.requisition_id, requisition_version=1,
                client_id=b.client_id, rules_version="1", score=1.0, results=[], at=uow.now), cause=event)
    return router


def build_b(group: str) -> Router:
    """Stores what `a` passed on, one by one."""
    router = Router("proof_b", consumer=f"{group}.b", topics=["screening.events"])

    @router.on(ScreeningPassed)
    async def passed(uow: Uow, event: Received) -> None:
        await uow.run("insert into seen values (:id, :n)", id=event.body.application_id, n=int(event.envelope.sequence))
    return router


if __name__ == "__main__":
    which, group = sys.argv[1], sys.argv[2]

    async def build(ctx: app.ProcessContext) -> app.Process:
        """The one consumer of this process."""
        return app.Process(routers=[build_a(group) if which == "a" else build_b(group)])

    app.run_process(f"proof_{which}", build)
