"""What carriers say about text messages: arrived, or came to nothing. A receipt is believed only with the carrier's own id of the message."""

from services.notification.desk import Desk
from services.notification.sending.settling import deliver
from services.notification.store import messages
from services.notification.usecases.bouncing import came_back
from shared.runtime.db import Uow


async def receipt(uow: Uow, desk: Desk, provider_id: str, failed: str) -> bool:
    """`failed` is the carrier's code, empty where it arrived. True where a message of ours was meant; a repeated receipt changes nothing."""
    rows = await messages.by_provider_id(uow, provider_id)
    if not rows:
        return False
    if failed:
        await came_back(uow, desk, rows, f"undelivered_{failed}"[:80])
    else:
        await deliver(uow, [row for row in rows if row["state"] == "sent"])
    return True
