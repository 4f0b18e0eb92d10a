"""SQL of applications, documents, offers and disclosures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.db import COPY_FROM, Uow

_INSERT = """insert into applications (application_id, person_id, requisition_id, client_id, origin, facts, content, document_digest, defect, externalref, submitted_at)
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::timestamptz[])"""
_COLUMNS = ("application_id", "person_id", "requisition_id", "client_id", "origin", "facts", "content", "document_digest", "defect",
            "externalref", "submitted_at")
_PAIRS = """select application_id, person_id, requisition_id, facts from applications
  where (person_id, requisition_id) in (select * from unnest($1::uuid[], $2::uuid[]))"""


@dataclass(slots=True)
class Row:
    """An application as stored. `facts` is JSON; `content` is a sealed box."""

    application_id: UUID
    person_id: UUID
    requisition_id: UUID
    client_id: UUID
    origin: str
    facts: str
    content: str | None
    document_digest: str | None
    defect: str | None
    externalref: str
    submitted_at: datetime


async def of_pairs(uow: Uow, pairs: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Any]:
    """Applications of these (person, requisition)."""
    wanted = list(set(pairs))
    if not wanted:
        return {}
    rows = await uow.pg.fetch(_PAIRS, [p for p, _ in wanted], [r for _, r in wanted])
    return {(row["person_id"], row["requisition_id"]): row for row in rows}


async def of_names(uow: Uow, names: Iterable[str]) -> dict[tuple[str, UUID], UUID]:
    """Whose application it is that a publisher named so before: (`source#externalid`, requisition) -> person."""
    rows = await uow.pg.fetch("select externalref, requisition_id, person_id from applications where externalref = any($1::text[])", list(names))
    return {(row["externalref"], row["requisition_id"]): row["person_id"] for row in rows}


async def insert(uow: Uow, rows: Sequence[Row]) -> None:
    """Store new applications."""
    if len(rows) >= COPY_FROM:
        await uow.pg.copy_records_to_table("applications", columns=_COLUMNS, records=[(
            r.application_id, r.person_id, r.requisition_id, r.client_id, r.origin, r.facts, r.content, r.document_digest, r.defect,
            r.externalref, r.submitted_at) for r in rows])  # fmt: skip
    elif rows:
        await uow.pg.execute(
            _INSERT, [r.application_id for r in rows], [r.person_id for r in rows], [r.requisition_id for r in rows], [r.client_id for r in rows],
            [r.origin for r in rows], [r.facts for r in rows], [r.content for r in rows], [r.document_digest for r in rows],
            [r.defect for r in rows], [r.externalref for r in rows], [r.submitted_at for r in rows])


async def update(uow: Uow, application_id: UUID, *, facts: str, defect: str | None) -> None:
    """New facts of an application that another file joined."""
    await uow.run("update applications set facts = :f, defect = :d where application_id = :id", f=facts, d=defect, id=application_id)


async def one(uow: Uow, application_id: UUID) -> Any | None:
    """One application, locked; None where there is none."""
    return await uow.one("select * from applications where application_id = :id for update", id=application_id)


async def set_state(uow: Uow, application_id: UUID, state: str) -> None:
    """Received, withdrawn."""
    await uow.run("update applications set state = :s where application_id = :id", s=state, id=application_id)


async def upload(uow: Uow, digest: str) -> Any | None:
    """A document that was put by digest, or None."""
    return await uow.one("select digest, blob, name, size from uploads where digest = :d", d=digest)


async def save_upload(uow: Uow, digest: str, blob: str, size: int, name: str) -> None:
    """Remember a document that was put; putting it again changes nothing."""
    await uow.run("insert into uploads (digest, blob, size, name, at) values (:d, :b, :s, :n, :now) on conflict do nothing",
                  d=digest, b=blob, s=size, n=name, now=uow.now)  # fmt: skip


async def save_document(uow: Uow, document_id: UUID, person_id: UUID, digest: str, *, blob: str, kind: str, size: int) -> bool:
    """Remember a person's document; False where it was known."""
    return bool(await uow.run(
        "insert into documents (document_id, person_id, digest, blob, kind, size, at) values (:id, :p, :d, :b, :k, :s, :now) on conflict do nothing",
        id=document_id, p=person_id, d=digest, b=blob, k=kind, s=size, now=uow.now))  # fmt: skip


async def save_offer(uow: Uow, offer: dict[str, Any]) -> None:
    """Store one version of an offer; the same version again changes nothing."""
    await uow.run(
        "insert into offers (offer_id, version, hire_id, person_id, by, start_at, terms, at)"
        " values (:offer_id, :version, :hire_id, :person_id, :by, :start_at, :terms, :at) on conflict do nothing", **offer)


async def newest_offer(uow: Uow, offer_id: UUID) -> Any | None:
    """The newest version of an offer, locked; None where there is none."""
    return await uow.one("select * from offers where offer_id = :id order by version desc limit 1 for update", id=offer_id)


async def save_disclosure(uow: Uow, row: dict[str, Any]) -> None:
    """Store one showing of a person to an organisation."""
    await uow.run(
        "insert into disclosures (disclosure_id, application_id, to_org, level, purpose, consent_ref, content_hash, at)"
        " values (:disclosure_id, :application_id, :to_org, :level, :purpose, :consent_ref, :content_hash, :at) on conflict do nothing", **row)


async def introduce(uow: Uow, person_id: UUID, client_id: UUID, application_id: UUID, until: datetime) -> bool:
    """Enter the first named introduction of a person to a client; False where there was one."""
    return bool(await uow.run(
        "insert into introductions (person_id, client_id, application_id, protected_until) values (:p, :c, :a, :u) on conflict do nothing",
        p=person_id, c=client_id, a=application_id, u=until))

