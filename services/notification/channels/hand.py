"""By a person's hand: the recruiter forwards text and link by their own WeChat, and says so. Nothing leaves the house from here."""

from datetime import timedelta

from services.notification.channels.base import FOR_EVER, Outcome, Outgoing, Result, Window


class Hand:
    """The channel of what only a person can carry. The card waits on the recruiter's page until it is marked as sent."""

    name = "hand"
    window: Window = "hand"
    key_life: timedelta | None = FOR_EVER
    per_second = 100.0
    at_once = 20

    async def send(self, outgoing: Outgoing) -> Result:
        """Refused by the machine on purpose: the refusal is what opens the recruiter's turn."""
        return Result(Outcome.REFUSED, "by_hand")

    async def close(self) -> None:
        """Nothing is held."""
