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
