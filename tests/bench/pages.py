"""First byte of an ask's page at 50 requests a second, beside a file that the same server hands out: the ratio says what the page itself costs.

    python -m tests.bench.pages [--rate 50] [--seconds 20]

Real PostgreSQL, the real doors under the server that production uses; the one who asks is a process of its own. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import httpx

from deploy.local.stack import Stack
from services.notification.pages.app import make_app
from services.notification.pages.limits import Pace
from shared.runtime.provision import prepare_database
from shared.runtime.settings import ServiceSettings
from shared.runtime.web import serve
from tests.support.engines import HELD, clean_environment
from tests.support.notices import Bureau

LINKS = 20


async def measure(home: str, *, rate: int = 50, seconds: int = 20) -> dict[str, float]:
    """Milliseconds to the first byte (p50, p95, p99) of page and file, the ratio of their medians, bytes of the page."""
    clean_environment()
    async with Stack(home=home, only=["postgres", "sink"], env=HELD) as stack:
        env = {**stack.process_env("provision"), **stack.env, "BATON_KAFKA": "nowhere.invalid:9092"}
        known = {name.removeprefix("BATON_").lower(): value for name, value in env.items() if name.startswith("BATON_")}
        await prepare_database(ServiceSettings(**known))  # type: ignore[arg-type]
        return await _served(env, rate, seconds)


async def _served(env: Mapping[str, str], rate: int, seconds: int) -> dict[str, float]:
    bureau = Bureau(dict(env))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stop = asyncio.Event()
    app = make_app(bureau.db, bureau.desk, Pace(link=10**6, address=10**6))
    task = asyncio.create_task(serve(app, f"127.0.0.1:{port}", stop))
    try:
        paths = await _questions(bureau)
        base = f"http://127.0.0.1:{port}"
        file = await _load([f"{base}/static/baton.css"], rate, seconds)
        page = await _load([base + path for path in paths], rate, seconds)
    finally:
        stop.set()
        await asyncio.wait({task}, timeout=10)
        await bureau.close()
    figures = {f"page_{name}": value for name, value in page.items()} | {f"file_{name}": value for name, value in file.items()}
    return {**figures, "ratio_p50": page["p50_ms"] / file["p50_ms"], "rate": float(rate), "n": float(rate * seconds)}


async def _questions(bureau: Bureau) -> list[str]:
    """Links to open questions, as their mails carry them."""
    await bureau.empty()
    await bureau.clock("2026-09-07T10:00:00")
    world = await bureau.settle()
    for _ in range(LINKS):
        interview = uuid4()
        slots = bureau.slots(interview, [datetime(2026, 9, 10, 6, tzinfo=UTC), datetime(2026, 9, 11, 4, tzinfo=UTC)])
        ask = bureau.ask("choose_slot", world.candidate, "candidate", refs=[("interview", interview, 1)], owed=True)
        await bureau.tell(slots, ask)
    for _ in range(3 * LINKS):
        await bureau.sender.turn()
    mails = await bureau.mails(bureau.mail_of("lin"))
    found = {
        link.removeprefix("http://pages.test").partition("?")[0] for mail in mails for link in mail["links"] if "/a/" in link
    }
    return sorted(found)


async def _load(urls: list[str], rate: int, seconds: int) -> dict[str, float]:
    """Ask at a steady rate from another process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.pages", "--knock", json.dumps([urls, rate, seconds]), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return {name: float(value) for name, value in json.loads(output).items()}


async def knock(urls: list[str], rate: int, seconds: int) -> dict[str, float]:
    """First bytes at a steady rate; a late answer delays no later question."""
    times: list[float] = []
    sizes: list[int] = []

    async def one(http: httpx.AsyncClient, url: str) -> None:
        began = time.perf_counter()
        async with http.stream("GET", url) as answer:
            times.append((time.perf_counter() - began) * 1000)
            sizes.append(len(await answer.aread()) if answer.status_code == 200 else 0)

    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=100), timeout=30) as http:
        for url in urls:
            await http.get(url)
        began, running = time.perf_counter(), []
        for n in range(rate * seconds):
            await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
            running.append(asyncio.create_task(one(http, urls[n % len(urls)])))
        await asyncio.gather(*running)
    cuts = statistics.quantiles(times, n=100)
    failed = sum(size == 0 for size in sizes)
    return {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98], "bytes": statistics.median(sizes), "failed": failed}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--knock", help="urls, rate and seconds as JSON: the asking process")
    given = parser.parse_args()
    if given.knock:
        print(json.dumps(asyncio.run(knock(*json.loads(given.knock)))))
        return
    with tempfile.TemporaryDirectory(prefix="baton-pages-") as home:
        for name, value in asyncio.run(measure(home, rate=given.rate, seconds=given.seconds)).items():
            print(f"{name:<20}{value:,.2f}")


if __name__ == "__main__":
    main()
