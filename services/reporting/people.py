"""The read API's part about persons and the audit: ids, roles and numbers, never a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.runtime.db import Uow

_PEOPLE = """select p.*, c.name as organisation from parties p left join clients c on c.client_id = p.org_id"""
_HIRES = """select h.hire_id, h.stage, h.outcome, r.code as requisition, h.received_at from hires h left join requisitions r using (requisition_id)
  where h.person_id = :id order by h.received_at"""
_FILTERS = {"class": "p.party_class = :class", "role": "p.roles ? :role", "client": "(c.client_id::text = :client or c.name = :client)"}


async def people(uow: Uow, wanted: dict[str, str], *, limit: int, after: str) -> list[dict[str, Any]]:
    """Persons by id, each with how much they owe; `wanted` filters by class, role, client."""
    where = ["p.person_id::text > :after"] + [test for name, test in _FILTERS.items() if wanted.get(name)]
    params = {name: wanted[name] for name in _FILTERS if wanted.get(name)}
    rows = await uow.rows(
        f"{_PEOPLE} where {' and '.join(where)} order by p.person_id limit :limit".replace("? :role", "@> jsonb_build_array(cast(:role as text))"),
        after=after, limit=limit, **params)
    owed = {row["by_id"]: row["n"] for row in await uow.rows(
        "select by_id, count(*) as n from obligations where ended is null and by_id = any(cast(:ids as uuid[])) group by 1", ids=[row["person_id"] for row in rows])}
    return [{**dict(row), "owes": owed.get(row["person_id"], 0)} for row in rows]


async def requisitions(uow: Uow, wanted: dict[str, str], *, limit: int, after: str) -> list[dict[str, Any]]:
    """Requisitions by id, with how many hires of each are live; `wanted` filters by code (or id, or reference), state, client."""
    tests = {"code": "(r.code = :code or r.requisition_id::text = :code or r.externalref = :code)", "state": "r.state = :state",
             "client": "(c.client_id::text = :client or c.name = :client)"}
    where = ["r.requisition_id::text > :after"] + [test for name, test in tests.items() if wanted.get(name)]
    rows = await uow.rows(
        "select r.requisition_id, r.code, r.title, r.state, r.openings, r.policy, c.name as client,"
        " (select count(*) from hires h where h.requisition_id = r.requisition_id and h.outcome is null) as live"
        f" from requisitions r left join clients c using (client_id) where {' and '.join(where)} order by r.requisition_id limit :limit",
        after=after, limit=limit, **{name: wanted[name] for name in tests if wanted.get(name)})
    return [dict(row) for row in rows]


async def person(uow: Uow, name: str) -> dict[str, Any] | None:
    """One person by id or the beginning of it (4 characters or more, where only one fits): what they are, their hires, what they owe, who looked."""
    if len(name) < 4 or not set(name.lower()) <= set("0123456789abcdef-"):
        return None
    rows = await uow.rows(f"{_PEOPLE} where p.person_id::text like :like limit 2", like=f"{name.lower()}%")
    if len(rows) != 1:
        return None
    id_: UUID = rows[0]["person_id"]
    out = {**dict(rows[0]), "hires": [dict(row) for row in await uow.rows(_HIRES, id=id_)]}
    out["owes"] = [dict(row) for row in await uow.rows(
        "select obligation_id, kind, hire_id, due_at from obligations where ended is null and by_id = :id order by due_at", id=id_)]
    out["opened_by"] = [dict(row) for row in await uow.rows(
        "select time as at, actor, body->>'what' as what, body->>'reason' as reason from events where type = 'baton.person.revealed' and body->>'person_id' = :id"
        " order by n", id=str(id_))]
    return out
