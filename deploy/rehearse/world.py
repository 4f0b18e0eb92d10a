"""The paper firm of a rehearsal: a small house, a client (or the hiring department), a candidate; and how fast they answer.

It plays the same `decide` and `resolve` as production, so what it says is what would be said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.ask import AskSpec
from shared.contracts.base import NAMESPACE
from shared.contracts.client import ClientRecord
from shared.contracts.party import PersonRecord
from shared.contracts.requisition import RequisitionRecord
from shared.policy.loader import load_calendar
from shared.policy.model import Policy
from shared.policy.roles import CLIENT_ROLES
from shared.policy.wall import instant_of
from workflows.directory import Directory
from workflows.first import first_state
from workflows.rehearsal import Post, Rehearsal, by_default

STAFF = ("recruiter", "lead", "director", "client_manager", "consultant", "hr", "hr_head", "finance", "legal_owner", "privacy_owner")
CLIENT_SIDE = ("hiring_manager", "first", "second", "department_head")
LINE = {"recruiter": "lead", "consultant": "lead", "lead": "director", "client_manager": "director", "hr": "hr_head", "hr_head": "director",
        "finance": "director", "first": "hiring_manager", "second": "hiring_manager"}
SHOWN = {"first": "interviewer 1", "second": "interviewer 2"}
PACES = ("prompt", "late", "silent")
FIRST_DAY = date(2026, 9, 3)
ORIGINS = {"campus": "campus", "executive": "sourced", "referral": "referred"}
OUTSIDE = frozenset({"candidate", "new_hire", "client_contact", "hiring_manager", "interviewer", "line_manager", "department_head"})


@dataclass(frozen=True)
class Setting:
    """What is rehearsed: the policy, which stage plan (empty: its first), how people answer, from which day on, how many days."""

    policy: Policy
    stage_plan: str = ""
    pace: str = "prompt"
    begin: date = FIRST_DAY
    days: int = 120

    @property
    def plan(self) -> str:
        """The name of the stage plan that is used."""
        return self.stage_plan or next(iter(self.policy.stage_plans), "")

    @property
    def origin(self) -> str:
        """Where the candidate comes from, by the voice of the stage plan."""
        plan = self.policy.stage_plans.get(self.plan)
        return ORIGINS.get(plan.voice if plan else "", "applied")


def figure(name: str) -> UUID:
    """A stable id for a figure of the rehearsal."""
    return uuid5(NAMESPACE, "rehearsal/" + name)


def names() -> dict[UUID, str]:
    """Figure -> what it is called on the page."""
    return {figure(name): SHOWN.get(name, name.replace("_", " ")) for name in (*STAFF, *CLIENT_SIDE, "candidate")}


def directory_of(setting: Setting) -> Directory:
    """Everybody of the rehearsal, in the policy's zone and calendar."""
    policy = setting.policy
    external = policy.obligation("client_verdict").ower in CLIENT_ROLES
    here: dict[str, Any] = {"zone": policy.zone, "calendar": policy.calendar}
    people = {}
    for name in (*STAFF, *CLIENT_SIDE, "candidate"):
        kind = "candidate" if name == "candidate" else "staff" if name in STAFF or not external else "client"
        people[figure(name)] = PersonRecord.model_validate({
            "person_id": figure(name), "version": 1, "party_class": kind, "roles": [name] if name in STAFF else [],
            "manager_id": figure(LINE[name]) if name in LINE else None, **here})
    firm = ClientRecord(
        client_id=figure("client"), version=1, name="client", tier="key", manager_id=figure("client_manager"), external=external,
        response_group=[figure("hiring_manager"), figure("department_head")], data_agreement=True)
    seats = {seat for plan in policy.stage_plans.values() for one in plan.rounds for seat in one.panel if seat.startswith("pool ")}
    requisition = RequisitionRecord(
        requisition_id=figure("requisition"), version=1, client_id=figure("client"), externalref="rehearsal#R-1", code="R-1", title="role",
        policy=policy.policy, stage_plan=setting.plan or "default", offer_by=policy.offers.offer_by, external=external,
        team={name: figure(name) for name in ("recruiter", "consultant", "hiring_manager", "department_head")},
        pools={seat.removeprefix("pool "): [figure("first"), figure("second")] for seat in seats}, **here)
    return Directory(policy, requisition, firm, people)


def rehearsed(setting: Setting, directory: Directory, post: Post) -> Rehearsal:
    """Play the hire until it ends or the days are over; who is asked answers after the message has left by `post`."""
    ids = {"hire_id": figure("hire"), "person_id": figure("candidate"), "requisition_id": figure("requisition"), "client_id": figure("client")}
    state = first_state(ids, origin=setting.origin, requisition=directory.requisition, client=directory.client, policy=directory.policy)
    calendar = load_calendar(setting.policy.calendar)
    begin = instant_of(calendar.step(setting.begin, 0), time(10), setting.policy.zone)
    play = Rehearsal(state=state, directory=directory, now=begin, answers=_answers(setting.pace), post=post)
    play.tell("screening.uncertain")
    play.run(until=begin + timedelta(days=setting.days))
    return play


def _answers(pace: str) -> Callable[[AskSpec, datetime], tuple[timedelta, dict[str, Any]] | None]:
    """prompt: everybody within two hours; late: after the due and its reminders; silent: who is not of the house never answers."""
    def late(spec: AskSpec, now: datetime) -> tuple[timedelta, dict[str, Any]] | None:
        said = by_default(spec, now)
        after = (spec.due_at - now + timedelta(hours=3)) if spec.due_at is not None else timedelta(days=3)
        return (max(after, timedelta(hours=2)), said[1]) if said else None

    def silent(spec: AskSpec, now: datetime) -> tuple[timedelta, dict[str, Any]] | None:
        return None if spec.holder.role in OUTSIDE else by_default(spec, now)

    return {"late": late, "silent": silent}.get(pace, by_default)
