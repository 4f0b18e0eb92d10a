"""The one use case behind both handles of the door: `receive` a batch, in one transaction.

    decode ─ claim (new? duplicate? conflict?) ─ read documents ─ apply ─ settle (outcome, waiting, parked, tally)

Kafka and HTTP bring the same deliveries; what waited or was parked comes back through the same steps (again.py).
"""

from __future__ import annotations

import asyncio
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from services.intake import foreign
from services.intake.apply import bulk, documents, firms, persons, policies, reports, requisitions
from services.intake.apply.applications import Run
from services.intake.apply.work import Work
from services.intake.digest import digest_of
from services.intake.domain import GRANTED, Delivery, Outcome
from services.intake.parsing import ParserPool
from services.intake.store import door
from services.intake.store.people import ContactTaken
from shared.contracts import inbound, operators
from shared.contracts.base import Message
from shared.contracts.envelope import EnvelopeError
from shared.runtime.blobs import Blobs
from shared.runtime.db import Database, Uow
from shared.runtime.errors import Refused, is_transient
from shared.runtime.observability import RECORDS, get_logger
from shared.runtime.vault import Vault

log = get_logger(__name__)
Apply = Callable[[Work, Delivery], Awaitable[None]]
APPLY: dict[type[Message], Apply] = {
    inbound.PersonRegisteredV1: persons.person_registered,
    inbound.StaffRegisteredV1: persons.staff_registered,
    inbound.StaffChangedV1: persons.staff_changed,
    inbound.StaffLeftV1: persons.staff_left,
    inbound.ContactRegisteredV1: persons.contact_registered,
    inbound.AbsenceRecordedV1: persons.absence_recorded,
    inbound.BusyInV1: persons.busy_reported,
    inbound.ErasureRequestedV1: persons.erasure_requested,
    inbound.ClientRegisteredV1: firms.client_registered,
    inbound.AgreementSignedInV1: firms.agreement_signed,
    inbound.ComplaintRaisedInV1: firms.complaint_raised,
    inbound.PositionRegisteredV1: firms.position_registered,
    inbound.RoomRegisteredV1: firms.room_registered,
    inbound.RequisitionRaisedV1: requisitions.requisition_raised,
    inbound.RequisitionStateInV1: requisitions.requisition_paused,
    inbound.RequisitionResumedV1: requisitions.requisition_resumed,
    inbound.RequisitionClosedV1: requisitions.requisition_closed,
    inbound.ApplicationWithdrawnV1: reports.application_withdrawn,
    inbound.StartReportedV1: reports.start_reported,
    inbound.DepartureReportedV1: reports.departure_reported,
    inbound.CheckCompletedV1: reports.check_completed,
    operators.OperatorCommandV1: reports.operator_act,
    operators.PolicyCommandV1: policies.policy_commanded,
    operators.BulkCommandV1: bulk.requisitions_commanded,
}


class DryRun(Exception):  # noqa: N818
    """Thrown at the end of a judged batch, so that nothing of it stays."""


@dataclass(slots=True)
class Desk:
    """What the door works with. `nudge` is set when something that waited may be tried again."""

    db: Database
    vault: Vault
    blobs: Blobs
    pool: ParserPool
    nudge: asyncio.Event


Note = Callable[[Uow], Awaitable[None]]


async def receive(desk: Desk, deliveries: Sequence[Delivery], *, dry_run: bool = False, note: Note | None = None) -> None:
    """Take a batch in: afterwards every delivery has its outcome and, unless `dry_run`, all of it is durable.

    `note` runs in the same transaction (the consumer's offsets). One delivery that breaks is parked alone.
    Raises only what is transient: the outside is away, try the same batch again.
    """
    try:
        await _attempt(desk, deliveries, dry_run=dry_run, note=note)
    except DryRun:
        return
    except Exception as problem:
        if is_transient(problem) or isinstance(problem, ContactTaken):
            raise
        await _split(desk, deliveries, problem, dry_run=dry_run, note=note)


async def _split(desk: Desk, deliveries: Sequence[Delivery], problem: Exception, *, dry_run: bool, note: Note | None) -> None:
    """Something in this batch broke the code or the database: find it by halves, park it, keep the rest."""
    if len(deliveries) == 1:
        log.error("delivery_failed", problem=type(problem).__name__, at=_place(problem), type=deliveries[0].envelope.type[:80] if deliveries[0].envelope else "")
        deliveries[0].doomed = ("handler_failed", f"{type(problem).__name__}: taking this event in failed; an operator has to look")
        await _attempt(desk, deliveries, dry_run=dry_run, note=note)
        return
    half = len(deliveries) // 2
    await receive(desk, deliveries[:half], dry_run=dry_run)
    await receive(desk, deliveries[half:], dry_run=dry_run, note=note)


def _place(problem: Exception) -> str:
    """Where in our code it broke; the message itself could repeat somebody's data."""
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if "/services/" in frame.filename]
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""


async def _attempt(desk: Desk, deliveries: Sequence[Delivery], *, dry_run: bool, note: Note | None) -> None:
    for d in deliveries:
        d.outcome = Outcome()
        decode(d)
    if any(documents.wants_reading(d) for d in deliveries):
        await _read_documents(desk, deliveries)
    async with desk.db.unit() as uow:
        work = Work(uow, desk.vault, desk.blobs)
        fresh = await claim(uow, deliveries)
        await apply_all(work, [d for d in fresh if not d.outcome.state])
        await settle_all(work, deliveries, fresh)
        if note is not None:
            await note(uow)
        if dry_run:
            raise DryRun
    if work.arrived or any(d.outcome.waiting_for for d in deliveries):  # it may have come on the other side while this one decided to wait
        desk.nudge.set()
    for state, n in Counter(d.outcome.state for d in deliveries).items():
        RECORDS.labels(door.CONSUMER, state).inc(n)


def decode(d: Delivery) -> None:
    """What the delivery says, as a body of ours; parked with its reason where it can't be read or this caller may not say it."""
    if d.doomed:
        return d.park(*d.doomed)
    if d.envelope is None:
        return d.park("not_a_cloudevent", "these bytes and headers are no CloudEvent")
    if d.envelope.actor != d.actor:  # the door says who acts, never the sender
        d.envelope = replace(d.envelope, actor=d.actor)
    d.digest = d.digest or digest_of(d.envelope)
    try:
        d.body = foreign.body_of(d.envelope)
    except EnvelopeError as problem:
        return d.park(problem.code, str(problem))
    if type(d.body) in GRANTED and not d.granted:
        return d.park("no_grant", f"{d.envelope.type} is taken only over HTTP from a caller whose token has the grant")
    return None


async def _read_documents(desk: Desk, deliveries: Sequence[Delivery]) -> None:
    async with desk.db.unit() as uow:
        for d in deliveries:
            if documents.wants_reading(d):
                await documents.read(uow, desk.vault, desk.blobs, desk.pool, d)


async def claim(uow: Uow, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """The deliveries that are new to the door; the others get their outcome: duplicate, or parked as a conflict."""
    named = [d for d in deliveries if d.envelope is not None and not (d.replayed and d.topic == "waiting")]
    for d in named:
        d.digest = d.digest or digest_of(d.said)
    first: dict[tuple[str, str], Delivery] = {}
    for d in named:
        first.setdefault((d.said.source, d.said.id), d)
    new = await door.claim(uow, list(first.values())) if first else set()
    again = [d for d in named if (name := (d.said.source, d.said.id)) not in new or first[name] is not d]
    before = await door.known(uow, list({(d.said.source, d.said.id) for d in again})) if again else {}
    for d in again:
        _judge_again(d, before[d.said.source, d.said.id])
    repeated = set(map(id, again))
    return [d for d in deliveries if id(d) not in repeated]


def _judge_again(d: Delivery, row: object) -> None:
    seen: dict[str, object] = dict(row)  # type: ignore[call-overload]
    if seen["digest"] != d.digest:
        d.park("conflict", "another body was sent under the same source and id; a changed event needs an id of its own")
        return
    d.outcome = Outcome("duplicate", subject=str(seen["subject"] or ""), code=str(seen["code"] or ""), reason=str(seen["reason"] or ""))
    parked = seen["parked_id"]
    d.outcome.parked_id = parked if isinstance(parked, UUID) else None


async def apply_all(work: Work, fresh: Sequence[Delivery]) -> None:
    """Let each have its effect, in order; a run of applications goes together. Each has its outcome afterwards."""
    for hot, run in groupby(fresh, key=lambda d: isinstance(d.body, inbound.ApplicationSubmitted)):
        if hot:
            await Run(work).apply(list(run))
            continue
        for d in run:
            handler = APPLY.get(type(d.body)) if d.body is not None else None
            if handler is None:
                d.park("unsupported_type", f"{d.said.type} is in the catalogue, but nothing is done with it yet")
                continue
            try:
                await handler(work, d)
            except Refused as problem:
                d.park(problem.code, str(problem))


async def settle_all(work: Work, deliveries: Sequence[Delivery], fresh: Sequence[Delivery]) -> None:
    """Write what became of each: parked, waiting, noted, counted."""
    uow = work.uow
    for d in deliveries:
        if d.outcome.state == "parked":
            d.outcome.parked_id = await door.park_sealed(uow, work.vault, d)
    await door.keep_waiting(uow, work.vault, [d for d in fresh if d.outcome.waiting_for], work.arrived)
    await door.settle(uow, [d for d in fresh if d.envelope is not None and not _needs_no_note(d)])
    await door.mark_ready(uow, work.arrived)
    numbers: Counter[str] = Counter()
    for d in deliveries:
        if not d.replayed:
            numbers["sent"] += 1
            numbers[d.outcome.state] += 1
        elif d.outcome.state == "parked":  # it waited, was counted as accepted, and turns out wrong
            numbers["parked"] += 1
            numbers["accepted"] -= 1
    await uow.flush()  # before the tally: its few rows are everybody's, and whoever counts first makes the others wait until the end
    await door.count(uow, numbers)


def _needs_no_note(d: Delivery) -> bool:
    """The hot path's plain case: claimed as accepted already, and what it became follows from its id."""
    return isinstance(d.body, inbound.ApplicationSubmitted) and d.outcome.state == "accepted" and not (d.outcome.code or d.outcome.waiting_for or d.replayed)
