"""The messages: one row per (party, purpose, occasion), the queue of what has not left, the attempts written before each send."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.notification.store.directory import loaded
from shared.contracts.notification import MessageSpec
from shared.runtime.db import Uow

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Lane:
    """Whose messages a sender takes: those of one channel, at most so many; the first lane also those of channels that are gone.

    None to a `busy` party: something is on its way to them, and the next is judged by what becomes of it."""

    channel: str
    limit: int = 1
    strays: bool = False
    known: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ended:
    """What became of an attempt."""

    outcome: str
    detail: str = ""
    provider_id: str = ""


def row_of(row: Any) -> dict[str, Any]:
    """A row with its spec and cause as values."""
    found = dict(row)
    found["spec"] = MessageSpec.model_validate(loaded(found["spec"]))
    found["cause"] = loaded(found["cause"])
    return found


async def put(uow: Uow, spec: MessageSpec, queued: dict[str, Any]) -> bool:
    """Queue a message; False when this (party, purpose, occasion) was said already. `queued`: send_at, obligation_id, cause, channel, owed_at."""
    party = str(spec.party.person_id or spec.party.role)
    return (
        await uow.run(
            "insert into messages (id, party, person_id, role, purpose, occasion, template, spec, hire_id, ask_id, obligation_id, state, counted, send_at, owed_at, channel,"
            " created_at, cause) values (:id, :party, :person, :role, :purpose, :occasion, :template, cast(:spec as jsonb), :hire, :ask, :obligation, 'queued', :counted,"
            " :send_at, :owed, :channel, :now, cast(:cause as jsonb)) on conflict do nothing",
            id=spec.message_id,
            party=party,
            person=spec.party.person_id,
            role=spec.party.role,
            purpose=spec.purpose,
            occasion=spec.occasion,
            template=spec.template,
            spec=spec.model_dump_json(),
            hire=spec.hire_id,
            ask=spec.ask_id,
            obligation=queued.get("obligation_id"),
            counted=not spec.owed,
            send_at=queued["send_at"],
            owed=queued.get("owed_at") or queued["send_at"],
            channel=queued.get("channel") or "mail",
            now=uow.now,
            cause=to_json(queued["cause"]).decode(),
        )
        == 1
    )


async def find(uow: Uow, message_id: UUID) -> dict[str, Any] | None:
    """One message, locked, or None."""
    row = await uow.one("select * from messages where id = :id for update", id=message_id)
    return row_of(row) if row else None


async def said(uow: Uow, spec: MessageSpec) -> dict[str, Any] | None:
    """The message that already stands for this (party, purpose, occasion), or None."""
    party = str(spec.party.person_id or spec.party.role)
    row = await uow.one(
        "select * from messages where party = :p and purpose = :u and occasion = :o", p=party, u=spec.purpose, o=spec.occasion
    )
    return row_of(row) if row else None


async def take_due(uow: Uow, sender: str, lane: Lane, skip: Iterable[UUID] = ()) -> list[dict[str, Any]]:
    """The next messages of a lane whose time has come, locked, what is owed soonest first: queued ones, and those whose sender died in the middle.

    `skip`: those that wait for news and must not hold up the others. One message a party: the next one is judged by what became of the first.
    """
    rows = await uow.rows(
        "select * from messages where (channel = :channel or (:strays and not channel = any(cast(:known as text[])))) and state in ('queued', 'sending')"
        " and send_at <= :now and (state = 'queued' or lease_until < clock_timestamp() or lease_by = :me)"
        " and not id = any(cast(:skip as uuid[])) and not party = any(cast(:busy as text[])) order by owed_at, id limit :limit for update skip locked",
        channel=lane.channel,
        strays=lane.strays,
        known=list(lane.known),
        limit=lane.limit,
        now=uow.now,
        me=sender,
        skip=list(skip),
        busy=list(lane.busy),
    )
    return list({row["party"]: row_of(row) for row in reversed(rows)}.values())[::-1]


async def companions(uow: Uow, message: dict[str, Any]) -> list[dict[str, Any]]:
    """Other due messages to the same party with the same text: one mail says them all."""
    rows = await uow.rows(
        "select * from messages where state = 'queued' and send_at <= :now and party = :party and template = :template and purpose = :purpose"
        " and channel = :channel and id <> :id order by send_at, id for update skip locked",
        now=uow.now,
        party=message["party"],
        template=message["template"],
        purpose=message["purpose"],
        channel=message["channel"],
        id=message["id"],
    )
    return [row_of(row) for row in rows]


async def begin(uow: Uow, sender: str, attempts: Iterable[tuple[Iterable[UUID], Mapping[str, Any]]]) -> None:
    """Write attempts before their sends: (messages that one sending says, channel, body, mail_id, body_hash, recipient_digest) each."""
    rows = [(id, sealed, n == 0) for ids, sealed in attempts for n, id in enumerate(ids)]
    if not rows:
        return
    ids, channels = [id for id, _, _ in rows], [sealed["channel"] for _, sealed, _ in rows]
    await uow.run(
        "update messages m set state = 'sending', mail_id = u.mail, body_hash = u.hash, channel = u.channel, lease_by = :me,"
        " lease_until = clock_timestamp() + cast(:lease as interval)"
        " from unnest(cast(:ids as uuid[]), cast(:channels as text[]), cast(:mails as text[]), cast(:hashes as text[])) as u (id, channel, mail, hash)"
        " where m.id = u.id",
        ids=ids,
        channels=channels,
        mails=[sealed["mail_id"] for _, sealed, _ in rows],
        hashes=[sealed["body_hash"] for _, sealed, _ in rows],
        me=sender,
        lease=LEASE,
    )
    await uow.run(
        "insert into attempts (message_id, channel, n, started_at, recipient_digest, body) select u.id, u.channel,"
        " (select coalesce(max(a.n), 0) + 1 from attempts a where a.message_id = u.id and a.channel = u.channel), :now, u.digest, u.body"
        " from unnest(cast(:ids as uuid[]), cast(:channels as text[]), cast(:digests as text[]), cast(:bodies as bytea[])) as u (id, channel, digest, body)",
        ids=ids,
        channels=channels,
        digests=[sealed["recipient_digest"] for _, sealed, _ in rows],
        bodies=[sealed["body"] if first else None for _, sealed, first in rows],
        now=uow.now,
    )


async def last_attempt(uow: Uow, message_id: UUID) -> dict[str, Any] | None:
    """The attempt whose outcome is not known, or None."""
    row = await uow.one(
        "select *, clock_timestamp() - began as age from attempts where message_id = :id and outcome is null order by began desc limit 1", id=message_id
    )
    return dict(row) if row else None


async def end_attempts(uow: Uow, ended: Mapping[UUID, Ended]) -> None:
    """The outcomes are known: the rendered bodies go, hash and references stay."""
    await uow.run(
        "update attempts a set ended_at = :now, outcome = u.outcome, detail = u.detail, provider_id = nullif(u.provider, ''), body = null"
        " from unnest(cast(:ids as uuid[]), cast(:outcomes as text[]), cast(:details as text[]), cast(:providers as text[])) as u (id, outcome, detail, provider)"
        " where a.message_id = u.id and a.outcome is null",
        ids=list(ended),
        outcomes=[one.outcome for one in ended.values()],
        details=[one.detail[:200] for one in ended.values()],
        providers=[one.provider_id for one in ended.values()],
        now=uow.now,
    )


async def accept(uow: Uow, ended: Mapping[UUID, Ended], grace: datetime) -> dict[UUID, dict[str, Any]]:
    """Those that are being sent are sent; the rows as they stand now."""
    rows = await uow.rows(
        "update messages m set state = 'sent', accepted_at = :now, settled_at = :now, grace_until = :grace, lease_by = null, lease_until = null,"
        " provider_id = coalesce(nullif(u.provider, ''), m.provider_id) from unnest(cast(:ids as uuid[]), cast(:providers as text[])) as u (id, provider)"
        " where m.id = u.id and m.state = 'sending' returning m.*",
        ids=list(ended),
        providers=[one.provider_id for one in ended.values()],
        grace=grace,
        now=uow.now,
    )
    return {row["id"]: row_of(row) for row in rows}


async def bundled(uow: Uow, mail_id: str) -> list[dict[str, Any]]:
    """All messages that one mail carries."""
    rows = await uow.rows(
        "select * from messages where mail_id = :mail and state = 'sending' order by id for update", mail=mail_id
    )
    return [row_of(row) for row in rows]


async def settle(uow: Uow, message_id: UUID, state: str, more: dict[str, Any]) -> None:
    """Move a message on. `more`: accepted_at, grace_until, reason, provider_id, shown (what its card shows)."""
    await uow.run(
        "update messages set state = :state, accepted_at = coalesce(:accepted, accepted_at), grace_until = :grace, reason = coalesce(:reason, reason), lease_by = null,"
        " lease_until = null, settled_at = :now, provider_id = coalesce(:provider, provider_id), shown = coalesce(:shown, shown) where id = :id",
        id=message_id,
        state=state,
        accepted=more.get("accepted_at"),
        grace=more.get("grace_until"),
        reason=more.get("reason"),
        provider=more.get("provider_id"),
        shown=more.get("shown"),
        now=uow.now,
    )


async def postpone(uow: Uow, message_id: UUID, until: datetime, reason: str) -> None:
    """Back into the queue, for later."""
    await uow.run(
        "update messages set state = 'queued', send_at = :until, reason = :reason, lease_by = null, lease_until = null where id = :id",
        id=message_id,
        until=until,
        reason=reason,
    )


async def out_of_grace(uow: Uow) -> list[dict[str, Any]]:
    """Accepted messages whose grace is over: delivered, unless they bounced meanwhile."""
    rows = await uow.rows(
        "select * from messages where state = 'sent' and grace_until <= :now order by grace_until, id limit 50 for update skip locked",
        now=uow.now,
    )
    return [row_of(row) for row in rows]


async def counted_since(uow: Uow, party: str, since: datetime, *, asks_only: bool = False) -> int:
    """How many messages that the machine began left to this party since then, or are leaving now by whatever channel."""
    return (
        await uow.value(
            "select count(distinct mail_id) from messages where party = :party and counted and (accepted_at >= :since or state = 'sending') and (purpose = 'ask' or not :asks)",
            party=party,
            since=since,
            asks=asks_only,
        )
        or 0
    )


async def one_by_one(uow: Uow, party: str) -> None:
    """Until this transaction ends nobody else judges the budget of this party."""
    await uow.run("select pg_advisory_xact_lock(7011, hashtext(:party))", party=party)


async def by_mail_id(uow: Uow, mail_id: str) -> list[dict[str, Any]]:
    """The messages a Message-ID belongs to, locked (for bounces)."""
    rows = await uow.rows("select * from messages where mail_id = :mail order by id for update", mail=mail_id)
    return [row_of(row) for row in rows]


async def by_provider_id(uow: Uow, provider_id: str) -> list[dict[str, Any]]:
    """The messages that a vendor calls so, locked (for receipts)."""
    rows = await uow.rows("select * from messages where provider_id = :id order by id for update", id=provider_id)
    return [row_of(row) for row in rows]


async def lanes_due(uow: Uow, known: Iterable[str]) -> tuple[set[str], bool]:
    """Which channels have something to do now (an unknown one counts as the first), and whether a grace is over: the cheap look before the dear one."""
    names = list(known)
    rows = await uow.rows(
        "select c as channel from unnest(cast(:known as text[])) c where exists (select 1 from messages where channel = c and state in ('queued', 'sending') and send_at <= :now)"
        " union all select 'stray' where exists (select 1 from messages where not channel = any(cast(:known as text[])) and state in ('queued', 'sending') and send_at <= :now)"
        " union all select 'grace' where exists (select 1 from messages where state = 'sent' and grace_until <= :now)",
        known=names,
        now=uow.now,
    )
    found = {row["channel"] for row in rows}
    lanes = {names[0] if one == "stray" else one for one in found - {"grace"}}
    return lanes, "grace" in found







async def lease(uow: Uow, ids: Iterable[UUID], sender: str) -> None:
    """They are in this sender's hands again."""
    await uow.run(
        "update messages set lease_by = :me, lease_until = clock_timestamp() + cast(:lease as interval) where id = any(cast(:ids as uuid[]))",
        ids=list(ids),
        me=sender,
        lease=LEASE,
    )
