"""One supervised process: restarted when it dies, given up with the end of its log when it never serves."""

import asyncio
import os
import signal
import sys

import pytest

from deploy.local.child import Child, Spec
from deploy.local.errors import StartError
from deploy.local.spawn import Janitor


@pytest.fixture
def janitor():
    running = Janitor()
    yield running
    running.close()


def spec(tmp_path, program: str, **rest) -> Spec:
    return Spec(name="it", argv=[sys.executable, "-c", program], env=dict(os.environ), log=tmp_path / "it.log", cwd=tmp_path, **rest)


async def test_child_when_killed_then_restarted_and_counted(tmp_path, janitor):
    states = []
    child = Child(spec(tmp_path, "import time; time.sleep(60)"), janitor, lambda: states.append(child.state))
    await child.start()
    first = child.pid
    child.kill(signal.SIGKILL)
    await asyncio.wait_for(child.ready(), 10)
    assert child.pid not in (None, first) and child.restarts == 1
    assert "waiting to restart" in states
    await child.stop()
    assert child.state == "stopped" and child.pid is None


async def test_child_when_it_never_serves_then_given_up_with_the_end_of_its_log(tmp_path, janitor):
    child = Child(spec(tmp_path, "raise SystemExit('no such setting: BATON_X')"), janitor, lambda: None)

    async def never() -> bool:
        return False

    child.spec.ready = never
    with pytest.raises(StartError, match="no such setting: BATON_X"):
        await child.start()
    assert child.state == "failed"


async def test_child_when_it_is_too_slow_then_the_error_says_how_long_was_waited(tmp_path, janitor):
    async def never() -> bool:
        return False

    child = Child(spec(tmp_path, "import time; time.sleep(60)", ready=never, ready_within=0.5), janitor, lambda: None)
    with pytest.raises(StartError, match="not ready within"):
        await child.start()
    await child.stop()


async def test_child_when_stopped_then_its_grandchildren_end_too(tmp_path, janitor):
    program = "import subprocess, time; p = subprocess.Popen(['sleep', '60']); open('grandchild', 'w').write(str(p.pid)); time.sleep(60)"

    async def wrote() -> bool:
        return (tmp_path / "grandchild").exists() and bool((tmp_path / "grandchild").read_text())

    child = Child(spec(tmp_path, program, ready=wrote), janitor, lambda: None)
    await child.start()
    grandchild = int((tmp_path / "grandchild").read_text())
    await child.stop()
    for _ in range(100):
        if not _running(grandchild):
            break
        await asyncio.sleep(0.02)
    assert not _running(grandchild)


def _running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
