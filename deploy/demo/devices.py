"""What simulated people hold in their hands: a mailbox, chats and a telephone, and a browser to open what is linked there."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from deploy.demo.patience import patiently

CARRIERS = frozenset({"aliyun", "tencent", "twilio"})
_LINK = re.compile(r"/a/[^/?#]+$")
_LINKS = re.compile(r"/[as]/[^/?#]+$")


@dataclass(frozen=True)
class Card:
    """A card in somebody's chat as it stands there: its number at the sink, and the press of each button, in order."""

    n: int
    vendor: str
    presses: tuple[str, ...]

    @property
    def channel(self) -> str:
        """As Baton calls it: all carriers of text messages are one."""
        return "sms" if self.vendor in CARRIERS else self.vendor


@dataclass(frozen=True)
class Opened:
    """A page that somebody opened from a message of theirs."""

    who: str
    url: str
    html: str
    card: Card | None = None


class Devices:
    """Everybody's, read by REST from the sink. `numbers`: telephone -> mail address, for by that people are known here."""

    def __init__(self, sink: str, *, numbers: Mapping[str, str], patience: float) -> None:
        self._sink, self._numbers, self._patience = sink, dict(numbers), patience
        self._http = httpx.AsyncClient(timeout=20, follow_redirects=True, limits=httpx.Limits(max_connections=6))
        self._mails = self._chats = 0
        self.came: Counter[str] = Counter()
        """What arrived, by channel."""

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def look(self) -> list[Opened]:
        """Read what is new and open each page that it links to; several side by side, told in the order of arrival."""
        answer = await self.ask("GET", f"{self._sink}/api/messages?since={self._mails}")
        links = self._of_mails(answer.json())
        if int(answer.headers.get("chats", 0)) > self._chats:
            links += self._of_chats((await self.ask("GET", f"{self._sink}/api/chats?since={self._chats}")).json())
        pages = await asyncio.gather(*(self.ask("GET", url) for _, url, _ in links))
        found = [Opened(who, str(page.url).partition("?")[0], page.text, card) for (who, _, card), page in zip(links, pages, strict=True)]
        return [one for one in found if _LINK.search(urlsplit(one.url).path)]

    def _of_mails(self, mails: list[dict[str, Any]]) -> list[tuple[str, str, Card | None]]:
        links: list[tuple[str, str, Card | None]] = []
        for mail in mails:
            self._mails = max(self._mails, mail["n"])
            self.came["mail"] += 1
            links += [(who, url, None) for url in _unique(mail["links"], _LINK) for who in mail["to"]]
        return links

    def _of_chats(self, notes: list[dict[str, Any]]) -> list[tuple[str, str, Card | None]]:
        links: list[tuple[str, str, Card | None]] = []
        for note in notes:
            self._chats = max(self._chats, note["n"])
            self.came[note["vendor"]] += 1
            card = Card(note["n"], note["vendor"], tuple(one["press"] for one in note["choices"]))
            links += [(self._numbers.get(note["to"], note["to"]), url, card) for url in _unique(note["links"], _LINKS)]
        return links

    async def press(self, card: Card, press: str) -> int:
        """Press a button of a card; the status that the vendor got from our door."""
        answer = await self.ask("POST", f"{self._sink}/api/chats/{card.n}/press", json={"press": press})
        return int(answer.json().get("status", answer.status_code))

    async def ask(self, method: str, url: str, **more: Any) -> httpx.Response:
        """A person whose page does not load tries again."""
        return await patiently(self._http, method, url, seconds=self._patience, **more)


def _unique(links: list[str], kind: re.Pattern[str]) -> list[str]:
    return list(dict.fromkeys(link.partition("?")[0] for link in links if kind.search(urlsplit(link).path)))
