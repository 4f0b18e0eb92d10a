"""Operators' routes of the door: what is set aside and what waits, repaired, replayed, discarded. They stand before the runtime's own,
because the originals here are sealed under keys of their own."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.intake.domain import Delivery
from services.intake.handlers import replay
from services.intake.problems import Problem
from services.intake.store import door
from services.intake.usecases import Desk
from shared.contracts.envelope import Envelope, EnvelopeError, from_structured
from shared.runtime.db import Uow
from shared.runtime.parked import load_parked

_MISSING = Problem(404, "not_found", "no parked event has this id, or its original is destroyed", cure="`baton parked` lists what is set aside")


def routes(desk: Desk) -> list[BaseRoute]:
    """The routes, to be put before the runtime's."""
    ops = Ops(desk)
    return [
        Route("/ops/parked/{id:uuid}", ops.show), Route("/ops/parked/{id:uuid}/repair", ops.repair, methods=["POST"]),
        Route("/ops/parked/{id:uuid}/replay", ops.replay, methods=["POST"]), Route("/ops/parked/{id:uuid}/discard", ops.discard, methods=["POST"]),
        Route("/ops/tally", ops.tally), Route("/ops/waiting", ops.waiting),
    ]  # fmt: skip


class Ops:
    """One method per route."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def _original(self, uow: Uow, request: Request) -> Delivery | None:
        found = await door.open_parked(uow, self._desk.vault, request.path_params["id"])
        return found[0] if found else None

    async def show(self, request: Request) -> Response:
        """Everything about a parked event but its content; `?content=true` opens it (personal data: for repair only)."""
        parked_id: UUID = request.path_params["id"]
        async with self._desk.db.unit() as uow:
            found = await load_parked(uow, parked_id)
            original = await self._original(uow, request) if found else None
        if found is None:
            return _MISSING.response()
        row = {name: value for name, value in found[1].items() if name not in ("key", "headers", "value")}
        if original is not None:
            row["attributes"] = original.envelope.attributes() if original.envelope else None
            row["bytes"] = len(original.value if original.value is not None else original.envelope.data if original.envelope else b"")
            if request.query_params.get("content") == "true":
                row["content"] = (original.envelope.data if original.envelope else original.value or b"").decode(errors="replace")
        return Response(json.dumps(row, default=str, ensure_ascii=False), media_type="application/json")

    async def repair(self, request: Request) -> Response:
        """Put a corrected body (or a whole structured event) in the place of the original; replay decides whether it is right."""
        body = await request.body()
        async with self._desk.db.unit() as uow:
            original = await self._original(uow, request)
            if original is None:
                return _MISSING.response()
            try:
                original.envelope = _repaired(original.envelope, body)
            except EnvelopeError as problem:
                return Problem(422, problem.code, str(problem), cure="send the corrected body, or a whole structured CloudEvent").response()
            original.value = body
            await door.reseal_parked(uow, self._desk.vault, request.path_params["id"], original)
        return JSONResponse({"state": "repaired"})

    async def replay(self, request: Request) -> Response:
        """Take it in again."""
        taken, why = await replay(self._desk, request.path_params["id"])
        if taken:
            return JSONResponse({"state": "replayed"})
        if why == "not_found":
            return await self._of_another_consumer(request)
        return Problem(409, "still_wrong", why, cure="repair it first: POST the corrected body to .../repair").response()

    async def _of_another_consumer(self, request: Request) -> Response:
        """Records that another consumer of this process parked are replayed by the router that parked them."""
        from services.intake.handlers import make_routers  # noqa: PLC0415  # handlers name this module's desk

        async with self._desk.db.unit() as uow:
            found = await load_parked(uow, request.path_params["id"])
        router = next((r for r in make_routers(self._desk) if found and r.consumer == found[1]["consumer"] != door.CONSUMER), None)
        if found is None or router is None:
            return _MISSING.response()
        problem = await router.replay(self._desk.db, found[0])
        if problem:
            return Problem(409, "still_wrong", problem).response()
        async with self._desk.db.unit() as uow:
            await door.close_parked(uow, self._desk.vault, request.path_params["id"], "replayed", found[1]["note"])
        return JSONResponse({"state": "replayed"})

    async def discard(self, request: Request) -> Response:
        """Give it up, with a reason; the original is destroyed."""
        try:
            reason = str(json.loads(await request.body()).get("reason", "")).strip()
        except (ValueError, AttributeError):
            reason = ""
        if not reason:
            return Problem(422, "reason_missing", "say why", cure='POST {"reason": "..."}').response()
        async with self._desk.db.unit() as uow:
            if await load_parked(uow, request.path_params["id"]) is None:
                return _MISSING.response()
            await door.close_parked(uow, self._desk.vault, request.path_params["id"], "discarded", reason)
        return JSONResponse({"state": "discarded"})

    async def tally(self, _: Request) -> Response:
        """sent = accepted + duplicate + parked; and how many wait now."""
        async with self._desk.db.unit() as uow:
            return JSONResponse(await door.tally(uow))

    async def waiting(self, _: Request) -> Response:
        """What waits for a reference, oldest first, without content."""
        async with self._desk.db.unit() as uow:
            rows = await uow.rows(
                "select source, event_id, kind, ref_source, externalid, waiting_at, expires_at from waiting order by waiting_at, event_id limit 500")
        return Response(json.dumps([dict(row) for row in rows], default=str, ensure_ascii=False), media_type="application/json")


def _repaired(envelope: Envelope | None, body: bytes) -> Envelope:
    try:
        whole = from_structured(body)
    except EnvelopeError:
        if envelope is None:
            raise
        return replace(envelope, data=body)
    return whole
