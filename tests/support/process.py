"""One of Baton's processes beside the test: started as the supervisor starts it, ended with the test."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.services import MODULES, says_ready
from deploy.local.stack import Stack


@asynccontextmanager
async def running(engines: Stack, name: str, *, within: float = 90.0) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process, once /readyz answers 200; AssertionError with the end of its output when it never does."""
    env = engines.process_env(name)
    output = Path(engines.home.path) / "log" / f"{name}-test.log"
    with output.open("ab") as log:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", MODULES[name], env=env, stdout=log, stderr=log)
    try:
        until = asyncio.get_running_loop().time() + within
        while not await says_ready(int(env["BATON_ADMIN_PORT"])):
            if process.returncode is not None or asyncio.get_running_loop().time() > until:
                raise AssertionError(f"{name} is not ready: {output.read_text(errors='replace')[-2000:]}")
            await asyncio.sleep(0.1)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
