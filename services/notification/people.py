"""Names and addresses out of the sealed directory, opened only for the moment of rendering or sending."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.notification.look.scene import Party
from services.notification.store import directory
from services.notification.wording import lang_of
from shared.contracts.sealed import Sealed
from shared.runtime.db import Uow
from shared.runtime.errors import KeyErasedError
from shared.runtime.vault import Vault


@dataclass(frozen=True)
class Person:
    """One human of the directory, opened. An erased or unknown one has no name and no address."""

    id: UUID
    party: Party = Party()
    mail: str = ""
    phone: str = ""
    reach: Mapping[str, str] = field(default_factory=dict)
    """Ids at chat vendors by channel: dingtalk, wecom, feishu, slack; `wechat` means that a person of ours can forward."""
    channels: tuple[str, ...] = ()
    """The order they want, where they said one."""
    hours: str = ""
    """Hours of their wall in which ordinary messages may come; empty: the house's windows alone."""
    lang: str = "zh"
    zone: str = "Asia/Shanghai"
    calendar: str = "CN"
    party_class: str = "candidate"
    roles: tuple[str, ...] = ()
    org_id: UUID | None = None
    present_employer: UUID | None = None
    version: int = 0
    gone: bool = False
    rest: Mapping[str, Any] = field(default_factory=dict)


async def people(uow: Uow, vault: Vault, ids: Iterable[UUID | None]) -> dict[UUID, Person]:
    """These persons, opened; those the directory does not know are missing from the answer."""
    known = await directory.records(uow, "person", ids)
    keys = await vault.keys(uow, known)
    return {person: _opened(person, record, vault, keys.get(person)) for person, record in known.items()}


def _opened(person: UUID, record: Mapping[str, Any], vault: Vault, key: Any) -> Person:
    identity: dict[str, Any] = {}
    if record.get("identity"):
        try:
            identity = vault.open(Sealed.model_validate(record["identity"]), key)
        except KeyErasedError:
            identity = {}
    name = str(identity.get("name") or "")
    latin = str(identity.get("name_latin") or "")
    given = "" if not name or not name.isascii() else name.split()[0]
    return Person(
        id=person,
        party=Party(name, given, latin if latin and not name.isascii() else ""),
        mail=_first(identity, "emails", "email"),
        phone=_first(identity, "phones", "phone"),
        reach={str(name): str(value) for name, value in (identity.get("reach") or {}).items() if value},
        channels=tuple(record.get("channels") or ()),
        hours=str(record.get("hours") or ""),
        lang=lang_of(record.get("locale")),
        zone=record.get("zone") or "Asia/Shanghai",
        calendar=record.get("calendar") or "CN",
        party_class=record.get("party_class") or "candidate",
        roles=tuple(record.get("roles") or ()),
        org_id=_uuid(record.get("org_id")),
        present_employer=_uuid(record.get("present_employer")),
        version=int(record.get("version") or 0),
        gone=bool(record.get("left_at")),
    )


def _first(identity: Mapping[str, Any], many: str, one: str) -> str:
    values = identity.get(many) or identity.get(one) or ""
    return str(values if isinstance(values, str) else values[0] if values else "")


def _uuid(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None
