"""Somebody holds the baton of every live hire: checked from workflows' own rows, and again from what reporting was told."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from .finding import MOST, Finding, Look, found

SLACK = timedelta(minutes=2)
"""A deadline that passed this moment may be under work; on the held clock everything stands still when it is looked at."""
MACHINE_STEP = timedelta(minutes=15)
_LIVE = "select hire_id, stage, state, screen_by, next_wake_at, received_at from workflows.hires where closed_at is null"
_UNKNOWN = """select 'hire/' || a.application_id as subject, 'intake has it since ' || a.submitted_at || ', workflows never heard of it' as text
  from intake.applications a where not exists (select 1 from workflows.hires h where h.hire_id = a.application_id)
  and coalesce((select e.recordedtime from reporting.events e where e.subject = 'application/' || a.application_id limit 1), a.submitted_at) < cast($1 as timestamptz) order by 1"""
_SILENT = """select 'hire/' || r.hire_id as subject, 'live in ' || r.stage || ', nothing open, nothing planned, nothing heard for 15 minutes' as text
  from reporting.hires r left join workflows.hires w using (hire_id) where r.outcome is null and r.received_at is not null
  and not exists (select 1 from reporting.obligations o where o.hire_id = r.hire_id and o.ended is null)
  and w.next_wake_at is null and (w.screen_by is null or w.screen_by < cast($1 as timestamptz))
  and (select max(e.recordedtime) from reporting.events e where e.hire = r.hire_id) < cast($2 as timestamptz) order by 1"""
_DIFFERENT = """select 'hire/' || w.hire_id as subject, 'workflows say ' || case when w.closed_at is null then 'live' else 'ended' end
  || ', reporting says ' || case when r.outcome is null then 'live' else 'ended as ' || r.outcome end as text
  from workflows.hires w join reporting.hires r using (hire_id) where (w.closed_at is null) <> (r.outcome is null) order by 1"""


async def without_holder(look: Look) -> list[Finding]:
    """Agreements.md 8: an open obligation, a planned one with its wake armed, or a machine step before its deadline."""
    out = []
    for row in await look.pg.fetch(_LIVE):
        problem = missing_holder(row, look.now)
        if problem:
            out.append(Finding("hire_without_holder", f"hire/{row['hire_id']}", f"{problem} (stage {row['stage']})"))
    return out[:MOST]


def missing_holder(row: Any, now: datetime) -> str:
    """Why nobody holds this live hire; empty when somebody does. `row` is one of workflows.hires."""
    if row["state"] is None:
        late = row["screen_by"] is None or row["screen_by"] + MACHINE_STEP + SLACK < now
        return "no first verdict, and its deadline has passed" if late else ""
    state = json.loads(row["state"]) if isinstance(row["state"], str) else row["state"]
    owed = state.get("owed") or {}
    duties = list(owed.values()) if isinstance(owed, dict) else list(owed)
    if any(duty.get("status") == "open" for duty in duties):
        return missed(row, now)
    if any(duty.get("status") == "planned" for duty in duties) and row["next_wake_at"] is not None:
        return missed(row, now)
    deadlines = [datetime.fromisoformat(step["deadline"]) for step in state.get("steps") or [] if step.get("deadline")]
    if any(deadline + SLACK >= now for deadline in deadlines):
        return ""
    if deadlines:
        return "a machine step is past its deadline and nobody was called"
    return "no obligation is open, none is planned, no machine step runs"


def missed(row: Any, now: datetime) -> str:
    """Words about an armed instant that has passed; empty where none has."""
    wake = row["next_wake_at"]
    return f"its next instant {wake.isoformat()} has passed and nothing happened" if wake is not None and wake + SLACK < now else ""


async def never_begun(look: Look) -> list[Finding]:
    """Applications that intake holds and workflows never heard of."""
    return await found(look, _UNKNOWN, "hire_unknown", look.now - MACHINE_STEP - SLACK)


async def silent(look: Look) -> list[Finding]:
    """The same question asked of reporting's projection."""
    return await found(look, _SILENT, "hire_silent", look.now, look.now - MACHINE_STEP - SLACK)


async def different(look: Look) -> list[Finding]:
    """Workflows and reporting disagree on whether a hire is live."""
    return await found(look, _DIFFERENT, "hire_differs")
