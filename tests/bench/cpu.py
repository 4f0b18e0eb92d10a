"""Processor time of process trees: what an event costs, whoever else is using the machine at the moment."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> tuple[int, int] | None:
    """Parent, and ticks used by a process and by its children that have ended; None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), sum(map(int, fields[11:15]))


def used(roots: Iterable[int | None]) -> float:
    """Seconds of processor time that these processes and all below them have used so far."""
    found = {pid: stat for name in os.listdir("/proc") if name.isdigit() and (stat := _stat(pid := int(name))) is not None}
    below: dict[int, list[int]] = {}
    for pid, (parent, _) in found.items():
        below.setdefault(parent, []).append(pid)
    total, todo = 0, [root for root in roots if root in found]
    while todo:
        pid = todo.pop()
        total += found[pid][1]
        todo += below.get(pid, [])
    return total / _TICK
