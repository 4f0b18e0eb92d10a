"""Standing asks whose answer is a publisher's event: add a candidate, withdraw.

This service is a publisher like any other here: the event goes to the one door, `inbound`, and is judged there.
"""

import base64
from collections.abc import Mapping
from typing import cast
from uuid import UUID

from shared.contracts.application import Origin
from shared.contracts.base import Message, derive_id
from shared.contracts.inbound import ApplicationSubmitted, ApplicationWithdrawnV1, DocumentIn, PersonIn
from shared.runtime.db import Uow


def add_candidate(uow: Uow, by: UUID, values: Mapping[str, str], nonce: str) -> None:
    """Submit an application in the name of a person of ours; ValidationError for a mail address that is none."""
    event_id = derive_id("notification", "inbound", "add_candidate", nonce)
    skills = [one.strip() for one in values.get("skills", "").replace("，", ",").replace("、", ",").split(",") if one.strip()]
    years = values.get("years", "")
    pasted = values.get("resume", "")
    document = (
        DocumentIn(name="pasted.txt", media_type="text/plain", content=base64.b64encode(pasted.encode()).decode())
        if pasted
        else None
    )
    submitted: Message = ApplicationSubmitted(
        externalid=str(event_id),
        requisition=values["requisition"],
        origin=cast(Origin, values.get("origin", "sourced")),  # a wrong one is refused by the contract
        skills=skills,
        years=float(years) if years.replace(".", "", 1).isdigit() else None,
        submitted_at=uow.now,
        document=document,
        person=PersonIn(name=values["name"], email=values.get("mail") or None, phone=values.get("phone") or None),
    )
    uow.emit(submitted, event_id=event_id, actor=f"staff:{by}", key=str(event_id))


def withdraw(uow: Uow, by: UUID, externalref: str, nonce: str) -> None:
    """The candidate no longer applies: said by the person, on their own page."""
    withdrawn: Message = ApplicationWithdrawnV1(externalid=externalref, reason="by_person")
    uow.emit(withdrawn, event_id=derive_id("notification", "inbound", "withdraw", nonce), actor=f"person:{by}", key=externalref)
