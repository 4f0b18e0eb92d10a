"""What waited for a reference or was parked comes back: through the same steps as what is new."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from services.intake.apply import documents
from services.intake.apply.work import Work
from services.intake.domain import Delivery, Outcome, Reference
from services.intake.store import door
from services.intake.usecases import Desk, apply_all, claim, decode, settle_all
from shared.runtime.db import Uow


async def release(desk: Desk) -> int:
    """Try again, in one transaction, what waited for something that has arrived; returns how many were taken up."""
    async with desk.db.unit() as uow:
        taken = await door.take_ready(uow, desk.vault)
        if not taken:
            return 0
        for d in taken:
            d.outcome = Outcome()
            decode(d)
            if documents.wants_reading(d):
                await documents.read(uow, desk.vault, desk.blobs, desk.pool, d)
        work = Work(uow, desk.vault, desk.blobs)
        await apply_all(work, [d for d in taken if not d.outcome.state])
        await settle_all(work, taken, taken)
    if work.arrived:
        desk.nudge.set()
    return len(taken)


async def expire(desk: Desk) -> int:
    """Park what has waited seven days in vain; returns how many."""
    async with desk.db.unit() as uow:
        taken = await door.take_expired(uow, desk.vault)
        for d in taken:
            wanted: Reference | None = d.outcome.waiting_for
            kind = wanted.kind if wanted else "entity"
            d.park("reference_missing", f"the {kind} it names did not arrive within 7 days")
        await settle_all(Work(uow, desk.vault, desk.blobs), taken, taken)
    return len(taken)


async def replay_parked(desk: Desk, parked_id: UUID) -> Outcome | None:
    """Try a parked event again. The outcome tells; None where there is no such parked original. Still wrong: it stays as it was."""
    try:
        async with desk.db.unit() as uow:
            found = await door.open_parked(uow, desk.vault, parked_id)
            if found is None:
                return None
            outcome = await _again(desk, uow, *found)
    except StillWrong as problem:
        return problem.outcome
    desk.nudge.set()
    return outcome


class StillWrong(Exception):  # noqa: N818
    """A replayed event would be parked again: leave everything as it was."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


async def _again(desk: Desk, uow: Uow, d: Delivery, row: dict[str, object]) -> Outcome:
    work = Work(uow, desk.vault, desk.blobs)
    d.replayed = False
    if d.envelope is not None:
        await door.forget_event(uow, d.said)
    decode(d)
    if documents.wants_reading(d):
        await documents.read(uow, desk.vault, desk.blobs, desk.pool, d)
    fresh = await claim(uow, [d])
    await apply_all(work, [x for x in fresh if not x.outcome.state])
    if d.outcome.state == "parked":
        raise StillWrong(d.outcome)
    await door.keep_waiting(uow, desk.vault, [x for x in fresh if x.outcome.waiting_for], work.arrived)
    await door.settle(uow, fresh)
    await door.mark_ready(uow, work.arrived)
    await door.count(uow, Counter({"parked": -1, d.outcome.state: 1}))
    await door.close_parked(uow, desk.vault, UUID(str(row["id"])), "replayed", str(row["note"]))
    return d.outcome
