"""SQL of clients, requisitions, rooms and positions: whole current states, one row each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from pydantic_core import from_json

from shared.contracts.base import Body
from shared.contracts.requisition import RequisitionRecord
from shared.runtime.db import Uow

T = TypeVar("T", bound=Body)


async def load(uow: Uow, cls: type[T], kind: str, entity_id: UUID) -> T | None:
    """The current state, locked; None where there is none."""
    row = await uow.one("select record from entities where kind = :k and id = :id for update", k=kind, id=entity_id)
    return cls.model_validate(_value(row["record"])) if row else None


async def load_all(uow: Uow, cls: type[T], kind: str) -> list[T]:
    """All entities of a kind."""
    return [cls.model_validate(_value(row["record"])) for row in await uow.rows("select record from entities where kind = :k", k=kind)]


async def save(uow: Uow, kind: str, entity_id: UUID, version: int, record: str) -> None:
    """Store the whole state as JSON."""
    await uow.run(
        "insert into entities (kind, id, version, record) values (:k, :id, :v, cast(:r as jsonb))"
        " on conflict (kind, id) do update set version = excluded.version, record = excluded.record", k=kind, id=entity_id, v=version, r=record)


async def requisitions(uow: Uow, ids: Iterable[UUID]) -> dict[UUID, RequisitionRecord]:
    """The current states of these requisitions."""
    rows = await uow.pg.fetch("select record from entities where kind = 'requisition' and id = any($1::uuid[])", list(set(ids)))
    records = [RequisitionRecord.model_validate(_value(row["record"])) for row in rows]
    return {record.requisition_id: record for record in records}


def _value(stored: Any) -> Any:
    return from_json(stored) if isinstance(stored, str | bytes) else stored
