"""The ledger of obligations adds up, and what was promised to candidates was kept."""

from __future__ import annotations

from typing import Any

from .finding import Finding, Look, found

NAMES = ("met", "met_late", "waived", "transferred", "lapsed", "cancelled", "open")
_LEDGER = """select count(*) filter (where opens > 0) as opened, count(*) filter (where ended = 'met' and not late) as met,
  count(*) filter (where ended = 'met' and late) as met_late, count(*) filter (where ended = 'waived') as waived,
  count(*) filter (where ended = 'transferred') as transferred, count(*) filter (where ended = 'lapsed') as lapsed,
  count(*) filter (where ended = 'cancelled') as cancelled, count(*) filter (where ended is null) as open from reporting.obligations"""
_ONCE = """select 'obligation/' || obligation_id as subject, kind || ' of ' || by_role || ': opened ' || opens || ' times, ended ' || ends || ' times' as text
  from reporting.obligations where opens <> 1 or ends > 1 order by 1"""
_ORPHANS = """select 'obligation/' || o.obligation_id as subject, o.kind || ' is open, but hire ' || h.hire_id || ' ended as ' || h.outcome as text
  from reporting.obligations o join reporting.hires h using (hire_id) where o.ended is null and h.outcome is not null
  and o.kind not in ('pool_consent') order by 1"""
_UNTOLD = """select 'interview/' || i.interview_id as subject, 'ended ' || i.ends_at || ', no word to the candidate of hire ' || i.hire_id || ' within 24 h' as text
  from reporting.interviews i join reporting.hires h using (hire_id)
  where i.state = 'attended' and i.ends_at + interval '24 hours' < cast($1 as timestamptz) and (h.closed_at is null or h.closed_at > i.ends_at + interval '24 hours')
  and not exists (select 1 from reporting.messages m where m.hire_id = i.hire_id and m.party_role in ('candidate', 'new_hire')
    and m.delivered_at >= i.ends_at and m.delivered_at <= i.ends_at + interval '24 hours')
  and not exists (select 1 from reporting.events e where e.hire = i.hire_id and e.type = 'baton.candidate.contacted' and e.time >= i.ends_at
    and e.time <= i.ends_at + interval '24 hours')
  and not exists (select 1 from reporting.obligations o where o.hire_id = i.hire_id and o.opened_at >= i.ends_at - interval '1 hour' and
    ((o.kind in ('debrief', 'word_after_interview', 'call') and o.ended = 'met' and o.ended_at <= i.ends_at + interval '24 hours')
     or (o.kind = 'word_after_interview' and o.ended is null and o.due_at > cast($1 as timestamptz)))) order by 1"""
_SHOWN = """select 'hire/' || e.hire as subject, 'disclosed ' || (e.body->'disclosure'->>'level') || ' to ' || (e.body->'disclosure'->>'to_org')
  || ' without the candidate''s yes' as text from reporting.events e where e.type = 'baton.disclosure.made' and e.body->'disclosure'->>'level' <> 'blind'
  and not exists (select 1 from reporting.events y where y.type = 'baton.ask.answered' and y.body->>'kind' = 'represent_consent'
    and y.body->>'ask_id' = e.body->'disclosure'->>'consent_ref' and y.body->'answer'->'clear'->>'decision' = 'yes') order by 1"""


async def counts(look: Look) -> dict[str, int]:
    """The ledger: opened and how each ended."""
    row: Any = await look.pg.fetchrow(_LEDGER)
    return {name: int(row[name]) for name in ("opened", *NAMES)}


async def ledger(look: Look) -> list[Finding]:
    """opened = met + met late + waived + transferred + lapsed + cancelled + open, each opened and ended once."""
    numbers = await counts(look)
    total = sum(numbers[name] for name in NAMES)
    out = [] if total == numbers["opened"] else [Finding("ledger_sum", "obligations", f"{numbers['opened']} opened, {total} accounted for: {numbers}")]
    return out + await found(look, _ONCE, "ledger_twice")


async def orphans(look: Look) -> list[Finding]:
    """Nothing is owed for a hire that has ended."""
    return await found(look, _ORPHANS, "owed_after_end")


async def untold(look: Look) -> list[Finding]:
    """After an interview the candidate has word within 24 hours: delivered, or by a call that is on record."""
    return await found(look, _UNTOLD, "untold_24h", look.now)


async def shown(look: Look) -> list[Finding]:
    """No candidate was shown by name without their own yes."""
    return await found(look, _SHOWN, "shown_without_yes")
