"""A mail came back: its delivery status notification (RFC 3464) says for whom and whether for good.

The envelope sender names the message (`bounce+<message id>@`), so a notification is trusted only where its address leads to a
message of ours; what it says about a message that was never sent is ignored.
"""

import email
import re
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

from services.notification.desk import Desk
from services.notification.sending import routes
from services.notification.store import messages, ways
from services.notification.usecases.causes import cause_of
from services.notification.usecases.telling import fact
from shared.contracts.notification import MessageBounced
from shared.runtime.db import Uow

_TOKEN = re.compile(r"bounce\+([0-9a-f-]{36})@", re.IGNORECASE)


async def bounced(uow: Uow, desk: Desk, raw: bytes) -> int:
    """Read one notification; returns how many messages are marked as bounced (several where one mail said them all)."""
    report = email.message_from_bytes(raw, policy=default)
    assert isinstance(report, EmailMessage)
    message_id, status = _about(report), _hard_status(report)
    if message_id is None or not status:
        return 0
    row = await messages.find(uow, message_id)
    if row is None or row["mail_id"] is None:
        return 0
    rows = await messages.by_mail_id(uow, row["mail_id"])
    return await came_back(uow, desk, [one for one in rows if one["channel"] == "mail"], f"dsn_{status}")


async def came_back(uow: Uow, desk: Desk, rows: list[dict[str, Any]], reason: str) -> int:
    """Accepted, but not delivered: told as bounced (which opens a data defect), and sent by the person's next channel where there is one."""
    marked = 0
    for one in rows:
        if one["state"] not in ("sent", "delivered"):
            continue
        tried = {one["channel"], *await ways.tried(uow, one["id"])}
        following = await routes.following(uow, desk, one["person_id"], tried)
        await messages.settle(uow, one["id"], "bounced", {"reason": reason})
        uow.emit(fact(MessageBounced, one, uow, reason=reason, next_channel=following), cause=cause_of(one["cause"]))
        if following is not None:
            await ways.by_channel(uow, one["id"], (following, await routes.send_at(uow, one["spec"], following)), reason)
            uow.after(desk.bell.set)
        marked += 1
    return marked


def _about(report: EmailMessage) -> UUID | None:
    for name in ("To", "Delivered-To", "X-Original-To"):
        found = _TOKEN.search(str(report.get(name, "")))
        if found:
            try:
                return UUID(found[1])
            except ValueError:
                return None
    return None


def _hard_status(report: EmailMessage) -> str:
    """The status of a failure for good (5.x but for a full mailbox), or empty: `delayed` and 4.x are no bounce."""
    for block in _blocks(report):
        action, status = str(block.get("Action", "")).strip().lower(), str(block.get("Status", "")).strip()
        if action == "failed" and status.startswith("5.") and status != "5.2.2":
            return status
    return ""


def _blocks(report: EmailMessage) -> Iterable[EmailMessage]:
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            if isinstance(payload, list):
                yield from payload  # type: ignore[misc]
