"""Operators' doors about one Ask: how it stands, and an answer that somebody gave elsewhere (practice.md 1.2).

A reported answer meets the same row as every other: the first wins, what nobody may answer for another is refused, the person gets a receipt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args
from uuid import UUID, uuid4

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.notification import asks as registry
from services.notification.desk import Desk
from services.notification.domain import Verdict, judge
from services.notification.look.form import Form, read
from services.notification.scenes import scene_of
from services.notification.sending.compose import ask_subject
from services.notification.store import asks
from services.notification.usecases.answering import Given, answer
from services.notification.usecases.calls import receipt
from shared.contracts.ask import Via
from shared.runtime.db import Database, Uow
from shared.runtime.operators import operator_of

_SHA256 = re.compile(r"^[0-9a-f]{64}$")
STRICT = ("allowed", "with_evidence", "never")
ENDED = {
    Verdict.OTHERS_ALREADY: "it was answered before",
    Verdict.MINE_ALREADY: "it was answered before",
    Verdict.LATE: "it is closed; the late answer is on record and changes nothing",
    Verdict.CHANGED: "the question changed meanwhile",
}


class RefusalError(Exception):
    """What stands against it: status, stable code, words, cure."""

    def __init__(self, status: int, code: str, detail: str, cure: str) -> None:
        super().__init__(detail)
        self.body, self.status = {"code": code, "detail": detail, "cure": cure}, status


@dataclass(frozen=True)
class Told:
    """What an operator reports."""

    fields: Mapping[str, str]
    via: Via
    by: UUID | None
    note: str
    happened_at: datetime | None
    evidence: str | None
    dry_run: bool


def reported_routes(db: Database, desk: Desk, tokens: Mapping[str, Mapping[str, Any]]) -> list[Route]:
    """GET /ops/asks/{id} and POST /ops/asks/{id}/answer; `id` is an ask's or its obligation's, or the beginning of it."""

    async def guarded(request: Request, work: Any) -> Response:
        actor = operator_of(tokens, request.headers.get("authorization", ""))
        try:
            if actor is None:
                raise RefusalError(401, "no_operator", "this needs an operator's token", "send `Authorization: Bearer <token>`")
            async with db.unit() as uow:
                return JSONResponse(await work(uow, await _found(uow, request.path_params["id"]), actor))
        except RefusalError as refusal:
            return JSONResponse(refusal.body, refusal.status)

    async def show(request: Request) -> Response:
        async def work(uow: Uow, row: dict[str, Any], _: str) -> dict[str, Any]:
            return described(row, await _form(uow, desk, row))
        return await guarded(request, work)

    async def say(request: Request) -> Response:
        body = await request.body()

        async def work(uow: Uow, row: dict[str, Any], actor: str) -> dict[str, Any]:
            return await _report(uow, desk, row, (_told(body), actor))
        return await guarded(request, work)

    return [Route("/ops/asks/{id}", show), Route("/ops/asks/{id}/answer", say, methods=["POST"])]


def described(row: dict[str, Any], form: Form) -> dict[str, Any]:
    """An ask without names: its state, who may answer how, and the fields with their codes."""
    fields = [{"name": one.name, "kind": one.kind, "required": one.required, "sealed": one.sealed, "codes": [option.value for option in one.options]}
              for one in form.fields]
    shown = {name: row[name] for name in ("kind", "version", "state", "closed_how")}
    ids = {name: str(row[name]) if row[name] else None for name in ("hire_id", "obligation_id", "holder_id", "answered_by")}
    return {"ask_id": str(row["id"]), **shown, **ids, "holder_role": row["spec"].holder.role, "due_at": row["due_at"].isoformat() if row["due_at"] else None,
            "on_behalf": allowed(row), "fields": fields}


def allowed(row: dict[str, Any]) -> str:
    """Whether somebody else may bring this answer: the stricter of what the policy and the kind say."""
    return max(row["spec"].on_behalf, registry.kind_of(row["kind"]).on_behalf, key=STRICT.index)


def _told(body: bytes) -> Told:
    try:
        said = from_json(body)
        fields = {str(name): str(value) for name, value in (said.get("fields") or {}).items()}
        told = Told(fields, said.get("via") or "phone", UUID(said["by"]) if said.get("by") else None, str(said.get("note") or "")[:2000],
                    datetime.fromisoformat(said["happened_at"]) if said.get("happened_at") else None, said.get("evidence"), bool(said.get("dry_run")))
    except (ValueError, AttributeError, TypeError) as problem:
        raise RefusalError(422, "wrong_body", f"the answer can't be read ({type(problem).__name__})", "see `baton answer --help`") from None
    if told.via not in get_args(Via):
        raise RefusalError(422, "wrong_via", f"{told.via[:20]} is no way of hearing it", f"one of {', '.join(get_args(Via))}")
    if told.happened_at is not None and told.happened_at.tzinfo is None:
        raise RefusalError(422, "wrong_time", "happened_at has no zone", "write it as 2026-09-03T09:00:00+08:00")
    return told


async def _found(uow: Uow, name: str) -> dict[str, Any]:
    rows = await uow.rows(
        "select id from asks where id::text like :name or obligation_id::text like :name order by opened_at desc limit 3",
        name=f"{name.lower()}%" if re.fullmatch(r"[0-9a-fA-F-]{4,36}", name) else "")
    if len(rows) != 1 and not (rows and len(name) == 36):
        raise RefusalError(404, "unknown_ask", f"{'several asks begin' if rows else 'no ask begins'} with this id", "`baton hire ID --json` shows ask ids")
    return (await asks.lock(uow, [rows[0]["id"]]))[rows[0]["id"]]


async def _form(uow: Uow, desk: Desk, row: dict[str, Any]) -> Form:
    return registry.kind_of(row["kind"]).form(await scene_of(uow, desk.house, await ask_subject(uow, row, row["holder_id"], "en")))


async def _report(uow: Uow, desk: Desk, row: dict[str, Any], what: tuple[Told, str]) -> dict[str, Any]:
    told, actor = what
    may = allowed(row)
    if may == "never":
        raise RefusalError(403, "own_answer_only", f"nobody may answer {row['kind']} for somebody else", "send the person their link again")
    if may == "with_evidence" and not _SHA256.match(told.evidence or ""):
        raise RefusalError(403, "evidence_wanted", f"{row['kind']} needs a signed paper", "name it with --evidence FILE")
    filled = read(await _form(uow, desk, row), told.fields, "en")
    if filled.errors:
        raise RefusalError(422, "wrong_fields", "; ".join(f"{name}: {words}" for name, words in filled.errors.items()), "`baton ask ID` lists fields and codes")
    if told.happened_at is not None and told.happened_at > uow.now:
        raise RefusalError(422, "not_yet", "happened_at lies in the future", "say when it was answered")
    sealed = {**filled.sealed, **({"note": told.note} if told.note else {})}
    given = Given(told.by, filled.clear, sealed, row["version"], str(uuid4()), told.via, row["holder_id"] or UUID(int=0),
                  told.happened_at, told.evidence, actor)
    verdict = judge(row, None, row["version"]) if told.dry_run else await answer(uow, desk, row, given)
    if verdict is not Verdict.WINS:
        raise RefusalError(409, verdict.value, ENDED.get(verdict, "it can't be answered"), "`baton ask ID` shows how it stands")
    if not told.dry_run and row["holder_id"]:
        await receipt(uow, desk, row)
    return {"ok": True, "dry_run": told.dry_run, "ask_id": str(row["id"]), "kind": row["kind"], "clear": dict(filled.clear), "via": told.via}
