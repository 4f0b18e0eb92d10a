"""A real CalDAV server for tests: Radicale as a process of its own, one user, one folder."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

USER, SECRET = "chen", "geheim"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def radicale(folder: Path) -> AsyncIterator[str]:
    """Yields the base address; stopped at the end."""
    users, port = folder / "users", free_port()
    users.write_text(f"{USER}:{SECRET}\n")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "radicale", "--config", "", "--hosts", f"127.0.0.1:{port}", "--storage-filesystem-folder", str(folder / "store"),
        "--auth-type", "htpasswd", "--auth-htpasswd-filename", str(users), "--auth-htpasswd-encryption", "plain", "--auth-delay", "0",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as client:
            for _ in range(100):
                try:
                    await client.get(f"{base}/.web/")
                    break
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)
        yield base
    finally:
        process.terminate()
        await process.wait()


async def make_collection(base: str) -> str:
    """An empty calendar of the user; its address."""
    async with httpx.AsyncClient(auth=(USER, SECRET)) as client:
        answer = await client.request("MKCALENDAR", f"{base}/{USER}/interviews/")
        assert answer.status_code == 201, answer.text
    return f"{base}/{USER}/interviews/"


async def put(address: str, name: str, raw: bytes) -> None:
    """Store one calendar object, as a mail client does with an invitation that was accepted (METHOD belongs to the mail)."""
    kept = b"\r\n".join(line for line in raw.split(b"\r\n") if not line.startswith(b"METHOD:"))
    async with httpx.AsyncClient(auth=(USER, SECRET)) as client:
        answer = await client.put(f"{address}{name}.ics", content=kept, headers={"Content-Type": "text/calendar; charset=utf-8"})
        assert answer.status_code in (201, 204), answer.text


async def remove(address: str, name: str) -> None:
    """Take it out again."""
    async with httpx.AsyncClient(auth=(USER, SECRET)) as client:
        assert (await client.delete(f"{address}{name}.ics")).status_code in (200, 204)
