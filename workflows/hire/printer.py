"""`python -m workflows.hire.printer agency-cn`: one hire on paper; what would be said to whom and who would hold the baton when."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from shared.contracts.ask import AskCommand
from shared.contracts.base import NAMESPACE
from shared.contracts.client import ClientRecord
from shared.contracts.notification import Tell
from shared.contracts.party import PersonRecord
from shared.contracts.requisition import RequisitionRecord
from shared.policy.loader import shipped_policy
from shared.policy.wall import zone_of
from workflows.directory import Directory
from workflows.first import first_state
from workflows.rehearsal import Rehearsal, by_default

BEGIN = datetime(2026, 9, 3, 2, 0, tzinfo=UTC)
STAFF = ("recruiter", "lead", "director", "client_manager", "hr", "hr_head", "finance", "legal_owner")
CLIENT_SIDE = ("hiring_manager", "first", "second", "department_head")


def person(name: str) -> UUID:
    """A stable id for a figure of the paper hire."""
    return uuid5(NAMESPACE, "paper/" + name)


def paper_directory(policy: str = "agency-cn") -> Directory:
    """A small firm and a client with two engineers; in-house the department is the client."""
    external = policy.startswith("agency")
    line = {"recruiter": "lead", "lead": "director", "client_manager": "director", "hr": "hr_head", "first": "hiring_manager"}
    people = {}
    for name in (*STAFF, *CLIENT_SIDE, "candidate"):
        kind = "candidate" if name == "candidate" else "staff" if name in STAFF or not external else "client"
        roles = [name] if name in STAFF else []
        manager = person(line[name]) if name in line else None
        people[person(name)] = PersonRecord(
            person_id=person(name), version=1, party_class=kind, roles=roles, manager_id=manager)  # type: ignore[arg-type]
    firm = ClientRecord(
        client_id=person("client"), version=1, name="paper client", tier="key", manager_id=person("client_manager"), external=external,
        response_group=[person("hiring_manager"), person("department_head")], data_agreement=True)
    requisition = RequisitionRecord(
        requisition_id=person("requisition"), version=1, client_id=person("client"), externalref="paper#R-1", code="R-1",
        title="Engineer", policy=policy, stage_plan="engineer", offer_by="client" if external else "us", external=external,
        team={"recruiter": person("recruiter"), "hiring_manager": person("hiring_manager"), "department_head": person("department_head")},
        pools={"engineering": [person("first"), person("second")]})
    return Directory(shipped_policy(policy), requisition, firm, people)


def paper_hire(policy: str = "agency-cn", *, origin: str = "applied") -> Rehearsal:
    """A hire that has just been received; `rehearsal.tell('screening.passed')` begins it."""
    directory = paper_directory(policy)
    ids = {"hire_id": person("hire"), "person_id": person("candidate"), "requisition_id": person("requisition"),
           "client_id": person("client")}
    state = first_state(ids, origin=origin, requisition=directory.requisition, client=directory.client, policy=directory.policy)
    return Rehearsal(state=state, directory=directory, now=BEGIN, answers=by_default)


def main(policy: str) -> None:
    """Print the whole conversation of one good hire, each line with its instant in the firm's zone."""
    hire = paper_hire(policy)
    hire.tell("screening.uncertain")
    end = hire.run()
    names: dict[UUID | None, str] = {person(name): name for name in (*STAFF, *CLIENT_SIDE, "candidate")}
    zone = zone_of(hire.directory.policy.zone)
    for sent in hire.log:
        body, when = sent.body, sent.at.astimezone(zone).strftime("%a %d %b %H:%M")
        if isinstance(body, AskCommand):
            due = f", due {body.spec.due_at.astimezone(zone):%a %d %b %H:%M}" if body.spec.due_at else ""
            print(f"{when}  ask   {names.get(body.spec.holder.person_id, 'operators'):<16} {body.spec.kind}{due}")
        elif isinstance(body, Tell):
            print(f"{when}  tell  {names.get(body.message.party.person_id, 'operators'):<16} {body.message.template} ({body.message.purpose})")
        elif body.TYPE.split(".")[1] in ("stage", "hire", "offer", "decision", "placement"):
            what = ", ".join(str(getattr(body, name)) for name in ("stage", "decision", "outcome") if hasattr(body, name))
            print(f"{when}  fact  {body.TYPE.removeprefix('baton.'):<16} {what}")
    days = (hire.now - BEGIN) // timedelta(days=1)
    print(f"\n{end.outcome} after {days} days: {len(hire.turns)} turns, {len(hire.log)} messages written, state {len(end.model_dump_json())} bytes")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "agency-cn")
