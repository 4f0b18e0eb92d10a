"""What happened on somebody's requisitions since an instant: answers given, messages that left, what is late. Read from the ledger's own tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.db import Uow

_MINE = (
    " join facts h on h.kind = 'hire' and h.id = {of}.hire_id join directory r on r.kind = 'requisition' and cast(r.id as text) = h.body->>'requisition_id'"
    " where exists (select 1 from jsonb_each_text(r.body->'team') t where t.value = cast(:person as text))"
    " and (cast(:code as text) = '' or r.body->>'code' = :code)"
)
_WHERE = ", h.body->>'person_id' as candidate, r.body->>'code' as code"


async def answered(uow: Uow, person: UUID, code: str, since: datetime) -> list[dict[str, Any]]:
    """Answers since then on this person's requisitions: {kind, at, by, candidate, code}, newest first. `code` empty: all requisitions."""
    rows = await uow.rows(
        f"select a.kind, a.answered_at as at, a.answered_by as by{_WHERE} from asks a{_MINE.format(of='a')}"
        " and a.answered_at >= :since order by a.answered_at desc, a.id limit 60",
        person=str(person), code=code, since=since)
    return [dict(row) for row in rows]


async def late(uow: Uow, person: UUID, code: str) -> list[dict[str, Any]]:
    """What is open and past its due on this person's requisitions: {kind, at, by, candidate, code}, longest first."""
    rows = await uow.rows(
        f"select a.kind, a.due_at as at, a.holder_id as by{_WHERE} from asks a{_MINE.format(of='a')}"
        " and a.state = 'open' and a.due_at < :now order by a.due_at, a.id limit 60", person=str(person), code=code, now=uow.now)
    return [dict(row) for row in rows]


async def said(uow: Uow, person: UUID, code: str, since: datetime) -> list[dict[str, Any]]:
    """What left or failed since then on this person's requisitions: {template, state, at, by, channel, candidate, code}, newest first."""
    rows = await uow.rows(
        f"select m.template, m.state, m.channel, coalesce(m.accepted_at, m.created_at) as at, m.person_id as by{_WHERE} from messages m"
        f"{_MINE.format(of='m')} and coalesce(m.accepted_at, m.created_at) >= :since and m.state <> 'queued'"
        " order by coalesce(m.accepted_at, m.created_at) desc, m.id limit 60", person=str(person), code=code, since=since)
    return [dict(row) for row in rows]
