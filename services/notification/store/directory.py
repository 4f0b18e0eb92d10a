"""The sealed directory and the facts beside it: who people are, what stands where. Rebuildable from records and events."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from shared.runtime.db import Uow


def loaded(value: Any) -> Any:
    """A jsonb value as Python, whichever way the driver hands it out."""
    return from_json(value) if isinstance(value, str | bytes) else value


def as_uuid(value: Any) -> UUID | None:
    """An id out of a json value, or None."""
    return UUID(str(value)) if value else None


async def put_record(uow: Uow, kind: str, id: UUID, version: int, body: str) -> None:
    """Keep the newest record of an entity."""
    uow.memo.pop((kind, id), None)
    await uow.run(
        "insert into directory (kind, id, version, body) values (:kind, :id, :version, cast(:body as jsonb)) on conflict (kind, id) do update"
        " set version = excluded.version, body = excluded.body where directory.version <= excluded.version",
        kind=kind,
        id=id,
        version=version,
        body=body,
    )


async def ahead(uow: Uow, wanted: Iterable[tuple[str, UUID | None]]) -> None:
    """Read these records, (kind, id) each, in one statement; who asks for them later in this transaction finds them here."""
    new = [(kind, one) for kind, one in dict.fromkeys(wanted) if one is not None and (kind, one) not in uow.memo]
    if not new:
        return
    rows = await uow.rows(
        "select kind, id, body from directory"
        " where (kind, id) in (select * from unnest(cast(:kinds as text[]), cast(:ids as uuid[])))",
        kinds=[kind for kind, _ in new],
        ids=[one for _, one in new],
    )
    found = {(row["kind"], row["id"]): loaded(row["body"]) for row in rows}
    uow.memo.update({one: found.get(one) for one in new})


async def about(uow: Uow, hire_id: UUID | None, people: Iterable[UUID | None] = ()) -> None:
    """Read in two statements what the words about a hire will ask for one by one: its facts, these people, its candidate, requisition and client."""
    await about_all(uow, [(hire_id, one) for one in people] or [(hire_id, None)])


async def about_all(uow: Uow, subjects: Iterable[tuple[UUID | None, UUID | None]]) -> None:
    """The same about many (hire, person) at once, in the same two statements; also what is known to have been erased."""
    wanted = list(subjects)
    hires = [one for one in dict.fromkeys(hire for hire, _ in wanted) if one is not None and ("facts", one) not in uow.memo]
    people = [one for one in dict.fromkeys(person for _, person in wanted) if one is not None and ("fact", "person", one) not in uow.memo]
    if hires or people:
        rows = await uow.rows(
            "select kind, id, version, state, hire_id, at, body from facts where hire_id = any(cast(:hires as uuid[]))"
            " or kind = 'person' and id = any(cast(:people as uuid[])) order by at, id", hires=hires, people=people)
        found = [{**row, "body": loaded(row["body"])} for row in rows]
        uow.memo.update({("fact", "person", one): None for one in people} | {("fact", one["kind"], one["id"]): one for one in found})
        uow.memo.update({("facts", hire): [one for one in found if one["hire_id"] == hire] for hire in hires})
    known = [uow.memo.get(("fact", "hire", hire)) or {"body": {}} for hire, _ in wanted]
    named = [(kind, as_uuid(hire["body"].get(kind + "_id"))) for hire in known for kind in ("person", "requisition", "client")]
    await ahead(uow, [*named, *(("person", person) for _, person in wanted)])


async def records(uow: Uow, kind: str, ids: Iterable[UUID | None]) -> Mapping[UUID, dict[str, Any]]:
    """The records of these entities; unknown ones are missing from the answer."""
    wanted = [one for one in dict.fromkeys(ids) if one is not None]
    await ahead(uow, [(kind, one) for one in wanted])
    return {one: uow.memo[kind, one] for one in wanted if uow.memo[kind, one] is not None}


async def current_policy(uow: Uow, name: str) -> UUID | None:
    """The published policy of this name that counts now; None where only the shipped one does."""
    found: UUID | None = await uow.value(
        "select id from directory where kind = 'policy' and body->>'name' = :name and body->>'current_since' is not null"
        " order by cast(body->>'current_since' as timestamptz) desc limit 1",
        name=name,
    )
    return found


async def persons_with_role(uow: Uow, role: str) -> list[UUID]:
    """Persons that have this role and have not left, in a fixed order."""
    rows = await uow.rows(
        "select id from directory where kind = 'person' and body->'roles' ? cast(:role as text) and (body->>'left_at') is null order by id",
        role=role,
    )
    return [row["id"] for row in rows]


async def open_requisitions(uow: Uow, person: UUID) -> list[dict[str, Any]]:
    """Open requisitions on whose team this person is."""
    rows = await uow.rows(
        "select body from directory where kind = 'requisition' and body->>'state' = 'open'"
        " and exists (select 1 from jsonb_each_text(body->'team') t where t.value = cast(:person as text)) order by body->>'code'",
        person=str(person),
    )
    return [loaded(row["body"]) for row in rows]


async def put_fact(uow: Uow, kind: str, id: UUID, body: Mapping[str, Any], **more: Any) -> None:
    """Keep a fact: newer versions replace, the body is merged over what was known. `more`: version, state, hire_id, at."""
    at: datetime = more.get("at") or uow.now
    for known in [("fact", kind, id), *(one for one in uow.memo if one[0] == "facts")]:
        uow.memo.pop(known, None)
    await uow.run(
        "insert into facts (kind, id, version, state, hire_id, body, at) values (:kind, :id, :version, :state, :hire, cast(:body as jsonb), :at)"
        " on conflict (kind, id) do update set version = greatest(facts.version, excluded.version), state = coalesce(nullif(excluded.state, ''), facts.state),"
        " hire_id = coalesce(excluded.hire_id, facts.hire_id), body = facts.body || excluded.body, at = excluded.at"
        " where facts.version <= excluded.version",
        kind=kind,
        id=id,
        version=more.get("version", 1),
        state=more.get("state", ""),
        hire=more.get("hire_id"),
        body=to_json(body).decode(),
        at=at,
    )


async def fact(uow: Uow, kind: str, id: UUID | None, *, of_hire: UUID | None = None) -> dict[str, Any] | None:
    """One fact: {version, state, hire_id, at, body}, or None. `of_hire`: it can only be one of that hire's, which may have been read at once."""
    if id is None or (of_hire is not None and ("facts", of_hire) in uow.memo and ("fact", kind, id) not in uow.memo):
        return None
    if ("fact", kind, id) not in uow.memo:
        row = await uow.one("select version, state, hire_id, at, body from facts where kind = :kind and id = :id", kind=kind, id=id)
        uow.memo["fact", kind, id] = None if row is None else {**row, "body": loaded(row["body"])}
    found: dict[str, Any] | None = uow.memo["fact", kind, id]
    return found


async def facts_of_hire(uow: Uow, kind: str, hire_id: UUID | None) -> list[dict[str, Any]]:
    """All facts of a kind about one hire, newest last. All kinds are read at once: who asks for one asks for others next."""
    if hire_id is None:
        return []
    if ("facts", hire_id) not in uow.memo:
        rows = await uow.rows("select kind, id, version, state, hire_id, at, body from facts where hire_id = :hire order by at, id", hire=hire_id)
        found = [{**row, "body": loaded(row["body"])} for row in rows]
        uow.memo["facts", hire_id] = found
        uow.memo.update({("fact", one["kind"], one["id"]): one for one in found})
    return [one for one in uow.memo["facts", hire_id] if one["kind"] == kind]


async def hires_of_person(uow: Uow, person: UUID) -> list[dict[str, Any]]:
    """The hires of a candidate, newest first."""
    rows = await uow.rows(
        "select id, state, at, body from facts where kind = 'hire' and body->>'person_id' = cast(:person as text) order by at desc",
        person=str(person),
    )
    return [{**row, "body": loaded(row["body"])} for row in rows]


async def set_due(uow: Uow, ask_id: UUID, due_at: datetime) -> None:
    """The ask is due then."""
    await uow.run("update asks set due_at = :due where id = :id", due=due_at, id=ask_id)


async def forget_rendered(uow: Uow, person: UUID) -> None:
    """Drop what was rendered for an erased person."""
    await uow.run("update attempts set body = null where message_id in (select id from messages where person_id = :p)", p=person)
