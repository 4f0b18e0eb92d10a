"""The seam of all channels: what they are given, what they say, what they promise about sending the same thing twice.

A channel takes an Outgoing and says what became of it; it decides nothing else. Which channel is asked, and what follows an
outcome, stands in sending/ (agreements.md 9).
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Literal, Protocol
from uuid import UUID

Window = Literal["mail", "sms", "chat", "hand", "webhook"]
FOR_EVER = timedelta.max


class Outcome(Enum):
    """What a channel says. Unknown means that it may have arrived: only a channel with a key may then be asked again."""

    ACCEPTED = "accepted"
    LATER = "later"
    BUSY = "busy"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Result:
    """The outcome with a code that holds no personal data, the vendor's id of the message, and for BUSY the seconds to wait."""

    outcome: Outcome
    detail: str = ""
    provider_id: str = ""
    wait: float = 0.0

    @property
    def accepted(self) -> bool:
        """True where the other side has it."""
        return self.outcome is Outcome.ACCEPTED


@dataclass(frozen=True)
class Outgoing:
    """One message ready to leave: to whom, the bytes (a mail, or a card as JSON), the id that stays the same on a resend."""

    to: str
    raw: bytes
    mail_id: str
    subject: str
    link: str
    person: UUID
    message_id: UUID
    template: str

    @property
    def body_hash(self) -> str:
        """What was said, as a hash: kept when the words are gone."""
        return hashlib.sha256(self.raw).hexdigest()


class Channel(Protocol):
    """One way to reach a person."""

    name: str
    window: Window
    """Whose sending hours hold for it."""
    key_life: timedelta | None
    """How long the other side recognises the same message again; None: never, a resend would be a second message."""
    per_second: float
    """How many may leave in a second; the vendor's own limit with something to spare."""
    at_once: int
    """How many may be under way at the same time."""

    async def send(self, outgoing: Outgoing) -> Result:
        """Hand it over; never raises for what the other side does."""
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


class Finding(Protocol):
    """A channel without a key that can look whether a message of unknown outcome has arrived."""

    async def find(self, outgoing: Outgoing) -> Result | None:
        """Accepted where it is there, None where it is not or nobody can tell."""
        ...


class Changing(Protocol):
    """A channel whose cards can be changed after the answer."""

    async def change(self, provider_id: str, raw: bytes) -> bool:
        """Put this card in the place of the one sent; False where the vendor lets it no more."""
        ...
