"""The admin port of every process: alive, ready, metrics, version, and the parked records of its schema.

Ready means consuming and making progress, not merely up: every subscription runs, the relay turns, the database answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from prometheus_client.exposition import generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from .consume import Router
from .db import Database
from .observability import registry
from .parked_routes import ParkedRoutes

VERSION = "0.1.0"
Probe = Callable[[], Awaitable[str]]
"""Returns an empty string when fine, else what is wrong."""


def admin_app(process: str, db: Database | None, routers: Sequence[Router], probe: Probe, ops: Sequence[BaseRoute] = ()) -> Starlette:
    """The admin application; bound to the loopback or the cluster's inner network only."""

    async def live(_: Request) -> Response:
        return PlainTextResponse("alive")

    async def ready(_: Request) -> Response:
        problem = await probe()
        return JSONResponse({"ready": not problem, "problem": problem}, status_code=503 if problem else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    async def version(_: Request) -> Response:
        return JSONResponse({"process": process, "version": VERSION})

    routes: list[BaseRoute] = [Route("/livez", live), Route("/readyz", ready), Route("/metrics", metrics), Route("/version", version), *ops]
    if db is not None:
        routes += ParkedRoutes(db, {router.consumer: router for router in routers}).routes()
    return Starlette(routes=routes)
