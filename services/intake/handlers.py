"""Kafka in: topic `inbound` through the same use case as HTTP, commands of workflows, and the answers whose words intake keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from services.intake import answers, commands, corrections, moves
from services.intake.again import replay_parked
from services.intake.domain import Delivery
from services.intake.store import door
from services.intake.store.people import ContactTaken
from services.intake.usecases import Desk, receive
from shared.contracts.application import Disclose
from shared.contracts.ask import AskAnswered
from shared.contracts.base import Message
from shared.contracts.envelope import EnvelopeError
from shared.contracts.notification import PreferenceChanged
from shared.contracts.offer import DraftOffer, ReviseOffer
from shared.contracts.requisition import MoveRequisition
from shared.contracts.topics import INBOUND, INTAKE_COMMANDS, NOTIFICATION_EVENTS
from shared.runtime.consume import Router
from shared.runtime.db import Database, Uow
from shared.runtime.records import RawRecord, Received, envelope_of

WORTH_TWO = 200
"""Records from which a batch is taken in as two transactions side by side, odd and even partitions: one computes while the other's rows are written."""


class InboundRouter(Router):
    """The door's consumer: own decoding, own duplicates, own waiting and parking, so that Kafka and HTTP are one door."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("intake", consumer=door.CONSUMER, topics=[INBOUND.name])
        self._desk = desk
        self.stretch = 4

    def handles(self, cls: type[Message]) -> bool:
        """Everything on the topic is looked at."""
        return True

    async def process(self, db: Database, records: Sequence[RawRecord]) -> None:
        """Take a batch in; what was handled before the last commit is passed over, so that each record counts once."""
        async with db.reading() as pg:
            upto = await door.consumed_upto(pg, INBOUND.name, sorted({r.partition for r in records}))
        fresh = [r for r in records if r.offset >= upto.get(r.partition, 0)]
        if len(fresh) < WORTH_TWO:
            await self._take(fresh)
            return
        sides = await asyncio.gather(*(self._take([r for r in fresh if r.partition % 2 == side]) for side in (0, 1)), return_exceptions=True)
        for problem in sides:  # only after both have ended: the batch is tried again then, and what was stored is passed over
            if isinstance(problem, BaseException):
                raise problem

    async def _take(self, records: Sequence[RawRecord]) -> None:
        """Whole partitions, in one transaction; all that touch the same rows do so in the same order of tables and keys."""
        if not records:
            return
        ends: dict[int, int] = {}
        for record in records:
            ends[record.partition] = max(ends.get(record.partition, 0), record.offset + 1)

        async def note(uow: Uow) -> None:
            await door.note_consumed(uow, INBOUND.name, ends)

        fresh = list(map(delivery_of, records))
        for _ in range(20):
            try:
                return await receive(self._desk, fresh, note=note)
            except ContactTaken:
                continue
        raise TimeoutError("the same people keep arriving at two doors at once")

    async def expire(self, db: Database) -> int:
        """Nothing: what waits at the door has a loop of its own."""
        return 0

    async def replay(self, db: Database, record: RawRecord) -> str:
        """Unused: the door's own routes replay by id."""
        return "use /ops/parked/{id}/replay"


def delivery_of(record: RawRecord) -> Delivery:
    """A record of the topic as a delivery; bytes that are no CloudEvent get their reason here."""
    envelope, doomed = None, None
    try:
        envelope = envelope_of(record)
    except EnvelopeError as problem:
        doomed = (problem.code, str(problem))
    except (UnicodeDecodeError, ValueError) as problem:
        doomed = ("not_a_cloudevent", f"this record is no CloudEvent ({type(problem).__name__})")
    return Delivery(envelope, record.value, tuple(record.headers), record.topic, record.partition, record.offset, doomed=doomed)


class OrderRouter(Router):
    """Commands of workflows, and the answers they speak of: one consumer, so that a command can wait for its answer.

    A command that has to be parked is answered with a refusal, so that no hire waits in silence.
    """

    async def on_parked(self, uow: Uow, record: RawRecord, code: str) -> None:
        """Answer a parked command with `intake.command_refused`."""
        if record.topic == INTAKE_COMMANDS.name:
            await commands.refuse_parked(uow, record, code)


def make_routers(desk: Desk) -> list[Router]:
    """All consumers of intake."""
    orders = OrderRouter("intake", consumer="intake.orders", topics=[INTAKE_COMMANDS.name, NOTIFICATION_EVENTS.name])
    vault = desk.vault

    @orders.on(Disclose)
    async def disclose(uow: Uow, event: Received) -> None:
        await commands.disclose(uow, vault, event)

    @orders.on(DraftOffer)
    async def draft_offer(uow: Uow, event: Received) -> None:
        await commands.draft_offer(uow, vault, event)

    @orders.on(ReviseOffer)
    async def revise_offer(uow: Uow, event: Received) -> None:
        await commands.revise_offer(uow, vault, event)

    orders.on(MoveRequisition)(moves.move)

    @orders.on(AskAnswered)
    async def answered(uow: Uow, event: Received) -> None:
        await answers.keep(uow, vault, event)
        await moves.answered(uow, vault, event)

    @orders.on(PreferenceChanged)
    async def corrected(uow: Uow, event: Received) -> None:
        await corrections.keep(uow, vault, event)

    return [InboundRouter(desk), orders]


async def replay(desk: Desk, parked_id: UUID) -> tuple[bool, str]:
    """Replay one parked event: whether it was taken in now, and why not."""
    outcome = await replay_parked(desk, parked_id)
    if outcome is None:
        return False, "not_found"
    return outcome.state != "parked", outcome.reason


__all__ = ["InboundRouter", "delivery_of", "make_routers", "replay"]
