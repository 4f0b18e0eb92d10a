"""How often one link, and one address without a link of ours, may knock: enough for a person on a bad line, too little for a guesser."""

import time
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from services.notification.desk import Desk
from services.notification.look import nowhere
from services.notification.pages.common import html, lang_guess, sender_name

A_LINK, AN_ADDRESS = 240, 12_000
"""Knocks a minute: per link, and per network address over all links (behind a proxy that is everybody: it only keeps a flood out)."""
MINUTE = 60.0
KEPT = 50_000
"""So many links and addresses are remembered; beyond that those of minutes long past are dropped."""


class Pace:
    """Counts in memory, per process: a restart forgives. A sliding minute: what is left of the last one counts by its share."""

    def __init__(self, link: int = A_LINK, address: int = AN_ADDRESS, clock: Callable[[], float] = time.monotonic) -> None:
        self._link, self._address, self._clock = link, address, clock
        self._seen: dict[str, tuple[int, int, int]] = {}

    def allows(self, request: Request) -> bool:
        """Count this knock; False when it is one too many."""
        host = request.client.host if request.client else "-"
        token = request.path_params.get("token", "")
        return self.knock(f"address {host}", self._address) and (not token or self.knock(f"link {token}", self._link))

    def knock(self, key: str, most: int) -> bool:
        """One knock of this key; False, and not counted, where `most` were counted in the last minute."""
        now = self._clock()
        minute, left = int(now // MINUTE), 1 - now % MINUTE / MINUTE
        known, count, before = self._seen.get(key, (minute, 0, 0))
        if known != minute:
            count, before = 0, count if known == minute - 1 else 0
        if count + before * left >= most:
            return False
        if len(self._seen) >= KEPT:
            self._seen = {one: seen for one, seen in self._seen.items() if seen[0] >= minute - 1}
        self._seen[key] = (minute, count + 1, before)
        return True


def slow_down(desk: Desk, request: Request, posted: Mapping[str, str]) -> Response:
    """429 with what was typed: nothing is lost, a minute later it can be sent again."""
    lang = lang_guess(request)
    answer = html(nowhere.too_often(lang, sender_name(desk, lang), posted), 429)
    answer.headers["Retry-After"] = "60"
    return answer
