"""What goes wrong at a vendor when a test asks for it, and the rates that vendors hold."""

from __future__ import annotations

import secrets
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from starlette.responses import HTMLResponse, Response

HTML = "<html><head><title>502</title></head><body>gateway</body></html>"


@dataclass
class Fault:
    """`kind`: rate | expire | page | lost (kept, then the answer breaks) | lost_before | drop (success without delivery) | slow."""

    kind: str
    times: int = 1
    seconds: float = 0.0


@dataclass
class Faults:
    """The faults switched on per vendor, used up one request at a time."""

    on: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))

    def take(self, vendor: str, *kinds: str) -> Fault | None:
        """The next fault of these kinds, if one is on."""
        for fault in self.on[vendor]:
            if fault.kind in kinds and fault.times > 0:
                fault.times -= 1
                return fault
        return None


def gateway() -> Response:
    """What comes in the place of the usual JSON when a gateway breaks."""
    return HTMLResponse(HTML, 502)


class Rate:
    """At most `limit` in `seconds`, per key."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit, self._seconds = limit, seconds
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def over(self, key: str = "") -> bool:
        """Whether this one is too much; it counts only when it is not."""
        now, seen = time.monotonic(), self._seen[key]
        while seen and now - seen[0] > self._seconds:
            seen.popleft()
        if len(seen) >= self._limit:
            return True
        seen.append(now)
        return False


class Tokens:
    """Access tokens given out; the same one within its life, as vendors do."""

    def __init__(self) -> None:
        self._live = ""
        self.fetched = 0

    def give(self) -> str:
        """The token of now."""
        self.fetched += 1
        self._live = self._live or secrets.token_urlsafe(24)
        return self._live

    def good(self, value: str) -> bool:
        """Whether it is the one of now."""
        return bool(self._live) and secrets.compare_digest(value, self._live)

    def expire(self) -> None:
        """It is dead before its time."""
        self._live = ""
