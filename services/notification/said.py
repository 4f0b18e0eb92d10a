"""What somebody answered to another ask, opened: one question's page may have to show the words or figures of an earlier answer."""

from uuid import UUID

from services.notification.store import asks
from shared.contracts.sealed import Sealed
from shared.runtime.db import Uow
from shared.runtime.vault import Vault


async def answered(uow: Uow, vault: Vault, ask_id: object) -> dict[str, str]:
    """Fields of that answer by name, sealed ones opened; those of erased persons are missing. Empty without an answer."""
    row = (await asks.read(uow, [UUID(str(ask_id))])).get(UUID(str(ask_id))) if ask_id else None
    given = (row or {}).get("answer") or {}
    found = {name: str(value) for name, value in (given.get("clear") or {}).items()}
    for box in given.get("sealed") or ():
        sealed = Sealed.model_validate(box)
        key = (await vault.keys(uow, [sealed.person_id])).get(sealed.person_id)
        if key is not None:
            found[sealed.field.removeprefix("answer.")] = str(vault.open(sealed, key))
    return found
