"""Where the run stands: hires from their workflows' rows (so that it is known when all have ended), obligations from reporting's

projection, which may be a moment behind and is for the progress only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import asyncpg

STAGES = ("screening", "submission", "interviewing", "deciding", "offering", "joining", "settling", "closed")
_HIRES = "select coalesce(case when closed_at is not null then 'closed' else stage end, 'screening') as stage, count(*) as n from workflows.hires group by 1"
_DUTIES = """select count(*) as opened, count(*) filter (where ended is null) as open, count(*) filter (where ended = 'met' and not coalesce(late, false)) as met,
  count(*) filter (where ended = 'met' and late) as met_late, count(*) filter (where overdue_at is not null and ended is null) as overdue from reporting.obligations"""


@dataclass(frozen=True)
class Standing:
    """Hires by stage and obligations by state, at one quiet instant."""

    hires: Mapping[str, int] = field(default_factory=dict)
    duties: Mapping[str, int] = field(default_factory=dict)

    @property
    def live(self) -> int:
        """Hires that have not ended."""
        return sum(n for stage, n in self.hires.items() if stage != "closed")

    @property
    def total(self) -> int:
        """All hires."""
        return sum(self.hires.values())


class Watch:
    """Reads standings; reconnects when the database was away."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pg: asyncpg.Connection | None = None

    async def standing(self) -> Standing:
        """Where everything stands now."""
        if self._pg is None or self._pg.is_closed():
            self._pg = await asyncpg.connect(self._dsn, timeout=10)
        hires = {row["stage"]: row["n"] for row in await self._pg.fetch(_HIRES)}
        duties = await self._pg.fetchrow(_DUTIES)
        return Standing(hires, dict(duties))

    def drop(self) -> None:
        """Forget a connection that was cut."""
        if self._pg is not None:
            self._pg.terminate()
        self._pg = None

    async def close(self) -> None:
        """Give the connection back."""
        if self._pg is not None:
            await self._pg.close(timeout=5)
