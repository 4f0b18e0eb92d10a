"""What the door does by itself: try again what waited, park what waited too long, forget what was kept long enough."""

from __future__ import annotations

import asyncio
import contextlib

from services.intake.again import expire, release
from services.intake.store import door
from services.intake.store.people import ContactTaken
from services.intake.usecases import Desk
from shared.runtime.errors import is_transient
from shared.runtime.observability import get_logger

log = get_logger(__name__)
_REST = 1.0


async def waiting_room(desk: Desk, stop: asyncio.Event) -> None:
    """Until `stop`: whenever something arrived, and each second, release, expire and clear."""
    while not stop.is_set():
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(desk.nudge.wait(), timeout=_REST)
        desk.nudge.clear()
        try:
            await look_around(desk)
        except ContactTaken:
            desk.nudge.set()
        except Exception as problem:
            if not is_transient(problem):
                raise
            log.warning("waiting_room_again", problem=type(problem).__name__)
            await asyncio.sleep(0.5)


async def look_around(desk: Desk) -> None:
    """One look: afterwards nothing waits for what is there already, and nothing has waited too long."""
    async with desk.db.unit() as uow:
        await door.sweep_ready(uow)
        await door.clear_old(uow, desk.vault)
    while await release(desk):
        pass
    await expire(desk)
