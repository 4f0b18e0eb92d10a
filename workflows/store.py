"""All SQL of the workflows' own schema: hires, steps, facts that wait or came too late, and the projections of records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from pydantic_core import to_json

from shared.contracts.client import ClientRecord
from shared.contracts.party import PersonRecord
from shared.contracts.policy import PolicyApplied
from shared.contracts.requisition import RequisitionRecord
from shared.policy.loader import PolicyError, shipped_policy
from shared.policy.model import Policy
from shared.runtime.db import Uow

from .directory import Directory
from .hire.facts import Fact
from .hire.resolution import Resolution
from .hire.state import HireState, dump
from .load import least_loaded

_PARSED: dict[str, Policy] = {}
"""Published policies by their hash: they never change."""
_LOCK = """select h.hire_id, h.step_no, h.state, h.requisition_id, h.externalref, h.correlation, h.team, p.record as candidate, (select n from projection_stamp) as stamp,
  s.result as done, s.fact_id as done_for
  from hires h left join parties p on p.person_id = h.person_id left join steps s on s.hire_id = h.hire_id and s.step_no = $2
  where h.hire_id = $1 for update of h"""
_SAVE = """with step as (insert into steps (hire_id, step_no, fact_id, fact_type, result, at) values ($1, $6, $14, $15, $16, $17))
  update hires set state = $2, stage = $3, outcome = $4, policy = $5, step_no = $6, next_wake_at = $7, holder = $8,
  holder_role = $9, duty = $10, due_at = $11, panel = $12, closed_at = $13, screen_by = null where hire_id = $1"""


async def lock_hire(uow: Uow, hire_id: UUID, step_no: int) -> Any:
    """The hire's row, locked, with the stored result of this step if there is one, the candidate's party and the projections' stamp."""
    return await uow.pg.fetchrow(_LOCK, hire_id, step_no)


async def save_step(uow: Uow, state: HireState, fact: Fact, found: Resolution, next_at: datetime | None) -> None:
    """The step's result and the hire as it now stands."""
    result = json.dumps({"found": found.model_dump(mode="json", exclude_defaults=True)})
    held_by = state.baton()
    holder = held_by.holder if held_by else None
    await uow.pg.execute(
        _SAVE, state.hire_id, json.dumps(dump(state)), state.stage, state.outcome, state.policy, state.step_no,
        None if state.closed else next_at, holder.person_id if holder else None, holder.role if holder else None,
        held_by.kind if held_by else None, held_by.due_at if held_by else None,
        [] if state.closed else state.panel(), uow.now if state.closed else None,
        fact.id, fact.type, result, uow.now)


async def add_hire(uow: Uow, row: dict[str, Any]) -> bool:
    """The hire's row at `application.received`; False where it is known already. A person in the pool is told of it in the same statement."""
    return bool(await uow.value(
        "with hire as (insert into hires (hire_id, person_id, requisition_id, client_id, origin, externalref, correlation, received_at, screen_by, profile)"
        " values (:hire_id, :person_id, :requisition_id, :client_id, :origin, :externalref, :correlation, :received_at, :screen_by, cast(:profile as jsonb))"
        " on conflict do nothing returning person_id), told as (insert into subject_facts (kind, subject_id, fact)"
        " select s.kind, s.subject_id, cast(:fact as jsonb) from subjects s join hire on s.kind = 'nurture' and s.subject_id = hire.person_id"
        " where s.closed_at is null) select count(*) from hire", **row))


async def assign(uow: Uow, hire_id: UUID, requisition: RequisitionRecord) -> None:
    """Give a hire that begins to one of each role that the requisition names a pool for (`pools: {recruiter: [...]}`) and no person."""
    for role in sorted({"recruiter", "consultant", "client_manager"} & set(requisition.pools) - set(requisition.team)):
        rows = await uow.rows("select record from parties where person_id = any(cast(:ids as uuid[]))", ids=requisition.pools[role])
        candidate = await uow.one("select p.record from hires h join parties p using (person_id) where hire_id = :id", id=hire_id)
        known = PersonRecord.model_validate(candidate["record"]) if candidate else None
        counted = await uow.rows(
            "select who, count(*) as n from (select holder as who from hires where closed_at is null union all select holder from subjects"
            " where closed_at is null union all select cast(team->>:role as uuid) from hires where closed_at is null) w where who is not null group by 1",
            role=role)
        chosen = least_loaded(
            [PersonRecord.model_validate(row["record"]) for row in rows], {row["who"]: row["n"] for row in counted},
            locale=known.locale if known else "zh-CN", zone=known.zone if known else requisition.zone)
        if chosen is not None:
            await uow.run("update hires set team = team || jsonb_build_object(cast(:role as text), cast(:who as text)) where hire_id = :id",
                          role=role, who=str(chosen), id=hire_id)


async def hires_of(uow: Uow, ids: Sequence[UUID]) -> dict[UUID, Record]:
    """Rows of these hires, without their state, and whether facts of theirs are held back."""
    rows = await uow.rows(
        "select h.hire_id, h.person_id, h.requisition_id, h.client_id, h.origin, h.closed_at,"
        " h.state is not null as begun, exists (select from held_facts f where f.hire_id = h.hire_id) as held"
        " from hires h where h.hire_id = any(cast(:ids as uuid[]))", ids=list(ids))
    return {row["hire_id"]: row for row in rows}


async def state_of(uow: Uow, hire_id: UUID) -> dict[str, Any] | None:
    """The stored state of a hire that has begun."""
    return await uow.value("select state from hires where hire_id = :id", id=hire_id)


async def open_states(uow: Uow) -> list[dict[str, Any]]:
    """The states of all hires that have begun and not ended."""
    return [row["state"] for row in await uow.rows("select state from hires where closed_at is null and state is not null order by hire_id")]


async def note_late(uow: Uow, hire_id: UUID, fact: Fact) -> None:
    """A fact that found no open hire: known, nothing else."""
    await uow.run(
        "insert into late_facts (hire_id, fact_id, type, fact, noted_at) values (:hire, :id, :type, cast(:fact as jsonb), :now) on conflict do nothing",
        hire=hire_id, id=fact.id, type=fact.type, fact=fact.model_dump_json(), now=uow.now)


async def hold_fact(uow: Uow, hire_id: UUID, fact: Fact, needs: str = "") -> None:
    """Keep a fact until its hire can take it; later facts of that hire wait behind it."""
    await uow.run("insert into held_facts (hire_id, fact, needs) values (:hire, cast(:fact as jsonb), :needs)",
                  hire=hire_id, fact=fact.model_dump_json(), needs=needs)


async def held_hires(uow: Uow, limit: int) -> list[UUID]:
    """Hires whose first held fact may be tried again now."""
    rows = await uow.rows(
        "select hire_id from (select distinct on (hire_id) hire_id, retry_at from held_facts order by hire_id, id) f"
        " where retry_at <= clock_timestamp() limit :n", n=limit)
    return [row["hire_id"] for row in rows]


async def held_facts(uow: Uow, hire_id: UUID) -> list[tuple[int, Fact]]:
    """The held facts of one hire, in order."""
    rows = await uow.rows("select id, fact from held_facts where hire_id = :hire order by id", hire=hire_id)
    return [(row["id"], Fact.model_validate(row["fact"])) for row in rows]


async def release_fact(uow: Uow, row_id: int) -> None:
    """It was taken."""
    await uow.run("delete from held_facts where id = :id", id=row_id)


async def put_off(uow: Uow, hire_id: UUID, pause_s: float) -> None:
    """Try this hire's facts again later, in real seconds: each time later, at most 8 s; what waits for a record, every second."""
    await uow.run(
        "update held_facts set tries = tries + 1, retry_at = clock_timestamp() + interval '1 second'"
        " * case when needs = '' then least(8, :pause * power(1.5, least(tries, 9))) else 1 end where hire_id = :hire",
        hire=hire_id, pause=pause_s)


async def hires_where(uow: Uow, condition: str, **params: Any) -> list[UUID]:
    """Ids of open hires under a condition on `hires` (written in bridge and projections, never from outside)."""
    rows = await uow.rows(f"select hire_id from hires where closed_at is null and ({condition}) order by hire_id", **params)
    return [row["hire_id"] for row in rows]


async def hires_under(uow: Uow, applied: PolicyApplied) -> list[UUID]:
    """Open hires that have begun and that an applied policy is for: all of its name, or those named; not those that have it already."""
    if applied.hires == "new":
        return []
    chosen = "hire_id = any(cast(:ids as uuid[]))" if applied.hires == "chosen" else "policy in (select version from policies where name = :name)"
    params = {"ids": applied.hire_ids} if applied.hires == "chosen" else {"name": applied.name}
    return await hires_where(uow, f"state is not null and policy <> :hash and {chosen}", hash=applied.hash, **params)


# -- projections ------------------------------------------------------------------------------------------------------
async def project(uow: Uow, table: str, key: str, record: Any, **columns: Any) -> None:
    """Store the newest version of a record; older ones are ignored."""
    values = {key: getattr(record, key), "version": record.version, "record": record.model_dump_json(exclude={"identity"}), **columns}
    names = ", ".join(values)
    marks = ", ".join(f"cast(:{name} as jsonb)" if name == "record" else f":{name}" for name in values)
    news = ", ".join(f"{name} = excluded.{name}" for name in values if name != key)
    changed = await uow.run(
        f"insert into {table} ({names}) values ({marks}) on conflict ({key}) do update set {news} where {table}.version < excluded.version",
        **values)
    if changed and (table != "parties" or columns.get("party_class") not in ("candidate", "new_hire", "referee")):
        await uow.run("update projection_stamp set n = n + 1")


async def has_references(uow: Uow, requisition_id: UUID) -> bool:
    """Whether requisition and client are known here."""
    return bool(await uow.value(
        "select 1 from requisitions r join clients c using (client_id) where r.requisition_id = :id", id=requisition_id))


async def read_policy(uow: Uow, version: str) -> Policy:
    """The policy behind a pinned hash. KeyError when it was never seen here."""
    body = await uow.value("select body from policies where version = :v", v=version)
    if body is None:
        raise KeyError(f"policy {version} is not stored")
    return Policy.model_validate(body)


async def learn_policy(uow: Uow, name: str, version: str, body: dict[str, Any], since: datetime | None = None) -> None:
    """Store a published meaning; with `since` it is what new hires begin under, unless a later one is."""
    await uow.run("insert into policies (version, name, body) values (:v, :name, cast(:body as jsonb)) on conflict do nothing",
                  v=version, name=name, body=to_json(body).decode())
    if since is not None:
        await uow.run("insert into current_policies (name, version, since) values (:name, :v, :since) on conflict (name) do update"
                      " set version = excluded.version, since = excluded.since where current_policies.since <= excluded.since",
                      name=name, v=version, since=since)


async def current_policy(uow: Uow, name: str) -> Policy:
    """What a hire of this policy begins under now: the published one, else the shipped one. LookupError where there is neither."""
    version = await uow.value("select version from current_policies where name = :name", name=name)
    if version is not None:
        if version not in _PARSED:
            _PARSED[version] = await read_policy(uow, version)
        return _PARSED[version]
    try:
        return shipped_policy(name)
    except PolicyError:
        raise LookupError(f"policy {name} is neither published nor shipped") from None


async def keep_policy(uow: Uow, name: str) -> Policy:
    """The present policy of this name, its meaning stored under its hash. LookupError where nobody knows the name."""
    policy = await current_policy(uow, name)
    await uow.run("insert into policies (version, name, body) values (:v, :name, cast(:body as jsonb)) on conflict do nothing",
                  v=policy.version, name=name, body=to_json(policy.model_dump(mode="json")).decode())
    return policy


async def requisition_and_client(uow: Uow, requisition_id: UUID) -> tuple[RequisitionRecord, ClientRecord] | None:
    """The two records, or None while one is missing."""
    row = await uow.one(
        "select r.record as requisition, c.record as client from requisitions r join clients c using (client_id)"
        " where r.requisition_id = :id", id=requisition_id)
    if row is None:
        return None
    return RequisitionRecord.model_validate(row["requisition"]), ClientRecord.model_validate(row["client"])


async def read_directory(uow: Uow, requisition_id: UUID, policy: Policy) -> Directory:
    """Requisition, client, everybody of ours and of the client. LookupError while a record is missing."""
    found = await requisition_and_client(uow, requisition_id)
    if found is None:
        raise LookupError(f"requisition {requisition_id} or its client is not known yet")
    requisition, client = found
    named = [*requisition.team.values(), *client.response_group, *(one for pool in requisition.pools.values() for one in pool)]
    rows = await uow.rows(
        "select record from parties where person_id = any(cast(:ids as uuid[])) or party_class in ('staff', 'vendor') or org_id = :client",
        ids=named, client=client.client_id)
    people = [PersonRecord.model_validate(row["record"]) for row in rows]
    return Directory(policy, requisition, client, {person.person_id: person for person in people})
