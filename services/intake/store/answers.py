"""SQL of answers whose words intake keeps, sealed under the key of the person they are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.contracts.ask import AskAnswered
from shared.contracts.sealed import Sealed
from shared.runtime.db import Uow
from shared.runtime.errors import KeyErasedError
from shared.runtime.vault import Vault

_FIELD = "answer"


async def opened(uow: Uow, vault: Vault, sealed: Sequence[Any]) -> dict[str, Any]:
    """The sealed fields of an answer by their names; those of erased persons are missing."""
    boxes = [Sealed.model_validate(box) for box in sealed]
    keys = await vault.keys(uow, [box.person_id for box in boxes]) if boxes else {}
    out: dict[str, Any] = {}
    for box in boxes:
        try:
            out[box.field.rpartition(".")[2]] = vault.open(box, keys.get(box.person_id))
        except (KeyErasedError, ValueError):
            continue
    return out


async def save(uow: Uow, vault: Vault, answered: AskAnswered, person_id: UUID, said: dict[str, Any]) -> None:
    """Keep an answer; the same ask and version again changes nothing."""
    key = (await vault.keys(uow, [person_id])).get(person_id)
    if key is None:
        return
    box = vault.seal(person_id, _FIELD, said, key).box
    await uow.run(
        "insert into corrections (ask_id, version, hire_id, person_id, kind, box, at) values (:a, :v, :h, :p, :k, :b, :at) on conflict do nothing",
        a=answered.ask_id, v=answered.version, h=answered.hire_id, p=person_id, k=answered.kind, b=box, at=answered.answer.happened_at)


async def has(uow: Uow, ask_id: UUID) -> bool:
    """Whether an answer to this Ask is kept."""
    return await uow.value("select 1 from corrections where ask_id = :a limit 1", a=ask_id) is not None


async def newest(uow: Uow, vault: Vault, hire_id: UUID, kinds: Sequence[str]) -> dict[str, Any]:
    """The newest kept answer of these kinds; empty where there is none or it can't be opened any more."""
    row = await uow.one(
        "select person_id, box from corrections where hire_id = :h and kind = any(cast(:k as text[])) order by at desc, version desc limit 1",
        h=hire_id, k=list(kinds))
    if row is None:
        return {}
    try:
        return await open_box(uow, vault, row["person_id"], _FIELD, row["box"])
    except KeyErasedError:
        return {}


async def open_box(uow: Uow, vault: Vault, person_id: UUID, field: str, box: str) -> dict[str, Any]:
    """A sealed document of a person, opened. Raises KeyErasedError."""
    key = (await vault.keys(uow, [person_id])).get(person_id)
    return dict(vault.open(Sealed(person_id=person_id, field=field, box=box), key))
