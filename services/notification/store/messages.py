"""The messages: one row per (party, purpose, occasion), the queue of what has not left, the attempts written before each send."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.notification.store.directory import loaded
from shared.contracts.notification import MessageSpec
from shared.runtime.db import Uow

LEASE = timedelta(seconds=60)


def _row(row: Any) -> dict[str, Any]:
    found = dict(row)
    found["spec"] = MessageSpec.model_validate(loaded(found["spec"]))
    found["cause"] = loaded(found["cause"])
    return found


async def put(uow: Uow, spec: MessageSpec, queued: dict[str, Any]) -> bool:
    """Queue a message; False when this (party, purpose, occasion) was said already. `queued`: send_at, obligation_id, cause."""
    party = str(spec.party.person_id or spec.party.role)
    return (
        await uow.run(
            "insert into messages (id, party, person_id, role, purpose, occasion, template, spec, hire_id, ask_id, obligation_id, state, counted, send_at, created_at, cause)"
            " values (:id, :party, :person, :role, :purpose, :occasion, :template, cast(:spec as jsonb), :hire, :ask, :obligation, 'queued', :counted, :send_at, :now,"
            " cast(:cause as jsonb)) on conflict do nothing",
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
            now=uow.now,
            cause=to_json(queued["cause"]).decode(),
        )
        == 1
    )


async def find(uow: Uow, message_id: UUID) -> dict[str, Any] | None:
    """One message, locked, or None."""
    row = await uow.one("select * from messages where id = :id for update", id=message_id)
    return _row(row) if row else None


async def said(uow: Uow, spec: MessageSpec) -> dict[str, Any] | None:
    """The message that already stands for this (party, purpose, occasion), or None."""
    party = str(spec.party.person_id or spec.party.role)
    row = await uow.one(
        "select * from messages where party = :p and purpose = :u and occasion = :o", p=party, u=spec.purpose, o=spec.occasion
    )
    return _row(row) if row else None


async def take_due(uow: Uow, sender: str, skip: Iterable[UUID] = ()) -> dict[str, Any] | None:
    """The next message whose time has come, locked: queued ones, and those whose sender died in the middle of a send.

    `skip`: those that wait for news and must not hold up the others.
    """
    row = await uow.one(
        "select * from messages where state in ('queued', 'sending') and send_at <= :now and (state = 'queued' or lease_until < clock_timestamp() or lease_by = :me)"
        " and not id = any(cast(:skip as uuid[])) order by send_at, id limit 1 for update skip locked",
        now=uow.now,
        me=sender,
        skip=list(skip),
    )
    return _row(row) if row else None


async def companions(uow: Uow, message: dict[str, Any]) -> list[dict[str, Any]]:
    """Other due messages to the same party with the same text: one mail says them all."""
    rows = await uow.rows(
        "select * from messages where state = 'queued' and send_at <= :now and party = :party and template = :template and purpose = :purpose and id <> :id"
        " order by send_at, id for update skip locked",
        now=uow.now,
        party=message["party"],
        template=message["template"],
        purpose=message["purpose"],
        id=message["id"],
    )
    return [_row(row) for row in rows]


async def begin(uow: Uow, ids: Iterable[UUID], sender: str, sealed: dict[str, Any]) -> None:
    """Write the attempt before the send. `sealed`: channel, body, mail_id, body_hash, recipient_digest."""
    for n, id in enumerate(ids):
        await uow.run(
            "update messages set state = 'sending', mail_id = :mail, body_hash = :hash, channel = :channel, lease_by = :me,"
            " lease_until = clock_timestamp() + cast(:lease as interval) where id = :id",
            id=id,
            mail=sealed["mail_id"],
            hash=sealed["body_hash"],
            channel=sealed["channel"],
            me=sender,
            lease=LEASE,
        )
        await uow.run(
            "insert into attempts (message_id, channel, n, started_at, recipient_digest, body) values (:id, :channel,"
            " (select coalesce(max(n), 0) + 1 from attempts where message_id = :id and channel = :channel), :now, :digest, :body)",
            id=id,
            channel=sealed["channel"],
            now=uow.now,
            digest=sealed["recipient_digest"],
            body=sealed["body"] if n == 0 else None,
        )


async def last_attempt(uow: Uow, message_id: UUID) -> dict[str, Any] | None:
    """The attempt whose outcome is not known, or None."""
    row = await uow.one(
        "select * from attempts where message_id = :id and outcome is null order by n desc limit 1", id=message_id
    )
    return dict(row) if row else None


async def end_attempt(uow: Uow, ids: Iterable[UUID], outcome: str, detail: str = "") -> None:
    """The outcome is known: the rendered body goes, hash and references stay."""
    await uow.run(
        "update attempts set ended_at = :now, outcome = :outcome, detail = :detail, body = null where message_id = any(cast(:ids as uuid[])) and outcome is null",
        ids=list(ids),
        now=uow.now,
        outcome=outcome,
        detail=detail[:200],
    )


async def bundled(uow: Uow, mail_id: str) -> list[dict[str, Any]]:
    """All messages that one mail carries."""
    rows = await uow.rows(
        "select * from messages where mail_id = :mail and state = 'sending' order by id for update", mail=mail_id
    )
    return [_row(row) for row in rows]


async def settle(uow: Uow, message_id: UUID, state: str, more: dict[str, Any]) -> None:
    """Move a message on. `more`: accepted_at, grace_until, reason."""
    await uow.run(
        "update messages set state = :state, accepted_at = coalesce(:accepted, accepted_at), grace_until = :grace, reason = coalesce(:reason, reason), lease_by = null,"
        " lease_until = null, settled_at = :now where id = :id",
        id=message_id,
        state=state,
        accepted=more.get("accepted_at"),
        grace=more.get("grace_until"),
        reason=more.get("reason"),
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
    return [_row(row) for row in rows]


async def counted_since(uow: Uow, party: str, since: datetime, *, asks_only: bool = False) -> int:
    """How many messages that the machine began left to this party since then."""
    return (
        await uow.value(
            "select count(distinct mail_id) from messages where party = :party and counted and accepted_at >= :since and (purpose = 'ask' or not :asks)",
            party=party,
            since=since,
            asks=asks_only,
        )
        or 0
    )


async def by_mail_id(uow: Uow, mail_id: str) -> list[dict[str, Any]]:
    """The messages a Message-ID belongs to, locked (for bounces)."""
    rows = await uow.rows("select * from messages where mail_id = :mail order by id for update", mail=mail_id)
    return [_row(row) for row in rows]


async def something_due(uow: Uow) -> bool:
    """Whether the queue has anything to do now: the cheap look before the dear one."""
    return bool(
        await uow.value(
            "select exists (select 1 from messages where state in ('queued', 'sending') and send_at <= :now)"
            " or exists (select 1 from messages where state = 'sent' and grace_until <= :now)",
            now=uow.now,
        )
    )


async def tries(uow: Uow, message_id: UUID) -> int:
    """How often it was tried."""
    return await uow.value("select count(*) from attempts where message_id = :id", id=message_id) or 0


async def by_channel(uow: Uow, message_id: UUID, channel: str, reason: str) -> None:
    """Back into the queue at once, by another channel."""
    await uow.run(
        "update messages set state = 'queued', channel = :channel, reason = :reason, lease_by = null, lease_until = null where id = :id",
        id=message_id,
        channel=channel,
        reason=reason,
    )
