"""What the mail server and operators may tell this process on its admin port: a mail that came back."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.notification.desk import Desk
from services.notification.usecases.bouncing import bounced
from shared.runtime.db import Database

_LIMIT = 1_000_000


def ops_routes(db: Database, desk: Desk) -> list[Route]:
    """POST /ops/bounces with one raw delivery status notification."""

    async def bounces(request: Request) -> Response:
        raw = await request.body()
        if len(raw) > _LIMIT:
            return JSONResponse(
                {"code": "too_large", "detail": "a delivery status notification is at most 1 MB"}, status_code=413
            )
        async with db.unit() as uow:
            return JSONResponse({"bounced": await bounced(uow, desk, raw)})

    return [Route("/ops/bounces", bounces, methods=["POST"])]
