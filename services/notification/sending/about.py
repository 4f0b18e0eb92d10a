"""What the words of an Ask are about, for one of those who may answer it: what every surface makes its scene from."""

from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification.scenes import Subject
from services.notification.store import asks
from shared.runtime.db import Uow


async def ask_subject(uow: Uow, row: dict[str, Any], reader: UUID | None, lang: str = "") -> Subject:
    """What an ask's words are about, for one of those who may answer it; a call also names whom to call about what."""
    spec = row["spec"]
    params, serves = dict(spec.params), spec.params.get("serves_ask")
    served = (await asks.read(uow, [UUID(str(serves))])).get(UUID(str(serves))) if serves else None
    if served is not None:
        params["owner_id"] = str(served["holder_id"] or "")
        params["what"] = registry.kind_of(served["kind"]).act.at(lang or "zh")
    role = spec.holder.role
    return Subject(
        holder=reader,
        role=role,
        audience=registry.kind_of(row["kind"]).audience,
        hire_id=spec.hire_id,
        requisition_id=spec.requisition_id,
        client_id=spec.client_id,
        previous=spec.previous_holder.person_id if spec.previous_holder else None,
        next=spec.next_holder.person_id if spec.next_holder else None,
        due_at=row["due_at"],
        opened_at=row["opened_at"],
        refs=tuple((ref.kind, ref.id, ref.version) for ref in spec.refs),
        params=params,
        lang=lang,
    )
