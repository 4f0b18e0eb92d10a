"""Somebody holds what is no hire as well - requisitions, client accounts, persons in the pool, the house - and nothing is stuck on its way to them."""

from __future__ import annotations

from typing import Any

from .finding import MOST, Finding, Look, found
from .hires import MACHINE_STEP, SLACK, missed, missing_holder

_LIVE = "select kind, subject_id, stage, state, next_wake_at, begun_at as received_at, begun_at from workflows.subjects where closed_at is null"
_OPEN = """select s.kind, s.subject_id, d.key as obligation_id, d.value->>'kind' as duty from workflows.subjects s, jsonb_each(s.state->'owed') d
  where s.closed_at is null and s.state is not null and d.value->>'status' = 'open' and exists (select 1 from reporting.events)"""
_UNTOLD = f"""select o.kind || '/' || o.subject_id as subject, o.duty || ' is open, but ' || case when r.obligation_id is null then 'nobody was told of it'
  else 'was told to have ended as ' || r.ended end as text from ({_OPEN}) o left join reporting.obligations r on r.obligation_id::text = o.obligation_id
  where r.obligation_id is null or r.ended is not null order by 1"""
_ORPHANS = """select 'obligation/' || r.obligation_id as subject, r.kind || ' is open and about no hire, but no requisition, client, person or house owes it' as text
  from reporting.obligations r where r.ended is null and r.hire_id is null and not exists (select 1 from workflows.subjects s
    where s.closed_at is null and s.state->'owed' ? r.obligation_id::text) order by 1"""
_STUCK = """select 'requisition/' || requisition_id as subject, cause_type || ' is on its way to its hires since ' || at as text from workflows.fan_outs
  where at < cast($1 as timestamptz) order by at"""
_QUEUED = """select kind || '/' || subject_id as subject, count(*) || ' facts wait, tried ' || max(tries) || ' times' as text from workflows.subject_facts
  where tries > 20 and needs = '' group by kind, subject_id order by 1"""


async def without_holder(look: Look) -> list[Finding]:
    """The same promise as for hires: an open obligation, a planned one with its wake armed, or a machine step before its deadline."""
    out = []
    for row in await look.pg.fetch(_LIVE):
        problem = _problem(row, look)
        if problem:
            out.append(Finding("subject_without_holder", f"{row['kind']}/{row['subject_id']}", f"{problem} (stage {row['stage']})"))
    return out[:MOST]


def _problem(row: Any, look: Look) -> str:
    if row["state"] is None:
        return "it never began" if row["begun_at"] + MACHINE_STEP + SLACK < look.now else ""
    if row["kind"] == "house":  # stands where nothing is due, but never lets an instant pass
        return missed(row, look.now)
    return missing_holder(row, look.now)


async def different(look: Look) -> list[Finding]:
    """What a subject owes is what reporting was told, both ways."""
    return await found(look, _UNTOLD, "subject_differs") + await found(look, _ORPHANS, "owed_by_nobody")


async def stuck(look: Look) -> list[Finding]:
    """An event for many hires that is not handed out, facts that a subject does not take."""
    return await found(look, _STUCK, "fan_out_stuck", look.now - MACHINE_STEP - SLACK) + await found(look, _QUEUED, "subject_does_not_answer")
