"""All SQL that reads: hires, one hire's story, obligations, the board, chains of causes, totals. Ids, codes and numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.hire import HireClosed
from shared.runtime.db import Uow

from .folds import legs as relay

Row = dict[str, Any]
_WITH_NAMES = """ left join requisitions r on r.requisition_id = h.requisition_id left join clients c on c.client_id = h.client_id"""
_HIRES = "select h.*, r.code as requisition, r.title, r.title_en, c.name as client, c.name_latin as client_latin, r.tier from hires h" + _WITH_NAMES
_DUTIES = """select o.*, h.stage, r.code as requisition, c.name as client, c.name_latin as client_latin from obligations o
  left join hires h on h.hire_id = o.hire_id left join requisitions r on r.requisition_id = coalesce(o.requisition_id, h.requisition_id)
  left join clients c on c.client_id = coalesce(o.client_id, h.client_id)"""


def _dicts(rows: Sequence[Any]) -> list[Row]:
    return [dict(row) for row in rows]


async def find_hire(uow: Uow, name: str) -> UUID | None:
    """A hire by its id, by the beginning of it (4 characters or more, when only one fits), or by the publisher's reference."""
    rows = await uow.rows(
        "select hire_id from hires where hire_id::text = :name or externalref = :name or (length(:name) >= 4 and hire_id::text like :begins)"
        " order by hire_id::text = :name desc limit 2", name=name.lower() if len(name) == 36 else name, begins=_plain(name.lower()) + "%")
    return rows[0]["hire_id"] if len(rows) == 1 or (rows and str(rows[0]["hire_id"]) == name.lower()) else None


def _plain(text: str) -> str:
    return text.replace("\\", "").replace("%", "").replace("_", "")


async def hires(uow: Uow, wanted: Row, *, limit: int, after: str) -> list[Row]:
    """Hires, oldest first, each with its baton; `wanted` filters by stage, state, outcome, client, requisition, owner, due."""
    where, params = ["true"], {"limit": limit, "now": uow.now}
    for name, test in _HIRE_FILTERS.items():
        if value := wanted.get(name):
            where.append(test)
            params[name] = value
    if wanted.get("state") in ("live", "closed"):
        where.append(f"h.outcome is {'null' if wanted['state'] == 'live' else 'not null'}")
    if due := _DUE.get(wanted.get("due", "")):
        where.append(f"exists (select 1 from obligations o where o.hire_id = h.hire_id and o.ended is null and {due})")
    if after:
        where.append("(coalesce(h.received_at, 'epoch'), h.hire_id) > (select coalesce(received_at, 'epoch'), hire_id from hires where hire_id::text = :after)")
        params["after"] = after
    rows = _dicts(await uow.rows(
        f"{_HIRES} where {' and '.join(where)} order by coalesce(h.received_at, 'epoch'), h.hire_id limit :limit", **params))
    held = await duties_of(uow, [row["hire_id"] for row in rows], only_open=True)
    for row in rows:
        row["baton"] = baton(held.get(row["hire_id"], []), row, uow.now)
    return rows


_HIRE_FILTERS = {
    "stage": "h.stage = :stage", "outcome": "h.outcome = :outcome",
    "client": "(c.client_id::text = :client or c.name = :client or c.name_latin = :client)",
    "requisition": "(r.requisition_id::text = :requisition or r.code = :requisition or r.externalref = :requisition)",
    "owner": "exists (select 1 from obligations o where o.hire_id = h.hire_id and o.ended is null and (o.by_role = :owner or o.by_id::text = :owner))"}
_DUE = {"overdue": "o.due_at < :now", "today": "o.due_at < :now + interval '24 hours'", "week": "o.due_at < :now + interval '7 days'"}


def baton(duties: Sequence[Any], hire: Any, now: datetime) -> Row:
    """Who holds the baton of this hire now: a role and since when, until when; `house` while the firm's machine has it."""
    if hire["outcome"] is not None:
        return {"role": "", "state": "closed", "kind": "", "due_at": None, "since": hire["closed_at"], "party_id": None, "obligation_id": None}
    duty = relay.holder_now(duties)
    if duty is None:
        return {"role": "house", "state": "house", "kind": "", "due_at": None, "since": hire["stage_since"], "party_id": None, "obligation_id": None}
    return {"role": duty["by_role"], "state": relay.state_of(duty, now), "kind": duty["kind"], "due_at": duty["due_at"],
            "since": duty["opened_at"], "party_id": duty["by_id"], "obligation_id": duty["obligation_id"]}


async def duties_of(uow: Uow, hire_ids: Sequence[UUID], *, only_open: bool = False) -> dict[UUID, list[Row]]:
    """Obligations by hire, in the order they opened."""
    rows = await uow.rows(
        "select * from obligations where hire_id = any(cast(:ids as uuid[]))" + (" and ended is null" if only_open else "")
        + " order by opened_at, obligation_id", ids=list(hire_ids))
    out: dict[UUID, list[Row]] = {}
    for row in rows:
        out.setdefault(row["hire_id"], []).append(dict(row))
    return out


async def hire(uow: Uow, hire_id: UUID) -> Row | None:
    """One hire whole: row, baton, legs, obligations, stages, messages, interviews, offers, and every fact in order."""
    row = await uow.one(f"{_HIRES} where h.hire_id = :id", id=hire_id)
    if row is None:
        return None
    duties = (await duties_of(uow, [hire_id])).get(hire_id, [])
    begin = row["received_at"] or await uow.value("select min(time) from events where hire = :id", id=hire_id) or uow.now
    out: Row = {"now": uow.now, **row, "baton": baton(duties, row, uow.now), "obligations": duties}
    out["legs"] = [{f: getattr(leg, f) for f in relay.Leg.__slots__} for leg in relay.legs(duties, begin, until=row["closed_at"], now=uow.now)]
    for table, order in (("stages", "entered_at"), ("decisions", "at"), ("messages", "ended_at"), ("interviews", "round, starts_at"),
                         ("offers", "version")):
        out[table] = _dicts(await uow.rows(f"select * from {table} where hire_id = :id order by {order}", id=hire_id))
    rows = await uow.rows("select n, time as at, recordedtime as recorded, type, source, id, subject, topic, cause, policyversion, body from events"
                          " where hire = :id order by time, n", id=hire_id)
    out["facts"] = [row for row in in_causal_order(_dicts(rows)) if not row["topic"].endswith(".commands")]
    return out


def in_causal_order(rows: list[Row]) -> list[Row]:
    """By the time they happened; what happened at one instant stands after what caused it."""
    causes = {row["id"]: row["cause"] for row in rows}

    def depth(name: str) -> int:
        steps, at = 0, name
        while (at := causes.get(at, "")) in causes and steps < len(causes):
            steps += 1
        return steps

    return sorted(rows, key=lambda row: (row["at"], depth(row["id"]), row["n"]))


async def obligations(uow: Uow, wanted: Row, *, limit: int, after: str) -> list[Row]:
    """Obligations, due first; `wanted` filters by state (open, overdue, ended), owner, client, kind, hire."""
    where, params = ["true"], {"limit": limit, "now": uow.now}
    state = wanted.get("state") or "open"
    if state in ("open", "overdue"):
        where.append("o.ended is null" + (" and o.due_at < :now" if state == "overdue" else ""))
    elif state != "all":
        where.append("o.ended = :state")
        params["state"] = state
    for name, test in _DUTY_FILTERS.items():
        if value := wanted.get(name):
            where.append(test)
            params[name] = value
    if after:
        where.append("(o.due_at, o.obligation_id) > (select due_at, obligation_id from obligations where obligation_id::text = :after)")
        params["after"] = after
    rows = _dicts(await uow.rows(f"{_DUTIES} where {' and '.join(where)} order by o.due_at, o.obligation_id limit :limit", **params))
    for row in rows:
        row |= _progress(row, uow.now)
    return rows


_DUTY_FILTERS = {
    "owner": "(o.by_role = :owner or o.by_id::text = :owner)", "kind": "o.kind = :kind", "hire": "o.hire_id::text = :hire",
    "client": "(c.client_id::text = :client or c.name = :client or c.name_latin = :client)"}


def _progress(duty: Row, now: datetime) -> Row:
    """State in look.md's words, the part of its time that is used (1 = due), and the next rung."""
    span = (duty["due_at"] - duty["opened_at"]).total_seconds()
    used = (min(now, duty["ended_at"] or now) - duty["opened_at"]).total_seconds() / span if span > 0 else 1.0
    rungs = [r for r in duty["rungs"] or [] if r["n"] > duty["fired"]] if duty["ended"] is None else []
    return {"state": relay.state_of(duty, now), "used": round(max(0.0, used), 3), "next_rung": min(rungs, key=lambda r: r["at"], default=None)}


async def stats(uow: Uow) -> Row:
    """Totals: hires by stage and outcome, obligations by end, messages by state and purpose, facts by type."""
    async def counted(sql: str) -> dict[str, int]:
        return {str(row["name"]): row["n"] for row in await uow.rows(sql + " group by 1 order by 1")}

    return {
        "now": uow.now, "events": await uow.value("select count(*) from events"),
        "hires": await uow.value("select count(*) from hires"), "requisitions": await uow.value("select count(*) from requisitions"),
        "stages": await counted("select stage as name, count(*) as n from hires where outcome is null"),
        "outcomes": await counted("select outcome as name, count(*) as n from hires where outcome is not null"),
        "obligations": dict(await uow.one(LEDGER) or {}), "messages": await counted("select state as name, count(*) as n from messages"),
        "purposes": await counted("select purpose as name, count(*) as n from messages where state <> 'suppressed'"),
        "types": await counted("select type as name, count(*) as n from events"),
        "last": await uow.value("select max(recordedtime) from events")}


LEDGER = """select count(*) as opened, count(*) filter (where ended = 'met' and not late) as met, count(*) filter (where ended = 'met' and late)
  as met_late, count(*) filter (where ended = 'waived') as waived, count(*) filter (where ended = 'transferred') as transferred,
  count(*) filter (where ended = 'lapsed') as lapsed, count(*) filter (where ended = 'cancelled') as cancelled,
  count(*) filter (where ended is null) as open, count(*) filter (where ended is null and due_at < (select max(recordedtime) from events))
  as overdue from obligations"""


async def facts(uow: Uow, wanted: Row, *, limit: int, after: int) -> list[Row]:
    """Archived events in the order they arrived, after number `after`; `wanted` filters by type (beginning), hire, source, id."""
    where: list[str] = ["n > :after"]
    params: Row = {"limit": limit, "after": after}
    for name, test in {"type": "type like :type", "hire": "hire::text = :hire", "source": "source = :source", "id": "id = :id"}.items():
        if value := wanted.get(name):
            where.append(test)
            params[name] = f"baton.{_plain(value).removeprefix('baton.')}%" if name == "type" else value
    return _dicts(await uow.rows(f"select * from events where {' and '.join(where)} order by n limit :limit", **params))


_LINK = "select id, source, type, subject, time as at, recordedtime, cause, correlation, actor, policyversion, hire, body from events"


async def cause_chain(uow: Uow, event_id: str) -> list[Row]:
    """The event and what caused it, back to the first one known here; commands are links of it.

    A cause that no event has is the clock (a rung, a planned opening, a deadline): then the last fact told to the hire before it follows.
    """
    chain: list[Row] = []
    row: Any = await uow.one(_LINK + " where id = :id limit 1", id=event_id)
    while row is not None and len(chain) < 40 and row["id"] not in {link["id"] for link in chain}:
        link = {name: value for name, value in row.items() if name != "recordedtime"}
        chain.append(link)
        before, row = row, await uow.one(_LINK + " where id = :id limit 1", id=row["cause"]) if row["cause"] else None
        if row is None and before["cause"] and before["source"].startswith("baton/") and before["hire"] is not None:
            chain.append({**link, "id": before["cause"], "type": "clock", "body": {}, "cause": ""})
            row = await uow.one(
                _LINK + " where hire = :hire and recordedtime <= :at and source <> 'baton/workflows' and source like 'baton/%'"
                " and type not like 'baton.message.%' and type <> 'baton.ask.opened' order by recordedtime desc, n desc limit 1",
                hire=before["hire"], at=before["recordedtime"])
    return chain


async def closing_fact(uow: Uow, hire_id: UUID) -> Row | None:
    """What ended the hire, if anything did."""
    row = await uow.one("select id, type, time as at, body from events where hire = :id and type = :type order by n desc limit 1",
                        id=hire_id, type=HireClosed.TYPE)
    return dict(row) if row else None
