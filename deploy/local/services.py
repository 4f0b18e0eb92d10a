"""Our own processes as the supervisor runs them: which module, where it says that it is ready, and the one step before them."""

import asyncio
import importlib.util
import sys
from contextlib import suppress
from functools import partial

from deploy.local.child import Spec, tail
from deploy.local.environment import SERVICES, WORKFLOW_PROCESSES, Environment
from deploy.local.errors import StartError
from deploy.local.spawn import Janitor, on_birth, popen

MODULES = {name: f"services.{name}.main" for name in SERVICES} | {name: f"workflows.{name}" for name in WORKFLOW_PROCESSES}
PROVISION = "shared.runtime.provision"


def exists(module: str) -> bool:
    """Whether this module is there to be run."""
    with suppress(ModuleNotFoundError):
        return importlib.util.find_spec(module) is not None
    return False


def spec(name: str, environment: Environment) -> Spec:
    """How one of our processes runs."""
    admin = environment.ports.get(f"{name}-admin")
    home = environment.home
    return Spec(
        name=name,
        argv=[sys.executable, "-m", MODULES[name]],
        env=environment.process(name),
        log=home.log(name),
        cwd=home.path,
        ready=partial(says_ready, admin),
        facts={"admin": f"http://127.0.0.1:{admin}", "port": admin},
    )


async def says_ready(port: int, path: str = "/readyz") -> bool:
    """Whether GET on this local port answers 200 (plain sockets: an HTTP client costs 100 ms to import)."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        status = await reader.readline()
        return status.split(b" ", 2)[1:2] == [b"200"]
    finally:
        writer.close()


async def provision(environment: Environment, janitor: Janitor) -> None:
    """Make roles, schemas, tables and topics; StartError with the end of the log when that fails."""
    log = environment.home.log("provision")
    argv = [sys.executable, "-m", PROVISION]
    env = environment.process("provision")
    process = popen(argv, log=log, env=env, cwd=environment.home.path, birth=on_birth(15))
    janitor.add(process.pid)
    while process.poll() is None:  # noqa: ASYNC110
        await asyncio.sleep(0.03)
    janitor.remove(process.pid)
    if process.returncode:
        raise StartError(
            f"Preparing the servers failed (exit code {process.returncode}).\n{tail(log)}",
            f"The whole log: {log}. After repairing run `baton up` again: the step may be repeated.",
        )
