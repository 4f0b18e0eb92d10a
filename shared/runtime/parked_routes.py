"""The operator's hands on parked records: list, show, repair, replay, discard. Part of every process's admin port."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .consume import Router
from .db import Database
from .parked import list_parked, load_parked, repair_parked, settle_parked


def _json(value: Any) -> Response:
    return Response(json.dumps(value, default=str), media_type="application/json")


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("key", "headers", "value")}


class ParkedRoutes:
    """`/ops/parked...` of one process; content is never shown, only its size, headers and reason."""

    def __init__(self, db: Database, routers: dict[str, Router]) -> None:
        self._db, self._routers = db, routers

    def routes(self) -> list[Route]:
        """The Starlette routes."""
        return [
            Route("/ops/parked", self.index), Route("/ops/parked/{id}", self.show),
            Route("/ops/parked/{id}/repair", self.repair, methods=["POST"]),
            Route("/ops/parked/{id}/replay", self.replay, methods=["POST"]),
            Route("/ops/parked/{id}/discard", self.discard, methods=["POST"])]

    async def index(self, request: Request) -> Response:
        """A page of parked records, oldest first (`state`, `limit`, `after`)."""
        query = request.query_params
        limit = query.get("limit", "100")
        async with self._db.unit() as uow:
            rows = await list_parked(uow, state=query.get("state", "parked"), after=query.get("after", ""),
                                     limit=min(1000, int(limit)) if limit.isdigit() else 100)
        return _json(rows)

    async def show(self, request: Request) -> Response:
        """One record: where it stood, why it is here, its headers and size."""
        async with self._db.unit() as uow:
            found = await load_parked(uow, UUID(request.path_params["id"]))
        if found is None:
            return JSONResponse({"code": "not_found", "detail": "no parked record has this id"}, status_code=404)
        record, row = found
        headers = [[k, v.decode(errors="replace") if v is not None else None] for k, v in record.headers]
        return _json(_row(row) | {"headers": headers, "bytes": len(record.value or b"")})

    async def repair(self, request: Request) -> Response:
        """Replace the body by the request's."""
        async with self._db.unit() as uow:
            await repair_parked(uow, UUID(request.path_params["id"]), await request.body())
        return JSONResponse({"state": "repaired"})

    async def replay(self, request: Request) -> Response:
        """Handle it again, under the same event id; 409 says why it is still wrong."""
        parked_id = UUID(request.path_params["id"])
        async with self._db.unit() as uow:
            found = await load_parked(uow, parked_id)
        if found is None or found[1]["consumer"] not in self._routers:
            return JSONResponse({"code": "not_found", "detail": "no parked record of this process has this id"}, status_code=404)
        record, row = found
        problem = await self._routers[row["consumer"]].replay(self._db, record)
        if problem:
            return JSONResponse({"code": "still_wrong", "detail": problem}, status_code=409)
        async with self._db.unit() as uow:
            await settle_parked(uow, parked_id, "replayed", row["note"])
        return JSONResponse({"state": "replayed"})

    async def discard(self, request: Request) -> Response:
        """Give it up, with a reason."""
        reason = (await request.json()).get("reason", "")
        if not reason:
            return JSONResponse({"code": "reason_missing", "detail": 'say why: {"reason": "..."}'}, status_code=422)
        async with self._db.unit() as uow:
            await settle_parked(uow, UUID(request.path_params["id"]), "discarded", reason)
        return JSONResponse({"state": "discarded"})
