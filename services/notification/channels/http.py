"""One way to talk to a vendor: the body serialised once, the answer read whatever its status, a broken line told apart from a refusal.

Exists because no vendor says "HTTP 200" for success alone, and some answer with a page of HTML when they are overloaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic_core import from_json, to_json

from services.notification.channels.base import Outcome, Result
from shared.runtime.observability import get_logger

log = get_logger(__name__)
TIMEOUT = httpx.Timeout(15.0, connect=5.0)
_NOT_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL)
OVERLOAD_SECONDS = 5.0


@dataclass(frozen=True)
class Said:
    """A vendor's answer: status, headers in lower case, the body where it is a JSON object (else empty, `strange`)."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    strange: bool = False

    def wait(self, *names: str, default: float = 1.0) -> float:
        """Seconds to wait, from the first of these headers that has a number."""
        for name in names:
            value = self.headers.get(name, "")
            if value.replace(".", "", 1).isdigit():
                return min(float(value), 3600.0)
        return default


class VendorAwayError(Exception):
    """The line broke. `left` says whether the request may have arrived."""

    def __init__(self, code: str, *, left: bool) -> None:
        super().__init__(code)
        self.code, self.left = code, left

    def result(self) -> Result:
        """Not sent at all: later. Perhaps sent: unknown."""
        return Result(Outcome.UNKNOWN if self.left else Outcome.LATER, self.code)


class Line:
    """HTTP to one vendor, connections kept; redirects are never followed."""

    def __init__(self, base: str, http: httpx.AsyncClient | None = None) -> None:
        self.base = base.rstrip("/")
        self.host = httpx.URL(base).netloc.decode()
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)

    async def say(self, method: str, path: str, **more: Any) -> Said:
        """One request. `more`: json (a value to send), content and headers as httpx takes them, params. Raises VendorAwayError."""
        headers = dict(more.pop("headers", None) or {})
        if "json" in more:
            more["content"] = to_json(more.pop("json"))
            headers.setdefault("content-type", "application/json; charset=utf-8")
        try:
            answer = await self._http.request(method, self.base + path, headers=headers, **more)
        except _NOT_LEFT as problem:
            raise VendorAwayError(type(problem).__name__, left=False) from None
        except httpx.HTTPError as problem:
            raise VendorAwayError(type(problem).__name__, left=True) from None
        try:
            body = from_json(answer.content)
        except ValueError:
            body = None
        known = isinstance(body, dict)
        return Said(answer.status_code, body if known else {}, {k.lower(): v for k, v in answer.headers.items()}, not known)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()


def strange(said: Said) -> Result | None:
    """An answer that is no JSON: an overloaded gateway's page (busy), or a fault of theirs that may have come too late (unknown)."""
    if not said.strange:
        return None
    if said.status in (403, 404, 429, 503):
        return Result(Outcome.BUSY, f"http_{said.status}", wait=said.wait("retry-after", default=OVERLOAD_SECONDS))
    return Result(Outcome.UNKNOWN, f"http_{said.status}")
