"""What every use case of notification may use: the house, the links, the settings, and a bell for the sender."""

import asyncio
from dataclasses import dataclass, field

from services.notification.links import Links
from services.notification.scenes import House
from shared.runtime.settings import ServiceSettings


@dataclass(frozen=True)
class Desk:
    """Dependencies, made once by main."""

    house: House
    links: Links
    settings: ServiceSettings
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a message was queued: the sender looks at once."""
    channels: tuple[str, ...] = ("mail",)
    """The channels of this house, in the order in which they are tried for somebody who wants no other."""

    @property
    def mail_domain(self) -> str:
        """Domain of the sending mailbox; Message-IDs and calendar UIDs carry it."""
        return self.settings.mail_from.partition("@")[2] or "baton.invalid"
