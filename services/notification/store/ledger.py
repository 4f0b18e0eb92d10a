"""The ledger as people read it: what was said to somebody, what they answered, what they told us about their links."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification.store.directory import loaded
from shared.runtime.db import Uow


async def said_to(uow: Uow, person: UUID, limit: int) -> list[dict[str, Any]]:
    """The newest messages to this person: {template, purpose, channel, state, created_at, accepted_at, seen_at, reason, hire_id}.

    `seen_at`: only where a vendor signed for it; nobody's opening of a mail or page is kept.
    """
    rows = await uow.rows(
        "select template, purpose, channel, state, created_at, accepted_at, seen_at, reason, hire_id from messages where person_id = :person"
        " order by coalesce(accepted_at, created_at) desc, id limit :limit",
        person=person,
        limit=limit,
    )
    return [dict(row) for row in rows]


async def answered_by(uow: Uow, person: UUID) -> list[dict[str, Any]]:
    """Everything this person answered: {kind, opened_at, answered_at, answer, hire_id}, oldest first."""
    rows = await uow.rows(
        "select kind, opened_at, answered_at, answer, hire_id from asks where answered_by = :person order by answered_at, id",
        person=person,
    )
    return [{**row, "answer": loaded(row["answer"])} for row in rows]


async def told_us(uow: Uow, since: datetime) -> list[dict[str, Any]]:
    """What people told us through their own pages since then: {at, what, person_id}, newest first."""
    rows = await uow.rows(
        "select n.at, n.what, l.person_id from notices n join links l on l.id = n.link_id where n.at >= :since order by n.at desc, n.id limit 60",
        since=since,
    )
    return [dict(row) for row in rows]


async def live_hires_of_team(uow: Uow, person: UUID) -> list[dict[str, Any]]:
    """Hires that are not closed on requisitions of this person's teams: {id, state, at, person_id, code, title, waits}; `waits`: open asks, theirs first."""
    rows = await uow.rows(
        "select h.id, h.state, h.at, h.body->>'person_id' as person_id, r.body->>'code' as code, r.body->>'title' as title,"
        " (select array_agg(a.may_answer @> array[cast(:p as uuid)] order by a.may_answer @> array[cast(:p as uuid)] desc) from asks a"
        " where a.hire_id = h.id and a.state = 'open') as waits"
        " from directory r join facts h on h.kind = 'hire' and h.body->>'requisition_id' = cast(r.id as text) and h.state <> 'closed'"
        " where r.kind = 'requisition' and exists (select 1 from jsonb_each_text(r.body->'team') t where t.value = cast(:t as text))"
        " order by h.at desc, h.id limit 200",
        p=person,
        t=str(person),
    )
    return [dict(row) for row in rows]
