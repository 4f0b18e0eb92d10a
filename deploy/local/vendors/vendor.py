"""What all stand-ins share: their accounts, the inbox, the faults, and how a press of a button goes to our door."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from deploy.local.vendors.faults import Faults, Tokens
from deploy.local.vendors.inbox import Inbox, Note


@dataclass(frozen=True)
class Pressed:
    """What our door said to a press, and how long it took."""

    status: int
    seconds: float
    body: Any

    def as_json(self) -> dict[str, Any]:
        """For REST."""
        return {"status": self.status, "seconds": round(self.seconds, 3), "body": self.body}


@dataclass
class House:
    """One house with its accounts at all vendors (the same file the services read) and the address of its doors."""

    accounts: dict[str, dict[str, Any]]
    doors: str
    inbox: Inbox
    faults: Faults = field(default_factory=Faults)
    http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=10))
    tokens: dict[str, Tokens] = field(default_factory=dict)

    def account(self, vendor: str) -> dict[str, Any]:
        """The account, empty where the house has none."""
        return self.accounts.get(vendor) or {}

    def token(self, vendor: str) -> Tokens:
        """The access tokens of one app."""
        return self.tokens.setdefault(vendor, Tokens())

    async def post(self, path: str, content: bytes, headers: dict[str, str]) -> Pressed:
        """Call one of the house's doors as the vendor does."""
        began = time.monotonic()
        answer = await self.http.post(self.doors + path, content=content, headers=headers)
        try:
            body = answer.json()
        except ValueError:
            body = answer.text
        return Pressed(answer.status_code, time.monotonic() - began, body)


class Vendor:
    """One vendor: its routes, and a press made as it makes them."""

    name = ""

    def __init__(self, house: House) -> None:
        self.house = house
        self.account = house.account(self.name)

    def routes(self) -> list[Any]:
        """Its doors, below /vendors/<name>."""
        raise ValueError(f"{self.name} has no routes")

    async def press(self, note: Note, value: str, user: str) -> Pressed:
        """Somebody presses a button of this message."""
        raise ValueError(f"{self.name} has no buttons")

    async def receipt(self, note: Note, ok: bool) -> Pressed:
        """The vendor tells whether it arrived."""
        raise ValueError(f"{self.name} tells nothing")
