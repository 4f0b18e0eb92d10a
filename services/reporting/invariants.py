"""What must always hold, as far as the archive can tell: no gaps, a ledger that adds up, nobody's hire in nobody's hands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.runtime.db import Uow

from . import reads

QUIET = timedelta(minutes=15)
GAPS = """select source, subject, min(sequence) as first, max(sequence) as last, count(distinct sequence) as n from events
  where source like 'baton/%' group by 1, 2
  having min(sequence) <> 1 or count(distinct sequence) <> max(sequence) or count(*) <> count(distinct sequence) order by 1, 2 limit 100"""
SILENT = """select h.hire_id, h.stage from hires h where h.outcome is null
  and not exists (select 1 from obligations o where o.hire_id = h.hire_id and o.ended is null)
  and (select max(recordedtime) from events e where e.hire = h.hire_id) < :before order by 1 limit 100"""
TWICE = "select obligation_id, opens, ends from obligations where opens <> 1 or ends > 1 order by 1 limit 100"


async def check(uow: Uow) -> dict[str, Any]:
    """Each invariant with the ids that break it. `silent`: nothing open and nothing heard for 15 min; a planned duty may explain it."""
    ledger = dict(await uow.one(reads.LEDGER) or {})
    ends = sum(ledger[name] for name in ("met", "met_late", "waived", "transferred", "lapsed", "cancelled", "open"))
    return {
        "now": uow.now, "gaps": [dict(r) for r in await uow.rows(GAPS)],
        "silent": [dict(r) for r in await uow.rows(SILENT, before=uow.now - QUIET)],
        "obligations_twice": [dict(r) for r in await uow.rows(TWICE)], "ledger": {**ledger, "adds_up": ends == ledger["opened"]}}
