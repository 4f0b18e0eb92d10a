"""Fixtures that all tests may ask for, and how tests are given to two workers (tests/support/workers.py says why)."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.support.doors import bureau, database, doors, house
from tests.support.engines import engines, provisioned, stack
from tests.support.workers import Rooms, own_ports, place

__all__ = ["bureau", "database", "doors", "engines", "house", "provisioned", "stack"]
if "PYTEST_XDIST_WORKER" in os.environ:  # not where the workers are started: they would inherit it
    os.environ.setdefault("BATON_PORTS", own_ports())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long rooms first."""
    items.sort(key=lambda item: place(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Rooms:
    """Files as wholes, stacks in one worker."""
    return Rooms(config, log)
