"""Before a send: is it still true, may it go now, what does it say; the attempt is written in the same transaction (agreements.md 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from services.notification import asks as registry
from services.notification.channels.base import Channel, Outgoing
from services.notification.desk import Desk
from services.notification.domain import Truth
from services.notification.sending import settling, when
from services.notification.sending.compose import UnreachableError, compose
from services.notification.sending.guards import judge_all
from services.notification.sending.valve import Valve
from services.notification.store import cards, directory, messages
from shared.contracts.sealed import Sealed
from shared.runtime.db import Uow


@dataclass(frozen=True)
class Office:
    """What sending works with: the desk, the channels in their order, the valve, this sender's name."""

    desk: Desk
    channels: Mapping[str, Channel]
    valve: Valve
    me: str


@dataclass(frozen=True)
class Job:
    """One message that is about to be handed over, to one party. `ids` are the rows it says; `lost`: it may have been handed over before, and nobody knows it again.

    `attempt`: what has to be written of it before; None where it was written when it was tried first."""

    ids: tuple[UUID, ...]
    party: str
    channel: str
    outgoing: Outgoing
    lost: bool = False
    attempt: Mapping[str, Any] | None = None


async def prepare(uow: Uow, office: Office, row: dict[str, Any]) -> Job | str | None:
    """Judge and render; the caller writes the attempt in the same transaction. None: settled without a send; text: nothing to do yet."""
    if row["channel"] not in office.channels:
        await settling.next_channel(uow, office.desk, row, "channel_gone")
        return None
    if row["state"] == "sending":
        kept = await messages.last_attempt(uow, row["id"])
        if kept is not None and kept["body"] is not None:
            return await _again(uow, office, row, kept)
    await directory.about(uow, row["hire_id"], [row["person_id"]])
    truth, guard = await judge_all(uow, row)
    if truth is Truth.UNTRUE:
        await settling.suppress(uow, row, guard)
        return None
    if truth is Truth.NOT_YET:
        return "not_yet"
    until = await when.over_budget_until(uow, row, office.channels[row["channel"]].window)
    if until is not None and until > uow.now:
        await messages.postpone(uow, row["id"], until, "budget")
        return None
    if not row["spec"].owed and await cards.opted_out(uow, row["person_id"], row["channel"]):
        await settling.suppress(uow, row, "opted_out")
        return None
    return await _render(uow, office, row)


async def _render(uow: Uow, office: Office, row: dict[str, Any]) -> Job | None:
    rows, channel = [row], row["channel"]
    if registry.is_kind(row["template"]) and registry.kind_of(row["template"]).bundle:
        for other in await messages.companions(uow, row):
            if (await judge_all(uow, other))[0] is Truth.HOLDS:
                rows.append(other)
    try:
        outgoing = await compose(uow, office.desk, rows, channel)
        body = await _sealed(uow, office.desk, outgoing)
    except UnreachableError as problem:
        await settling.next_channel(uow, office.desk, row, problem.code)
        return None
    if channel != "webhook" and not office.valve.lets(outgoing.to):
        await settling.suppress(uow, row, "valve_closed")
        return None
    ids = tuple(one["id"] for one in rows)
    digest = office.desk.house.vault.blind("mail", outgoing.to.lower())
    written = {"channel": channel, "mail_id": outgoing.mail_id, "body_hash": outgoing.body_hash, "body": body, "recipient_digest": digest}
    return Job(ids, row["party"], channel, outgoing, attempt=written)


async def _sealed(uow: Uow, desk: Desk, outgoing: Outgoing) -> bytes:
    vault = desk.house.vault
    key = (await vault.keys(uow, [outgoing.person])).get(outgoing.person)
    if key is None:
        raise UnreachableError("erased")
    packed = {
        "to": outgoing.to,
        "raw": outgoing.raw.decode("ascii"),
        "mail_id": outgoing.mail_id,
        "subject": outgoing.subject,
        "link": outgoing.link,
    }
    return vault.seal(outgoing.person, "message.body", packed, key).model_dump_json().encode()


async def _again(uow: Uow, office: Office, row: dict[str, Any], kept: dict[str, Any]) -> Job | None:
    """The same bytes once more: the outcome of the last send is not known. Lost where the other side no longer knows its key, or never had one."""
    vault, box = office.desk.house.vault, Sealed.model_validate(from_json(kept["body"]))
    key = (await vault.keys(uow, [box.person_id])).get(box.person_id)
    if key is None:
        await settling.fail(uow, row, "erased")
        return None
    packed = vault.open(box, key)
    rows = await messages.bundled(uow, row["mail_id"])
    await messages.lease(uow, [one["id"] for one in rows], office.me)
    outgoing = Outgoing(
        packed["to"],
        packed["raw"].encode("ascii"),
        packed["mail_id"],
        packed["subject"],
        packed["link"],
        box.person_id,
        row["id"],
        row["template"],
    )
    life = office.channels[row["channel"]].key_life
    return Job(tuple(one["id"] for one in rows), row["party"], row["channel"], outgoing, lost=life is None or kept["age"] >= life)
