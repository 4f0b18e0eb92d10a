"""Fixtures that all tests may ask for, and who runs beside whom where there are two workers (`make test`).

Whatever starts Kafka, Temporal or the whole of Baton goes one after the other in one worker, so that no two such stacks share the
processors; a database alone, pages in the browser and pure rules fill the other. A file is never divided: its servers are its own.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.doors import bureau, database, doors, house
from tests.support.engines import engines, provisioned, stack

__all__ = ["bureau", "database", "doors", "engines", "house", "provisioned", "stack"]

WHOLE = frozenset({"engines", "own_engines", "provisioned", "stack"})
"""Fixtures behind which several servers start."""
PORTS_OF_A_WORKER = 3000
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 5
os.environ.setdefault("BATON_PORTS", f"{17000 + _WORKER * PORTS_OF_A_WORKER}-{16999 + (_WORKER + 1) * PORTS_OF_A_WORKER}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name each test's group, and put the long groups first: at the end nobody waits for one that began late."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group("whole" if _starts_stacks(item) else f"{item.path.parent.name}.{item.path.stem}"))
    items.sort(key=lambda item: (not _starts_stacks(item), not _has_servers(item)))


def _starts_stacks(item: pytest.Item) -> bool:
    return bool(WHOLE & set(getattr(item, "fixturenames", ()))) or _folder(item) == "chaos" or item.path.name.startswith("test_stack_")


def _has_servers(item: pytest.Item) -> bool:
    return _folder(item) in ("integration", "e2e", "workflow")


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]
