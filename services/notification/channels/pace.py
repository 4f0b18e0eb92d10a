"""How fast a channel may send, in real time, and a pause where the vendor asked for one.

A window and not a bucket: vendors count what came in the last second, and a bucket that was full would let out twice as much.
"""

import time
from collections import deque
from collections.abc import Callable

_MARGIN = 1.05


class Pace:
    """At most so many in any second (or one in so many seconds). One per channel; a slow vendor slows nobody else."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = max(1, int(per_second))
        self._window = self._limit / per_second * _MARGIN
        self._clock = clock
        self._sent: deque[float] = deque()
        self._paused_until = 0.0

    def free(self) -> int:
        """How many may be sent now."""
        now = self._clock()
        while self._sent and now - self._sent[0] >= self._window:
            self._sent.popleft()
        return 0 if now < self._paused_until else self._limit - len(self._sent)

    def took(self, n: int) -> None:
        """So many are being sent."""
        self._sent.extend([self._clock()] * n)

    def pause(self, seconds: float) -> None:
        """The vendor wants silence for so long."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def wait(self) -> float:
        """Seconds until one may be sent."""
        if self.free() > 0:
            return 0.0
        now = self._clock()
        oldest = self._sent[0] + self._window - now if len(self._sent) >= self._limit else 0.0
        return max(self._paused_until - now, oldest, 0.01)
