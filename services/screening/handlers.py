"""Kafka in: which message starts which use case."""

from __future__ import annotations

from collections.abc import Sequence

from shared.contracts.application import ApplicationChanged, ApplicationReceived
from shared.contracts.ask import AskAnswered, AskRetracted
from shared.contracts.requisition import RequisitionRecord
from shared.contracts.scheduling import InterviewerReplaced, InterviewMoved, InterviewScheduled
from shared.contracts.screening import Evaluate, Reveal
from shared.runtime.commands import CommandRouter
from shared.runtime.consume import Router
from shared.runtime.db import Uow
from shared.runtime.records import Received

from . import store, usecases


def intake_router(book: store.RuleBook) -> Router:
    """Applications in batches, and the requisitions they wait for."""
    router = Router("screening", consumer="screening.intake", topics=["intake.events", "intake.records"])
    router.stretch = 4

    @router.on(RequisitionRecord)
    async def on_requisition(uow: Uow, event: Received) -> None:
        await usecases.learn_requisition(uow, event.body)

    @router.on_batch(ApplicationReceived, ApplicationChanged)
    async def on_applications(uow: Uow, events: Sequence[Received]) -> None:
        await usecases.screen(uow, book, events)

    return router


def command_router(book: store.RuleBook) -> Router:
    """Commands of the workflows; a parked one is answered too."""
    router = CommandRouter("screening", consumer="screening.commands", topics=["screening.commands"])

    @router.on(Evaluate)
    async def on_evaluate(uow: Uow, event: Received) -> None:
        await usecases.evaluate(uow, book, event)

    @router.on(Reveal)
    async def on_reveal(uow: Uow, event: Received) -> None:
        await usecases.reveal(uow, event)

    return router


def card_router() -> Router:
    """Scorecards, and the interviews that they are about."""
    router = Router("screening", consumer="screening.cards", topics=["notification.events", "scheduling.events"])

    @router.on(InterviewScheduled, InterviewMoved, InterviewerReplaced)
    async def on_interview(uow: Uow, event: Received) -> None:
        await usecases.learn_interview(uow, event.body)

    @router.on(AskAnswered)
    async def on_answer(uow: Uow, event: Received) -> None:
        if event.body.kind == "scorecard":
            await usecases.take_card(uow, event)

    @router.on(AskRetracted)
    async def on_retracted(uow: Uow, event: Received) -> None:
        if event.body.kind == "scorecard":
            await store.drop_card(uow, event.body.ask_id)

    return router
