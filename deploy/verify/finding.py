"""What a check gives back, and what it looks at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SCHEMAS = ("intake", "screening", "scheduling", "notification", "reporting", "workflows")
MOST = 50
"""Findings of one check that are listed; the first ones say enough."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken invariant: a stable code, the ids it is about, and what is wrong, without personal data."""

    code: str
    subject: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}: {self.text}"


@dataclass(frozen=True, slots=True)
class Look:
    """One read-only transaction over all schemas: connection, business time, whether the clock is held, the environment."""

    pg: Any
    now: datetime
    held: bool
    env: Mapping[str, str]


Check = Callable[[Look], Awaitable[list[Finding]]]


async def found(look: Look, sql: str, code: str, *args: Any) -> list[Finding]:
    """Findings from a query whose columns are `subject` and `text`."""
    return [Finding(code, str(row["subject"]), str(row["text"])) for row in await look.pg.fetch(f"{sql} limit {MOST}", *args)]
