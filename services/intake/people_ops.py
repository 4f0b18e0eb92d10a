"""Operators' doors about one person, where names are opened: reveal and export. Each is an audited fact before anything is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.intake.domain import as_code
from services.intake.problems import Problem
from services.intake.store import people
from services.intake.usecases import Desk
from shared.contracts.party import PersonRevealed
from shared.runtime.db import Uow
from shared.runtime.ids import new_id
from shared.runtime.operators import operator_of

_NOBODY = Problem(404, "unknown_person", "no person of this house has this id, or it was erased", cure="`baton people` lists ids")
_APPLICATIONS = "select application_id, requisition_id, origin, state, externalref, submitted_at, facts, content from applications where person_id = :p order by submitted_at"
_SHOWN = """select d.to_org, d.purpose, d.level, d.consent_ref, d.content_hash, d.at from disclosures d join applications a using (application_id)
  where a.person_id = :p order by d.at"""


def people_routes(desk: Desk, tokens: Mapping[str, Mapping[str, Any]]) -> list[BaseRoute]:
    """POST /ops/people/{id}/reveal (who it is) and /export (all that is held here); the body gives `reason`, which is wanted."""

    def door(what: str) -> Any:
        async def opened(request: Request) -> Response:
            actor = operator_of(tokens, request.headers.get("authorization", ""))
            if actor is None:
                return Problem(401, "no_operator", "this needs an operator's token", cure="send `Authorization: Bearer <token>`").response()
            reason = _reason(await request.body())
            if not reason:
                return Problem(422, "no_reason", "opening somebody's data needs a reason", cure="say it with --reason").response()
            async with desk.db.unit() as uow:
                found = await _read(uow, desk, request.path_params["id"], what)
                if found is None:
                    return _NOBODY.response()
                uow.emit(PersonRevealed(person_id=request.path_params["id"], what=what, by=as_code(actor) or "operator", reason=as_code(reason) or "stated",  # type: ignore[arg-type]
                                        at=uow.now), event_id=new_id(), actor=actor)
            return Response(json.dumps(found, default=str, ensure_ascii=False), media_type="application/json")
        return opened

    return [Route(f"/ops/people/{{id:uuid}}/{what}", door(what), methods=["POST"]) for what in ("reveal", "export")]


def _reason(body: bytes) -> str:
    """What was given as `reason`; empty where nothing readable was."""
    try:
        said = from_json(body)
    except ValueError:
        return ""
    return str(said.get("reason") or "").strip() if isinstance(said, dict) else ""


async def _read(uow: Uow, desk: Desk, person_id: UUID, what: str) -> dict[str, Any] | None:
    row = (await people.load(uow, [person_id])).get(person_id)
    if row is None:
        return None
    found: dict[str, Any] = {"person_id": str(person_id), "identity": await people.identity(uow, desk.vault, person_id)}
    if what == "export":
        found["record"] = row.record.model_dump(mode="json", exclude={"identity"}, exclude_none=True)
        applications = [dict(one) for one in await uow.rows(_APPLICATIONS, p=person_id)]
        found["applications"] = [{name: value for name, value in one.items() if name != "content"} for one in applications]
        found["disclosures"] = [dict(one) for one in await uow.rows(_SHOWN, p=person_id)]
    return found
