"""SQL of the door: what was taken, what waits, what is set aside, how much of each. One statement a batch for each."""

from __future__ import annotations

import base64
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from services.intake.domain import WAIT_FOR, Delivery, Reference, http_offset
from shared.contracts.base import derive_id
from shared.contracts.envelope import Envelope, from_attributes
from shared.runtime.db import COPY_FROM, Uow
from shared.runtime.ids import new_id
from shared.runtime.parked import load_parked, park, settle_parked
from shared.runtime.records import StoredRecord, pack_headers, unpack_headers
from shared.runtime.vault import Vault

CONSUMER = "intake.door"
KEEP_FOR = timedelta(days=30)
_SHOWN_HEADERS = ("ce_id", "ce_source", "ce_type", "ce_time", "content-type")
_CLAIM = """insert into inbound (source, id, digest, type, state, at)
  select s, i, d, t, 'accepted', $5 from unnest($1::text[], $2::text[], $3::bytea[], $4::text[]) as new (s, i, d, t) order by s, i
  on conflict (source, id) do update set digest = excluded.digest, type = excluded.type, state = 'accepted', code = '', reason = '', parked_id = null
    where inbound.state = 'parked' and inbound.digest <> excluded.digest
  returning source, id"""
_KNOWN = """select source, id, type, at, digest, state, subject, waiting_for, code, reason, parked_id from inbound
  where (source, id) in (select * from unnest($1::text[], $2::text[]))"""
_SETTLE = """update inbound set state = n.state, subject = n.subject, waiting_for = n.waiting_for, code = n.code, reason = n.reason, parked_id = n.parked_id
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[])
    as n (source, id, state, subject, waiting_for, code, reason, parked_id) where inbound.source = n.source and inbound.id = n.id"""
_TALLY = """insert into tally (name, n) select * from unnest($1::text[], $2::bigint[]) as t (name, n) order by 1
  on conflict (name) do update set n = tally.n + excluded.n"""


async def claim(uow: Uow, deliveries: Sequence[Delivery]) -> set[tuple[str, str]]:
    """Enter new events; returns the (source, id) that are new, or that were parked before and came with another body."""
    if len(deliveries) >= COPY_FROM:
        names = sorted((d.said.source, d.said.id, d.digest, d.said.type, "accepted", uow.now) for d in deliveries)
        if await uow.copy_new("inbound", ("source", "id", "digest", "type", "state", "at"), names):
            return {(name[0], name[1]) for name in names}
    rows = await uow.pg.fetch(
        _CLAIM, [d.said.source for d in deliveries], [d.said.id for d in deliveries], [d.digest for d in deliveries],
        [d.said.type for d in deliveries], uow.now,
    )  # fmt: skip
    return {(row["source"], row["id"]) for row in rows}


async def known(uow: Uow, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """What became of events that were taken before."""
    rows = await uow.pg.fetch(_KNOWN, [n[0] for n in names], [n[1] for n in names])
    return {(row["source"], row["id"]): row for row in rows}


async def settle(uow: Uow, deliveries: Sequence[Delivery]) -> None:
    """Write what became of fresh events."""
    rows = [
        (d.said.source, d.said.id, "waiting" if o.waiting_for else o.state, o.subject, str(o.waiting_for or ""), o.code, o.reason, o.parked_id)
        for d in deliveries for o in (d.outcome,)
    ]  # fmt: skip
    if rows:
        await uow.pg.execute(_SETTLE, *map(list, zip(*rows, strict=True)))


async def count(uow: Uow, outcomes: Counter[str]) -> None:
    """Add to the tally: sent = accepted + duplicate + parked, always."""
    counted = {name: n for name, n in outcomes.items() if n}
    if counted:
        await uow.pg.execute(_TALLY, list(counted), list(counted.values()))


async def tally(uow: Uow) -> dict[str, int]:
    """Numbers since the beginning, and how many wait now."""
    numbers = {row["name"]: row["n"] for row in await uow.rows("select name, n from tally")}
    waiting = await uow.value("select count(*) from waiting")
    return {name: int(numbers.get(name, 0)) for name in ("sent", "accepted", "duplicate", "parked")} | {"waiting": int(waiting)}


async def park_sealed(uow: Uow, vault: Vault, delivery: Delivery) -> UUID:
    """Set one aside: its original sealed under a key of its own, its reason in the clear."""
    offset = delivery.offset if delivery.topic not in ("http", "waiting") else http_offset(delivery.envelope, delivery.value)
    parked_id = derive_id("intake", "parked", CONSUMER, delivery.topic, delivery.partition, offset)
    while await uow.value("select 1 from parked where id = :id and state <> 'parked'", id=parked_id):
        offset += 1  # the same bytes were set aside and settled before: its key is gone, this one gets its own
        parked_id = derive_id("intake", "parked", CONSUMER, delivery.topic, delivery.partition, offset)
    box = await _seal(uow, vault, parked_id, _original(delivery))
    shown = [(name, value) for name, value in delivery.headers if name.lower() in _SHOWN_HEADERS]
    record = StoredRecord(delivery.topic, delivery.partition, offset, None, box, shown)
    return await park(uow, CONSUMER, record, code=delivery.outcome.code, reason=delivery.outcome.reason)


def _original(delivery: Delivery) -> dict[str, Any]:
    return {
        "headers": pack_headers(delivery.headers), "value": None if delivery.value is None else base64.b64encode(delivery.value).decode(),
        "actor": delivery.actor, "granted": delivery.granted,
        "attributes": delivery.envelope.attributes() if delivery.envelope else None,
        "data": base64.b64encode(delivery.envelope.data).decode() if delivery.envelope else None,
    }  # fmt: skip


async def open_parked(uow: Uow, vault: Vault, parked_id: UUID) -> tuple[Delivery, dict[str, Any]] | None:
    """The original of a parked event, ready to be tried again; None for an unknown id or a destroyed original."""
    found = await load_parked(uow, parked_id)
    if found is None or found[1]["consumer"] != CONSUMER or found[1]["state"] != "parked":
        return None
    record, row = found
    kept = await _open(uow, vault, parked_id, record.value or b"")
    if kept is None:
        return None
    envelope = from_attributes(kept["attributes"], base64.b64decode(kept["data"])) if kept["attributes"] else None
    value = None if kept["value"] is None else base64.b64decode(kept["value"])
    delivery = Delivery(
        envelope, value, unpack_headers(kept["headers"]), record.topic, record.partition, record.offset,
        kept["actor"], kept["granted"], replayed=True,
    )  # fmt: skip
    return delivery, row


async def reseal_parked(uow: Uow, vault: Vault, parked_id: UUID, delivery: Delivery) -> None:
    """Keep a corrected body in the place of the original."""
    box = await _seal(uow, vault, parked_id, _original(delivery))
    await uow.run("update parked set value = :value, note = 'repaired', changed_at = :now where id = :id", value=box, now=uow.now, id=parked_id)


async def close_parked(uow: Uow, vault: Vault, parked_id: UUID, state: str, note: str) -> None:
    """Replayed or discarded: the row stays as the audit, the original's key is destroyed."""
    await settle_parked(uow, parked_id, state, note)
    await uow.run("update parked set value = null where id = :id", id=parked_id)
    await vault.destroy(uow, parked_id)


async def forget_event(uow: Uow, envelope: Envelope) -> None:
    """Let a parked event be claimed again."""
    await uow.run("delete from inbound where source = :s and id = :i and state = 'parked'", s=envelope.source, i=envelope.id)


async def keep_waiting(uow: Uow, vault: Vault, deliveries: Sequence[Delivery], arrived: set[tuple[str, str]]) -> None:
    """Store events that wait, sealed; `arrived` are the (kind, external id) that this very transaction brought."""
    for d in deliveries:
        wanted = d.outcome.waiting_for
        assert wanted is not None
        waiting_id = new_id()  # an event may wait twice, and the key of the first wait is destroyed by then
        box = await _seal(uow, vault, waiting_id, {"data": base64.b64encode(d.said.data).decode()})
        await uow.run(
            "insert into waiting (id, source, event_id, kind, ref_source, externalid, attributes, box, actor, granted, ready, waiting_at, expires_at)"
            " values (:id, :source, :event_id, :kind, :ref_source, :externalid, :attributes, :box, :actor, :granted, :ready, :now, :until)"
            " on conflict (source, event_id) do nothing",
            id=waiting_id, source=d.said.source, event_id=d.said.id, kind=wanted.kind, ref_source=wanted.source, externalid=wanted.externalid,
            attributes=to_json(d.said.attributes()).decode(), box=box, actor=d.actor, granted=d.granted,
            ready=(wanted.kind, wanted.externalid) in arrived, now=uow.now, until=uow.now + WAIT_FOR,
        )  # fmt: skip


async def mark_ready(uow: Uow, arrived: set[tuple[str, str]]) -> None:
    """Let what waits for these (kind, external id) be tried again."""
    if arrived:
        await uow.pg.execute(
            "update waiting set ready = true where not ready and (kind, externalid) in (select * from unnest($1::text[], $2::text[]))",
            [a[0] for a in arrived], [a[1] for a in arrived])


async def sweep_ready(uow: Uow) -> None:
    """The same for what arrived while another transaction was deciding to wait."""
    await uow.run(
        "update waiting w set ready = true where not ready and (exists (select from refs r where r.kind = w.kind and r.externalid = w.externalid"
        " and r.known) or w.kind = 'application' and exists (select from applications a where a.externalref = w.ref_source || '#' || w.externalid)"
        " or w.kind = 'document' and exists (select from uploads u where u.digest = w.externalid))")


async def take_ready(uow: Uow, vault: Vault, *, limit: int = 200) -> list[Delivery]:
    """Take out what may be tried again, in the order it came; the caller applies it in the same transaction."""
    return await _take(uow, vault, "ready", limit)


async def take_expired(uow: Uow, vault: Vault, *, limit: int = 200) -> list[Delivery]:
    """Take out what has waited too long."""
    return await _take(uow, vault, "not ready and expires_at <= :now", limit)


async def _take(uow: Uow, vault: Vault, condition: str, limit: int) -> list[Delivery]:
    rows = await uow.rows(
        f"delete from waiting where id in (select id from waiting where {condition} order by waiting_at, id limit :limit for update skip locked)"  # noqa: S608
        " returning *", limit=limit, **({"now": uow.now} if ":now" in condition else {}))
    taken = []
    for row in sorted(rows, key=lambda r: (r["waiting_at"], r["event_id"])):
        kept = await _open(uow, vault, row["id"], row["box"])
        if kept is None:
            continue
        envelope = from_attributes(from_json(row["attributes"]), base64.b64decode(kept["data"]))
        delivery = Delivery(envelope, None, topic="waiting", actor=row["actor"], granted=row["granted"], replayed=True)
        delivery.envelope = replace(envelope, actor=row["actor"])
        delivery.outcome.waiting_for = Reference(row["kind"], row["ref_source"], row["externalid"])
        taken.append(delivery)
        await vault.destroy(uow, row["id"])
    return taken


async def clear_old(uow: Uow, vault: Vault) -> None:
    """Destroy originals that have been set aside for thirty days; the row stays as the audit."""
    rows = await uow.rows("select id from parked where value is not null and consumer = :c and parked_at < :before limit 100",
                          c=CONSUMER, before=uow.now - KEEP_FOR)  # fmt: skip
    for row in rows:
        await uow.run("update parked set value = null, note = 'original destroyed after 30 days' where id = :id", id=row["id"])
        await vault.destroy(uow, row["id"])


async def consumed_upto(pg: Any, topic: str, parts: Sequence[int]) -> dict[int, int]:
    """Next offset of each partition, as the last committed transaction left it: what is below was handled."""
    rows = await pg.fetch("select part, next from consumed where consumer = $1 and topic = $2 and part = any($3::int[])", CONSUMER, topic, list(parts))
    return {row["part"]: row["next"] for row in rows}


async def note_consumed(uow: Uow, topic: str, upto: dict[int, int]) -> None:
    """Remember how far the topic was read, in the transaction that read it."""
    await uow.pg.execute(
        "insert into consumed (consumer, topic, part, next) select $1, $2, p, n from unnest($3::int[], $4::bigint[]) as c (p, n) order by p"
        " on conflict (consumer, topic, part) do update set next = greatest(consumed.next, excluded.next)",
        CONSUMER, topic, list(upto), list(upto.values()))


async def find_event(uow: Uow, path: str) -> dict[str, Any] | None:
    """One event by `<source>/<id>`, wherever the slash between them stands."""
    cuts = [n for n, char in enumerate(path) if char == "/"]
    rows = await uow.pg.fetch(_KNOWN, [path[:n] for n in cuts], [path[n + 1 :] for n in cuts])
    return dict(rows[0]) if rows else None


async def _seal(uow: Uow, vault: Vault, record_id: UUID, value: Any) -> bytes:
    # The key stands in the place of a person's: one per record, destroyed with it (agreements.md 10).
    key = (await vault.create(uow, [record_id])).get(record_id)
    if key is None:
        raise ValueError("the key of this record was destroyed")
    nonce = os.urandom(12)
    return nonce + key.encrypt(nonce, to_json(value), f"{record_id}|original".encode())


async def _open(uow: Uow, vault: Vault, record_id: UUID, box: bytes) -> Any:
    key = (await vault.keys(uow, [record_id])).get(record_id)
    return None if key is None else from_json(key.decrypt(box[:12], box[12:], f"{record_id}|original".encode()))
