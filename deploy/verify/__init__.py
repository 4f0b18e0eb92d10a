"""The invariants of a running system, by SQL over all schemas: `await verify(env)`; the demo, chaos and the tests call the same."""

from .run import verify

__all__ = ["verify"]
