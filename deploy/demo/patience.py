"""A request that is tried again while nobody serves it: in the demo a process is killed in the middle, and nobody outside gives up at once."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

PAUSE_S = 0.3


async def patiently(http: httpx.AsyncClient, method: str, url: str, *, seconds: float, **more: Any) -> httpx.Response:
    """The first answer that is no 5xx; after so many seconds whatever comes. Raises httpx.TransportError where nobody answers even then."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            answer = await http.request(method, url, **more)
            if answer.status_code < 500 or asyncio.get_running_loop().time() > until:
                return answer
        except httpx.TransportError:
            if asyncio.get_running_loop().time() > until:
                raise
        await asyncio.sleep(PAUSE_S)
