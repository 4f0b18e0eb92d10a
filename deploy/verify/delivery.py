"""Nothing is lost on the way: sequences without gaps, empty outboxes, nothing parked inside, the door's sum, projections equal to the archive."""

from __future__ import annotations

from services.reporting.store import differences

from .finding import MOST, SCHEMAS, Finding, Look, found

DOORS = ("intake.door",)
"""Consumers where a parked record is an answer to a publisher, not a fault of ours."""
_GAPS = """select source || ' ' || subject as subject, count(distinct sequence) || ' of ' || max(sequence) || ' told' as text from reporting.events
  where source like 'baton/%' group by source, events.subject having min(sequence) <> 1 or count(distinct sequence) <> max(sequence)
  or count(*) <> count(distinct sequence) order by 1"""
_ENDS = """select s.subject as subject, 'published up to ' || s.n || ', archived up to ' || coalesce(max(e.sequence), 0) as text from {schema}.sequences s
  left join reporting.events e on e.source = 'baton/{schema}' and e.subject = s.subject group by s.subject, s.n
  having coalesce(max(e.sequence), 0) < s.n order by 1"""
_STUCK = """select topic as subject, count(*) || ' rows, the oldest ' || round(extract(epoch from clock_timestamp() - min(created_at))) || ' s' as text
  from {schema}.outbox where created_at < clock_timestamp() - interval '60 seconds' group by topic order by 1"""
_PARKED = """select id as subject, consumer || ' parked a record of ' || topic || ': ' || code as text from {schema}.parked
  where state = 'parked' and not consumer = any($1::text[]) order by parked_at"""
_OVERDUE = """select waits_for as subject, count(*) || ' records of ' || consumer || ' wait longer than they may' as text from {schema}.deferred
  where expires_at < cast($1 as timestamptz) - interval '5 minutes' group by waits_for, consumer order by 1"""


async def gaps(look: Look) -> list[Finding]:
    """Sequences per (source, subject) in the archive, and the archive's end against what each owner has counted."""
    out = await found(look, _GAPS, "sequence_gap")
    if not out:
        for schema in SCHEMAS:
            out += await found(look, _ENDS.format(schema=schema), "not_archived")
    return out


async def stuck(look: Look) -> list[Finding]:
    """Outbox rows older than a minute, and records that wait for a reference past their time."""
    out = []
    for schema in SCHEMAS:
        out += [Finding("outbox_stuck", f"{schema}/{f.subject}", f.text) for f in await found(look, _STUCK.format(schema=schema), "outbox_stuck")]
        out += await found(look, _OVERDUE.format(schema=schema), "deferred_too_long", look.now)
    return out


async def parked_inside(look: Look) -> list[Finding]:
    """Records of our own topics that a consumer of ours could not handle."""
    out = []
    for schema in SCHEMAS:
        out += await found(look, _PARKED.format(schema=schema), "parked_inside", list(DOORS))
    return out


async def door_sum(look: Look) -> list[Finding]:
    """Accepted + duplicate + parked = sent."""
    numbers = await tally(look)
    taken = numbers["accepted"] + numbers["duplicates"] + numbers["parked"]
    if taken == numbers["sent"]:
        return []
    return [Finding("door_sum", "intake", f"{numbers['sent']} sent, but {numbers['accepted']} accepted + {numbers['duplicates']} duplicate"
                    f" + {numbers['parked']} parked = {taken}")]


async def tally(look: Look) -> dict[str, int]:
    """What intake's door was sent and what became of it."""
    rows = {row["name"]: int(row["n"]) for row in await look.pg.fetch("select name, n from intake.tally")}
    return {"sent": rows.get("sent", 0), "accepted": rows.get("accepted", 0), "duplicates": rows.get("duplicate", 0), "parked": rows.get("parked", 0)}


async def projections(look: Look) -> list[Finding]:
    """Reporting's projections are what its archive makes."""
    await look.pg.execute("set local search_path to reporting")
    wrong = await differences(look.pg)
    await look.pg.execute("set local search_path to public")
    return [Finding("projection_differs", name, "the archive makes another row") for name in wrong[:MOST]]
