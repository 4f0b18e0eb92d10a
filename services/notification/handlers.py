"""Kafka in: one short function a message. One consumer for all topics, so that what waits for a reference is found again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.notification.desk import Desk
from services.notification.store import directory
from services.notification.usecases import asking, knowing, telling
from shared.contracts import application, appointments, offer, scheduling, screening
from shared.contracts.ask import AskCommand, CloseAsk, SupersedeAsk
from shared.contracts.base import Command
from shared.contracts.client import ClientRecord
from shared.contracts.envelope import EnvelopeError
from shared.contracts.hire import HireClosed, StageEntered
from shared.contracts.notification import NotificationCommandRefused, Tell, WithdrawMessage
from shared.contracts.obligation import ObligationMoved, ObligationOpened
from shared.contracts.party import PersonErased, PersonRecord
from shared.contracts.policy import PolicyRecord
from shared.contracts.requisition import RequisitionRecord
from shared.contracts.topics import (
    INTAKE_EVENTS,
    INTAKE_PERSONS,
    INTAKE_RECORDS,
    NOTIFICATION_COMMANDS,
    SCHEDULING_EVENTS,
    SCREENING_EVENTS,
    WORKFLOWS_EVENTS,
)
from shared.runtime.consume import Router
from shared.runtime.db import Database, Uow
from shared.runtime.records import RawRecord, Received, receive

TOPICS = (INTAKE_PERSONS, INTAKE_RECORDS, INTAKE_EVENTS, SCREENING_EVENTS, SCHEDULING_EVENTS, WORKFLOWS_EVENTS, NOTIFICATION_COMMANDS)


class NotificationRouter(Router):
    """A parked command is answered by its refusal event, so that nobody waits for it in silence; news wakes the sender."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("notification", consumer="notification", topics=[topic.name for topic in TOPICS])
        self._bell = desk.bell

    async def process(self, db: Database, records: Sequence[RawRecord]) -> None:
        """After each batch: a message may have waited for just this fact before it could be judged true."""
        await super().process(db, records)
        self._bell.set()

    async def on_parked(self, uow: Uow, record: RawRecord, code: str) -> None:
        """Tell who sent the command that it was refused, and why."""
        try:
            event = receive(record)
        except (EnvelopeError, UnicodeDecodeError):
            return
        if issubclass(event.cls, Command):
            hire: Any = getattr(event.body, "hire_id", None)
            uow.emit(
                NotificationCommandRefused(
                    command_id=UUID(event.envelope.id), hire_id=hire, command_type=event.body.TYPE, reason=code[:80]
                ),
                cause=event,
            )


def make_router(desk: Desk) -> Router:
    """The one consumer of this service."""
    router = NotificationRouter(desk)
    _commands(router, desk)
    _facts(router, desk)

    @router.on(PersonRecord)
    async def person(uow: Uow, event: Received) -> None:
        await directory.put_record(uow, "person", event.body.person_id, event.body.version, event.body.model_dump_json())
        await uow.arrived(f"person/{event.body.person_id}")
        if set(event.body.roles) & {"operators", "director", "lead"}:
            await uow.arrived("person/operators")

    @router.on(ClientRecord)
    async def client(uow: Uow, event: Received) -> None:
        await directory.put_record(uow, "client", event.body.client_id, event.body.version, event.body.model_dump_json())
        await uow.arrived(f"client/{event.body.client_id}")

    @router.on(RequisitionRecord)
    async def requisition(uow: Uow, event: Received) -> None:
        await directory.put_record(
            uow, "requisition", event.body.requisition_id, event.body.version, event.body.model_dump_json()
        )
        await uow.arrived(f"requisition/{event.body.requisition_id}")

    @router.on(PolicyRecord)
    async def policy(uow: Uow, event: Received) -> None:
        await directory.put_record(uow, "policy", event.body.policy_id, event.body.version, event.body.model_dump_json())

    return router


def _commands(router: Router, desk: Desk) -> None:
    @router.on(AskCommand)
    async def ask(uow: Uow, event: Received) -> None:
        await asking.open_ask(uow, desk, event)

    @router.on(SupersedeAsk)
    async def supersede(uow: Uow, event: Received) -> None:
        await asking.supersede(uow, desk, event)

    @router.on(CloseAsk)
    async def close_ask(uow: Uow, event: Received) -> None:
        await asking.close_ask(uow, event)

    @router.on(Tell)
    async def tell(uow: Uow, event: Received) -> None:
        await telling.tell(uow, desk, event)

    @router.on(WithdrawMessage)
    async def withdraw(uow: Uow, event: Received) -> None:
        await telling.withdraw(uow, event)


def _facts(router: Router, desk: Desk) -> None:
    router.on(application.ApplicationReceived, application.ApplicationChanged)(knowing.application)
    router.on(application.DisclosureMade)(knowing.disclosure)
    router.on(screening.ScreeningPassed, screening.ScreeningUncertain, screening.ScreeningFailed)(knowing.screened)
    router.on(StageEntered)(knowing.stage)
    router.on(HireClosed)(knowing.closed)
    router.on(scheduling.SlotsOffered)(knowing.slots)
    router.on(appointments.LoopOffered)(knowing.ways)
    router.on(scheduling.InterviewScheduled, scheduling.InterviewMoved, scheduling.InterviewerReplaced)(knowing.interview)
    router.on(scheduling.InterviewCancelled)(knowing.interview)
    router.on(offer.OfferDrafted, offer.OfferChanged)(knowing.offer)
    router.on(ObligationOpened, ObligationMoved)(knowing.due)

    @router.on(PersonErased)
    async def erased(uow: Uow, event: Received) -> None:
        await knowing.erased(uow, desk, event)
