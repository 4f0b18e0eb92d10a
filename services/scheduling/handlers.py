"""Kafka in: which message starts which use case. One consumer for all, so that a command can wait for a person's record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from shared.contracts.appointments import BookLoop, OfferLoop, SettleTouched, Tap
from shared.contracts.party import AbsenceNoted, PersonErased, PersonRecord
from shared.contracts.scheduling import Attend, Book, BusyNoted, Cancel, Move, OfferSlots, Release, Replace, RoomRecord
from shared.runtime.commands import CommandRouter
from shared.runtime.consume import Router
from shared.runtime.db import Uow
from shared.runtime.records import Received

from . import people
from .domain.interview import IllegalMoveError
from .sources import feeds
from .usecases import attending, booking, changes, conflicts, loops, offering
from .usecases.answers import refuse

COMMANDS: dict[type, Callable[[Uow, Received], Awaitable[None]]] = {
    OfferSlots: offering.offer_slots, Book: booking.book, Move: booking.move, Cancel: booking.cancel, Release: booking.release,
    Replace: booking.replace_member, Attend: attending.attend, Tap: attending.tap, OfferLoop: loops.offer_loop, BookLoop: loops.book_loop,
    SettleTouched: changes.settle_touched}


def build_router() -> Router:
    """Commands, and the diary that they are decided on."""
    router = CommandRouter("scheduling", consumer="scheduling.commands", topics=["scheduling.commands", "intake.persons", "intake.records", "intake.events"])

    @router.on(*COMMANDS)
    async def on_command(uow: Uow, event: Received) -> None:
        try:
            await COMMANDS[event.cls](uow, event)
        except IllegalMoveError as problem:
            refuse(uow, event, problem.code)

    @router.on(PersonRecord)
    async def on_person(uow: Uow, event: Received) -> None:
        if event.body.party_class == "candidate":  # sits in no panel
            return
        await people.save_person(uow, event.body)
        await uow.arrived(f"person/{event.body.person_id}")

    @router.on(RoomRecord)
    async def on_room(uow: Uow, event: Received) -> None:
        await people.save_room(uow, event.body)
        await conflicts.room_over(uow, event.body, event)

    @router.on(AbsenceNoted)
    async def on_absence(uow: Uow, event: Received) -> None:
        await people.save_absence(uow, event.body.person_id, event.body.absence)

    @router.on(BusyNoted)
    async def on_busy(uow: Uow, event: Received) -> None:
        await people.save_busy(uow, event.body)
        await conflicts.busy_over(uow, event.body.person_id, event.body.busy_id, (event.body.starts_at, event.body.ends_at), event=event)

    @router.on(PersonErased)
    async def on_erased(uow: Uow, event: Received) -> None:
        await feeds.forget_person(uow, event.body.person_id)

    return router
