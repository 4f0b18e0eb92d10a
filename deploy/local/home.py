"""The one folder that holds everything a local stack keeps: data, logs, mail, keys, ports; delete it and nothing is left."""

import errno
import fcntl
import json
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from deploy.local.errors import HomeError

FOLDERS = ("run", "log", "blobs", "kafka", "postgres", "temporal", "mail")


def default_home() -> Path:
    """The data folder when nobody names one: $BATON_HOME, else ~/.baton."""
    return Path(os.environ.get("BATON_HOME") or "~/.baton").expanduser()


class Home:
    """Paths below one data folder, made on first use.

    Raises HomeError with a cure when the folder cannot be made or written.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self.path = Path(path).expanduser().absolute() if path else default_home().absolute()

    def prepare(self) -> "Home":
        """Make the folder and its parts (0700) and prove that they can be written."""
        cure = "Choose another folder with --home or BATON_HOME, or make this one writable for you."
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in FOLDERS:
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path / "run"):
                pass
        except NotADirectoryError as error:
            raise HomeError(f"The data folder {self.path} lies below something that is not a folder.", cure) from error
        except FileExistsError as error:
            raise HomeError(f"The data folder {self.path} is a file.", cure) from error
        except OSError as error:
            raise HomeError(f"The data folder {self.path} cannot be used: {error.strerror}.", cure) from error
        return self

    def folder(self, name: str) -> Path:
        """A folder of this home, by its name in FOLDERS."""
        return self.path / name

    def log(self, name: str) -> Path:
        """The log file of one process."""
        return self.path / "log" / f"{name}.log"

    @property
    def state_file(self) -> Path:
        """Where the supervisor writes what runs (read by `status`)."""
        return self.path / "run" / "state.json"

    def read_json(self, name: str) -> dict:
        """A JSON file of this home, {} when it is not there; HomeError when it is damaged."""
        try:
            return json.loads((self.path / name).read_text())
        except FileNotFoundError:
            return {}
        except PermissionError as error:
            raise HomeError(f"{self.path / name} belongs to another user.", "Use your own --home.") from error
        except ValueError as error:
            raise HomeError(f"{self.path / name} is damaged: {error}.", "Repair it, or start on a new --home.") from error

    def write_json(self, name: str, value: object) -> None:
        """Write a JSON file of this home in one step, readable by its owner only."""
        target = self.path / name
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w") as file:
            json.dump(value, file, indent=2)
        os.replace(temporary, target)

    def lock(self, *, wait: float = 0.0) -> int:
        """Take the lock of this home, waiting up to `wait` seconds; the descriptor holds it until it is closed.

        The janitor inherits the descriptor, so the lock is free only when the last process of a killed stack is gone.
        """
        handle = os.open(self.path / "run" / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return handle
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES) or time.monotonic() >= until:
                    os.close(handle)
                    raise HomeError(
                        f"A stack is running already on {self.path}.",
                        "Look with `baton status`, stop it with `baton down`, or use another --home.",
                    ) from error
                time.sleep(0.1)

    def locked(self) -> bool:
        """Whether a supervisor (or the janitor of a killed one) still holds this home."""
        with suppress(OSError):
            handle = os.open(self.path / "run" / "lock", os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
            finally:
                os.close(handle)
        return False
