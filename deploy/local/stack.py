"""The local stack as one object: `async with Stack(home=...) as stack` gives real servers and all our processes, and ends them.

    Stack ── engines (kafka, postgres, temporal, sink)  ── provision ── services, bridge, worker
       │        each a Child: start, ready, restart, stop
       ├─ Janitor        ends every group when this process is killed
       ├─ ControlServer  lets `baton down` and tests reach a running stack
       └─ run/state.json what `baton status` reads
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from deploy.local import kafka, postgres, services, temporal
from deploy.local.child import Child, Spec
from deploy.local.control import ControlServer, alive
from deploy.local.environment import ENGINES, Environment
from deploy.local.errors import StackError, StartError
from deploy.local.home import Home
from deploy.local.ports import Ports
from deploy.local.sink import spec as sink
from deploy.local.spawn import Janitor

ENGINE_PORTS = {
    "kafka": ("kafka", "kafka-controller"),
    "postgres": ("postgres",),
    "temporal": ("temporal", "temporal-ui", "temporal-http", "temporal-metrics"),
    "sink": ("smtp", "sink-http"),
}
ALL = (*ENGINES, *services.MODULES)


class Stack:
    """A running local stack on one home.

    `only` names engines and processes to start (default: all); `env` is laid over the caller's environment, and a server
    named there (BATON_KAFKA, ...) is used instead of a local one. Raises StackError kinds that say what to do.
    """

    def __init__(
        self,
        *,
        home: Path | str | None = None,
        only: Iterable[str] | None = None,
        env: Mapping[str, str] | None = None,
        report: Callable[[str, str], None] | None = None,
        new_ports: bool = False,
    ) -> None:
        self.home = Home(home)
        self._only = set(only) if only is not None else None
        if unknown := (self._only or set()) - {*ALL, "provision"}:
            raise StackError(f"Unknown process: {', '.join(sorted(unknown))}.", f"Known: {', '.join(ALL)}.")
        self._given = {**os.environ, **(env or {})}
        self._report, self._new_ports = report or (lambda name, state: None), new_ports
        self._children: dict[str, Child] = {}
        self._control = ControlServer(self._answer)
        self._janitor_or_none: Janitor | None = None
        self._lock = -1
        self._down = asyncio.Event()
        self._began = time.time()
        self.external: set[str] = set()

    async def __aenter__(self) -> "Stack":
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Start everything in order of readiness; on an error everything started is stopped again."""
        self.home.prepare()
        self._lock = self.home.lock(wait=8.0 if self._left_over() else 0.0)
        try:
            ports = Ports(self.home)
            if self._new_ports:
                ports.forget()
            self._environment = Environment(self.home, ports, self._given)
            self.external = self._environment.external()
            self._janitor_or_none = Janitor(self._lock)
            await self._control.start()
            await self._start_all(ports)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Stop our processes, then the servers; nothing is left behind."""
        ours = [child for name, child in self._children.items() if name not in ENGINES]
        engines = [child for name, child in self._children.items() if name in ENGINES]
        for group in (ours, engines):
            await asyncio.gather(*(child.stop() for child in group), return_exceptions=True)
        await self._control.stop()
        if self._janitor_or_none:
            await asyncio.to_thread(self._janitor_or_none.close)
            self._janitor_or_none = None
            self.home.state_file.unlink(missing_ok=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    @property
    def env(self) -> dict[str, str]:
        """The BATON_* variables for client programs."""
        return self._environment.clients()

    @property
    def names(self) -> list[str]:
        """What runs in this stack, in order of start."""
        return list(self._children)

    def process_env(self, name: str) -> dict[str, str]:
        """The whole environment of one of our processes, for tests that start it themselves."""
        return self._environment.process(name)

    def admin_url(self, name: str) -> str:
        """Base URL of a process' admin port (/livez, /readyz, /metrics, /version)."""
        return f"http://127.0.0.1:{self._environment.ports.get(f'{name}-admin')}"

    def pid(self, name: str) -> int | None:
        """Process id now, None while it does not run."""
        return self._child(name).pid

    def state(self, name: str) -> str:
        """starting, ready, waiting to restart, failed or stopped."""
        return self._child(name).state

    def restarts(self, name: str) -> int:
        """How often it was started again after dying."""
        return self._child(name).restarts

    async def kill(self, name: str, sign: int = signal.SIGKILL) -> None:
        """Send a signal to one process; when it dies of it the supervisor restarts it."""
        self._child(name).kill(sign)

    async def stop(self, name: str) -> None:
        """Stop one process cleanly and leave it stopped."""
        await self._child(name).stop()

    async def start(self, name: str) -> None:
        """Start a stopped process again; returns when it is ready."""
        await self._child(name).start()

    async def ready(self, *names: str) -> None:
        """Wait until these processes (default: all that should run) are ready."""
        chosen = names or [name for name, child in self._children.items() if child.state != "stopped"]
        await asyncio.gather(*(self._child(name).ready() for name in chosen))

    async def wait_down(self) -> None:
        """Wait until somebody asks this stack to go down."""
        await self._down.wait()

    def request_down(self) -> None:
        """Ask this stack to go down (signal handlers, `baton down`)."""
        self._down.set()

    async def _start_all(self, ports: Ports) -> None:
        engines = [name for name in ENGINES if self._wants(name) and name not in self.external]
        ours = [name for name in services.MODULES if self._wants(name) and services.exists(services.MODULES[name])]
        ports.check(*(port for name in engines for port in ENGINE_PORTS[name]), *(f"{name}-admin" for name in ours))
        makers = {"kafka": kafka.spec, "postgres": postgres.spec, "temporal": temporal.spec, "sink": sink.spec}
        environment = self._environment.engine()
        await self._start(makers[name](self.home, ports, environment) for name in engines)
        if (self._only is None or "provision" in self._only or ours) and services.exists(services.PROVISION):
            self._report("provision", "starting")
            await services.provision(self._environment, self._janitor)
            self._report("provision", "ready")
        await self._start(services.spec(name, self._environment) for name in ours)

    async def _start(self, specs: Iterable[Spec]) -> None:
        children = [Child(spec, self._janitor, partial(self._changed, spec.name)) for spec in specs]
        self._children |= {child.spec.name: child for child in children}
        starts = [asyncio.create_task(child.start()) for child in children]
        try:
            for done in asyncio.as_completed(starts):
                await done
        finally:
            for start in starts:
                start.cancel()
            await asyncio.gather(*starts, return_exceptions=True)

    @property
    def _janitor(self) -> Janitor:
        if self._janitor_or_none is None:
            raise StackError("The stack is not open.")
        return self._janitor_or_none

    def _wants(self, name: str) -> bool:
        return self._only is None or name in self._only

    def _child(self, name: str) -> Child:
        try:
            return self._children[name]
        except KeyError:
            raise StartError(f"{name} is not part of this stack.", f"It has: {', '.join(self._children)}.") from None

    def _left_over(self) -> bool:
        """Whether a supervisor was killed here, so that its janitor may still be at work."""
        pid = self.home.read_json("run/state.json").get("pid", 0)
        return bool(pid) and not alive(pid)

    def _changed(self, name: str) -> None:
        self._report(name, self._children[name].state if name in self._children else "")
        self.home.write_json("run/state.json", self.snapshot())

    def snapshot(self) -> dict:
        """What runs, as `status` shows it."""
        processes = {
            name: {
                "state": child.state, "pid": child.pid, "restarts": child.restarts, "since": child.since,
                "log": str(child.spec.log), **child.spec.facts,
            }
            for name, child in self._children.items()
        }  # fmt: skip
        return {
            "pid": os.getpid(), "janitor": self._janitor.pid, "home": str(self.home.path),
            "control": self._control.port, "token": self._control.token, "began": self._began,
            "external": sorted(self.external), "env": self.env, "processes": processes,
        }  # fmt: skip

    async def _answer(self, request: dict) -> dict:
        op, name = request.get("op"), request.get("name", "")
        if op == "down":
            self.request_down()
        elif op == "kill":
            await self.kill(name, int(request.get("signal", signal.SIGKILL)))
        elif op == "stop":
            await self.stop(name)
        elif op == "start":
            await self.start(name)
        elif op != "snapshot":
            raise StackError(f"Unknown request {op!r}.")
        return {"pid": os.getpid()} if op == "down" else {"processes": self.snapshot()["processes"]}
