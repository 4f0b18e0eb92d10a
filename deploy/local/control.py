"""How another process talks to a running supervisor: one JSON line each way over a local port, proven by the state file's token.

A port and not a Unix socket, because a socket's path may not be longer than about 100 characters and homes are.
"""

import asyncio
import json
import secrets
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from deploy.local.errors import NotRunningError, StackError
from deploy.local.home import Home

Handler = Callable[[dict], Awaitable[dict]]


class ControlServer:
    """Answers requests of whoever can read this home's state file."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None
        self.token = secrets.token_urlsafe(24)
        self.port = 0

    async def start(self) -> None:
        """Listen on a free local port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = json.loads(await asyncio.wait_for(reader.readline(), 10))
            if not secrets.compare_digest(str(request.get("token")), self.token):
                raise StackError("The supervisor refused: wrong token.")
            answer = {"ok": True, **await self._handler(request)}
        except StackError as error:
            answer = {"ok": False, "problem": error.problem, "cure": error.cure}
        except (ValueError, AttributeError, TimeoutError) as error:
            answer = {"ok": False, "problem": f"The supervisor did not understand: {error}", "cure": ""}
        with suppress(OSError):
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()


def read_state(home: Home) -> dict:
    """What the supervisor wrote last; NotRunningError when none runs on this home."""
    state = home.read_json("run/state.json")
    if not state or not alive(state.get("pid", 0)) or not home.locked():
        raise NotRunningError(f"No stack is running on {home.path}.", "Start one with `baton up`.")
    return state


def ask(home: Home, op: str, *, timeout: float = 60.0, **rest: object) -> dict:
    """Send one request to the supervisor of this home and return its answer; StackError when it refuses."""
    state = read_state(home)
    request = json.dumps({"token": state["token"], "op": op, **rest}).encode() + b"\n"
    try:
        with socket.create_connection(("127.0.0.1", state["control"]), timeout=timeout) as connection:
            connection.sendall(request)
            answer = json.loads(connection.makefile().readline() or "{}")
    except OSError as error:
        raise NotRunningError(f"The supervisor (process {state['pid']}) does not answer: {error}.", "") from error
    if not answer.get("ok"):
        raise StackError(answer.get("problem", "The supervisor gave no answer."), answer.get("cure", ""))
    return answer


def alive(pid: int) -> bool:
    """Whether this process runs; one that ended and waits for its parent does not."""
    try:
        return pid > 0 and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
