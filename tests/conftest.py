"""Fixtures that all tests may ask for."""

from tests.support.doors import bureau, house
from tests.support.engines import engines, provisioned, stack

__all__ = ["bureau", "engines", "house", "provisioned", "stack"]
