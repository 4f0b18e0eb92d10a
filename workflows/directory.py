"""Who is who for one hire: roles resolved to persons, their calendars, their line; pure, fed from the projections.

No names pass here. Absence, delegation and line are looked up at the moment they are needed, never stored in a hire.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.client import ClientRecord
from shared.contracts.party import PartyRef, PersonRecord
from shared.contracts.requisition import RequisitionRecord
from shared.policy.calendar import WorkingCalendar
from shared.policy.loader import load_calendar
from shared.policy.model import Policy

WIRE_ROLE = {
    "client": "client_contact", "client_group": "client_contact", "department": "department_head", "approver": "department_head",
    "person": "candidate", "own_line": "lead",
}
"""Roles as a policy speaks of them -> roles as messages name them."""
NOBODY = frozenset({"firm", "employer"})
FALLBACK: dict[str, tuple[str, ...]] = {
    "lead": ("director",), "director": (), "consultant": ("recruiter",), "client_manager": ("recruiter", "lead"),
    "client_sponsor": ("client_manager",), "line_manager": ("hiring_manager",), "hiring_manager": ("client",),
    "hr": ("hr_head", "client_manager", "recruiter"), "hr_head": ("hr", "director"), "finance": ("hr_head", "director"),
    "legal_owner": ("privacy_owner", "director"), "privacy_owner": ("legal_owner", "director"),
    "department_head": ("hiring_manager",), "department": ("department_head", "hr", "recruiter"), "vendor": ("hr", "recruiter"),
    "client": ("hiring_manager_team",), "client_group": ("client",), "recruiter": ("lead_team",),
}
"""Where a role is filled by nobody, who stands in; the line's end is `operators`."""


@dataclass(frozen=True)
class Holder:
    """A resolved party: the reference, who it is, by which rules it may be climbed, on which calendar it works."""

    ref: PartyRef
    party_class: str
    calendar: WorkingCalendar
    person: PersonRecord | None = None
    group: tuple[UUID, ...] = ()


@dataclass
class Directory:
    """Requisition, client, policy and people of one hire, at one moment."""

    policy: Policy
    requisition: RequisitionRecord
    client: ClientRecord
    people: dict[UUID, PersonRecord] = field(default_factory=dict)
    former: Policy | None = None
    """The policy of before, while a hire changes to another."""

    def holder(self, role: str, now: datetime, **who: Any) -> Holder:
        """Who fills the role now. `who`: person (the very one), candidate (the hire's person), previous (who had the turn), turn.

        The first hand-over goes to the role that the policy names, each further one up the line of who had it; its end is `operators`.
        """
        previous: PartyRef | None = who.get("previous")
        person = who.get("person") or self._filled(role, who.get("candidate"))
        if previous is not None and (who.get("turn", 1) > 1 or person == previous.person_id):
            person = self._line(previous.person_id)
        if role not in ("candidate", "new_hire", "person"):
            person = self._present(person, now)
        record = self.people.get(person) if person is not None else None
        if person is None:
            return Holder(PartyRef(person_id=None, role="operators"), "staff", self._calendar(None))
        ref = _ref(person, role)
        group = tuple(self.client.response_group) if role == "client_group" else ()
        return Holder(ref, self._class(role, record), self._calendar(record), record, group)

    def voice(self, policy: Policy) -> str:
        """How one speaks in this requisition's hires (practice.md 2.18): the voice of its stage plan under this policy."""
        found = policy.stage_plans.get(self.requisition.stage_plan)
        return found.voice if found else "standard"

    def very(self, role: str, person: UUID, now: datetime) -> Holder | None:
        """The very person, represented by nobody: an appointment stands in their own calendar. None once they have left."""
        record = self.people.get(person)
        if record is not None and record.left_at is not None and record.left_at <= now:
            return None
        return Holder(_ref(person, role), self._class(role, record), self._calendar(record), record)

    def owed_to(self, role: str, candidate: UUID) -> PartyRef | None:
        """The other side; none where it is the firm or the employer as such."""
        if role in NOBODY:
            return None
        person = self._filled(role, candidate)
        return _ref(person, role) if person else None

    def seats(self, panel: Iterable[str], now: datetime) -> list[list[UUID]]:
        """A panel as seats, each with everybody who may sit there; a seat nobody fills is left out."""
        seats = []
        for seat in panel:
            name = seat.removeprefix("pool ").strip()
            pool = self.requisition.pools.get(name) if seat.startswith("pool ") else None
            one = self._filled(seat.replace(" ", "_"), None) if not seat.startswith("pool ") else None
            persons = pool or ([one] if one else [])
            there = [person for person in persons if self._there(person, now)]
            if there:
                seats.append(there)
        fallback = self._filled("hiring_manager", None)
        return seats or ([[fallback]] if fallback else [])

    def _filled(self, role: str, candidate: UUID | None, depth: int = 0) -> UUID | None:
        if role in ("candidate", "new_hire", "person", "referee"):
            return candidate
        if role == "operators" or depth > 4:
            return None
        found = self._direct(role)
        for other in FALLBACK.get(role, ()) if found is None else ():
            found = found or self._filled(other, candidate, depth + 1)
        return found

    def _direct(self, role: str) -> UUID | None:
        team, client = self.requisition.team, self.client
        match role:
            case "hiring_manager_team":
                return team.get("hiring_manager")
            case "lead_team":
                return team.get("lead")
            case "client_manager":
                return client.manager_id or team.get(role)
            case "client_sponsor":
                return client.sponsor_id
            case "client" | "client_group":
                return next(iter(client.response_group), None) or team.get("client_contact")
            case "lead":
                return team.get(role) or self._line(team.get("recruiter")) or self._anybody(role)
            case "director":
                return team.get(role) or self._line(self._direct("lead")) or self._anybody(role)
        return team.get(role) or self._anybody(role)

    def _anybody(self, role: str) -> UUID | None:
        able = [p.person_id for p in self.people.values() if role in p.roles and p.party_class in ("staff", "vendor")]
        return min(able, default=None)

    def _line(self, person: UUID | None) -> UUID | None:
        record = self.people.get(person) if person else None
        return record.manager_id if record else None

    def _there(self, person: UUID, now: datetime) -> bool:
        record = self.people.get(person)
        if record is None:
            return True
        left = record.left_at is not None and record.left_at <= now
        return not left and not any(absence.starts_at <= now < absence.ends_at for absence in record.absences)

    def _present(self, person: UUID | None, now: datetime) -> UUID | None:
        """The person, or while away the delegate, else the line."""
        seen: set[UUID] = set()
        while person is not None and person not in seen and not self._there(person, now):
            seen.add(person)
            record = self.people[person]
            person = record.delegate_id if record.delegate_id and self._there(record.delegate_id, now) else record.manager_id
        return None if person in seen else person

    def _class(self, role: str, record: PersonRecord | None) -> str:
        if role in ("candidate", "person"):
            return "candidate"
        if role == "new_hire":
            return "new_hire"
        found = record.party_class if record is not None else "staff"
        return found if found in ("staff", "client", "vendor", "referee") else "staff"

    def _calendar(self, record: PersonRecord | None) -> WorkingCalendar:
        name, zone = (record.calendar, record.zone) if record else (self.policy.calendar, self.policy.zone)
        return calendar_of(name, self.policy.calendar).in_zone(zone)


def _ref(person: UUID, role: str) -> PartyRef:
    return PartyRef.model_validate({"person_id": person, "role": WIRE_ROLE.get(role, role)})


def calendar_of(name: str, default: str) -> WorkingCalendar:
    """The named calendar; the policy's where a record names one that is not known."""
    try:
        return load_calendar(name)
    except (KeyError, ValueError, OSError):
        return load_calendar(default)
