"""Intake's use cases on a real database, without its process: what integration tests of the door start from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from services.intake import loops
from services.intake.domain import Delivery, Outcome
from services.intake.parsing import ParserPool
from services.intake.usecases import Desk, receive
from shared.contracts.envelope import from_structured
from shared.runtime.blobs import Blobs
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.vault import Vault

CAST = Path(__file__).parents[2] / "deploy" / "demo" / "cast"
SCHEMAS = "https://baton.example/schemas"


@asynccontextmanager
async def open_desk(env: Mapping[str, str]) -> AsyncIterator[Desk]:
    """A desk over intake's own role, keys and blobs."""
    db = Database(env["BATON_DATABASE_INTAKE"], schema="intake", clock=Clock("held"))
    desk = Desk(db, Vault(env["BATON_KEYS"]), Blobs(env["BATON_BLOBS"]), ParserPool(), asyncio.Event())
    try:
        yield desk
    finally:
        await desk.pool.close()
        await db.close()


def event(type_: str, data: Mapping[str, Any], *, source: str, id_: str = "", version: int = 1) -> dict[str, Any]:
    """A structured event as a publisher writes it."""
    name = f"baton.{type_}"
    return {"specversion": "1.0", "id": id_ or f"{type_}/{data.get('externalid', 'none')}", "source": source, "type": name, "time": "2026-09-03T09:00:00+08:00",
            "dataschema": f"{SCHEMAS}/{name}/{version}.json", "data": dict(data)}


async def bring(desk: Desk, *events: Mapping[str, Any], granted: bool = True) -> list[Outcome]:
    """Bring events to the door in one batch, then let what waited be tried again."""
    deliveries = [Delivery(from_structured(e), json.dumps(e).encode(), actor="tests", granted=granted) for e in events]
    await receive(desk, deliveries)
    outcomes = [d.outcome for d in deliveries]
    await loops.look_around(desk)
    return outcomes


def small_world(source: str) -> list[dict[str, Any]]:
    """A client with its contact and one requisition, in an order that has to wait."""
    return [
        event("requisition.raised", {"externalid": "R-1", "client": "C-1", "title": "Engineer", "openings": 2, "team": {"hiring_manager": "HM"},
                                     "rules": [{"rule": "has_skill", "id": "core", "skills": ["C++"]}], "salary_min": 20000, "salary_max": 30000}, source=source),
        event("contact.registered", {"externalid": "HM", "client": "C-1", "person": {"name": "Ola Berg", "email": f"ola@{source[-6:]}.example.com"},
                                     "roles": ["hiring_manager"], "manager": "BOSS"}, source=source),
        event("client.registered", {"externalid": "C-1", "name": f"Harbour {source}", "data_agreement": True, "response_group": ["HM"]}, source=source),
    ]  # fmt: skip


def application(number: int | str, source: str, **more: Any) -> dict[str, Any]:
    """An application of a person of its own."""
    person = {"name": f"Test Person {number}", "email": f"p{number}.{source[-6:]}@example.com"}
    return event("application.submitted", {"externalid": f"A-{number}", "requisition": "R-1", "person": person, "skills": ["c++"], **more}, source=source, version=2)


async def rows(desk: Desk, sql: str, **params: Any) -> list[dict[str, Any]]:
    """A query as intake sees its own tables."""
    async with desk.db.unit() as uow:
        return [dict(row) for row in await uow.rows(sql, **params)]
