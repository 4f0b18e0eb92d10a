"""Telling a hire that its instant has come: one Temporal signal, harmless when it is early, double or for a closed hire."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

CONNECT_AGAIN = 0.5


class Wakes:
    """Sends `wake` to hires; while Temporal is away nothing is raised: the time-keeper asks again."""

    def __init__(self, address: str, *, namespace: str) -> None:
        self._address, self._namespace = address, namespace
        self._client: Client | None = None

    async def send(self, subject: str) -> bool:
        """Wake one hire, named by its id, or another subject, named `<kind>/<id>`; False when Temporal did not take it."""
        try:
            if self._client is None:
                self._client = await asyncio.wait_for(Client.connect(self._address, namespace=self._namespace), 5)
            await self._client.get_workflow_handle(subject if "/" in subject else f"hire/{subject}").signal("wake", rpc_timeout=timedelta(seconds=3))
        except RPCError as error:
            return error.status == RPCStatusCode.NOT_FOUND
        except (RuntimeError, OSError, TimeoutError):
            self._client = None
            await asyncio.sleep(CONNECT_AGAIN)
            return False
        return True
