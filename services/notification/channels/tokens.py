"""Access tokens of vendors: fetched once for all who wait, renewed before they end, thrown away when the vendor says they are dead."""

import asyncio
import time
from collections.abc import Awaitable, Callable

EARLY_SECONDS = 300.0


class TokenRefusedError(Exception):
    """The vendor gives us no token; the code says why."""

    def __init__(self, code: str, *, busy: bool = False) -> None:
        super().__init__(code)
        self.code, self.busy = code, busy


class Token:
    """One token of one app. `fetch` returns (token, seconds it lives)."""

    def __init__(self, fetch: Callable[[], Awaitable[tuple[str, float]]]) -> None:
        self._fetch = fetch
        self._value, self._until = "", 0.0
        self._one = asyncio.Lock()

    async def get(self) -> str:
        """A token good for at least some minutes. Raises TokenRefusedError, VendorAwayError."""
        if time.monotonic() < self._until:
            return self._value
        async with self._one:
            if time.monotonic() >= self._until:
                value, lives = await self._fetch()
                self._value, self._until = value, time.monotonic() + max(lives - EARLY_SECONDS, min(lives, 30.0))
            return self._value

    def dead(self, value: str) -> None:
        """The vendor refused this one: the next get fetches anew (once, even if many learn it at the same time)."""
        if value == self._value:
            self._until = 0.0
