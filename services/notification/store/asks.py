"""The asks, the links that lead to them, and the one-time values of pages: rows that decide (agreements.md 3)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.notification.store.directory import loaded
from shared.contracts.ask import AskSpec
from shared.runtime.db import Uow


def _row(row: Any) -> dict[str, Any]:
    found = dict(row)
    found["spec"] = AskSpec.model_validate(loaded(found["spec"]))
    found["answer"] = loaded(found["answer"]) if found["answer"] is not None else None
    found["cause"] = loaded(found["cause"])
    return found


async def lock(uow: Uow, ask_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The rows of these asks, locked in a fixed order: whoever comes second waits and then sees the truth."""
    wanted = sorted(dict.fromkeys(ask_ids))
    rows = await uow.rows("select * from asks where id = any(cast(:ids as uuid[])) order by id for update", ids=wanted)
    return {row["id"]: _row(row) for row in rows}


async def read(uow: Uow, ask_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The rows of these asks without a lock, for looking."""
    rows = await uow.rows("select * from asks where id = any(cast(:ids as uuid[])) order by opened_at, id", ids=list(ask_ids))
    return {row["id"]: _row(row) for row in rows}


async def put(uow: Uow, spec: AskSpec, cause: dict[str, str]) -> None:
    """A new open ask, or the next version of one that stands."""
    may = list(dict.fromkeys(one for one in (spec.holder.person_id, *spec.group) if one is not None))
    await uow.run(
        "insert into asks (id, version, kind, hire_id, obligation_id, spec, holder_id, may_answer, state, opened_at, due_at, cause) values"
        " (:id, :version, :kind, :hire, :obligation, cast(:spec as jsonb), :holder, cast(:may as uuid[]), 'open', :opened, :due, cast(:cause as jsonb))"
        " on conflict (id) do update set version = excluded.version, spec = excluded.spec, holder_id = excluded.holder_id,"
        " may_answer = excluded.may_answer, due_at = excluded.due_at",
        id=spec.ask_id,
        version=spec.version,
        kind=spec.kind,
        hire=spec.hire_id,
        obligation=spec.obligation_id,
        spec=spec.model_dump_json(),
        holder=spec.holder.person_id,
        may=may,
        opened=uow.now,
        due=spec.due_at,
        cause=to_json(cause).decode(),
    )


async def answer(uow: Uow, ask_id: UUID, answered: dict[str, Any]) -> None:
    """Mark as answered; `answered` has by, undo_until, answer."""
    await uow.run(
        "update asks set state = 'answered', answers = answers + 1, answered_by = :by, answered_at = :now, undo_until = :undo, answer = cast(:answer as jsonb)"
        " where id = :id",
        id=ask_id,
        by=answered["by"],
        now=uow.now,
        undo=answered["undo_until"],
        answer=to_json(answered["answer"]).decode(),
    )


async def reopen(uow: Uow, ask_id: UUID) -> None:
    """The answer was taken back inside its window."""
    await uow.run(
        "update asks set state = 'open', answered_by = null, answered_at = null, undo_until = null, answer = null where id = :id",
        id=ask_id,
    )


async def close(uow: Uow, ask_id: UUID, how: str) -> None:
    """Close without an answer."""
    await uow.run(
        "update asks set state = 'closed', closed_how = :how, closed_at = :now where id = :id", id=ask_id, how=how, now=uow.now
    )


async def owed_by(uow: Uow, person: UUID) -> list[dict[str, Any]]:
    """Open asks this person may answer, due first."""
    rows = await uow.rows(
        "select * from asks where state = 'open' and may_answer @> array[cast(:p as uuid)] order by due_at nulls last, id",
        p=person,
    )
    return [_row(row) for row in rows]


async def owed_to(uow: Uow, person: UUID) -> list[dict[str, Any]]:
    """Open asks of others whose answer goes back to this person, due first."""
    rows = await uow.rows(
        "select * from asks where state = 'open' and not may_answer @> array[cast(:p as uuid)] and (spec->'next_holder'->>'person_id' = cast(:t as text)"
        " or spec->'previous_holder'->>'person_id' = cast(:t as text) or exists (select 1 from directory d where d.kind = 'requisition'"
        " and d.id = cast(asks.spec->>'requisition_id' as uuid) and exists (select 1 from jsonb_each_text(d.body->'team') m where m.value = cast(:t as text))))"
        " order by due_at nulls last, id limit 200",
        p=person,
        t=str(person),
    )
    return [_row(row) for row in rows]


async def put_link(uow: Uow, link_id: UUID, purpose: str, person: UUID, ask_ids: Iterable[UUID]) -> None:
    """Keep what a link is bound to; asks of the same kind and person join its set."""
    await uow.run(
        "insert into links (id, purpose, person_id, ask_ids, created_at) values (:id, :purpose, :person, cast(:asks as uuid[]), :now)"
        " on conflict (id) do update set ask_ids = (select coalesce(array_agg(distinct one), '{}') from unnest(links.ask_ids || excluded.ask_ids) one)"
        " where not links.ask_ids @> excluded.ask_ids",
        id=link_id,
        purpose=purpose,
        person=person,
        asks=list(ask_ids),
        now=uow.now,
    )


async def link(uow: Uow, link_id: UUID) -> dict[str, Any] | None:
    """{id, purpose, person_id, ask_ids, created_at}, or None."""
    row = await uow.one("select * from links where id = :id", id=link_id)
    return dict(row) if row else None


async def use_once(uow: Uow, nonce: str) -> bool:
    """True the first time this value is sent in."""
    return (
        await uow.run("insert into used_once (nonce, at) values (:nonce, :now) on conflict do nothing", nonce=nonce, now=uow.now)
        == 1
    )


async def notice(uow: Uow, id: UUID, link_id: UUID | None, what: str) -> None:
    """Somebody told us about their link."""
    await uow.run(
        "insert into notices (id, at, link_id, what) values (:id, :now, :link, :what) on conflict do nothing",
        id=id,
        now=uow.now,
        link=link_id,
        what=what,
    )
