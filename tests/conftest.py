"""Fixtures that all tests may ask for."""

from tests.support.engines import engines, provisioned, stack

__all__ = ["engines", "provisioned", "stack"]
