"""How each subject begins: what is pinned at the start from records and policy. Pure."""

from __future__ import annotations

from uuid import UUID

from shared.contracts.client import ClientRecord
from shared.contracts.requisition import RequisitionRecord
from shared.policy.model import Policy
from workflows.account.state import AccountState
from workflows.hire.facts import Fact
from workflows.house.state import HouseState
from workflows.nurture.state import NurtureState
from workflows.requisition.state import RequisitionState, Seat


def house(subject_id: UUID, policy: Policy) -> HouseState:
    """The house, under the policy of the organisation."""
    return HouseState(id=subject_id, policy=policy.version, morning=policy.house.morning is not None)


def requisition(record: RequisitionRecord, client: ClientRecord, policy: Policy) -> RequisitionState:
    """A requirement that has just been raised."""
    seats = [Seat(id=str(one.opening_id), due_at=one.due_at, state=one.state) for one in record.openings]
    return RequisitionState(
        id=record.requisition_id, policy=policy.version, requisition_id=record.requisition_id, client_id=record.client_id, tier=client.tier,
        version=record.version, text_hash=record.text_hash, filled=policy.filled, seats=seats, kickoff=_told_at_kickoff(record, client, policy))


def _told_at_kickoff(record: RequisitionRecord, client: ClientRecord, policy: Policy) -> list[str]:
    """The client and everybody of the team by role, each person once; nobody where the policy does not ask for a kick-off (C180)."""
    if "kickoff" not in policy.duties:
        return []
    contact = next(iter(client.response_group), record.team.get("client_contact"))
    seen, roles = {contact, record.team.get("client_contact")}, ["client"] if contact else []
    for role, person in sorted(record.team.items()):
        if person not in seen:
            seen.add(person)
            roles.append(role)
    return roles


def account(record: ClientRecord, policy: Policy) -> AccountState:
    """A client with a service contract."""
    return AccountState(id=record.client_id, policy=policy.version, client_id=record.client_id, tier=record.tier)


def nurture(person_id: UUID, fact: Fact, policy: Policy) -> NurtureState:
    """A person whose hire has ended; what the end says of owner and requisition is remembered."""
    found = fact.get("requisition_id")
    return NurtureState(id=person_id, policy=policy.version, person_id=person_id, requisition_id=UUID(found) if found else None,
                        owner=fact.get("owner"), profile=fact.get("profile") or {})
