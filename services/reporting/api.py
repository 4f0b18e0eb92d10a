"""The read API: who is where, who owes what, why, how much; ids, codes and numbers, behind a bearer token."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from shared.runtime.db import Database, Uow

from . import audit, invariants, people, reads, why
from .described import openapi, schema_text
from .lane import lane_svg
from .metrics.compute import base_zone, metric
from .metrics.contracts import CONTRACTS
from .metrics.period import Period, read_period
from .report.page import morning, page

Answer = Callable[[Uow, Request], Awaitable[Any]]
ROLES = {"operator", "reader"}
MOST = 500


class ProblemError(Exception):
    """An answer that is an error: stable code, what is wrong, what to do (RFC 9457)."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


def _problem(status: int, code: str, detail: str) -> Response:
    body = {"type": f"https://baton.example/problems/{code}", "title": code.replace("_", " "), "status": status, "code": code, "detail": detail}
    headers = {"www-authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=headers)


async def _on_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return _problem(error.status, error.code, error.detail)


async def _on_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    return _problem(error.status_code, code, "There is no such resource; /openapi.json lists what there is." if code == "not_found" else error.detail)


async def _on_fault(_: Request, __: Exception) -> Response:
    return _problem(500, "internal", "Our fault: this could not be read. Try again; the log of reporting has the reason.")


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdigit() or int(text) > most:
        raise ProblemError(422, "bad_parameter", f"{name} must be a whole number from 0 to {most}")
    return int(text)


def _wanted(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.items() if name not in ("limit", "after") and value}


def _paged(rows: list[Any], limit: int, key: str) -> dict[str, Any]:
    """`next` is the `after` of the following page, null on the last one."""
    return {"items": rows, "next": str(rows[-1][key]) if len(rows) == limit else None}


async def _hires(uow: Uow, request: Request) -> Any:
    limit = _number(request, "limit", 100, MOST)
    return _paged(await reads.hires(uow, _wanted(request), limit=limit, after=request.query_params.get("after", "")), limit, "hire_id") | {"now": uow.now}


async def _named(uow: Uow, request: Request) -> Any:
    found = await reads.find_hire(uow, request.path_params["id"])
    if found is None:
        raise ProblemError(404, "no_such_hire", "No hire, or more than one, has this id, this beginning of an id (4 characters or more) or this reference.")
    return found


async def _hire(uow: Uow, request: Request) -> Any:
    return await reads.hire(uow, await _named(uow, request))


async def _why(uow: Uow, request: Request) -> Any:
    return await why.why(uow, await _named(uow, request))


async def _whynot(uow: Uow, request: Request) -> Any:
    return await why.whynot(uow, await _named(uow, request), request.path_params["purpose"])


async def _lane(uow: Uow, request: Request) -> Response:
    story = await reads.hire(uow, await _named(uow, request))
    assert story is not None
    return Response(lane_svg(story, lang=request.query_params.get("lang", "en")), media_type="image/svg+xml")


async def _obligations(uow: Uow, request: Request) -> Any:
    limit = _number(request, "limit", 100, MOST)
    rows = await reads.obligations(uow, _wanted(request), limit=limit, after=request.query_params.get("after", ""))
    return _paged(rows, limit, "obligation_id") | {"now": uow.now}


async def _board(uow: Uow, request: Request) -> Any:
    limit = _number(request, "limit", 200, MOST)
    rows = await reads.obligations(uow, {**_wanted(request), "state": "open"}, limit=limit, after=request.query_params.get("after", ""))
    live = await uow.value("select count(*) from hires where outcome is null")
    overdue = await uow.value("select count(*) from obligations where ended is null and due_at < :now", now=uow.now)
    return _paged(rows, limit, "obligation_id") | {"now": uow.now, "live": live, "overdue": overdue}


async def _people(uow: Uow, request: Request) -> Any:
    limit = _number(request, "limit", 100, MOST)
    return _paged(await people.people(uow, _wanted(request), limit=limit, after=request.query_params.get("after", "")), limit, "person_id")


async def _requisitions(uow: Uow, request: Request) -> Any:
    limit = _number(request, "limit", 100, MOST)
    return _paged(await people.requisitions(uow, _wanted(request), limit=limit, after=request.query_params.get("after", "")), limit, "requisition_id")


async def _person(uow: Uow, request: Request) -> Any:
    found = await people.person(uow, request.path_params["id"])
    if found is None:
        raise ProblemError(404, "no_such_person", "No person, or more than one, has this id or this beginning of an id (4 characters or more).")
    return found


async def _audit(uow: Uow, request: Request) -> Any:
    limit, said = _number(request, "limit", 100, MOST), request.query_params
    rows = await audit.shown(uow, after=_number(request, "after", 0, 10**18), actor=said.get("actor", ""), type_=said.get("type", ""), limit=limit)
    return _paged(rows, limit, "n")


async def _audit_chain(uow: Uow, request: Request) -> Any:
    if "seal" in request.query_params:
        await audit.seal(uow)
    return {**await audit.verify(uow), "chain": await audit.blocks(uow), "now": uow.now}


async def _metrics(uow: Uow, _: Request) -> Any:
    return {"items": [contract.described() for contract in CONTRACTS.values()]}


async def _metric(uow: Uow, request: Request) -> Any:
    found = await metric(uow, request.path_params["id"], drill="drill" in request.query_params, period=_period(request))
    if found is None:
        raise ProblemError(404, "no_such_metric", f"There are: {', '.join(CONTRACTS)}.")
    return found


def _period(request: Request) -> Period | None:
    """`from`, `until`, `zone`, `by`; None where none of them is named."""
    asked = {name: value for name in ("from", "until", "zone", "by") if (value := request.query_params.get(name, ""))}
    try:
        return read_period(asked, base_zone()) if asked else None
    except ValueError as problem:
        raise ProblemError(422, "bad_parameter", f"{problem}.") from None


async def _invariants(uow: Uow, _: Request) -> Any:
    return await invariants.check(uow)


async def _stats(uow: Uow, _: Request) -> Any:
    return await reads.stats(uow)


async def _events(uow: Uow, request: Request) -> Any:
    limit = _number(request, "limit", 100, MOST)
    rows = await reads.facts(uow, _wanted(request), limit=limit, after=_number(request, "after", 0, 10**18))
    return {"items": rows, "next": rows[-1]["n"] if rows else None, "last": await uow.value("select coalesce(max(n), 0) from events")}


async def _report(uow: Uow, request: Request) -> Response:
    if request.query_params.get("part") == "morning":
        return HTMLResponse(await morning(uow, lang=request.query_params.get("lang", "zh")))
    lang, hire = request.query_params.get("lang", "zh"), request.query_params.get("hire", "")
    return HTMLResponse(await page(uow, lang=lang, hire=hire, period=_period(request)))


READS: dict[str, Answer] = {
    "/hires": _hires, "/hires/{id:path}/lane.svg": _lane, "/hires/{id:path}": _hire, "/obligations": _obligations, "/board": _board,
    "/why/{id:path}": _why, "/whynot/{purpose}/{id:path}": _whynot, "/metrics": _metrics, "/metrics/{id}": _metric, "/invariants": _invariants, "/stats": _stats,
    "/requisitions": _requisitions, "/people": _people, "/people/{id}": _person, "/audit": _audit, "/audit/chain": _audit_chain, "/events": _events, "/report": _report}


def api(db: Database, tokens: Mapping[str, Mapping[str, Any]]) -> Starlette:
    """The application; every read runs in one transaction and needs a token with role operator or reader."""
    routes = [Route(path, _guarded(db, tokens, answer)) for path, answer in READS.items()]

    async def schema(request: Request) -> Response:
        text = schema_text(request.path_params["type"], request.path_params["version"])
        if text is None:
            return _problem(404, "no_such_schema", "`baton spec schemas` lists the types and versions.")
        return Response(text, media_type="application/schema+json")

    async def described(_: Request) -> Response:
        return JSONResponse(openapi(READS))

    routes += [Route("/schemas/{type}/{version:int}.json", schema), Route("/openapi.json", described)]
    return Starlette(routes=routes, exception_handlers={ProblemError: _on_problem, HTTPException: _on_http, Exception: _on_fault})


def _guarded(db: Database, tokens: Mapping[str, Mapping[str, Any]], answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        _check(request.headers.get("authorization", ""), tokens)
        async with db.unit() as uow:
            value = await answer(uow, request)
        if isinstance(value, Response):
            return value
        return Response(json.dumps(value, default=_plain, ensure_ascii=False), media_type="application/json")
    return endpoint


def _check(header: str, tokens: Mapping[str, Mapping[str, Any]]) -> None:
    scheme, _, given = header.partition(" ")
    if scheme.lower() != "bearer" or not given:
        raise ProblemError(401, "no_token", "Send `Authorization: Bearer <token>`; locally `baton up` wrote one token file.")
    known = next((grant for token, grant in tokens.items() if hmac.compare_digest(token.encode(), given.strip().encode())), None)
    if known is None:
        raise ProblemError(401, "unknown_token", "This token is not known here.")
    if not ROLES & set(known.get("roles", [])):
        raise ProblemError(403, "not_granted", "Reading needs a token with role operator or reader.")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
