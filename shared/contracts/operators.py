"""What operators order, over HTTP with their token only: acts on one hire, on many requisitions, policies."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from .inbound import Inbound


class OperatorCommandV1(Inbound, type="command.act", about="application:externalid"):
    """An operator's act on the hire of this application, HTTP only."""

    act: Literal["pause", "resume", "withdraw", "reassign", "waive", "release", "close", "unreject", "unhire", "reopen", "hand_over", "review", "revise", "right_request", "star", "unstar"]
    reason: str
    params: dict[str, Any] = {}


class BulkCommandV1(Inbound, type="command.requisitions", about="batch:externalid"):
    """An operator's act on many requisitions, HTTP only; `externalid` names the batch, `undo` takes one back that is not done yet."""

    act: Literal["pause", "resume", "close", "undo"]
    requisitions: list[UUID] = Field(default=[], max_length=200)
    reason: str = ""
    undo_minutes: int = Field(default=10, ge=0, le=1440)


class PolicyCommandV1(Inbound, type="command.policy", about="policy:externalid"):
    """An operator puts a policy into force, HTTP only; `externalid` is its name, `text` the YAML. `chosen` needs `hire_ids`."""

    text: str = Field(min_length=1, max_length=200_000)
    hires: Literal["new", "all", "chosen"] = "new"
    hire_ids: list[UUID] = Field(default=[], max_length=10_000)
    reason: str = ""
