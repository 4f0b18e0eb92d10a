"""A person corrects what we hold about them: sealed under their own key and told to intake, which owns the record."""

from collections.abc import Mapping
from uuid import UUID

from services.notification.desk import Desk
from shared.contracts.base import derive_id
from shared.contracts.notification import PreferenceChanged
from shared.runtime.db import Uow

NO_HOURS = "any"
"""What the form says for "no hours of my own"."""
SEALED = ("name", "mail", "phone")


async def correct(uow: Uow, desk: Desk, person: UUID, changed: Mapping[str, str], nonce: str) -> None:
    """Tell what changed; nothing is told of an erased person. `changed`: name, mail, phone, locale, zone, channel, hours."""
    key = (await desk.house.vault.keys(uow, [person])).get(person)
    if key is None:
        return
    boxes = [
        desk.house.vault.seal(person, f"correction.{name}", changed[name], key).model_dump(mode="json")
        for name in SEALED
        if name in changed
    ]
    told = PreferenceChanged(
        person_id=person, locale=changed.get("locale"), zone=changed.get("zone"), corrected=boxes,
        channels=[changed["channel"]] if changed.get("channel") else [],
        hours=None if "hours" not in changed else changed["hours"].replace(NO_HOURS, ""),
    )
    uow.emit(told, event_id=derive_id("notification", "correction", nonce), actor=f"person:{person}")
