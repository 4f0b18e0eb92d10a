"""Part (f): so many messages are due in the same minute. How long until the last one left, and did what is owed soonest leave first?

Real PostgreSQL, real SMTP to the local sink, the sender as it runs in production; the clock is held, so all are due at one instant.
"""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from shared.contracts.notification import MessageSpec, Tell
from shared.contracts.party import PartyRef
from tests.bench.desk import quiet_desk
from tests.support.notices import Bureau

READERS = 500
CHUNK = 500
URGENT_EVERY = 10
"""Each tenth is told to be owed half an hour sooner; they are queued among the others."""


async def measure(home: Path, *, messages: int) -> dict[str, float | int]:
    """Seconds until all have left, the rate, and which share of the first tenth that left was owed soonest (1.0: all of it)."""
    async with quiet_desk(home) as (bureau, _):
        return await _measured(bureau, messages)


async def _measured(bureau: Bureau, messages: int) -> dict[str, float | int]:
    began = time.perf_counter()
    await _queue(bureau, messages)
    queued = time.perf_counter() - began
    began, sent = time.perf_counter(), 0
    while more := await bureau.sender.turn():
        sent += more
    seconds = time.perf_counter() - began
    async with bureau.db.unit() as uow:
        first = await uow.rows(
            "select m.owed_at < max(m.owed_at) over () as soon from outbox o join messages m on m.id = cast(substring(o.headers from"
            " 'message/([0-9a-f-]{36})') as uuid) where o.topic = 'notification.events' and o.headers like '%message.sent%' order by o.id limit :n",
            n=messages // URGENT_EVERY)
    return {
        "n": sent, "seconds_until_all_left": seconds, "reach_seconds": 60.0, "messages_per_s": sent / seconds, "seconds_to_queue": queued,
        "share_of_first_tenth_owed_soonest": sum(bool(row["soon"]) for row in first) / max(len(first), 1)}


async def _queue(bureau: Bureau, n: int) -> None:
    readers = [uuid4() for _ in range(min(READERS, n))]
    people = [await bureau.person(one, "林悦", f"reader{i}.{one.hex[:6]}@mail.example", "candidate") for i, one in enumerate(readers)]
    await bureau.tell(*people)
    for start in range(0, n, CHUNK):
        await bureau.tell(*(_tell(bureau, readers[i % len(readers)]) for i in range(start, min(start + CHUNK, n))))
    async with bureau.db.unit() as uow:
        await uow.run(
            "update messages set owed_at = owed_at - cast(:sooner as interval) where id in (select id from (select id, row_number() over (order by id) as k"
            " from messages where state = 'queued') x where k % :every = 0)", sooner=timedelta(minutes=30), every=URGENT_EVERY)


def _tell(bureau: Bureau, reader: object) -> Tell:
    spec = MessageSpec(
        message_id=uuid4(), party=PartyRef(person_id=reader, role="candidate"), purpose="status", occasion=f"{uuid4()}/1", template="status",  # type: ignore[arg-type]
        hire_id=bureau.world.hire)
    return Tell(message_id=spec.message_id, hire_id=bureau.world.hire, message=spec)
