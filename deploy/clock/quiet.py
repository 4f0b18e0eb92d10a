"""Is anything in flight? One SQL statement over all schemas, in one snapshot: no Kafka admin call, no Temporal query (clock.md).

Each service shows a view `in_flight(kind, n, next_at)`: n > 0 is work going on, `next_at` an instant worth jumping to, and one that has
come is work too. Outbox rows, unread records and due wakes come from the runtime's own tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

SCHEMAS = ("intake", "screening", "scheduling", "notification", "workflows", "reporting")
BYSTANDERS = frozenset({"reporting.archive"})
"""Consumers on whose reading no act depends: time may go on while they are behind."""
WAKE = "wake"
"""Kind of the hires' armed instants: when one has come, the time-keeper itself has to do something."""


@dataclass(frozen=True, slots=True)
class Flight:
    """What one look found. `busy` names work going on, `wakes` hires whose rung is due, `next_at` the next instant of any service.

    `behind`: readers that have not seen everything, but that nobody waits for: they only look on.
    """

    now: datetime
    busy: tuple[str, ...]
    wakes: tuple[tuple[datetime, str], ...]
    next_at: datetime | None
    behind: tuple[str, ...] = ()

    @property
    def quiet(self) -> bool:
        """Nothing moves but for what waits for the time-keeper."""
        return not self.busy

    def told(self) -> str:
        """What is in flight, for people."""
        waiting = [f"hire {hire} due since {at.isoformat()}" for at, hire in self.wakes]
        return "; ".join([*self.busy, *waiting]) or "nothing"


async def make_look(pg: asyncpg.Connection) -> str:
    """The statement for the schemas that exist now; they are looked up once."""
    rows = await pg.fetch(
        "select table_schema as s, table_name as t from information_schema.tables where table_schema = any($1::text[])"
        " and table_name in ('published', 'consumed', 'in_flight', 'hires', 'subjects')", list(SCHEMAS))
    have = {(row["s"], row["t"]) for row in rows}
    published = " union all ".join(
        ["select topic, part, next from runtime.noted", *(f"select topic, part, next from {s}.published" for s in SCHEMAS if (s, "published") in have)])
    consumed = " union all ".join(f"select consumer, topic, part, next from {s}.consumed" for s in SCHEMAS if (s, "consumed") in have)
    flights = " union all ".join(f"select '{s}' as s, kind, n, next_at from {s}.in_flight" for s in SCHEMAS if (s, "in_flight") in have)
    wakes = "select 'wake', hire_id::text, 1::bigint, next_wake_at from workflows.hires where next_wake_at <= (select now from clock)"
    others = "select 'wake', kind || '/' || subject_id, 1::bigint, next_wake_at from workflows.subjects where next_wake_at <= (select now from clock)"
    parts = [
        "with clock as (select now from runtime.clock)",
        f", published as (select topic, part, max(next) as next from ({published}) p group by 1, 2)",
        f", consumed as ({consumed})",
        ", readers as (select distinct consumer, topic from consumed)",
        " select 'clock' as what, '' as who, 0::bigint as n, now as at from clock",
        " union all select 'lag', r.consumer || ' ' || p.topic, sum(p.next - coalesce(c.next, 0))::bigint, null from readers r join published p on p.topic = r.topic"
        " left join consumed c on c.consumer = r.consumer and c.topic = p.topic and c.part = p.part where p.next > coalesce(c.next, 0) group by 2",
        f" union all select 'flight ' || s, kind, n, next_at from ({flights}) f" if flights else "",
        f" union all {wakes}" if ("workflows", "hires") in have else "",
        f" union all {others}" if ("workflows", "subjects") in have else "",
    ]
    return "".join(parts)


def judge(rows: list[Any]) -> Flight:
    """Make sense of the statement's rows."""
    now: datetime = next(row["at"] for row in rows if row["what"] == "clock")
    busy: list[str] = []
    behind: list[str] = []
    wakes, later = [], []
    for row in rows:
        what, who, n, at = row["what"], row["who"], row["n"] or 0, row["at"]
        if what == "clock":
            continue
        if what == "lag":
            (behind if who.partition(" ")[0] in BYSTANDERS else busy).append(f"{who}: {n} unread")
        elif what == "wake":
            wakes.append((at, who))
        else:
            if n and who != WAKE:
                busy.append(f"{what.removeprefix('flight ')}.{who}: {n}")
            if at is not None and at > now:
                later.append(at)
            elif at is not None and who != WAKE and not n:
                busy.append(f"{what.removeprefix('flight ')}.{who}: due since {at.isoformat()}")
    return Flight(now, tuple(sorted(busy)), tuple(sorted(wakes)), min(later, default=None), tuple(behind))


async def note(pg: asyncpg.Connection, topic: str, part: int, offset: int) -> None:
    """Write down that a publisher's record was acknowledged at `offset`, so that quiet waits for its reader."""
    await pg.execute(
        "insert into runtime.noted (topic, part, next) values ($1, $2, $3) on conflict (topic, part) do update"
        " set next = greatest(noted.next, excluded.next)", topic, part, offset + 1)
