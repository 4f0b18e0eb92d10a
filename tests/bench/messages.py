"""Part (c): messages a second through the whole path (judged, worded, sealed, attempt written, sent, outcome written) against bare aiosmtplib.

Both send to the same mail sink in the same run, over as many connections; the bare one sends the very bytes that the path made.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from uuid import uuid4

import aiosmtplib

from shared.contracts.notification import MessageSpec, Tell
from shared.contracts.party import PartyRef
from tests.bench.desk import quiet_desk
from tests.support.notices import Bureau

CONNECTIONS = 4
READERS = 50


async def measure(home: Path, *, messages: int) -> dict[str, float | int]:
    """Figures of one run: the two rates, their ratio, n."""
    async with quiet_desk(home) as (bureau, env):
        await _queue(bureau, 20)
        await bureau.sender.turn()
        await _queue(bureau, messages)
        began = time.perf_counter()
        sent = await bureau.sender.turn()
        ours = sent / (time.perf_counter() - began)
        raw = await bureau.raw(1)
        bare = await _bare(env["BATON_SMTP"], raw, messages)
    return {"n": sent, "messages_per_s": ours, "bare_aiosmtplib_per_s": bare, "ratio": ours / bare, "mail_bytes": len(raw)}


async def _queue(bureau: Bureau, n: int) -> None:
    readers = []
    for i in range(min(READERS, n)):
        readers.append(uuid4())
        await bureau.tell(await bureau.person(readers[-1], "林悦", f"reader{i}.{uuid4().hex[:6]}@mail.example", "candidate"))
    tells = []
    for i in range(n):
        spec = MessageSpec(
            message_id=uuid4(), party=PartyRef(person_id=readers[i % len(readers)], role="candidate"), purpose="status", occasion=f"{uuid4()}/1",
            template="status", hire_id=bureau.world.hire,
        )  # fmt: skip
        tells.append(Tell(message_id=spec.message_id, hire_id=bureau.world.hire, message=spec))
    await bureau.tell(*tells)


async def _bare(where: str, raw: bytes, n: int) -> float:
    """The same mail over as many connections, with nothing around it."""
    host, _, port = where.rpartition(":")
    left = iter(range(n))

    async def connection() -> None:
        client = aiosmtplib.SMTP(hostname=host, port=int(port))
        await client.connect()
        for _ in left:
            await client.sendmail("bounce@qiheng.example", ["bare@mail.example"], raw)
        await client.quit()

    began = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return n / (time.perf_counter() - began)
