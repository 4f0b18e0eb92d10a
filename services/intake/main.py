"""The intake process: `python -m services.intake.main`. The only door in."""

from __future__ import annotations

import asyncio

from services.intake import handlers, loops, ops
from services.intake.api import Api
from services.intake.callers import Callers
from services.intake.parsing import ParserPool
from services.intake.people_ops import people_routes
from services.intake.usecases import Desk
from shared.runtime.app import Process, ProcessContext, run_process


async def build(ctx: ProcessContext) -> Process:
    """Kafka and HTTP over one desk; documents are read by a child process."""
    desk = Desk(ctx.db, ctx.vault, ctx.blobs, ParserPool(), asyncio.Event())

    async def waiting_room(stop: asyncio.Event) -> None:
        await loops.waiting_room(desk, stop)

    return Process(
        routers=handlers.make_routers(desk), http=Api(desk, Callers(ctx.tokens)).app(), http_address=ctx.settings.intake_http,
        loops=[waiting_room], ops=[*people_routes(desk, ctx.tokens), *ops.routes(desk)], close=desk.pool.close,
    )  # fmt: skip


def main() -> None:
    """Run until told to stop."""
    run_process("intake", build)


if __name__ == "__main__":
    main()
