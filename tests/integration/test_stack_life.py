"""The local stack keeps its promises: real servers, restart after a kill, nothing left behind, whatever ends the supervisor."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.control import ask, read_state
from deploy.local.environment import ROOT
from deploy.local.errors import NotRunningError
from deploy.local.home import Home
from deploy.local.pgwheel import programs
from deploy.local.spawn import on_birth, unprivileged
from deploy.local.stack import Stack
from deploy.local.versions import engine_versions

pytestmark = pytest.mark.xdist_group("stack_life")
ENGINES = ("kafka", "postgres", "temporal", "sink")


def processes_of(home: Path) -> list[str]:
    """Command lines of every process that works on this home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(home) in command or str(home) in os.readlink(folder / "cwd"):
                found.append(command)
        except OSError:
            continue
    return found


def wait_until_gone(home: Path, seconds: float) -> list[str]:
    """What is still there after at most this time."""
    until = time.monotonic() + seconds
    while (left := processes_of(home)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def start_daemon(home: Path, *only: str, birth=None) -> subprocess.Popen:
    """A supervisor of its own, as `baton up` starts it; returns when everything is ready."""
    argv = [sys.executable, "-m", "deploy.local.daemon", "--home", str(home)]
    argv += [part for name in only for part in ("--only", name)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home.parent)}
    env["BATON_CACHE"] = str(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baton")
    daemon = subprocess.Popen(argv, stdout=subprocess.PIPE, env=env, text=True, cwd=home.parent, preexec_fn=birth)  # noqa: PLW1509
    for line in daemon.stdout:
        news = json.loads(line)
        if "ready" in news:
            assert news["ready"], news
            return daemon
    raise AssertionError(f"the supervisor ended with {daemon.wait()} before it was ready")


async def test_stack_when_an_engine_is_killed_then_it_comes_back_and_at_the_end_nothing_is_left(tmp_path):
    home = tmp_path / "home"
    async with Stack(home=home, only=ENGINES) as stack:
        versions = await engine_versions(stack.env)
        assert versions["kafka"] == "4.3.1" and versions["postgres"].startswith("18") and versions["temporal"], versions
        await _check_postgres(stack.env["BATON_DATABASE"])
        for name in ENGINES:
            before = stack.pid(name)
            await stack.kill(name)
            await asyncio.wait_for(stack.ready(name), 60)
            assert stack.pid(name) not in (None, before) and stack.restarts(name) == 1
        admin = AIOKafkaAdminClient(bootstrap_servers=stack.env["BATON_KAFKA"])
        await admin.start()
        assert (await admin.describe_cluster())["brokers"]
        await admin.close()
        await stack.stop("sink")
        assert stack.state("sink") == "stopped" and stack.pid("sink") is None
        await stack.start("sink")
        assert len(processes_of(home)) >= len(ENGINES)
    assert processes_of(home) == []
    with pytest.raises(NotRunningError):
        read_state(Home(home))


async def _check_postgres(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("create extension if not exists pg_trgm")
        assert await connection.fetchval("select similarity('张三丰', '张三')") > 0, "the locale must know Chinese letters"
        assert await connection.fetchval("show synchronous_commit") == "on"
        assert await connection.fetchval("show max_connections") == "120"
    finally:
        await connection.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn, password="not the password")  # noqa: S106


def test_supervisor_when_killed_then_nothing_is_left_within_5_s_and_a_new_one_can_start_at_once(tmp_path):
    home = tmp_path / "home"
    daemon = start_daemon(home, *ENGINES)
    assert len(processes_of(home)) > len(ENGINES)
    daemon.kill()
    daemon.wait()
    assert wait_until_gone(home, 5.0) == []
    second = start_daemon(home, "postgres", "sink")
    second.kill()
    second.wait()
    third = start_daemon(home, "postgres", "sink")  # without waiting for the janitor of the one before
    third.terminate()
    assert third.wait(30) == 0
    assert wait_until_gone(home, 1.0) == []


def test_stack_when_run_by_an_ordinary_user_then_it_works_and_stops():
    user = unprivileged()
    home = Path(tempfile.mkdtemp(prefix="baton-user-"))
    try:
        if user:
            programs(user)  # his own checkout would be open to him, this one need not be
            os.chown(home, user.pw_uid, user.pw_gid)
        daemon = start_daemon(home / "home", *ENGINES, birth=on_birth(signal.SIGTERM, user, reach=True) if user else None)
        place = Home(home / "home")
        owners = {Path(f"/proc/{facts['pid']}").stat().st_uid for facts in read_state(place)["processes"].values()}
        assert owners == {user.pw_uid if user else os.getuid()}
        ask(place, "down")
        assert daemon.wait(30) == 0
        assert wait_until_gone(home, 1.0) == []
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def test_stack_when_a_server_is_given_then_it_is_not_started_here(tmp_path):
    given = {"BATON_KAFKA": "kafka.example:9092", "BATON_DATABASE": "postgresql://boss:secret@db.example:5432/hr"}
    async with Stack(home=tmp_path / "home", only=["kafka", "postgres", "sink"], env=given) as stack:
        assert stack.names == ["sink"] and stack.external == {"kafka", "postgres"}
        assert stack.env["BATON_KAFKA"] == "kafka.example:9092"
        assert stack.env["BATON_DATABASE_INTAKE"].startswith("postgresql://baton_intake:")
        assert stack.env["BATON_DATABASE_INTAKE"].endswith("@db.example:5432/hr")


async def test_control_when_asked_by_another_process_then_it_kills_and_reports(tmp_path):
    async with Stack(home=tmp_path / "home", only=["sink"]) as stack:
        before = stack.pid("sink")
        await asyncio.to_thread(ask, stack.home, "kill", name="sink")
        await asyncio.wait_for(stack.ready("sink"), 30)
        answer = await asyncio.to_thread(ask, stack.home, "snapshot")
        assert answer["processes"]["sink"]["pid"] not in (None, before)
        assert stack.home.state_file.stat().st_mode & 0o077 == 0
