"""The bridge's table: what each consumed class does. One row, one effect.

emit     pure, no Temporal: the hire's row, the receipt (group `workflows.receipts`: goes on while Temporal is away)
project  a record enters a projection (group `workflows.records`)
fan_out  one event for many hires becomes one `workflows.commands` record each (with `project` or `emit`)
take     a fact for the hire's workflow, which is started with it where it does not run yet (group `workflows.bridge`)
"""

from __future__ import annotations

from shared.contracts import application as a
from shared.contracts import appointments, ask, client, hire, notification, party, requisition
from shared.contracts.base import Message
from shared.policy.loader import shipped_policy

from .hire.facts import TAKEN

SHIPPED = ("agency-cn", "inhouse-cn")
BY_DELIVERY = frozenset(
    kind for name in SHIPPED for kind, entry in shipped_policy(name).obligations.items() if entry.opens == "delivery")
"""Kinds whose clock starts with delivery: only their deliveries change anything in a hire."""
TOLD = frozenset({"result", "plain_rejection"})
"""Purposes of tells whose delivery a hire waits for."""
FORGONE = frozenset({"elsewhere", "waived"})

EMIT: tuple[type[Message], ...] = (a.ApplicationReceived,)
PROJECT: tuple[type[Message], ...] = (party.PersonRecord, client.ClientRecord, requisition.RequisitionRecord)
FAN_OUT: tuple[type[Message], ...] = (
    requisition.RequisitionHeld, requisition.RequisitionContinued, requisition.RequisitionEnded, party.AbsenceNoted,
    party.PersonErased, party.PersonMerged, client.AgreementHeld, appointments.CalendarFailed, appointments.CalendarRead)
TAKE: tuple[type[Message], ...] = (*TAKEN, hire.FanOut, hire.OperatorAct, hire.BulkAct)

RECEIPTS: dict[str, str] = {"applied": "receipt", "campus": "receipt", "referred": "receipt_referred", "internal": "receipt"}
"""Origin -> what is said at once. Sourced and agency: no machine message before a person has spoken (practice.md 2.4)."""


def concerns(body: Message) -> bool:
    """Whether a hire could change by this: deliveries that start no clock, and closings nobody waits for, cost no step."""
    if isinstance(body, notification.MessageDelivered | notification.MessageSuppressed):
        return body.purpose in TOLD or (body.purpose == "ask" and body.template in BY_DELIVERY)
    if isinstance(body, notification.MessageFailed | notification.MessageBounced):
        return body.purpose in TOLD or body.purpose == "ask"
    if isinstance(body, ask.AskClosed):
        return body.how not in FORGONE and (body.how != "cancelled" or body.kind == "offer_answer")
    return True


def hire_of(body: Message) -> object:
    """The hire that a taken message is about; None where it is about none."""
    return getattr(body, "hire_id", None)
