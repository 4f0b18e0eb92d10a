"""An operator's act on many requisitions at once: judged here, carried out by the house when its undo window has passed."""

from __future__ import annotations

from datetime import timedelta

from services.intake.apply.work import Work
from services.intake.domain import Delivery, as_code
from services.intake.store import entities
from shared.contracts import operators
from shared.contracts.base import derive_id
from shared.contracts.hire import BulkAct


async def requisitions_commanded(w: Work, d: Delivery) -> None:
    """All of them or none: an unknown requisition sets the order aside."""
    assert isinstance(d.body, operators.BulkCommandV1)
    b = d.body
    if b.act != "undo" and not b.requisitions:
        return d.park("nothing_named", "/requisitions: name at least one")
    known = await entities.requisitions(w.uow, b.requisitions)
    unknown = [str(one) for one in b.requisitions if one not in known]
    if unknown:
        return d.park("unknown_requisition", f"/requisitions: {', '.join(unknown[:5])} {'is' if len(unknown) == 1 else 'are'} not of this house")
    batch = derive_id("intake", "batch", d.said.source, b.externalid)
    w.uow.emit(BulkAct(
        batch_id=batch, act=b.act, requisition_ids=list(dict.fromkeys(b.requisitions)), actor=as_code(d.actor) or "operator",
        reason=as_code(b.reason) or "stated", at=w.uow.now, due_at=w.uow.now + timedelta(minutes=b.undo_minutes)), cause=d.said, actor=d.actor)
    return d.accept(f"batch/{batch}")
