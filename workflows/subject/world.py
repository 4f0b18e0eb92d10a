"""What a subject's step may look at beside requisition, client and people: counts, matches, instants. Read in the step's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.client import ClientRecord
from shared.contracts.requisition import RequisitionRecord
from workflows.directory import Directory

from .state import NOBODY


@dataclass
class World(Directory):
    """A directory, and the numbers that a question or a standing step needs."""

    stages: dict[str, int] = field(default_factory=dict)
    """Open hires of this requisition or client, by stage."""
    owed: dict[str, int] = field(default_factory=dict)
    """Open duties of those hires, by the role that owes them."""
    matches: list[tuple[UUID, list[str]]] = field(default_factory=list)
    """Persons of our pool who fit, best first, each with reasons as codes."""
    unscreened: list[UUID] = field(default_factory=list)
    """Hires past the deadline of screening."""
    next_screen_by: datetime | None = None


SHOWN = ("interview:", "note:")
"""Tags that say more of somebody than the rules have looked at already."""


def blank_requisition() -> RequisitionRecord:
    """Where a subject is about no requisition: nobody is on its team."""
    return RequisitionRecord(requisition_id=NOBODY, version=0, client_id=NOBODY, externalref="", code="", title="")


def blank_client() -> ClientRecord:
    """Where a subject is about no client."""
    return ClientRecord(client_id=NOBODY, version=0, name="", external=False)


def matching(requisition: RequisitionRecord, profile: dict[str, Any], tags: Sequence[str] = ()) -> list[str] | None:
    """Why this profile fits the requirement, as codes, and what else is known of it; None where a hard rule speaks against it or is not known."""
    reasons, skills = [], set(profile.get("skills") or ())
    for rule in requisition.rules:
        found: str | None = None
        if rule.rule == "has_skill":
            have = [skill for skill in rule.skills if skill in skills]
            found = "skills:" + "+".join(have) if len(have) >= rule.minimum else None
        elif rule.rule == "min_years" and (profile.get("years") or 0) >= rule.years:
            found = f"years:{profile['years']:g}"
        elif rule.rule == "min_degree" and (profile.get("degree_level") or 0) >= rule.level:
            found = f"degree:{profile['degree_level']}"
        elif rule.rule == "speaks" and rule.language in (profile.get("languages") or ()):
            found = f"speaks:{rule.language}"
        if found is None and rule.hard:
            return None
        reasons += [found] if found else []
    return [*reasons, *(tag for tag in tags if tag.startswith(SHOWN))] if reasons else None
