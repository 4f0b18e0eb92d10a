"""After a send: what its outcome means for the message, and which fact is told about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification.channels.base import Outcome, Result
from services.notification.desk import Desk
from services.notification.sending import routes
from services.notification.store import asks, cards, messages, ways
from services.notification.store.messages import Ended
from services.notification.usecases.causes import cause_of
from services.notification.usecases.telling import fact
from shared.contracts.notification import MessageDelivered, MessageFailed, MessageSent, MessageSuppressed
from shared.contracts.offer import OfferSent
from shared.runtime.db import Uow

GRACE = timedelta(minutes=10)
GRID = timedelta(minutes=5)
"""Graces end together at the next full five minutes: delivered is told with the instant of acceptance all the same."""
LATER = timedelta(minutes=5)
TRIES = 5
PATIENCE_SECONDS = 120.0
"""A vendor that wants silence for longer is asked again in business time, like one that says later."""


async def accept(uow: Uow, said: Sequence[tuple[tuple[UUID, ...], Result]]) -> None:
    """These messages are with the other side: all of a batch in a few statements, told in its order."""
    ids = [one for group, _ in said for one in group]
    ended = {one: Ended("accepted", result.detail, result.provider_id) for group, result in said for one in group}
    before = await ways.accepted_before(uow, ids)
    await messages.end_attempts(uow, ended)
    rows = await messages.accept(uow, ended, grace_end(uow.now))
    cards_shown = [one for one, row in rows.items() if row["channel"] in routes.CHATS and row["ask_id"] and registry.is_kind(row["template"])]
    if cards_shown:
        await cards.shown_as_asked(uow, cards_shown)
    again = [one for one, row in rows.items() if row["reason"]]
    tried = await ways.refused(uow, again) if again else {}
    for one in ids:
        if one in rows:
            # A message that came back and leaves by another channel is told again, with an id of its own.
            uow.emit(fact(MessageSent, rows[one], uow, tried=tried.get(one, [])), cause=cause_of(rows[one]["cause"]), ordinal=before.get(one, 0))


async def conclude(uow: Uow, desk: Desk, ids: tuple[UUID, ...], result: Result) -> None:
    """It was not accepted, or nobody will ever know: each row of the message moves on."""
    await messages.end_attempts(uow, dict.fromkeys(ids, Ended(result.outcome.value, result.detail, result.provider_id)))
    for message_id in ids:
        row = await messages.find(uow, message_id)
        if row is None or row["state"] != "sending":
            continue
        if result.outcome is Outcome.BUSY and result.wait <= PATIENCE_SECONDS:
            await messages.postpone(uow, row["id"], uow.now, result.detail)
        elif result.outcome in (Outcome.LATER, Outcome.BUSY) and await ways.tries(uow, row["id"]) < TRIES:
            pause = max(LATER, timedelta(seconds=result.wait))
            await messages.postpone(uow, row["id"], uow.now + pause, result.detail)
        else:
            await next_channel(uow, desk, row, "unknown" if result.outcome is Outcome.UNKNOWN else result.detail or "refused")


async def next_channel(uow: Uow, desk: Desk, row: dict[str, Any], reason: str) -> None:
    """Fall back to the person's next channel, in its own hours; where there is none the message has failed."""
    tried = {row["channel"], *await ways.tried(uow, row["id"])}
    following = await routes.following(uow, desk, row["person_id"], tried) if reason != "erased" else None
    if following is None:
        await fail(uow, row, reason)
        return
    at = uow.now if following == "webhook" else await routes.send_at(uow, row["spec"], following)
    await ways.by_channel(uow, row["id"], (following, at), reason)


async def suppress(uow: Uow, row: dict[str, Any], reason: str) -> None:
    """Not said, and why."""
    await messages.settle(uow, row["id"], "suppressed", {"reason": reason})
    uow.emit(fact(MessageSuppressed, row, uow, reason=reason), cause=cause_of(row["cause"]))


async def fail(uow: Uow, row: dict[str, Any], reason: str) -> None:
    """No channel took it."""
    await messages.settle(uow, row["id"], "failed", {"reason": reason})
    uow.emit(fact(MessageFailed, row, uow, reason=reason), cause=cause_of(row["cause"]))


async def deliver(uow: Uow, rows: list[dict[str, Any]]) -> None:
    """Accepted and not given back within the grace, or said so by the vendor: delivered, at the instant of acceptance."""
    for row in rows:
        await messages.settle(uow, row["id"], "delivered", {})
        at = row["accepted_at"]
        before = (await ways.accepted_before(uow, [row["id"]])).get(row["id"], 1) - 1
        uow.emit(fact(MessageDelivered, row, uow, at=at), cause=cause_of(row["cause"]), at=at, ordinal=max(before, 0))
        if _proves(row) == "offer_sent":
            await _offer_sent(uow, row)


def grace_end(accepted: datetime) -> datetime:
    """When an accepted message that has not come back counts as delivered."""
    end = accepted + GRACE
    over = timedelta(minutes=end.minute % 5, seconds=end.second, microseconds=end.microsecond)
    return end + (GRID - over) if over else end


def _proves(row: dict[str, Any]) -> str:
    """What the delivery of a first question means beside itself."""
    first = row["purpose"] == "ask" and registry.is_kind(row["template"])
    return registry.kind_of(row["template"]).proves if first else ""


async def _offer_sent(uow: Uow, row: dict[str, Any]) -> None:
    """The letter reached the candidate: from now it can't be taken back."""
    found = (await asks.read(uow, [row["ask_id"]])).get(row["ask_id"])
    ref = next((one for one in found["spec"].refs if one.kind == "offer"), None) if found else None
    if ref is not None and row["hire_id"] is not None:
        uow.emit(
            OfferSent(offer_id=ref.id, hire_id=row["hire_id"], version=ref.version, sent_at=row["accepted_at"]),
            cause=cause_of(row["cause"]),
            at=row["accepted_at"],
        )
