"""Why: the rule, the policy and the facts behind what a hire waits for; and why something has not been said or done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts.base import Message
from shared.runtime.db import Uow

from . import reads

Row = dict[str, Any]


async def why(uow: Uow, hire_id: UUID) -> Row | None:
    """The last step of a hire: what holds it now, by which rule of which policy, and the chain of facts that led there."""
    row = await uow.one("select * from hires where hire_id = :id", id=hire_id)
    if row is None:
        return None
    duties = (await reads.duties_of(uow, [hire_id])).get(hire_id, [])
    holder = reads.baton(duties, row, uow.now)
    duty = next((d for d in duties if d["obligation_id"] == holder["obligation_id"]), None)
    last = await uow.one("select id, type, time as at, subject, policyversion from events where hire = :id and topic = 'workflows.events'"
                         " order by recordedtime desc, n desc limit 1", id=hire_id)
    start = (duty or {}).get("opened_event") or row["closed_event"] or (last["id"] if last else None) or row["received_event"]
    return {
        "hire_id": hire_id, "stage": row["stage"], "outcome": row["outcome"], "baton": holder,
        "rule": (duty or {}).get("rule") or "", "policy_version": (duty or {}).get("policy_version") or row["policy_version"] or "",
        "verdict": {"result": row["verdict"], "score": row["score"], "rules_version": row["rules_version"]},
        "last_step": dict(last) if last else None, "facts": await reads.cause_chain(uow, start) if start else []}


async def whynot(uow: Uow, hire_id: UUID, purpose: str) -> Row | None:
    """Why `purpose` (a message's purpose or template, an obligation's kind, a stage, an event type) has not happened to this hire."""
    row = await uow.one("select * from hires where hire_id = :id", id=hire_id)
    if row is None:
        return None
    reasons: list[Row] = []
    for check in (_messages, _refusals, _duties, _stages, _facts):
        reasons += await check(uow, hire_id, purpose)
    if not reasons:
        reasons = await _nothing_yet(uow, row)
    happened = any(reason["happened"] for reason in reasons)
    return {"hire_id": hire_id, "purpose": purpose, "happened": happened, "reasons": reasons}


def _reason(code: str, text: str, *, happened: bool = False, at: Any = None, event: str | None = None) -> Row:
    return {"code": code, "text": text, "happened": happened, "at": at, "event": event}


async def _messages(uow: Uow, hire_id: UUID, purpose: str) -> list[Row]:
    rows = await uow.rows("select * from messages where hire_id = :id and (purpose = :p or template = :p) order by ended_at", id=hire_id, p=purpose)
    out = []
    for m in rows:
        text = f"{m['purpose']}/{m['template']} to {m['party_role']}: {m['state']}" + (f", because {m['reason']}" if m["reason"] else "")
        out.append(_reason(f"message_{m['state']}", text, happened=m["state"] in ("sent", "delivered"), at=m["ended_at"], event=m["sent_event"]))
    return out


async def _refusals(uow: Uow, hire_id: UUID, purpose: str) -> list[Row]:
    rows = await uow.rows("select id, time as at, body from events where hire = :id and type like '%.command_refused'"
                          " and (body->>'command_type' like :like or body->>'reason' = :p) order by n", id=hire_id, p=purpose, like=f"%{purpose}%")
    return [_reason("refused", f"{r['body']['command_type']} was refused: {r['body']['reason']}", at=r["at"], event=r["id"]) for r in rows]


async def _duties(uow: Uow, hire_id: UUID, purpose: str) -> list[Row]:
    rows = await uow.rows("select * from obligations where hire_id = :id and kind = :p order by opened_at", id=hire_id, p=purpose)
    return [_reason(f"obligation_{d['ended'] or 'open'}",
                    f"{d['kind']} is owed by {d['by_role']} until {d['due_at'].isoformat()}" if d["ended"] is None else
                    f"{d['kind']} of {d['by_role']} ended: {d['ended']}" + (f" ({d['reason']})" if d["reason"] else ""),
                    happened=d["ended"] == "met", at=d["ended_at"] or d["opened_at"], event=d["ended_event"] or d["opened_event"]) for d in rows]


async def _stages(uow: Uow, hire_id: UUID, purpose: str) -> list[Row]:
    rows = await uow.rows("select * from stages where hire_id = :id and stage = :p order by visit", id=hire_id, p=purpose)
    return [_reason("stage_entered", f"{s['stage']} was entered" + (f" and left: {s['how']}" if s["how"] else ""), happened=True,
                    at=s["entered_at"], event=s["entered_event"]) for s in rows]


async def _facts(uow: Uow, hire_id: UUID, purpose: str) -> list[Row]:
    name = "baton." + purpose.removeprefix("baton.")
    if not any(name == known for known, _ in Message.REGISTRY):
        return []
    rows = await uow.rows("select id, time as at from events where hire = :id and type = :t order by n", id=hire_id, t=name)
    return [_reason("fact", f"{name} happened", happened=True, at=r["at"], event=r["id"]) for r in rows]


async def _nothing_yet(uow: Uow, row: Any) -> list[Row]:
    closed = await reads.closing_fact(uow, row["hire_id"])
    if closed is not None:
        text = f"the hire ended in {row['closed_stage']} as {row['outcome']}; nothing more is begun for it"
        return [_reason("hire_closed", text, at=closed["at"], event=closed["id"])]
    duties = (await reads.duties_of(uow, [row["hire_id"]], only_open=True)).get(row["hire_id"], [])
    holder = reads.baton(duties, row, uow.now)
    if holder["obligation_id"] is not None:
        text = f"the hire is in {row['stage']} and waits for {holder['kind']} of {holder['role']}, due {holder['due_at'].isoformat()}"
        return [_reason("waits_for", text, at=holder["since"])]
    return [_reason("not_reached", f"the hire is in {row['stage']}; the machine has the baton", at=row["stage_since"])]
