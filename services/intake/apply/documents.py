"""Documents of applications: read before the transaction, kept sealed under the person's key in it."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import os
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.intake.apply.work import Work
from services.intake.domain import INLINE_BYTES, Delivery, Document, Reference
from services.intake.parsing import ParserPool, facts_of_json_resume, judge
from services.intake.store import applications
from shared.contracts.application import DocumentReceived
from shared.contracts.base import derive_id
from shared.contracts.inbound import ApplicationSubmitted, DocumentIn
from shared.runtime.blobs import Blobs
from shared.runtime.db import Uow
from shared.runtime.vault import Vault

_RESUME = "resume"


def wants_reading(d: Delivery) -> bool:
    """True for an application that brings a document or a JSON Resume."""
    return isinstance(d.body, ApplicationSubmitted) and (d.body.document is not None or d.body.resume is not None) and not d.outcome.state


async def read(uow: Uow, vault: Vault, blobs: Blobs, pool: ParserPool, d: Delivery) -> None:
    """Fetch and parse what an application brings. Sets its document or résumé, or its outcome: waits, or parked with a reason."""
    assert isinstance(d.body, ApplicationSubmitted)
    if d.body.resume is not None:
        d.resume = facts_of_json_resume(d.body.resume, as_of=uow.now.date())
    said = d.body.document
    if said is None:
        return
    data = await _bytes(uow, vault, blobs, d, said)
    if data is None:
        return
    judged = judge(said.name, data)
    if not judged.is_resume:
        d.park(judged.reason or "not_a_resume", judged.sentence or f"This is a {judged.kind}, not a résumé.")
        return
    facts = await pool.parse(said.name, data, judged=judged, as_of=uow.now.date())
    d.document = Document(hashlib.sha256(data).hexdigest(), said.name, data, judged.kind, facts)


async def _bytes(uow: Uow, vault: Vault, blobs: Blobs, d: Delivery, said: DocumentIn) -> bytes | None:
    if said.content is not None:
        try:
            data = base64.b64decode(said.content, validate=True)
        except (binascii.Error, ValueError):
            d.park("bad_base64", "/document/content is not base64")
            return None
        if len(data) > INLINE_BYTES:
            d.park("too_large", f"/document/content has {len(data):,} bytes; more than {INLINE_BYTES:,} are put to /documents/{{sha256}} first")
            return None
        return data
    digest = (said.sha256 or "").lower()
    if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
        d.park("wrong_body", "/document/sha256: 64 hexadecimal digits name the document, or /document/content carries it")
        return None
    kept = await fetch(uow, vault, blobs, digest)
    if kept is None:
        d.wait(Reference("document", "", digest))
    return kept


async def put(uow: Uow, vault: Vault, blobs: Blobs, data: bytes, name: str = "") -> str:
    """Keep a document that no application has claimed yet, sealed under a key of its own; returns its digest."""
    digest = hashlib.sha256(data).hexdigest()
    if await applications.upload(uow, digest) is None:
        record_id = derive_id("intake", "upload", digest)
        key = (await vault.create(uow, [record_id]))[record_id]
        blob = await blobs.put(await _sealed(key, record_id, data))
        await applications.save_upload(uow, digest, blob, len(data), name)
    return digest


async def fetch(uow: Uow, vault: Vault, blobs: Blobs, digest: str) -> bytes | None:
    """A document that was put by digest, opened; None where there is none."""
    row = await applications.upload(uow, digest)
    if row is None:
        return None
    record_id = derive_id("intake", "upload", digest)
    key, box = (await vault.keys(uow, [record_id])).get(record_id), await blobs.get(row["blob"])
    if key is None or box is None:
        return None
    return await asyncio.to_thread(key.decrypt, box[:12], box[12:], f"{record_id}|document".encode())


async def claim(w: Work, d: Delivery, person_id: UUID, key: AESGCM, rows: dict[UUID, applications.Row]) -> None:
    """Keep the document and what was read under the person's key; tell that it is there."""
    application_id = UUID(d.outcome.subject.partition("/")[2])
    facts = d.document.facts if d.document else d.resume
    if facts is not None and not facts.defect and application_id in rows:
        rows[application_id].content = w.vault.seal(person_id, _RESUME, facts.model_dump(mode="json", exclude={"text"}), key).box
    if d.document is None:
        return
    document_id = derive_id("intake", "document", person_id, d.document.digest)
    name = hashlib.sha256(f"{person_id}|{d.document.digest}".encode()).hexdigest()
    await w.blobs.put(await _sealed(key, person_id, d.document.data), name=name)
    fresh = await applications.save_document(
        w.uow, document_id, person_id, d.document.digest, blob=name, kind=d.document.kind, size=len(d.document.data))
    if fresh:
        w.uow.emit(DocumentReceived(
            document_id=document_id, hire_id=application_id, person_id=person_id, digest=d.document.digest, kind=d.document.kind, at=w.uow.now,
        ), cause=d.said)  # fmt: skip


async def _sealed(key: AESGCM, owner_id: UUID, data: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + await asyncio.to_thread(key.encrypt, nonce, data, f"{owner_id}|document".encode())
