"""Consuming commands: a command that is parked answers its sender at once with `<target>.command_refused` (agreements.md 8)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from shared.contracts.base import Message
from shared.contracts.envelope import EnvelopeError, from_kafka
from shared.contracts.topics import REPLIES

from .consume import Router
from .db import Uow
from .records import RawRecord

_REFUSAL_OF = {command.TYPE: refusal for command, (_, refusal) in REPLIES.items() if refusal is not None}


def refusal_of(command_type: str) -> type[Message] | None:
    """The event that refuses this type of command; None for a type that is no command."""
    return _REFUSAL_OF.get(command_type)


class CommandRouter(Router):
    """A router whose parked commands are answered; records of other topics are parked as usual."""

    async def on_parked(self, uow: Uow, record: RawRecord, code: str) -> None:
        """Emit the refusal; a record that is no CloudEvent, or no command, has nobody to answer."""
        try:
            envelope = from_kafka(record.headers, record.value)
            command_id = UUID(envelope.id)
        except (EnvelopeError, ValueError):
            return
        refusal = refusal_of(envelope.type)
        if refusal is None:
            return
        body: Any = {}
        with suppress(ValueError):
            body = from_json(record.value or b"")
        hire: UUID | None = None
        with suppress(ValueError, AttributeError):
            hire = UUID(str(body.get("hire_id")))
        uow.emit(refusal.model_validate({"command_id": command_id, "hire_id": hire, "command_type": envelope.type, "reason": code}),
                 cause=envelope, key=(record.key or b"").decode(errors="replace"))
