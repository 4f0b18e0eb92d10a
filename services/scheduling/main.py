"""The scheduling process: `python -m services.scheduling.main`."""

from __future__ import annotations

from functools import cache, partial

import httpx

from shared.runtime.app import Process, ProcessContext, run_process

from .handlers import build_router
from .ops import ops_routes
from .sources.feeds import Safe
from .sources.reader import Reader, watch_data


async def build(context: ProcessContext) -> Process:
    """One consumer, the reader of linked calendars, the look at new zone and holiday data."""

    @cache
    def safe() -> Safe:
        return Safe(context.vault.links)

    def client() -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=20, follow_redirects=False, headers={"User-Agent": "Baton"})

    reader = Reader(context.db, safe, client)
    return Process(routers=[build_router()], loops=[reader.run, partial(watch_data, context.db)], ops=[*ops_routes(context.db, safe)])


def main() -> None:
    """Run until told to stop."""
    run_process("scheduling", build)


if __name__ == "__main__":
    main()
