"""The stack's last will: ends every process group it was told of when its parent is gone, whatever killed the parent.

PR_SET_PDEATHSIG reaches direct children only; grandchildren (server workers) would live on. This process reads
`+<pgid> <signal>` and `-<pgid>` lines from its standard input; at end of file it signals every group, waits, and kills what is left.
Runs as a script with the standard library only: it must start fast and cost little.
"""

import os
import signal
import sys
import time
from contextlib import suppress

PATIENCE = 2.0  # seconds between the polite signal and KILL


def alive(group: int) -> bool:
    """Whether a process of this group is still there (a zombie counts until it is reaped)."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def send(groups: dict[int, int], sign: int | None = None) -> None:
    """Send each group its own signal, or `sign`."""
    for group, own in groups.items():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, sign or own)


def main() -> None:
    """Read the groups until the parent is gone, then end them."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    groups: dict[int, int] = {}
    for line in sys.stdin:
        word, *rest = line.split()
        if word.startswith("+"):
            groups[int(word[1:])] = int(rest[0])
        else:
            groups.pop(int(word[1:]), None)
    send(groups)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and any(alive(group) for group in groups):
        time.sleep(0.05)
    send(groups, signal.SIGKILL)


if __name__ == "__main__":
    main()
