"""The sender: one message after the other, by (send_at, id); the attempt is written before the send, the outcome after (agreements.md 9)."""

import asyncio
import contextlib
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from services.notification import asks as registry
from services.notification.desk import Desk
from services.notification.domain import Truth
from services.notification.sending import when
from services.notification.sending.channels import Channel, Outcome, Result
from services.notification.sending.compose import Outgoing, UnreachableError, compose
from services.notification.sending.guards import judge_all
from services.notification.sending.valve import Valve
from services.notification.store import asks, messages
from services.notification.usecases.causes import cause_of
from services.notification.usecases.telling import fact
from shared.contracts.notification import MessageDelivered, MessageFailed, MessageSent, MessageSuppressed
from shared.contracts.offer import OfferSent
from shared.contracts.sealed import Sealed
from shared.runtime.db import Database, Uow
from shared.runtime.observability import LAG, get_logger

log = get_logger(__name__)
GRACE = timedelta(minutes=10)
GRID = timedelta(minutes=5)
"""Graces end together at the next full five minutes: delivered is told with the instant of acceptance all the same."""
LATER = timedelta(minutes=5)
TRIES = 5
LAG_LIMIT_SECONDS = 30.0
Taken = tuple[list[dict[str, Any]], Outgoing]


class Sender:
    """Empties the queue. `fault` is a test's hook at each await between two effects."""

    def __init__(self, db: Database, desk: Desk, channels: dict[str, Channel], valve: Valve) -> None:
        self._db, self._desk, self._channels, self._valve = db, desk, channels, valve
        self._me = desk.settings.process or "notification"
        self._behind_since: float | None = None
        self._waiting: set[UUID] = set()
        self.turns = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what fails because the outside is away is tried again with growing pauses."""
        rest, pause = 0.5, 0.1
        while not stop.is_set():
            try:
                moved = await self.turn()
                pause = 0.1
            except Exception as problem:
                log.warning("sender_again", problem=type(problem).__name__)
                moved, rest_now = 0, pause
                pause = min(pause * 2, 3.0)
            else:
                rest_now = rest
            self.turns += 1
            if not moved:
                await self._wait(rest_now)
        for channel in self._channels.values():
            await channel.close()

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._desk.bell.wait(), timeout=seconds)
        self._desk.bell.clear()

    async def turn(self) -> int:
        """Deliver what is out of grace, then send everything that is due; returns how many rows moved."""
        if self._behind():
            return 0
        async with self._db.unit() as uow:
            if not await messages.something_due(uow):
                return 0
        moved = await self._deliver()
        self._waiting = set()
        while await self.send_one():
            moved += 1
        return moved - len(self._waiting)

    def _behind(self) -> bool:
        """Whether the guards' news is more than 30 s late: then nothing leaves, it could be untrue."""
        lag = LAG.labels("notification")._value.get()  # noqa: SLF001 - the gauge has no public reader
        self._behind_since = (self._behind_since or time.monotonic()) if lag > 0 else None
        return self._behind_since is not None and time.monotonic() - self._behind_since > LAG_LIMIT_SECONDS

    async def send_one(self) -> bool:
        """Take the next due message to its outcome; False when there is none that can go now."""
        async with self._db.unit() as uow:
            row = await messages.take_due(uow, self._me, self._waiting)
            if row is None:
                return False
            taken = await self._prepare(uow, row)
        if taken is None:
            return True
        if isinstance(taken, str):
            self._waiting.add(row["id"])
            return True
        rows, outgoing = taken
        result = await self._channels[rows[0]["channel"]].send(outgoing)
        if result.outcome is Outcome.UNKNOWN:
            log.warning("send_unknown", message_id=str(outgoing.message_id), detail=result.detail)
            await asyncio.sleep(0.2)
            return False
        async with self._db.unit() as uow:
            await self._conclude(uow, [row["id"] for row in rows], result)
        return True

    async def _prepare(self, uow: Uow, row: dict[str, Any]) -> Taken | str | None:
        """Judge, render, write the attempt. None: settled without a send; text: nothing to do yet."""
        if row["state"] == "sending":
            kept = await messages.last_attempt(uow, row["id"])
            if kept is not None and kept["body"] is not None:
                return await self._again(uow, row, kept)
        truth, guard = await judge_all(uow, row)
        if truth is Truth.UNTRUE:
            await self._suppress(uow, row, guard)
            return None
        if truth is Truth.NOT_YET:
            return "not_yet"
        until = await when.over_budget_until(uow, row)
        if until is not None and until > uow.now:
            await messages.postpone(uow, row["id"], until, "budget")
            return None
        return await self._render(uow, row)

    async def _render(self, uow: Uow, row: dict[str, Any]) -> Taken | None:
        rows = [row]
        if registry.is_kind(row["template"]) and registry.kind_of(row["template"]).bundle:
            for other in await messages.companions(uow, row):
                if (await judge_all(uow, other))[0] is Truth.HOLDS:
                    rows.append(other)
        channel = row["channel"]
        try:
            outgoing = await compose(uow, self._desk, rows, channel)
        except UnreachableError as problem:
            await self._next_channel(uow, row, problem.code)
            return None
        if channel == "mail" and not self._valve.lets(outgoing.to):
            await self._suppress(uow, row, "valve_closed")
            return None
        await messages.begin(
            uow,
            [one["id"] for one in rows],
            self._me,
            {
                "channel": channel,
                "mail_id": outgoing.mail_id,
                "body_hash": outgoing.body_hash,
                "body": await self._sealed(uow, outgoing),
                "recipient_digest": self._desk.house.vault.blind("mail", outgoing.to.lower()),
            },
        )
        return rows, outgoing

    async def _sealed(self, uow: Uow, outgoing: Outgoing) -> bytes:
        vault = self._desk.house.vault
        key = (await vault.keys(uow, [outgoing.person])).get(outgoing.person)
        if key is None:
            raise UnreachableError("erased")
        packed = {
            "to": outgoing.to,
            "raw": outgoing.raw.decode("ascii"),
            "mail_id": outgoing.mail_id,
            "subject": outgoing.subject,
            "link": outgoing.link,
        }
        return vault.seal(outgoing.person, "message.body", packed, key).model_dump_json().encode()

    async def _again(self, uow: Uow, row: dict[str, Any], kept: dict[str, Any]) -> Taken | None:
        """The same bytes once more: the outcome of the last send is not known."""
        vault, box = self._desk.house.vault, Sealed.model_validate(from_json(kept["body"]))
        key = (await vault.keys(uow, [box.person_id])).get(box.person_id)
        if key is None:
            await self._fail(uow, row, "erased")
            return None
        packed = vault.open(box, key)
        rows = await messages.bundled(uow, row["mail_id"])
        outgoing = Outgoing(
            packed["to"],
            packed["raw"].encode("ascii"),
            packed["mail_id"],
            packed["subject"],
            packed["link"],
            box.person_id,
            row["id"],
            row["template"],
        )
        return rows, outgoing

    async def _conclude(self, uow: Uow, ids: list[UUID], result: Result) -> None:
        await messages.end_attempt(uow, ids, result.outcome.value, result.detail)
        for message_id in ids:
            row = await messages.find(uow, message_id)
            if row is None or row["state"] != "sending":
                continue
            if result.outcome is Outcome.ACCEPTED:
                await messages.settle(uow, row["id"], "sent", {"accepted_at": uow.now, "grace_until": grace_end(uow.now)})
                uow.emit(fact(MessageSent, row, uow), cause=cause_of(row["cause"]))
            elif result.outcome is Outcome.LATER and await messages.tries(uow, row["id"]) < TRIES:
                await messages.postpone(uow, row["id"], uow.now + LATER, result.detail)
            else:
                await self._next_channel(uow, row, result.detail or "refused")

    async def _next_channel(self, uow: Uow, row: dict[str, Any], reason: str) -> None:
        """Fall back to the next channel that this house has; where there is none the message has failed."""
        order = list(self._channels)
        following = order[order.index(row["channel"]) + 1 :] if reason != "erased" else []
        if following:
            await messages.by_channel(uow, row["id"], following[0], reason)
        else:
            await self._fail(uow, row, reason)

    async def _deliver(self) -> int:
        async with self._db.unit() as uow:
            rows = await messages.out_of_grace(uow)
            for row in rows:
                await messages.settle(uow, row["id"], "delivered", {})
                at = row["accepted_at"]
                uow.emit(fact(MessageDelivered, row, uow, at=at), cause=cause_of(row["cause"]), at=at)
                if _proves(row) == "offer_sent":
                    await _offer_sent(uow, row)
        return len(rows)

    async def _suppress(self, uow: Uow, row: dict[str, Any], reason: str) -> None:
        await messages.settle(uow, row["id"], "suppressed", {"reason": reason})
        uow.emit(fact(MessageSuppressed, row, uow, reason=reason), cause=cause_of(row["cause"]))

    async def _fail(self, uow: Uow, row: dict[str, Any], reason: str) -> None:
        await messages.settle(uow, row["id"], "failed", {"reason": reason})
        uow.emit(fact(MessageFailed, row, uow, reason=reason), cause=cause_of(row["cause"]))


def grace_end(accepted: datetime) -> datetime:
    """When an accepted mail that has not come back counts as delivered."""
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
