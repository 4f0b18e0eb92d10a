"""Who runs beside whom where there are two workers (`make test`).

Whatever starts Kafka, Temporal or the whole of Baton goes one after the other in one worker, so that no two such stacks share the
processors; a database alone, pages in the browser and pure rules fill the other. A file is never divided: its servers are its own.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[2]
STACKS = "stacks"
PORTS_OF_A_WORKER = 3000
_FIRST_PORT, _RANGES = 17000, 5
_FIXTURES = re.compile(r"^(?:async )?def \w+\([^()]*\b(?:engines|own_engines|provisioned|stack|parts)\b", re.M)
"""A test or fixture that asks for several servers."""


class Rooms(LoadScopeScheduling):
    """Gives each worker a whole file at a time, and everything that starts stacks to one of them."""

    def _split_scope(self, nodeid: str) -> str:
        return room(nodeid)


def room(nodeid: str) -> str:
    """What runs in the same worker as this test: its file, or all that starts stacks."""
    file = nodeid.partition("::")[0]
    return STACKS if starts_stacks(file) else file


@cache
def starts_stacks(file: str) -> bool:
    """Whether this file (below the repository) starts Kafka or Temporal or all of Baton."""
    path = ROOT / file
    return path.parent.name == "chaos" or path.name in ("test_stack_commands.py", "test_stack_life.py") or bool(_FIXTURES.search(path.read_text(encoding="utf-8")))


def place(nodeid: str) -> tuple[bool, bool]:
    """Sorts long work first: at the end nobody waits for what began late."""
    folder = nodeid.split("/")[1]
    return room(nodeid) != STACKS, folder not in ("integration", "e2e", "workflow")


def own_ports() -> str:
    """The range of ports of this worker, as BATON_PORTS."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _RANGES
    first = _FIRST_PORT + number * PORTS_OF_A_WORKER
    return f"{first}-{first + PORTS_OF_A_WORKER - 1}"
