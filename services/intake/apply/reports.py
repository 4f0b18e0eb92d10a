"""What publishers report about an application: withdrawn, started, left, checked; and what operators order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.intake.apply.work import Work, need
from services.intake.domain import Delivery, as_code, reference
from services.intake.store import applications
from shared.contracts import inbound, operators
from shared.contracts.application import ApplicationEnded
from shared.contracts.hire import DepartureNoted, OperatorAct, StartNoted
from shared.contracts.onboarding import CheckNoted


async def _application(w: Work, d: Delivery) -> tuple[Any, UUID] | None:
    """The application a report is about; the delivery waits where it is not there yet."""
    body: Any = d.body
    wanted = reference("application", d.said.source, body.externalid)
    found = await need(w, d, [wanted])
    if found is None:
        return None
    row = await applications.one(w.uow, found[wanted])
    if row is None:
        d.park("unknown_application", "this application is not stored here")
        return None
    d.accept(f"application/{found[wanted]}")
    return row, found[wanted]


async def application_withdrawn(w: Work, d: Delivery) -> None:
    """The candidate no longer applies."""
    found = await _application(w, d)
    if found is None:
        return
    row, application_id = found
    if row["state"] == "withdrawn":
        return d.accept(d.outcome.subject, code="no_change")
    await applications.set_state(w.uow, application_id, "withdrawn")
    w.uow.emit(ApplicationEnded(
        application_id=application_id, hire_id=application_id, person_id=row["person_id"], withdrawn_at=d.said.time or w.uow.now,
    ), cause=d.said, externalref=row["externalref"])  # fmt: skip
    return None


async def start_reported(w: Work, d: Delivery) -> None:
    """A start, a no-start, a reneging or a moved start; workflows decide what it means."""
    assert isinstance(d.body, inbound.StartReportedV1)
    found = await _application(w, d)
    if found is not None:
        row, application_id = found
        w.uow.emit(StartNoted(
            application_id=application_id, hire_id=application_id, result=d.body.result, start_at=d.body.start_at, at=d.said.time or w.uow.now,
        ), cause=d.said, externalref=row["externalref"])  # fmt: skip


async def departure_reported(w: Work, d: Delivery) -> None:
    """The new hire left."""
    assert isinstance(d.body, inbound.DepartureReportedV1)
    found = await _application(w, d)
    if found is not None:
        row, application_id = found
        w.uow.emit(DepartureNoted(application_id=application_id, hire_id=application_id, left_at=d.body.left_at, reason=as_code(d.body.reason) or None),
                   cause=d.said, externalref=row["externalref"])  # fmt: skip


async def check_completed(w: Work, d: Delivery) -> None:
    """A background check came back."""
    assert isinstance(d.body, inbound.CheckCompletedV1)
    found = await _application(w, d)
    if found is not None:
        row, application_id = found
        w.uow.emit(CheckNoted(application_id=application_id, hire_id=application_id, clear=d.body.clear, at=d.said.time or w.uow.now),
                   cause=d.said, externalref=row["externalref"])  # fmt: skip


async def operator_act(w: Work, d: Delivery) -> None:
    """An operator's order about one hire; `externalid` is the application's, or the hire's own id."""
    assert isinstance(d.body, operators.OperatorCommandV1)
    hire_id = _uuid(d.body.externalid)
    if hire_id is None:
        found = await _application(w, d)
        if found is None:
            return
        hire_id = found[1]
    elif await applications.one(w.uow, hire_id) is None:
        return d.park("unknown_hire", "there is no hire with this id")
    w.uow.emit(OperatorAct(
        hire_id=hire_id, act=d.body.act, actor=as_code(d.actor) or "operator", reason=as_code(d.body.reason) or "stated",
        params=d.body.params, at=w.uow.now,
    ), cause=d.said)  # fmt: skip
    return d.accept(f"hire/{hire_id}")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
