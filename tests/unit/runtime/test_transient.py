"""What counts as the outside's fault: such a record is tried again, never parked."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.runtime.errors import Refused, is_transient


@pytest.mark.parametrize("problem", [
    asyncpg.InternalClientError("unexpected data in the middle of an answer"), asyncpg.ConnectionDoesNotExistError(), asyncpg.CannotConnectNowError(),
    asyncpg.InterfaceError("connection is closed"), PendingRollbackError("invalid transaction"), PoolTimeoutError("no connection"),
    ConnectionRefusedError(), TimeoutError()])
def test_outside_when_away_then_tried_again(problem: Exception) -> None:
    assert is_transient(problem)


@pytest.mark.parametrize("problem", [Refused("wrong"), ValueError("wrong"), KeyError("wrong"), asyncpg.UniqueViolationError(), asyncpg.UndefinedTableError()])
def test_message_when_itself_wrong_then_not_tried_again(problem: Exception) -> None:
    assert not is_transient(problem)
