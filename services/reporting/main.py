"""The process `reporting`: archive, projections, read API."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.runtime.app import Process, ProcessContext, run_process

from . import audit, store
from .api import api
from .handlers import build_router


async def build(ctx: ProcessContext) -> Process:
    """Everything the process runs."""

    async def rebuild(_: Request) -> Response:
        async with ctx.db.unit() as uow:
            return JSONResponse(await store.rebuild(uow.pg))

    async def sealing(stop: asyncio.Event) -> None:
        await audit.sealing(ctx.db, stop)

    return Process(
        routers=[build_router()], loops=[sealing], http=api(ctx.db, ctx.tokens), http_address=ctx.settings.reporting_http,
        ops=[Route("/ops/rebuild", rebuild, methods=["POST"])])


if __name__ == "__main__":
    run_process("reporting", build)
