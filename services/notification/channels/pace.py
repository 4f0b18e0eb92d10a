"""How fast a channel may send: a bucket of tokens in real time, and a pause where the vendor asked for one."""

import time
from collections.abc import Callable


class Pace:
    """At most `per_second` sends on the long run, `burst` at once. One per channel; a slow vendor slows nobody else."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_second, float(max(burst, 1)), clock
        self._tokens, self._at, self._paused_until = self._burst, clock(), 0.0

    def free(self) -> int:
        """How many may be sent now."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return 0 if now < self._paused_until else int(self._tokens)

    def took(self, n: int) -> None:
        """So many were sent."""
        self._tokens -= n

    def pause(self, seconds: float) -> None:
        """The vendor wants silence for so long."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def wait(self) -> float:
        """Seconds until one may be sent."""
        if self.free() > 0:
            return 0.0
        now = self._clock()
        return max(self._paused_until - now, (1.0 - self._tokens) / self._rate, 0.01)
