"""What every function of this package works with, and the few steps they share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from services.intake.domain import Delivery, Reference, rank, reference
from services.intake.store import refs
from shared.contracts.base import derive_id
from shared.runtime.blobs import Blobs
from shared.runtime.db import Uow
from shared.runtime.vault import Vault


@dataclass(slots=True)
class Work:
    """One batch in one transaction. `arrived` collects the (kind, external id) that it made known."""

    uow: Uow
    vault: Vault
    blobs: Blobs
    arrived: set[tuple[str, str]] = field(default_factory=set)


def made_id(kind: str, d: Delivery, ordinal: int = 0) -> UUID:
    """Id of a thing born from this event."""
    return derive_id("intake", kind, d.said.source, d.said.id, ordinal)


async def need(w: Work, d: Delivery, wanted: Iterable[Reference]) -> dict[Reference, UUID] | None:
    """Ids of all references; where one is missing the delivery is told to wait for it, and None comes back."""
    asked = list(wanted)
    found = await refs.resolve(w.uow, asked)
    missing = next((r for r in asked if r not in found), None)
    if missing is not None:
        d.wait(missing)
        return None
    return found


async def own(w: Work, d: Delivery, kind: str, externalid: str) -> tuple[Reference, UUID] | None:
    """The entity that this event is about: its reference and id; None (and accepted as stale) where a newer event was applied."""
    mine = Reference(kind, d.said.source, externalid)
    newest, this = await refs.rank_of(w.uow, mine), rank(d.said)
    if newest and this and this < newest:
        d.accept("", code="stale")
        return None
    return mine, await refs.id_for(w.uow, mine)


async def arrive(w: Work, d: Delivery, mine: Reference, entity_id: UUID) -> None:
    """Enter the entity as known; what waits for it is tried again after this transaction."""
    await refs.register(w.uow, [(mine, entity_id, rank(d.said))])
    w.arrived.add((mine.kind, mine.externalid))
    d.accept(f"{mine.kind}/{entity_id}")


async def mentioned(w: Work, d: Delivery, kind: str, said: str | None) -> UUID | None:
    """Id of an entity that is only mentioned and may come later."""
    return None if not said else await refs.mention(w.uow, reference(kind, d.said.source, said))


async def all_mentioned(w: Work, d: Delivery, kind: str, said: Iterable[str]) -> list[UUID]:
    """Ids of several mentioned entities, in order."""
    return [await refs.mention(w.uow, reference(kind, d.said.source, name)) for name in said]
