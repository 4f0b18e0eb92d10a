"""One person in several hires: two persons turned out to be one, or a yes was given in one hire while others are open.

Each hire concerned hears of it by a `workflows.fan_out` record of its own; which client the yes went to is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.contracts.base import derive_id
from shared.contracts.hire import FanOut
from shared.contracts.offer import OfferAccepted
from shared.runtime.db import Uow
from shared.runtime.records import Received

from . import store
from .hire.state import HireState
from .resolve import Outgoing


async def on_merged(uow: Uow, event: Received) -> None:
    """The hires of the person that is gone are the other's from now on; the later of two for one requisition is looked at."""
    kept, gone = event.body.person_id, event.body.merged_id
    moved = await store.hires_where(uow, "person_id = :gone", gone=gone)
    await uow.run("update hires set person_id = :kept where person_id = :gone", kept=kept, gone=gone)
    at = event.envelope.time or uow.now
    ids = {"person_id": str(kept), "merged_id": str(gone)}
    for hire_id in moved:
        uow.emit(FanOut(hire_id=hire_id, cause_type="person.merged", cause_id=event.envelope.id[:80], params=ids, at=at), cause=event, at=at)
    later = await store.hires_where(
        uow, "person_id = :kept and exists (select from hires o where o.person_id = hires.person_id and o.requisition_id = hires.requisition_id"
        " and o.closed_at is null and (o.received_at, o.hire_id) < (hires.received_at, hires.hire_id))", kept=kept)
    for hire_id in later:
        uow.emit(FanOut(hire_id=hire_id, cause_type="twin.noted", cause_id=event.envelope.id[:80], params={"same": "requisition"}, at=at),
                 cause=event, at=at, ordinal=1)


async def accepted(uow: Uow, state: HireState, out: Iterable[Outgoing]) -> None:
    """A yes: the person's other open hires hear that there was one, not where, if the policy asks for `release_others`."""
    yes = next((sent for sent in out if isinstance(sent.body, OfferAccepted)), None)
    if yes is None or "release_others" not in state.duties:
        return
    others = await store.hires_where(
        uow, "person_id = :person and hire_id <> :hire and state is not null", person=state.person_id, hire=state.hire_id)
    for hire_id in others:
        cause = derive_id("workflows", "other_accepted", state.hire_id, state.step_no)
        uow.emit(FanOut(hire_id=hire_id, cause_type="other.accepted", cause_id=str(cause), at=yes.at), at=yes.at,
                 event_id=derive_id("workflows", "fan_out", cause, hire_id))
