"""By which channels a message was tried, and how it moves from one to the next."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.db import Uow


async def tries(uow: Uow, message_id: UUID) -> int:
    """How often the other side said later."""
    return await uow.value("select count(*) from attempts where message_id = :id and outcome = 'later'", id=message_id) or 0


async def tried(uow: Uow, message_id: UUID) -> set[str]:
    """By which channels it was tried to an end."""
    rows = await uow.rows("select distinct channel from attempts where message_id = :id and outcome is not null", id=message_id)
    return {row["channel"] for row in rows}


async def accepted_before(uow: Uow, ids: Iterable[UUID]) -> dict[UUID, int]:
    """How often each was accepted already: a message that came back may leave again by another channel."""
    rows = await uow.rows(
        "select message_id, count(*) as n from attempts where message_id = any(cast(:ids as uuid[])) and outcome = 'accepted' group by 1", ids=list(ids)
    )
    return {row["message_id"]: row["n"] for row in rows}


async def refused(uow: Uow, ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Where another channel did not take it before, or gave it back: {channel, reason, at} of each, in order."""
    rows = await uow.rows(
        "select a.message_id, a.channel, a.ended_at as at, case a.outcome when 'accepted' then m.reason else coalesce(nullif(a.detail, ''), a.outcome) end as reason"
        " from attempts a join messages m on m.id = a.message_id"
        " where m.id = any(cast(:ids as uuid[])) and a.channel <> m.channel and a.ended_at is not null order by a.ended_at, a.channel",
        ids=list(ids),
    )
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["message_id"], []).append({key: row[key] for key in ("channel", "reason", "at")})
    return found


async def asked_by(uow: Uow, party: str, ask_id: UUID) -> list[str]:
    """By which channels this party was asked so far, in order; a suppressed or failed message asked nobody."""
    rows = await uow.rows(
        "select channel from messages where party = :party and ask_id = :ask and state in ('sending', 'sent', 'delivered', 'bounced') order by created_at, id",
        party=party,
        ask=ask_id,
    )
    return [row["channel"] for row in rows]


async def by_channel(uow: Uow, message_id: UUID, way: tuple[str, datetime], reason: str) -> None:
    """Back into the queue by another channel, for when its hours allow. `way`: (channel, send_at)."""
    await uow.run(
        "update messages set state = 'queued', channel = :channel, send_at = :at, reason = :reason, grace_until = null, lease_by = null, lease_until = null where id = :id",
        id=message_id,
        channel=way[0],
        at=way[1],
        reason=reason,
    )
