"""Fixtures that all tests may ask for."""

from tests.support.doors import bureau, doors, house
from tests.support.engines import engines, provisioned, stack

__all__ = ["bureau", "doors", "engines", "house", "provisioned", "stack"]
