"""How often one link, and one address without a link of ours, may knock: enough for a person on a bad line, too little for a guesser."""

from collections.abc import Mapping

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from services.notification.desk import Desk
from services.notification.look import nowhere
from services.notification.pages.common import html, lang_guess, sender_name

A_LINK, AN_ADDRESS = 120, 1200
"""Knocks a minute: per link, and per network address over all links (an office behind one address is many people)."""


class Pace:
    """Counts in memory, per process: a restart forgives."""

    def __init__(self, link: int = A_LINK, address: int = AN_ADDRESS) -> None:
        self._counts = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._link, self._address = RateLimitItemPerMinute(link), RateLimitItemPerMinute(address)

    def allows(self, request: Request) -> bool:
        """Count this knock; False when it is one too many."""
        host = request.client.host if request.client else "-"
        token = request.path_params.get("token", "")
        return self._counts.hit(self._address, host) and (not token or self._counts.hit(self._link, token))


def slow_down(desk: Desk, request: Request, posted: Mapping[str, str]) -> Response:
    """429 with what was typed: nothing is lost, a minute later it can be sent again."""
    lang = lang_guess(request)
    answer = html(nowhere.too_often(lang, sender_name(desk, lang), posted), 429)
    answer.headers["Retry-After"] = "60"
    return answer
