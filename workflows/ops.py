"""The operators' doors of this process: what an act on requisitions would touch, before anybody does it (a dry run; nothing changes)."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from shared.runtime.db import Database

from .subject import store

MOST = 200


def routes(db: Database) -> list[Route]:
    """GET /ops/requisitions/impact?id=<requisition id>&id=...: hires by stage, open duties, dues that would move, each and in sum."""
    async def impact(request: Request) -> JSONResponse:
        try:
            wanted = [UUID(one) for one in request.query_params.getlist("id")]
        except ValueError:
            return JSONResponse({"code": "wrong_id", "cure": "give ids of requisitions: ?id=<uuid>&id=<uuid>"}, status_code=422)
        if not 0 < len(wanted) <= MOST:
            return JSONResponse({"code": "how_many", "cure": f"give one to {MOST} ids"}, status_code=422)
        async with db.unit() as uow:
            found = await store.impact_of(uow, wanted)
        total = {name: sum(one[name] for one in found) for name in ("hires", "duties", "dues")}
        return JSONResponse({"requisitions": found, "total": total, "changed": 0})

    return [Route("/ops/requisitions/impact", impact)]
