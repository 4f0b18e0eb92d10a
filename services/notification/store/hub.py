"""Everything said and answered about one requisition, in order (C185): read from the ledger's own tables, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.db import Uow

_SAID = """select m.id, 'said' as what, coalesce(m.accepted_at, case when m.state = 'queued' then m.send_at end, m.settled_at, m.created_at) as at,
    m.template as kind, m.purpose, m.channel, m.state, m.seen_at, m.person_id as person, m.hire_id
  from messages m left join asks a on a.id = m.ask_id
  where m.hire_id = any(cast(:hires as uuid[])) or (m.hire_id is null and a.spec->>'requisition_id' = :requisition)"""
_ANSWERED = """select a.id, 'answered' as what, a.answered_at as at, a.kind, 'answer' as purpose, '' as channel, a.state, null as seen_at,
    a.answered_by as person, a.hire_id
  from asks a where a.answered_at is not null
  and (a.hire_id = any(cast(:hires as uuid[])) or (a.hire_id is null and a.spec->>'requisition_id' = :requisition))"""
_PAGE = f"""select t.* from ({_SAID} union all {_ANSWERED}) t
  where cast(:before as timestamptz) is null or (t.at, t.id) < (cast(:before as timestamptz), cast(:last as uuid))
  order by t.at desc, t.id desc limit :limit"""


@dataclass(frozen=True)
class Place:
    """Where the page before ended: the instant and id of its last line; None: from the newest."""

    before: datetime | None = None
    last: UUID | None = None


async def hires_of(uow: Uow, requisition: UUID, candidate: UUID | None = None) -> dict[UUID, UUID | None]:
    """The hires of this requisition, each with its person; `candidate`: theirs alone."""
    rows = await uow.rows(
        "select id, body->>'person_id' as person from facts where kind = 'hire' and body->>'requisition_id' = :requisition"
        " and (cast(:candidate as text) is null or body->>'person_id' = :candidate)",
        requisition=str(requisition), candidate=str(candidate) if candidate else None)
    return {row["id"]: UUID(row["person"]) if row["person"] else None for row in rows}


async def thread(uow: Uow, requisition: UUID, hires: list[UUID], *, place: Place, limit: int, whole: bool) -> list[dict[str, Any]]:
    """Messages (said, held back, still to leave) and answers, newest first: {id, what, at, kind, purpose, channel, state, seen_at, person, hire_id}.

    `whole`: with what is about the requisition itself and no hire.
    """
    rows = await uow.rows(
        _PAGE, hires=hires, requisition=str(requisition) if whole else "", before=place.before, last=place.last or UUID(int=0), limit=limit)
    return [dict(row) for row in rows]
