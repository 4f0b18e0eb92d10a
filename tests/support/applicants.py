"""A requisition with rules and applications with facts: what screening's tests start from."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from shared.contracts.application import ApplicationReceived, Facts
from shared.contracts.requisition import HasSkill, MinYears, RequisitionRecord

AT = datetime(2026, 9, 14, 9, tzinfo=UTC)


def requisition(id: UUID, version: int = 1, years: float = 3) -> RequisitionRecord:
    """A requisition with one hard rule and one soft one."""
    return RequisitionRecord(
        requisition_id=id, version=version, client_id=UUID(int=7), externalref="t#R-1", code="R-1", title="t",
        rules=[MinYears(id="y", years=years), HasSkill(id="s", skills=["plc"], hard=False)])


def application(requisition_id: UUID, version: int = 1, **facts) -> ApplicationReceived:
    """An application with these facts."""
    id = uuid4()
    return ApplicationReceived(
        application_id=id, hire_id=id, person_id=uuid4(), requisition_id=requisition_id, requisition_version=version, client_id=UUID(int=7),
        origin="applied", facts=Facts(**facts), submitted_at=AT)
