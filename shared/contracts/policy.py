"""A hiring policy on the bus: what was published, and for whom it counts. Its meaning is shared.policy's business."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from .base import Code, Event, Instant, Record, ShortText

Hires = Literal["new", "all", "chosen"]


class PolicyRecordV1(Record, type="policy.recorded", about="policy:policy_id"):
    """One meaning of a policy, under its hash. With `current_since` new hires begin under it, unless a later one is current."""

    policy_id: UUID
    version: int
    name: Code
    hash: Code
    body: dict[str, Any]
    """The whole policy, defaults filled in."""
    current_since: Instant | None = None
    note: ShortText = ""


class PolicyAppliedV1(Event, type="policy.applied", about="policy:policy_id"):
    """Somebody put a policy into force: for new hires, for all that are open, or for those named; each other hire keeps its own."""

    policy_id: UUID
    name: Code
    hash: Code
    hires: Hires
    hire_ids: list[UUID] = []
    body: dict[str, Any] = {}
    at: Instant


PolicyRecord = PolicyRecordV1
PolicyApplied = PolicyAppliedV1
