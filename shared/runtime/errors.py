"""The tree of Baton's errors.

BatonError
├── Refused            this one message or request is wrong; parked with its code, never retried
│   └── IllegalTransitionError   a state does not allow the move
├── WaitsFor           a reference is not there yet; the record waits in `deferred`
├── KeyErasedError     the person's key was destroyed
└── ConfigurationError a setting is missing or wrong; says which and what to do
"""

from __future__ import annotations

import asyncio

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class BatonError(Exception):
    """Root of all errors that Baton raises on purpose."""


class Refused(BatonError):  # noqa: N818  (reads as what happened)
    """This message can't be carried out; `code` is stable, the text is for people and holds no personal data."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(text or code)
        self.code = code


class IllegalTransitionError(Refused):
    """The aggregate's state does not allow this move."""

    def __init__(self, text: str) -> None:
        super().__init__("illegal_transition", text)


class WaitsFor(BatonError):  # noqa: N818
    """The record needs `ref` (`<kind>/<uuid>`, or `<source>#<externalid>`) that has not arrived yet."""

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.ref = ref


class KeyErasedError(BatonError):
    """The person's key no longer exists: what was sealed under it can't be opened."""


class ConfigurationError(BatonError):
    """A setting is missing or wrong; the text says which and what to do."""


_OUTSIDE = (
    OSError, asyncio.TimeoutError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError, InterfaceError,
    OperationalError, PendingRollbackError, PoolTimeoutError)
"""InternalClientError is what asyncpg says when the server dies in the middle of its answer: the record it was about is a good one."""
_TRANSIENT_SQLSTATES = {"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53300", "53400"}


def is_transient(problem: BaseException) -> bool:
    """Whether trying the same thing again later may work: the outside failed, not the message."""
    if isinstance(problem, _OUTSIDE):
        return True
    if isinstance(problem, DBAPIError):
        if problem.connection_invalidated:
            return True
        return getattr(problem.orig, "sqlstate", None) in _TRANSIENT_SQLSTATES or (
            getattr(problem.orig, "sqlstate", "") or "").startswith("08")
    if isinstance(problem, asyncpg.PostgresError):
        return problem.sqlstate in _TRANSIENT_SQLSTATES or (problem.sqlstate or "").startswith("08")
    return type(problem).__name__ in {"KafkaConnectionError", "KafkaTimeoutError", "RPCError"}
