"""Serving HTTP inside a process: granian embedded in the same event loop, one server an address."""

from __future__ import annotations

import asyncio
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server

from .errors import ConfigurationError


async def serve(app: Any, address: str, stop: asyncio.Event) -> None:
    """Serve an ASGI app on `host:port` until `stop`; ConfigurationError when the address is no address."""
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise ConfigurationError(f"{address!r} is not host:port")
    server = Server(app, address=host or "127.0.0.1", port=int(port), interface=Interfaces.ASGI, log_enabled=False, websockets=False)
    task = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiting.cancel()
        task.result()
        if not stop.is_set():
            raise ConfigurationError(f"the HTTP server on {address} ended by itself; is the port taken?")
        return
    server.stop()
    await asyncio.wait({task}, timeout=5)
