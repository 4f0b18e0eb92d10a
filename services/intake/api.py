"""The HTTP handle of the door: events in, documents in, and what became of them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.intake.apply import documents
from services.intake.callers import Caller, Callers
from services.intake.domain import Delivery
from services.intake.foreign import APPLICATION, event_of_file, is_foreign
from services.intake.openapi import document as openapi
from services.intake.parsing.model import MAX_DOCUMENT_BYTES
from services.intake.problems import Problem
from services.intake.store import door, refs
from services.intake.store.people import ContactTaken
from services.intake.usecases import Desk, receive
from shared import contracts
from shared.contracts.base import derive_id
from shared.contracts.envelope import BATCH, STRUCTURED, Envelope, EnvelopeError, from_attributes, from_structured
from shared.runtime.errors import is_transient
from shared.runtime.observability import get_logger

log = get_logger(__name__)
MAX_BATCH_BYTES = 5 * 1024 * 1024
MAX_BATCH_EVENTS = 500
MAX_IN_FLIGHT = 64
_READ_AT_MOST = 64 * 1024 * 1024
_SCHEMAS = Path(contracts.__file__).parent / "schemas"
Endpoint = Callable[["Api", Request, Caller], Awaitable[Response]]


class Api:
    """The application and what its endpoints share."""

    def __init__(self, desk: Desk, callers: Callers) -> None:
        self.desk, self.callers, self.in_flight = desk, callers, 0

    def app(self) -> Starlette:
        """All routes; every failure leaves as a problem, none as a traceback."""
        return Starlette(routes=[
            Route("/events", self._guarded(post_events), methods=["POST"]),
            Route("/events/{path:path}", self._guarded(get_event), methods=["GET"]),
            Route("/files", self._guarded(post_file), methods=["POST"]),
            Route("/documents/{digest}", self._guarded(put_document), methods=["PUT"]),
            Route("/refs", self._guarded(get_refs), methods=["GET"]),
            Route("/openapi.json", _openapi, methods=["GET"]),
            Route("/schemas/{type}/{file}", _schema, methods=["GET"]),
        ])  # fmt: skip

    def _guarded(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            try:
                caller = self.callers.find(request.headers.get("authorization", ""))
                if caller is None:
                    raise Problem(401, "no_token", "this door wants a bearer token", cure="send `Authorization: Bearer <token>`; locally BATON_TOKENS names the file")
                if self.in_flight >= MAX_IN_FLIGHT:
                    raise Problem(429, "too_many_requests", f"{MAX_IN_FLIGHT} requests are in work", cure="try again after the seconds in Retry-After")
                self.in_flight += 1
                try:
                    return await endpoint(self, request, caller)
                finally:
                    self.in_flight -= 1
            except Problem as problem:
                return problem.response()
            except Exception as problem:
                if is_transient(problem):
                    return Problem(503, "not_available", "the database can't be reached; nothing was taken in", cure="try again").response()
                log.error("request_failed", path=request.scope.get("path", "")[:60], problem=type(problem).__name__)
                return Problem(500, "failed", "this failed here; nothing was taken in", cure="try again; an operator finds the cause in the log").response()

        return guarded


async def _body(request: Request, limit: int) -> bytes:
    """The body, or 413. What is too large is still read (up to a bound): an answer before its end would reach nobody."""
    taken, seen = bytearray(), 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen <= limit:
            taken += chunk
        elif seen > _READ_AT_MOST:
            break
    if seen > limit:
        raise _too_large(limit)
    return bytes(taken)


def _too_large(limit: int) -> Problem:
    return Problem(413, "too_large", f"more than {limit:,} bytes", cure="send fewer events at once; put documents to /documents/{sha256} first")


async def post_events(api: Api, request: Request, caller: Caller) -> Response:
    """One event (structured or binary) or a batch; 202 when all of it is durable, with an answer for each event in order."""
    deliveries = _deliveries(request.headers, await _body(request, MAX_BATCH_BYTES), caller)
    return await _take(api, deliveries, caller, dry_run=request.query_params.get("dry_run", "").lower() in ("true", "1", "yes"))


async def _take(api: Api, deliveries: list[Delivery], caller: Caller, *, dry_run: bool) -> Response:
    for n, d in enumerate(deliveries):
        d.actor, d.granted = caller.name, True
        if d.envelope is not None and (why := caller.refusal(d.envelope)):
            raise Problem(403, "not_granted", why, pointer=f"/{n}" if len(deliveries) > 1 else "", cure="use a token with the grant; nothing of this request was taken")
    await _receive(api.desk, deliveries, dry_run=dry_run)
    numbers = Counter(d.outcome.state for d in deliveries)
    results = [{"source": d.envelope.source if d.envelope else None, "id": d.envelope.id if d.envelope else None, **d.outcome.shown()} for d in deliveries]
    body = {name: numbers.get(name, 0) for name in ("accepted", "duplicate", "parked")}
    waiting = sum(1 for d in deliveries if d.outcome.waiting_for)
    return JSONResponse({**body, "waiting": waiting, "dry_run": dry_run, "results": results}, 200 if dry_run else 202)


async def _receive(desk: Desk, deliveries: list[Delivery], *, dry_run: bool) -> None:
    for _ in range(20):
        try:
            return await receive(desk, deliveries, dry_run=dry_run)
        except ContactTaken:
            continue
    raise Problem(503, "not_available", "the same people keep arriving at two doors at once", cure="try again")


def _deliveries(headers: Mapping[str, str], body: bytes, caller: Caller) -> list[Delivery]:
    content = headers.get("content-type", "").split(";")[0].strip().lower()
    kept = [(name, value.encode()) for name, value in headers.items() if name.startswith("ce-") or name == "content-type"]
    if content == BATCH:
        return _batch(body, kept)
    if content == STRUCTURED:
        return [_one(lambda: from_structured(body), body, kept)]
    if any(name.startswith("ce-") for name in headers):
        attributes = {name[3:]: value for name, value in headers.items() if name.startswith("ce-")}
        return [_one(lambda: from_attributes(attributes, body), body, kept)]
    if content == "application/json" and b'"payload"' in body:
        return [Delivery(_web_hook(body, caller), body, kept)]
    raise Problem(
        415, "media_type", f"Content-Type {content[:60] or 'none'} without ce-* headers is no CloudEvent",
        cure=f"use {STRUCTURED}, {BATCH}, or application/json with ce-id, ce-source, ce-type and ce-specversion")  # fmt: skip


def _one(read: Callable[[], Envelope], body: bytes, headers: list[tuple[str, bytes]]) -> Delivery:
    try:
        return Delivery(read(), body, headers)
    except EnvelopeError as problem:
        raise Problem(400, problem.code, str(problem), cure="see /openapi.json for an example") from None


def _batch(body: bytes, headers: list[tuple[str, bytes]]) -> list[Delivery]:
    try:
        items = from_json(body)
    except ValueError:
        raise Problem(400, "not_json", "the body is not JSON", cure="a batch is a JSON array of structured CloudEvents") from None
    if not isinstance(items, list):
        raise Problem(400, "not_a_batch", "the body is no array", cure="a batch is a JSON array of structured CloudEvents")
    if len(items) > MAX_BATCH_EVENTS:
        raise Problem(413, "too_many_events", f"{len(items)} events; {MAX_BATCH_EVENTS} are the most at once", cure="send them in several batches")
    deliveries = []
    for item in items:
        delivery = Delivery(None, to_json(item), headers)
        try:
            delivery.envelope = from_structured(item)
        except EnvelopeError as problem:
            delivery.doomed = (problem.code, str(problem))
        deliveries.append(delivery)
    return deliveries


def _web_hook(body: bytes, caller: Caller) -> Envelope:
    """A Greenhouse web hook as it comes: no CloudEvent around it, so the token's source speaks and the content is the id."""
    envelope = Envelope(
        hashlib.sha256(body).hexdigest()[:32], "urn:greenhouse" if caller.source == "*" else caller.source, APPLICATION, body,
        dataschema="https://developers.greenhouse.io/webhooks.html")
    assert is_foreign(envelope.dataschema, envelope.type)
    return envelope


async def post_file(api: Api, request: Request, caller: Caller) -> Response:
    """A file as it is: `?name=` its name, `&requisition=` what it applies to (or raises), `&origin=`, `&externalid=`, `&source=`."""
    said = request.query_params
    data = await _body(request, MAX_DOCUMENT_BYTES)
    source = said.get("source") or (f"urn:{caller.name}" if caller.source == "*" else caller.source)
    try:
        envelope = event_of_file(
            said.get("name", ""), data, source=source, requisition=said.get("requisition", ""), origin=said.get("origin", "applied"),
            externalid=said.get("externalid", ""))
    except EnvelopeError as problem:
        delivery = Delivery(None, data, [("x-file-name", said.get("name", "")[:200].encode())], doomed=(problem.code, str(problem)))
        return await _take(api, [delivery], caller, dry_run=False)
    async with api.desk.db.unit() as uow:
        await documents.put(uow, api.desk.vault, api.desk.blobs, data)
    return await _take(api, [Delivery(envelope, envelope.data)], caller, dry_run=False)


async def put_document(api: Api, request: Request, caller: Caller) -> Response:
    """A document under its SHA-256, up to 10 MB; putting it again changes nothing."""
    data = await _body(request, MAX_DOCUMENT_BYTES)
    digest = hashlib.sha256(data).hexdigest()
    if digest != request.path_params["digest"].lower():
        raise Problem(422, "digest_differs", f"the content's SHA-256 is {digest}", cure="put it under that name, or send the whole content")
    async with api.desk.db.unit() as uow:
        await documents.put(uow, api.desk.vault, api.desk.blobs, data, request.query_params.get("name", ""))
        await door.mark_ready(uow, {("document", digest)})
    api.desk.nudge.set()
    return JSONResponse({"sha256": digest, "bytes": len(data)}, 201)


async def get_event(api: Api, request: Request, caller: Caller) -> Response:
    """What became of `<source>/<id>`: accepted (waiting for what), parked and why, and the entity it became."""
    async with api.desk.db.unit() as uow:
        row = await door.find_event(uow, request.path_params["path"])
    if row is None or not caller.speaks_for(row["source"]):
        raise Problem(404, "unknown_event", "no event of this source has this id", cure="the path is /events/<source>/<id>, both percent-encoded")
    subject = row["subject"]
    if not subject and row["state"] == "accepted" and row["type"] == APPLICATION:
        subject = f"application/{derive_id('intake', 'application', row['source'], row['id'], 0)}"
    body: dict[str, Any] = {"source": row["source"], "id": row["id"], "type": row["type"], "outcome": row["state"], "at": row["at"].isoformat()}
    for name, value in (("subject", subject), ("code", row["code"]), ("reason", row["reason"])):
        if value:
            body[name] = value
    if row["waiting_for"]:
        body |= {"outcome": "accepted", "waiting_for": [row["waiting_for"]]}
    if row["parked_id"]:
        body["parked_id"] = str(row["parked_id"])
    return JSONResponse(body)


async def get_refs(api: Api, request: Request, caller: Caller) -> Response:
    """Our ids of a publisher's entity: `?externalid=` and `&source=`."""
    said = request.query_params
    if not said.get("externalid"):
        raise Problem(422, "externalid_missing", "say which entity", cure="/refs?source=<source>&externalid=<externalid>")
    async with api.desk.db.unit() as uow:
        rows = await refs.names_of(uow, said["externalid"], said.get("source", "") if caller.source == "*" else caller.source)
    return JSONResponse({"refs": rows})


async def _openapi(_: Request) -> Response:
    return JSONResponse(openapi())


async def _schema(request: Request) -> Response:
    path = (_SCHEMAS / request.path_params["type"] / request.path_params["file"]).resolve()
    if not path.is_relative_to(_SCHEMAS) or path.suffix != ".json" or not path.is_file():
        return Problem(404, "unknown_schema", "there is no such type and version", cure="`baton spec schemas` lists them").response()
    return JSONResponse(json.loads(path.read_text(encoding="utf-8")), media_type="application/schema+json")
