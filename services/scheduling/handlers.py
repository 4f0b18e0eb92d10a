"""Kafka in: which message starts which use case. One consumer for all, so that a command can wait for a person's record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from shared.contracts.party import AbsenceNoted, PersonRecord
from shared.contracts.scheduling import Attend, Book, BusyNoted, Cancel, Move, OfferSlots, Release, Replace, RoomRecord
from shared.runtime.commands import CommandRouter
from shared.runtime.consume import Router
from shared.runtime.db import Uow
from shared.runtime.records import Received

from . import people, usecases
from .domain.interview import IllegalMoveError

COMMANDS: dict[type, Callable[[Uow, Received], Awaitable[None]]] = {
    OfferSlots: usecases.offer_slots, Book: usecases.book, Move: usecases.move, Cancel: usecases.cancel, Release: usecases.release,
    Replace: usecases.replace_member, Attend: usecases.attend}


def build_router() -> Router:
    """Commands, and the diary that they are decided on."""
    router = CommandRouter("scheduling", consumer="scheduling.commands", topics=["scheduling.commands", "intake.records", "intake.events"])

    @router.on(*COMMANDS)
    async def on_command(uow: Uow, event: Received) -> None:
        try:
            await COMMANDS[event.cls](uow, event)
        except IllegalMoveError as problem:
            usecases.refuse(uow, event, problem.code)

    @router.on(PersonRecord)
    async def on_person(uow: Uow, event: Received) -> None:
        if event.body.party_class == "candidate":  # sits in no panel
            return
        await people.save_person(uow, event.body)
        await uow.arrived(f"person/{event.body.person_id}")

    @router.on(RoomRecord)
    async def on_room(uow: Uow, event: Received) -> None:
        await people.save_room(uow, event.body)

    @router.on(AbsenceNoted)
    async def on_absence(uow: Uow, event: Received) -> None:
        await people.save_absence(uow, event.body.person_id, event.body.absence)

    @router.on(BusyNoted)
    async def on_busy(uow: Uow, event: Received) -> None:
        await people.save_busy(uow, event.body)

    return router
