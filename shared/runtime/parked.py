"""Parked records: what could not be handled stands here with its reason and its original, until it is repaired, replayed or discarded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts.base import derive_id

from .db import Uow
from .observability import PARKED, get_logger
from .records import RawRecord, StoredRecord, pack_headers, unpack_headers

log = get_logger(__name__)


async def park(uow: Uow, consumer: str, record: RawRecord, *, code: str, reason: str) -> UUID:
    """Store the record with its reason; parking the same record again changes nothing. Returns the parked id."""
    parked_id = derive_id(uow.schema, "parked", consumer, record.topic, record.partition, record.offset)
    await uow.run(
        "insert into parked (id, consumer, topic, part, pos, key, headers, value, code, reason, parked_at) values"
        " (:id, :consumer, :topic, :part, :pos, :key, :headers, :value, :code, :reason, :now) on conflict (id) do nothing",
        id=parked_id, consumer=consumer, topic=record.topic, part=record.partition, pos=record.offset, key=record.key,
        headers=pack_headers(record.headers), value=record.value, code=code, reason=reason[:500], now=uow.now)
    PARKED.labels(consumer, code).inc()
    log.warning("parked", consumer=consumer, topic=record.topic, partition=record.partition, offset=record.offset, code=code)
    return parked_id


async def list_parked(uow: Uow, *, state: str = "parked", limit: int = 100, after: str = "") -> list[dict[str, Any]]:
    """Parked records without their content, oldest first; `after` is the last id of the page before."""
    rows = await uow.rows(
        "select id, consumer, topic, part, pos, code, reason, parked_at, state, note from parked where (:state = 'all' or state = :state)"
        " and (:after = '' or (parked_at, id) > (select parked_at, id from parked where id = cast(nullif(:after, '') as uuid)))"
        " order by parked_at, id limit :limit", state=state, limit=limit, after=after)
    return [dict(row) for row in rows]


async def load_parked(uow: Uow, parked_id: UUID) -> tuple[StoredRecord, dict[str, Any]] | None:
    """The original record and its row, locked; None when there is no such id."""
    row = await uow.one("select * from parked where id = :id for update", id=parked_id)
    if row is None:
        return None
    record = StoredRecord(row["topic"], row["part"], row["pos"], row["key"], row["value"], unpack_headers(row["headers"]))
    return record, dict(row)


async def settle_parked(uow: Uow, parked_id: UUID, state: str, note: str) -> None:
    """Mark as replayed or discarded; the row stays as the audit of it."""
    await uow.run("update parked set state = :state, note = :note, changed_at = :now where id = :id", state=state, note=note[:500], now=uow.now, id=parked_id)


async def repair_parked(uow: Uow, parked_id: UUID, value: bytes) -> None:
    """Replace the body by a corrected one; replay decides whether it is right now."""
    await uow.run("update parked set value = :value, note = 'repaired', changed_at = :now where id = :id", value=value, now=uow.now, id=parked_id)
