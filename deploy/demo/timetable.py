"""What other systems and the world do at fixed business instants: a Crowd of the time-keeper beside the people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

Deed = Callable[[], Awaitable[None]]


class Timetable:
    """Deeds by instant; those of one instant in the order they were added."""

    def __init__(self) -> None:
        self._deeds: list[tuple[datetime, int, str, Deed]] = []
        self._count = 0
        self.done: list[tuple[datetime, str]] = []

    def add(self, at: datetime, what: str, deed: Deed) -> None:
        """Plan a deed; `what` is said in the progress."""
        self._count += 1
        self._deeds.append((at, self._count, what, deed))
        self._deeds.sort(key=lambda entry: entry[:2])

    @property
    def empty(self) -> bool:
        """Nothing is planned any more."""
        return not self._deeds

    async def look(self, now: datetime) -> None:
        """Plans do not change by looking."""

    def next_at(self) -> datetime | None:
        """When the next deed is."""
        return self._deeds[0][0] if self._deeds else None

    async def act(self, now: datetime, *, one: bool = False) -> int:
        """Do what is planned for now."""
        due = [entry for entry in self._deeds if entry[0] <= now]
        due = due[:1] if one else due
        self._deeds = self._deeds[len(due):]
        for at, _, what, deed in due:
            await deed()
            self.done.append((at, what))
        return len(due)
