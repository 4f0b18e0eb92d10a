"""What stands in people's chats: cards to change, presses that came, who wants no more."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.notification.store.messages import row_of
from shared.runtime.db import Uow


async def stale(uow: Uow, channels: Iterable[str], limit: int) -> list[dict[str, Any]]:
    """Messages whose card shows another state or version than their ask has now; `wanted` is what it should show. `fixed` ones can't be changed."""
    rows = await uow.rows(
        "select m.*, a.state || ':' || a.version as wanted from messages m join asks a on a.id = m.ask_id where m.shown is not null and m.shown <> 'fixed'"
        " and m.shown <> a.state || ':' || a.version and m.channel = any(cast(:channels as text[])) and m.state in ('sent', 'delivered')"
        " order by m.accepted_at, m.id limit :limit",
        channels=list(channels),
        limit=limit,
    )
    return [{**row_of(row), "wanted": row["wanted"]} for row in rows]


async def show(uow: Uow, message_id: UUID, shown: str) -> None:
    """The card shows this from now on."""
    await uow.run("update messages set shown = :shown where id = :id", id=message_id, shown=shown)


async def shown_as_asked(uow: Uow, ids: Iterable[UUID]) -> None:
    """Their cards show the open question in the version it has now."""
    await uow.run(
        "update messages m set shown = 'open:' || a.version from asks a where a.id = m.ask_id and m.id = any(cast(:ids as uuid[]))", ids=list(ids)
    )


async def known_by(uow: Uow, message_id: UUID, handle: str) -> None:
    """The vendor knows the card by this from now on."""
    await uow.run("update messages set provider_id = :handle where id = :id", id=message_id, handle=handle)


async def seen(uow: Uow, message_id: UUID) -> None:
    """Its reader was there: the vendor signed for a press on it. The first time counts."""
    await uow.run("update messages set seen_at = coalesce(seen_at, :now) where id = :id", id=message_id, now=uow.now)


async def newest(uow: Uow, ask_id: UUID, person: UUID, channel: str) -> dict[str, Any] | None:
    """The last message that asked this person this by this channel."""
    row = await uow.one(
        "select * from messages where ask_id = :ask and person_id = :person and channel = :channel order by created_at desc, id limit 1",
        ask=ask_id,
        person=person,
        channel=channel,
    )
    return row_of(row) if row else None


async def press(uow: Uow, vendor: str, key: str, ask_id: UUID) -> bool:
    """Remember a press; False when it came before."""
    return (
        await uow.run(
            "insert into presses (vendor, key, ask_id, at) values (:vendor, :key, :ask, :now) on conflict do nothing",
            vendor=vendor,
            key=key,
            ask=ask_id,
            now=uow.now,
        )
        == 1
    )


async def opt_out(uow: Uow, person: UUID, channel: str) -> None:
    """This person wants nothing more of what the machine begins by this channel."""
    await uow.run(
        "insert into optouts (person_id, channel, at) values (:person, :channel, :now) on conflict do nothing",
        person=person,
        channel=channel,
        now=uow.now,
    )


async def opted_out(uow: Uow, person: UUID | None, channel: str) -> bool:
    """Whether they said so, for this channel or for all."""
    return bool(
        await uow.value(
            "select 1 from optouts where person_id = :person and channel in ('all', :channel) limit 1", person=person, channel=channel
        )
    )


async def by_hand(uow: Uow, person: UUID) -> list[dict[str, Any]]:
    """What waits for this person's hand: messages that only a person can carry, of the requisitions on whose team they are."""
    rows = await uow.rows(
        "select m.* from messages m join facts h on h.kind = 'hire' and h.id = m.hire_id join directory r on r.kind = 'requisition'"
        " and r.id = cast(h.body->>'requisition_id' as uuid) where m.channel = 'hand' and m.state = 'failed' and m.reason = 'by_hand'"
        " and exists (select 1 from jsonb_each_text(r.body->'team') t where t.value = cast(:person as text)) order by m.created_at, m.id limit 50",
        person=str(person),
    )
    return [row_of(row) for row in rows]


async def calls_for(uow: Uow, ask_id: UUID | None, person: UUID) -> list[UUID]:
    """Open calls of this person that serve this ask."""
    rows = await uow.rows(
        "select id from asks where kind = 'call' and state = 'open' and spec->'params'->>'serves_ask' = cast(:ask as text)"
        " and may_answer @> array[cast(:person as uuid)] order by id",
        ask=str(ask_id) if ask_id else None,
        person=person,
    )
    return [row["id"] for row in rows]
