"""What operators may do on the admin port: link a person's calendar, see how reading goes, forget it. An address is never shown again."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.runtime.db import Database

from .sources import feeds
from .sources.feeds import Safe
from .sources.servers import Address


class _Link(BaseModel):
    person_id: UUID
    kind: str
    url: str
    user: str = ""
    secret: str = ""


def ops_routes(db: Database, safe: Callable[[], Safe]) -> list[Route]:
    """POST, GET and DELETE /ops/calendars."""

    async def link(request: Request) -> Response:
        try:
            asked = _Link.model_validate_json(await request.body())
            if asked.kind not in ("ics", "caldav"):
                raise ValueError("kind is ics or caldav")
            address = Address("ics" if asked.kind == "ics" else "caldav", asked.url, asked.user, asked.secret)
            async with db.unit() as uow:
                return JSONResponse({"feed_id": str(await feeds.link(uow, safe(), asked.person_id, address))}, status_code=201)
        except ValidationError:
            return JSONResponse({"code": "invalid", "detail": "give person_id, kind, url; user and secret where the server asks"}, status_code=422)
        except ValueError as problem:
            return JSONResponse({"code": "invalid", "detail": str(problem)}, status_code=422)

    async def shown(_: Request) -> Response:
        async with db.unit() as uow:
            rows = await uow.rows("select feed_id, person_id, kind, read_at, failed_since from feeds order by person_id, feed_id")
        return JSONResponse({"calendars": [{name: value if value is None else str(value) for name, value in row.items()} for row in rows]})

    async def unlink(request: Request) -> Response:
        try:
            feed_id = UUID(request.path_params["feed_id"])
        except ValueError:
            return JSONResponse({"code": "unknown", "detail": "no such calendar"}, status_code=404)
        async with db.unit() as uow:
            gone = await feeds.unlink(uow, feed_id)
        return Response(status_code=204) if gone else JSONResponse({"code": "unknown", "detail": "no such calendar"}, status_code=404)

    return [Route("/ops/calendars", link, methods=["POST"]), Route("/ops/calendars", shown, methods=["GET"]),
            Route("/ops/calendars/{feed_id}", unlink, methods=["DELETE"])]
