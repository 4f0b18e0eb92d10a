"""The one business clock (clock.md). In production it is the database's clock; in demos and tests it is *held*.

Held: it stands still in `runtime.clock` until the time-keeper moves it. Nothing else in Baton knows the difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

REAL_SQL = "select clock_timestamp()"
HELD_SQL = "select now from runtime.clock"


@dataclass(frozen=True)
class Clock:
    """Which time a unit of work reads, inside its own transaction."""

    mode: Literal["real", "held"] = "real"

    @property
    def held(self) -> bool:
        """Whether business time stands still between jumps."""
        return self.mode == "held"

    @property
    def sql(self) -> str:
        """The statement that reads business time."""
        return HELD_SQL if self.held else REAL_SQL


def real_wait_seconds(clock: Clock, now: datetime, until: datetime, *, net: float = 3600.0) -> float:
    """Real seconds to sleep until a business instant: exact on the real clock, a long safety net on the held one."""
    return net if clock.held else max(0.0, (until - now).total_seconds())
