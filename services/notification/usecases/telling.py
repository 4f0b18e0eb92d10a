"""The commands about messages: tell, withdraw; and the one way into the send queue (agreements.md 9)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification.desk import Desk
from services.notification.sending import routes
from services.notification.store import asks, directory, messages
from services.notification.tells import TELLS
from services.notification.usecases.causes import remembered
from shared.contracts.notification import MessageSpec, MessageSuppressed, Tell, WithdrawMessage
from shared.runtime.db import Uow
from shared.runtime.errors import Refused, WaitsFor
from shared.runtime.records import Received

_URGENT = timedelta(days=365)


async def tell(uow: Uow, desk: Desk, event: Received) -> None:
    """Queue what is to be said; what its words need must be here."""
    command: Tell = event.body
    spec = command.message
    if spec.template not in TELLS and not registry.is_kind(spec.template):
        raise Refused("unknown_template", f"template {spec.template} has no registry entry")
    if registry.is_kind(spec.template) and (spec.ask_id is None or not await asks.read(uow, [spec.ask_id])):
        raise Refused("unknown_ask", "a reminder needs the ask it reminds of")
    if spec.party.person_id is not None and not await directory.records(uow, "person", [spec.party.person_id]):
        raise WaitsFor(f"person/{spec.party.person_id}")
    if spec.hire_id is not None and await directory.fact(uow, "hire", spec.hire_id) is None:
        raise WaitsFor(f"hire/{spec.hire_id}")
    await _appointment_here(uow, spec)
    await queue(uow, desk, spec, {"cause": remembered(event), "obligation_id": _obligation(spec)}, event)


async def _appointment_here(uow: Uow, spec: MessageSpec) -> None:
    """Who tells of an appointment knows the version that is told."""
    named = [(guard.interview_id, guard.version) for guard in spec.guards if guard.guard == "interview_is"]
    if spec.template in TELLS and TELLS[spec.template].calendar:
        named += [
            (UUID(str(ref["id"])), int(ref.get("version", 1)))
            for ref in spec.refs
            if isinstance(ref, dict) and ref.get("kind") == "interview"
        ]
    for interview_id, version in named:
        stands = await directory.fact(uow, "interview", interview_id)
        if stands is None or stands["version"] < version:
            raise WaitsFor(f"interview/{interview_id}@{version}")


async def withdraw(uow: Uow, event: Received) -> None:
    """Keep a message back if it has not left; what left stays said."""
    command: WithdrawMessage = event.body
    row = await messages.find(uow, command.message_id)
    if row is None:
        raise Refused("unknown_message", "there is no such message to withdraw")
    if row["state"] == "queued":
        await messages.settle(uow, row["id"], "suppressed", {"reason": command.reason})
        uow.emit(fact(MessageSuppressed, row, uow, reason=command.reason), cause=event)


async def queue(uow: Uow, desk: Desk, spec: MessageSpec, more: dict[str, Any], event: Received) -> bool:
    """Put a message into the send queue at the earliest instant that window and digest allow; the same occasion is said once."""
    channel = await routes.first(uow, desk, spec)
    send_at = await routes.send_at(uow, spec, channel)
    if await messages.put(uow, spec, {**more, "send_at": send_at, "channel": channel, "owed_at": await _owed_at(uow, spec, send_at)}):
        uow.after(desk.bell.set)
        return True
    stands = await messages.said(uow, spec)
    if stands is not None and stands["id"] != spec.message_id:
        uow.emit(
            MessageSuppressed(
                message_id=spec.message_id,
                hire_id=spec.hire_id,
                ask_id=spec.ask_id,
                obligation_id=more.get("obligation_id"),
                party=spec.party,
                purpose=spec.purpose,
                occasion=spec.occasion,
                template=spec.template,
                at=uow.now,
                reason="said_already",
            ),
            cause=event,
        )
    return False


async def _owed_at(uow: Uow, spec: MessageSpec, send_at: datetime) -> datetime:
    """What the send queue is ordered by: when the answer is due; words that need no answer are due when they may leave."""
    if spec.urgent:
        return send_at - _URGENT
    row = (await asks.read(uow, [spec.ask_id])).get(spec.ask_id) if spec.ask_id else None
    return (row["due_at"] if row else None) or send_at


def fact(cls: type, row: dict[str, Any], uow: Uow, **more: Any) -> Any:
    """The body of a fact about one message."""
    return cls(
        message_id=row["id"],
        hire_id=row["hire_id"],
        ask_id=row["ask_id"],
        obligation_id=row["obligation_id"],
        party=row["spec"].party,
        purpose=row["purpose"],
        occasion=row["occasion"],
        template=row["template"],
        channel=row["channel"],
        at=more.pop("at", uow.now),
        **more,
    )


def _obligation(spec: MessageSpec) -> UUID | None:
    head = spec.occasion.partition("/")[0]
    try:
        return UUID(head) if spec.ask_id is not None else None
    except ValueError:
        return None
