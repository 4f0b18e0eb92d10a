"""One supervised process: started, waited for until ready, restarted with growing pauses when it dies, stopped cleanly."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.errors import StartError
from deploy.local.spawn import Janitor, on_birth, popen

LOG_LIMIT = 20_000_000
FIRST_PAUSE, LONGEST_PAUSE, CALM = 0.2, 10.0, 15.0
STARTS_BEFORE_READY = 4


async def _always() -> bool:
    return True


@dataclass(slots=True)
class Spec:
    """What it takes to run one process; `ready` answers whether it serves, `prepare` runs once before the first start."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    ready: Callable[[], Awaitable[bool]] = _always
    prepare: Callable[[], Awaitable[None]] | None = None
    stop_signal: int = signal.SIGTERM
    stop_within: float = 20.0
    ready_within: float = 180.0
    birth: Callable[[], None] | None = None
    facts: dict = field(default_factory=dict)


class Child:
    """The supervised process of one Spec; `on_change` is called at every change of state."""

    def __init__(self, spec: Spec, janitor: Janitor, on_change: Callable[[], None]) -> None:
        self.spec, self._janitor, self._on_change = spec, janitor, on_change
        self.state, self.restarts, self.since = "stopped", 0, time.time()
        self.pid: int | None = None
        self._was_ready, self._wanted, self._prepared = asyncio.Event(), False, False
        self._task: asyncio.Task | None = None
        self._process: subprocess.Popen | None = None

    async def start(self) -> None:
        """Start and return once it is ready; StartError with the end of its log otherwise."""
        if self._wanted:
            return await self.ready()
        self._wanted = True
        self._set("starting")
        if self.spec.prepare and not self._prepared:
            await self.spec.prepare()
            self._prepared = True
        self._rotate()
        self._task = asyncio.create_task(self._keep_running(), name=f"supervise {self.spec.name}")
        await self.ready()

    async def ready(self) -> None:
        """Wait until it serves; StartError when it does not within its time or gave up."""
        try:
            async with asyncio.timeout(self.spec.ready_within):
                while not self._was_ready.is_set():
                    if self.state in ("failed", "stopped"):
                        raise self._start_error("ended before it was ready")
                    await asyncio.sleep(0.03)
        except TimeoutError:
            raise self._start_error(f"was not ready within {self.spec.ready_within:.0f} s") from None

    async def stop(self) -> None:
        """Stop by its own signal, kill what is left of its group after `stop_within` seconds."""
        self._wanted = False
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(self.spec.stop_signal)
            until = time.monotonic() + self.spec.stop_within
            while self._process is not None and self._process.poll() is None and time.monotonic() < until:  # noqa: ASYNC110
                await asyncio.sleep(0.03)
            self._end_group()
        elif self._task:
            self._task.cancel()  # it only waits to restart
        if self._task:
            await asyncio.gather(self._task, return_exceptions=True)
        self._set("stopped")

    def kill(self, sign: int) -> None:
        """Send a signal to the process itself, as a fault would; it is restarted when it dies of it."""
        if self.pid is None:
            raise StartError(f"{self.spec.name} is not running now ({self.state}).")
        os.kill(self.pid, sign)
        if sign not in (0, signal.SIGSTOP, signal.SIGCONT):
            self._was_ready.clear()

    async def _keep_running(self) -> None:
        pause, ever_served, lives = FIRST_PAUSE, False, 0
        while self._wanted:
            began = time.monotonic()
            ever_served = await self._run_once() or ever_served
            lives += 1
            if not self._wanted:
                break
            if lives >= STARTS_BEFORE_READY and not ever_served:
                self._wanted = False
                self._set("failed")
                break
            self.restarts += 1
            pause = FIRST_PAUSE if time.monotonic() - began > CALM else pause
            self._set("waiting to restart")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _run_once(self) -> bool:
        """One life of the process; True when it ever served."""
        spec = self.spec
        birth = spec.birth or on_birth(spec.stop_signal)
        self._process = popen(spec.argv, log=spec.log, env=spec.env, cwd=spec.cwd, birth=birth)
        group = self.pid = self._process.pid
        self._janitor.add(group, spec.stop_signal)
        self._set("starting")
        served = False
        while self._process.poll() is None:
            if not served and await self._probe():
                served = True
                self._set("ready")
                self._was_ready.set()
            await asyncio.sleep(0.2 if served else 0.05)
        self._was_ready.clear()
        self._end_group()
        self._janitor.remove(group)
        self._process, self.pid = None, None
        return served

    async def _probe(self) -> bool:
        try:
            async with asyncio.timeout(5):
                return await self.spec.ready()
        except Exception:
            return False

    def _end_group(self) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def _rotate(self) -> None:
        with suppress(FileNotFoundError):
            if self.spec.log.stat().st_size > LOG_LIMIT:
                os.replace(self.spec.log, self.spec.log.with_suffix(".log.1"))

    def _set(self, state: str) -> None:
        self.state, self.since = state, time.time()
        self._on_change()

    def _start_error(self, what: str) -> StartError:
        return StartError(f"{self.spec.name} {what}.\n{tail(self.spec.log)}", f"The whole log: {self.spec.log}")


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log file, '' when there is none."""
    with suppress(OSError):
        return "\n".join(log.read_bytes()[-8000:].decode(errors="replace").splitlines()[-lines:])
    return ""
