"""Fixtures with real servers: `engines` (Kafka, PostgreSQL, Temporal, mail sink), `provisioned`, and `stack` (all of Baton, clock held).

Servers are started once per test module, on fresh data folders: no test finds what another one published. Nothing is left behind.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from deploy.local.environment import ENGINES
from deploy.local.stack import Stack

KEPT = ("BATON_CACHE", "BATON_SOAK", "BATON_PORTS")
HELD = {"BATON_CLOCK": "held", "BATON_OUTBOUND": "sink"}


def clean_environment() -> None:
    """Tests use their own servers, whatever the caller's environment names."""
    for name in [name for name in os.environ if name.startswith("BATON_") and name not in KEPT]:
        del os.environ[name]


@pytest.fixture(scope="module")
async def engines(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """The four servers alone: nothing is provisioned, none of our processes runs."""
    clean_environment()
    async with Stack(home=tmp_path_factory.mktemp("engines"), only=list(ENGINES), env=HELD) as stack:
        yield stack


@pytest.fixture(scope="module")
async def provisioned(engines: Stack) -> dict[str, str]:
    """The BATON_* variables of servers with roles, schemas, tables and topics."""
    await provision(engines.process_env("provision"))
    return engines.env


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """All of Baton with the held clock."""
    clean_environment()
    async with Stack(home=tmp_path_factory.mktemp("stack"), env=HELD) as running:
        yield running


async def provision(env: Mapping[str, str]) -> None:
    """Run the deploy step; RuntimeError with its output when it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "shared.runtime.provision", env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"provisioning failed: {output.decode(errors='replace')[-2000:]}")


def logs(stack: Stack, lines: int = 15) -> str:
    """The end of every process's log, for a failing test."""
    folder = Path(stack.home.path) / "log"
    return "\n".join(f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) for path in sorted(folder.glob("*.log")))
