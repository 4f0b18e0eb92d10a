"""How a child process of the stack is started so that it can never outlive it, and as root under another user where it must be."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522
LIBC = ctypes.CDLL(None, use_errno=True)


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def unprivileged() -> pwd.struct_passwd | None:
    """The user for servers that refuse to run as root; None when the caller is not root and can stay itself."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("nobody")


def reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether this user may walk to `path`: every folder above it lets others pass."""
    for folder in path.absolute().parents:
        status = folder.stat()
        if not (status.st_mode & 0o001 or (status.st_uid == user.pw_uid and status.st_mode & 0o100)):
            return False
    return True


def on_birth(sign: int, user: pwd.struct_passwd | None = None, *, reach: bool = False) -> Callable[[], None]:
    """What a child does between fork and exec: change user, then ask to be signalled when the parent dies.

    `reach` keeps the one right to pass closed folders (a home below /root), and nothing else of root's.
    """
    parent = os.getpid()

    def birth() -> None:
        if user is not None:
            _become(user, reach)
        LIBC.prctl(PR_SET_PDEATHSIG, sign, 0, 0, 0)  # after setuid: changing user clears it
        if os.getppid() != parent:
            os._exit(125)

    return birth


def _become(user: pwd.struct_passwd, reach: bool) -> None:
    if reach:
        LIBC.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    if not reach:
        return
    header, data = _CapHeader(CAPABILITY_VERSION_3, 0), (_CapData * 2)()
    LIBC.capget(ctypes.byref(header), data)
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):  # containers often have only the second
        if data[0].permitted & (1 << capability):
            bit = 1 << capability
            wanted = (_CapData * 2)(_CapData(bit, bit, bit))
            LIBC.capset(ctypes.byref(header), wanted)
            LIBC.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)
            return


def popen(
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    birth: Callable[[], None],
) -> subprocess.Popen:
    """Start a program in a session of its own, its output appended to its log file."""
    with open(log, "ab") as out:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=birth,  # noqa: PLW1509 - only system calls in it, and the death signal can be asked for nowhere else
        )


def run(argv: Sequence[str], *, log: Path, cwd: Path, birth: Callable[[], None] | None = None) -> int:
    """Run a program to its end, its output appended to `log`; the exit code."""
    process = popen(argv, log=log, env=os.environ, cwd=cwd, birth=birth or on_birth(signal.SIGTERM))
    return process.wait()


class Janitor:
    """Our end of the pipe to the janitor process."""

    def __init__(self, *keep: int) -> None:
        self._pipe, self._process = self._start(keep)

    @staticmethod
    def _start(keep: tuple[int, ...]) -> tuple[IO[str], subprocess.Popen]:
        script = Path(__file__).with_name("janitor.py")
        process = subprocess.Popen(
            [sys.executable, "-S", "-E", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=keep,
            start_new_session=True,
            text=True,
            cwd="/",
        )
        assert process.stdin is not None  # asked for above
        return process.stdin, process

    @property
    def pid(self) -> int:
        """The janitor's own process id."""
        return self._process.pid

    def add(self, group: int, sign: int = signal.SIGTERM) -> None:
        """From now on this group ends with us, by this signal first."""
        self._say(f"+{group} {int(sign)}\n")

    def remove(self, group: int) -> None:
        """This group has ended."""
        self._say(f"-{group}\n")

    def close(self) -> None:
        """Let the janitor do its work and end."""
        self._pipe.close()
        self._process.wait(10)

    def _say(self, line: str) -> None:
        with suppress(BrokenPipeError):  # killed itself: the stack goes on, only its last will is lost
            self._pipe.write(line)
            self._pipe.flush()
