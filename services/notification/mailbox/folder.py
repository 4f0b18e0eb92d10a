"""A Maildir that any mail server delivers into: each mail of new/ is read once and moved to where people find it.

    new/ -> cur/ (dealt with)  |  for-people/ (somebody should read it)  |  broken/ (reading it failed; it is tried no more)

Moved only after the transaction: a crash between the two reads the mail again, and the arbiter's row makes that harmless.
"""

import asyncio
from pathlib import Path

from services.notification.desk import Desk
from services.notification.mailbox.reading import LONGEST
from services.notification.usecases.replying import replied
from shared.runtime.db import Database
from shared.runtime.errors import is_transient
from shared.runtime.observability import get_logger

log = get_logger(__name__)
EVERY_SECONDS = 1.0
FOR_PEOPLE = frozenset({"for_a_person", "stranger", "unknown", "forged"})


class Mailbox:
    """Reads the folder until it is stopped."""

    def __init__(self, db: Database, desk: Desk, folder: Path) -> None:
        self._db, self._desk, self._folder = db, desk, folder

    async def run(self, stop: asyncio.Event) -> None:
        """Look every second; an outage of the database leaves the mails where they are."""
        for name in ("new", "cur", "tmp", "for-people", "broken"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        while not stop.is_set():
            try:
                await self.turn()
            except Exception as problem:
                if not is_transient(problem):
                    raise
                log.warning("mailbox_waits", problem=type(problem).__name__)
            try:
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
            except TimeoutError:
                continue

    async def turn(self) -> dict[str, int]:
        """Read what is new; returns how many mails became what."""
        counts: dict[str, int] = {}
        for path in sorted((self._folder / "new").iterdir()):
            became = await self._read(path)
            counts[became] = counts.get(became, 0) + 1
            place = "broken" if became == "broken" else "for-people" if became in FOR_PEOPLE else "cur"
            path.rename(self._folder / place / path.name)
        return counts

    async def _read(self, path: Path) -> str:
        if path.stat().st_size > 30 * LONGEST:
            return "for_a_person"
        try:
            async with self._db.unit() as uow:
                became = await replied(uow, self._desk, path.read_bytes())
        except Exception as problem:
            if is_transient(problem):
                raise
            log.error("mail_failed", problem=type(problem).__name__)
            return "broken"
        log.info("mail_read", became=became)
        return became
