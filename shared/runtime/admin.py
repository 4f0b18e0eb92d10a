"""The admin port of every process: alive, ready, metrics, version, and the parked records of its schema.

Ready means consuming and making progress, not merely up: every subscription runs, the relay turns, the database answers.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from prometheus_client.exposition import generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from .consume import Router
from .db import Database
from .observability import registry
from .parked import list_parked, load_parked, repair_parked, settle_parked

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
        routes += _parked_routes(db, {router.consumer: router for router in routers})
    return Starlette(routes=routes)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("key", "headers", "value")}


def _parked_routes(db: Database, routers: dict[str, Router]) -> list[BaseRoute]:
    async def parked(request: Request) -> Response:
        async with db.unit() as uow:
            rows = await list_parked(uow, state=request.query_params.get("state", "parked"),
                                     limit=min(1000, int(request.query_params.get("limit", "100"))), after=request.query_params.get("after", ""))
        return Response(json.dumps(rows, default=str), media_type="application/json")

    async def show(request: Request) -> Response:
        async with db.unit() as uow:
            found = await load_parked(uow, UUID(request.path_params["id"]))
        if found is None:
            return JSONResponse({"code": "not_found", "detail": "no parked record has this id"}, status_code=404)
        record, row = found
        shown = _row(row) | {"headers": [[k, v.decode(errors="replace") if v is not None else None] for k, v in record.headers],
                             "bytes": len(record.value or b"")}
        return Response(json.dumps(shown, default=str), media_type="application/json")

    async def repair(request: Request) -> Response:
        async with db.unit() as uow:
            await repair_parked(uow, UUID(request.path_params["id"]), await request.body())
        return JSONResponse({"state": "repaired"})

    async def replay(request: Request) -> Response:
        parked_id = UUID(request.path_params["id"])
        async with db.unit() as uow:
            found = await load_parked(uow, parked_id)
        if found is None or found[1]["consumer"] not in routers:
            return JSONResponse({"code": "not_found", "detail": "no parked record of this process has this id"}, status_code=404)
        record, row = found
        problem = await routers[row["consumer"]].replay(db, record)
        if problem:
            return JSONResponse({"code": "still_wrong", "detail": problem}, status_code=409)
        async with db.unit() as uow:
            await settle_parked(uow, parked_id, "replayed", row["note"])
        return JSONResponse({"state": "replayed"})

    async def discard(request: Request) -> Response:
        reason = (await request.json()).get("reason", "")
        if not reason:
            return JSONResponse({"code": "reason_missing", "detail": "say why: {\"reason\": \"...\"}"}, status_code=422)
        async with db.unit() as uow:
            await settle_parked(uow, UUID(request.path_params["id"]), "discarded", reason)
        return JSONResponse({"state": "discarded"})

    return [Route("/ops/parked", parked), Route("/ops/parked/{id}", show), Route("/ops/parked/{id}/repair", repair, methods=["POST"]),
            Route("/ops/parked/{id}/replay", replay, methods=["POST"]), Route("/ops/parked/{id}/discard", discard, methods=["POST"])]
