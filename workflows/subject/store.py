"""All SQL of the subjects that are no hire: their rows and steps, the queue of facts on their way to them, events on their way to hires."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.base import derive_id
from shared.contracts.client import ClientRecord
from shared.contracts.hire import FanOut
from shared.contracts.party import PersonRecord
from shared.contracts.requisition import RequisitionRecord
from shared.policy.model import Policy
from shared.runtime.db import Uow
from workflows.hire.facts import Fact
from workflows.hire.resolution import Resolution
from workflows.tags import rank

from .state import Subject, dump
from .world import World, blank_client, blank_requisition, matching

HOUSE_ID = derive_id("workflows", "house")
"""One organisation a deployment, one house."""
PAGE = 200
"""How many hires one transaction tells of an event that concerns many."""
_LOCK = """select s.step_no, s.state, s.closed_at, t.result as done, t.fact_id as done_for
  from subjects s left join subject_steps t on t.kind = s.kind and t.subject_id = s.subject_id and t.step_no = $3
  where s.kind = $1 and s.subject_id = $2 for update of s"""
_SAVE = """with step as (insert into subject_steps (kind, subject_id, step_no, fact_id, fact_type, result, at) values ($1, $2, $5, $12, $13, $14, $15))
  update subjects set state = $3, stage = $4, step_no = $5, outcome = $6, policy = $7, next_wake_at = $8, holder = $9, duty = $10, due_at = $11,
  closed_at = $16 where kind = $1 and subject_id = $2"""


# -- the queue -----------------------------------------------------------------------------------------------------------
async def enqueue(uow: Uow, kind: str, subject_id: UUID, fact: Fact, *, begins: bool = False) -> None:
    """A fact for this subject, in order; one that may begin it makes its row. Facts for what does not exist, or is over, are passed over."""
    if begins:
        await uow.run("insert into subjects (kind, subject_id, begun_at) values (:k, :id, :now) on conflict do nothing",
                      k=kind, id=subject_id, now=uow.now)
    await uow.run(
        "insert into subject_facts (kind, subject_id, fact) select kind, subject_id, cast(:fact as jsonb) from subjects"
        " where kind = :k and subject_id = :id and closed_at is null", k=kind, id=subject_id, fact=fact.model_dump_json())


async def subjects_of(uow: Uow, refs: Iterable[UUID]) -> dict[UUID, tuple[str, UUID]]:
    """Which subject asked this question, said this, or gave this order."""
    rows = await uow.rows("select ref, kind, subject_id from subject_refs where ref = any(cast(:refs as uuid[]))", refs=list(refs))
    return {row["ref"]: (row["kind"], row["subject_id"]) for row in rows}


async def waiting(uow: Uow, limit: int) -> list[tuple[str, UUID]]:
    """Subjects whose first fact may be handed over now."""
    rows = await uow.rows(
        "select kind, subject_id from (select distinct on (kind, subject_id) kind, subject_id, retry_at from subject_facts"
        " order by kind, subject_id, id) f where retry_at <= clock_timestamp() limit :n", n=limit)
    return [(row["kind"], row["subject_id"]) for row in rows]


async def facts_for(uow: Uow, kind: str, subject_id: UUID) -> list[tuple[int, Fact]]:
    """The facts on their way to one subject, in order."""
    rows = await uow.rows("select id, fact from subject_facts where kind = :k and subject_id = :id order by id", k=kind, id=subject_id)
    return [(row["id"], Fact.model_validate(row["fact"])) for row in rows]


async def handed_over(uow: Uow, row_id: int) -> None:
    """It was taken, or came too late to change anything."""
    await uow.run("delete from subject_facts where id = :id", id=row_id)


async def put_off(uow: Uow, kind: str, subject_id: UUID, needs: str) -> None:
    """Try this subject's facts again later; `needs` names what they wait for, empty for an answer of Temporal."""
    await uow.run(
        "update subject_facts set tries = tries + 1, needs = :needs, retry_at = clock_timestamp() + interval '1 second'"
        " * least(8, 0.2 * power(1.5, least(tries, 9))) where kind = :k and subject_id = :id", needs=needs, k=kind, id=subject_id)


# -- rows and steps ---------------------------------------------------------------------------------------------------------
async def row_of(uow: Uow, kind: str, subject_id: UUID) -> Any:
    """state, closed_at of a subject; None where there is no such row."""
    return await uow.one("select state, closed_at from subjects where kind = :k and subject_id = :id", k=kind, id=subject_id)


async def open_states(uow: Uow) -> list[dict[str, Any]]:
    """The states of all subjects that have begun and not ended."""
    rows = await uow.rows("select state from subjects where closed_at is null and state is not null order by kind, subject_id")
    return [row["state"] for row in rows]


async def lock(uow: Uow, state: Subject) -> Any:
    """The subject's row, locked, with the stored result of this step if there is one."""
    return await uow.pg.fetchrow(_LOCK, state.kind, state.id, state.step_no)


async def save(uow: Uow, state: Subject, fact: Fact, found: Resolution, next_at: datetime | None) -> None:
    """The step's result and the subject as it now stands."""
    result = json.dumps({"found": found.model_dump(mode="json", exclude_defaults=True)})
    held_by = state.baton()
    await uow.pg.execute(
        _SAVE, state.kind, state.id, json.dumps(dump(state)), state.stage, state.step_no, state.outcome, state.policy,
        None if state.closed else next_at, held_by.holder.person_id if held_by and held_by.holder else None, held_by.kind if held_by else None,
        held_by.due_at if held_by else None, fact.id, fact.type, result, uow.now, uow.now if state.closed else None)


async def remember(uow: Uow, state: Subject, refs: Sequence[UUID]) -> None:
    """These questions, messages and orders are this subject's: their answers come back to it."""
    if refs:
        await uow.pg.execute(
            "insert into subject_refs (ref, kind, subject_id) select r, $2, $3 from unnest($1::uuid[]) r on conflict do nothing", list(refs), state.kind, state.id)


# -- what a step may look at ------------------------------------------------------------------------------------------------
async def read_world(uow: Uow, state: Subject, policy: Policy, *, sweeping: bool = False) -> World:
    """Everything that this subject's resolution needs, read now. `sweeping`: hires that are late are taken up with this very step."""
    requisition = await _record(uow, "requisitions", "requisition_id", state.requisition_id, RequisitionRecord) or blank_requisition()
    client_id = state.client_id or (requisition.client_id if state.requisition_id else None)
    client = await _record(uow, "clients", "client_id", client_id, ClientRecord) or blank_client()
    named = [*requisition.team.values(), *client.response_group, *(one for pool in requisition.pools.values() for one in pool)]
    named += [one for one in (state.person_id, *(owed.person for owed in state.owed.values())) if one]
    rows = await uow.rows(
        "select record from parties where person_id = any(cast(:ids as uuid[])) or party_class in ('staff', 'vendor') or org_id = :client",
        ids=named, client=client.client_id)
    people = {one.person_id: one for one in (PersonRecord.model_validate(row["record"]) for row in rows)}
    world = World(policy, requisition, client, people)
    if state.kind == "house":
        await _late(uow, world, sweeping)
    elif state.kind in ("requisition", "client"):
        await _counted(uow, state, world)
    return world


async def _record(uow: Uow, table: str, key: str, wanted: UUID | None, cls: Any) -> Any:
    row = await uow.one(f"select record from {table} where {key} = :id", id=wanted) if wanted else None
    return cls.model_validate(row["record"]) if row else None


async def _late(uow: Uow, world: World, sweeping: bool) -> None:
    """Hires past their screening deadline, marked as begun with this step; and the next deadline of all others."""
    rows = [] if not sweeping else await uow.rows(
        "update hires set screen_by = null where hire_id in (select hire_id from hires where screen_by <= :now order by screen_by limit :n)"
        " returning hire_id", now=uow.now, n=PAGE)
    world.unscreened = sorted(row["hire_id"] for row in rows)
    world.next_screen_by = await uow.value("select min(screen_by) from hires where screen_by is not null")


async def _counted(uow: Uow, state: Subject, world: World) -> None:
    of, wanted = ("requisition_id", state.requisition_id) if state.kind == "requisition" else ("client_id", state.client_id)
    rows = await uow.rows(
        f"select stage, holder_role, count(*) as n from hires where closed_at is null and {of} = :id group by 1, 2", id=wanted)
    for row in rows:
        world.stages[row["stage"]] = world.stages.get(row["stage"], 0) + row["n"]
        if row["holder_role"]:
            world.owed[row["holder_role"]] = world.owed.get(row["holder_role"], 0) + row["n"]
    if state.kind == "requisition" and state.stage == "pool":
        world.matches = await _matches(uow, world)


async def _matches(uow: Uow, world: World) -> list[tuple[UUID, list[str]]]:
    """Persons in the pool, free, not off-limits for this client, who fit; those with most reasons first, interviews and notes among them (C98, C102)."""
    rows = await uow.rows(
        "select s.subject_id, s.state->'profile' as profile, s.state->'tags' as tags, p.record->'never_to' as never, p.record->>'present_employer' as employer"
        " from subjects s left join parties p on p.person_id = s.subject_id where s.kind = 'nurture' and s.stage = 'pool' and s.closed_at is null")
    family = {str(world.client.client_id), str(world.client.group_of)}
    found = []
    for row in rows:
        if family & {*map(str, row["never"] or ()), str(row["employer"] or "-")}:
            continue
        why = matching(world.requisition, row["profile"] or {}, row["tags"] or ())
        if why:
            found.append((row["subject_id"], why))
    return sorted(found, key=lambda one: (-rank(one[1]), str(one[0])))


_UNWATCHED = """select min(h.screen_by) from hires h where h.screen_by is not null
  and not exists (select from subjects s where s.kind = 'house' and s.next_wake_at <= (select min(screen_by) from hires where screen_by is not null))
  and not exists (select from subject_facts f where f.kind = 'house')"""
_SOMETHING = f"""select exists (select from held_facts where retry_at <= clock_timestamp()) or exists (select from fan_outs)
  or exists (select from subject_facts where retry_at <= clock_timestamp()) or ({_UNWATCHED}) is not null"""


async def unwatched(uow: Uow) -> datetime | None:
    """The first deadline of screening that the house is not armed for; None where there is none, or the house knows already."""
    due: datetime | None = await uow.value(_UNWATCHED)
    return due


async def something_waits(pg: Any) -> bool:
    """Whether a round of the bridge would find anything to hand over: one look instead of four transactions."""
    return bool(await pg.fetchval(_SOMETHING))


# -- one event for many hires -----------------------------------------------------------------------------------------------
async def tell_many(uow: Uow, requisition_id: UUID, fact: Fact, correlation: str) -> None:
    """An event that concerns every open hire of a requisition is kept, to be handed out page by page."""
    await uow.run(
        "insert into fan_outs (requisition_id, cause_type, source, cause, correlation, params, at) values (:r, :type, :source, :cause, :c, cast(:p as jsonb), :at)",
        r=requisition_id, type=fact.type, source=fact.source, cause=fact.id, c=correlation, p=json.dumps(fact.data), at=fact.at)


async def note_standing(uow: Uow, requisition_id: UUID, fact: Fact) -> None:
    """How a requisition stands, for hires that begin after the event was handed out."""
    await uow.run(
        "insert into requisition_ends (requisition_id, cause_type, cause, reason, at) values (:r, :type, :cause, :reason, :at) on conflict (requisition_id)"
        " do update set cause_type = excluded.cause_type, cause = excluded.cause, reason = excluded.reason, at = excluded.at"
        " where requisition_ends.at <= excluded.at", r=requisition_id, type=fact.type, cause=fact.id, reason=fact.get("reason"), at=fact.at)


async def standing(uow: Uow, requisition_id: UUID) -> Fact | None:
    """The fact that a hire has to know before its first step: its requisition is over, or stands still."""
    row = await uow.one("select cause_type, cause, reason, at from requisition_ends where requisition_id = :r", r=requisition_id)
    if row is None or row["cause_type"] not in ("requisition.ended", "requisition.held"):
        return None
    return Fact(id=row["cause"], source="baton/intake", type=row["cause_type"], at=row["at"], now=uow.now, data={"reason": row["reason"]} if row["reason"] else {})


async def next_page(uow: Uow) -> tuple[Any, list[UUID]] | None:
    """The oldest event that is being handed out, and the next hires it is for; None where there is none."""
    row = await uow.one("select * from fan_outs order by id limit 1 for update skip locked")
    if row is None:
        return None
    hires = await uow.rows(
        "select hire_id from hires where closed_at is null and requisition_id = :r and (cast(:after as uuid) is null or hire_id > :after)"
        " order by hire_id limit :n", r=row["requisition_id"], after=row["after"], n=PAGE)
    return row, [one["hire_id"] for one in hires]


async def hand_out(uow: Uow, row: Any, hires: list[UUID], cause: Any) -> None:
    """Write this page; the last one takes the event from the queue."""
    for hire_id in hires:
        uow.emit(FanOut(hire_id=hire_id, cause_type=row["cause_type"], cause_id=row["cause"][:80], params=row["params"], at=row["at"]),
                 cause=cause, at=row["at"])
    if len(hires) < PAGE:
        await uow.run("delete from fan_outs where id = :id", id=row["id"])
    else:
        await uow.run("update fan_outs set after = :after where id = :id", after=hires[-1], id=row["id"])


async def client_of(uow: Uow, client_id: UUID) -> ClientRecord | None:
    """A client's record, or None while it is not known."""
    found: ClientRecord | None = await _record(uow, "clients", "client_id", client_id, ClientRecord)
    return found


async def requisition_of(uow: Uow, requisition_id: UUID) -> RequisitionRecord | None:
    """A requisition's record, or None while it is not known."""
    found: RequisitionRecord | None = await _record(uow, "requisitions", "requisition_id", requisition_id, RequisitionRecord)
    return found


async def teams_of(uow: Uow, person_id: UUID) -> list[tuple[UUID, str]]:
    """Requisitions that are not closed on whose team this person is, and as what."""
    rows = await uow.rows(
        "select requisition_id, t.key as role from requisitions, jsonb_each_text(record->'team') t where state <> 'closed' and t.value = :person"
        " order by 1, 2", person=str(person_id))
    return [(row["requisition_id"], row["role"]) for row in rows]


async def profile_of(uow: Uow, hire_id: UUID) -> dict[str, Any] | None:
    """What rules could look at when this hire began."""
    found: dict[str, Any] | None = await uow.value("select profile from hires where hire_id = :id", id=hire_id)
    return found


async def impact_of(uow: Uow, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """For each of these requisitions: state, open hires by stage, their open duties, and net dues that a pause would move."""
    out = []
    for requisition_id in ids:
        record = await requisition_of(uow, requisition_id)
        rows = await uow.rows(
            "select stage, count(distinct hire_id) as hires, count(o.value) as duties,"
            " count(o.value) filter (where coalesce((o.value->>'net')::boolean, true) and o.value->>'status' = 'open') as dues"
            " from hires left join jsonb_each(coalesce(state->'owed', '{}')) o on true where closed_at is null and requisition_id = :r group by 1",
            r=requisition_id)
        stages = {row["stage"]: row["hires"] for row in rows}
        out.append({
            "requisition_id": str(requisition_id), "code": record.code if record else None, "state": record.state if record else "unknown",
            "stages": stages, "hires": sum(stages.values()), "duties": sum(row["duties"] for row in rows), "dues": sum(row["dues"] for row in rows)})
    return out
