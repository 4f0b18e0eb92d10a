"""By which channel a person is written to: what they want, what is known of them, what the house has; and which one is next."""

from datetime import datetime
from typing import cast
from uuid import UUID

from services.notification.channels.base import Window
from services.notification.desk import Desk
from services.notification.people import Person, people
from services.notification.sending import when
from services.notification.store import ways
from services.notification.tells import TELLS
from shared.contracts.notification import MessageSpec
from shared.runtime.db import Uow

CHATS = ("dingtalk", "wecom", "feishu", "slack")
WINDOWS = {"mail": "mail", "sms": "sms", "hand": "hand", "webhook": "webhook", **dict.fromkeys(CHATS, "chat")}


def address(person: Person, channel: str) -> str:
    """Where this channel reaches them; empty where it cannot."""
    match channel:
        case "mail":
            return person.mail
        case "sms":
            return person.phone if person.phone.startswith("+") else ""
        case "hand":
            return "hand" if "wechat" in person.reach or "hand" in person.channels else ""
        case "webhook":
            return "webhook"
    return person.reach.get(channel, "")


def order(person: Person, house: tuple[str, ...]) -> list[str]:
    """The channels that reach this person: in the order they want, then in the house's."""
    wanted = [one for one in person.channels if one in house]
    return [one for one in (*wanted, *(other for other in house if other not in wanted)) if address(person, one)]


async def first(uow: Uow, desk: Desk, spec: MessageSpec) -> str:
    """The channel a message begins with. A reminder takes the next one that this question was not asked by yet; a calendar entry goes by mail."""
    plain = [one for one in desk.channels if one not in ("mail", "webhook")]
    if not plain or spec.party.person_id is None:
        return "mail"
    found = (await people(uow, desk.house.vault, [spec.party.person_id])).get(spec.party.person_id)
    known = [one for one in order(found, desk.channels) if one != "webhook"] if found else []
    if found is not None and len(known) > 1 and "hand" not in found.channels:
        known = [one for one in known if one != "hand"]
    if not known or (spec.template in TELLS and TELLS[spec.template].calendar and "mail" in known):
        return "mail"
    used = await ways.asked_by(uow, str(spec.party.person_id), spec.ask_id) if spec.ask_id and spec.purpose != "ask" else []
    return next((one for one in known if one not in used), known[len(used) % len(known)])


async def following(uow: Uow, desk: Desk, person: UUID | None, tried: set[str]) -> str | None:
    """The next channel of a person after these have failed; None where there is none."""
    found = (await people(uow, desk.house.vault, [person])).get(person) if person else None
    known = order(found, desk.channels) if found else [one for one in desk.channels if one == "webhook"]
    return next((one for one in known if one not in tried), None)


async def send_at(uow: Uow, spec: MessageSpec, channel: str) -> datetime:
    """The earliest instant for this message by this channel."""
    return await when.send_at(uow, spec, cast(Window, WINDOWS.get(channel, "chat")))
