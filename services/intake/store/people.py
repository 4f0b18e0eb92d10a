"""SQL of persons: records, sealed identity, and the blind index that finds them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from shared.contracts.party import PersonRecord
from shared.contracts.sealed import Sealed
from shared.runtime.db import COPY_FROM, Uow
from shared.runtime.vault import Vault

IDENTITY = "identity"
_SAVE = """insert into persons (person_id, version, record, identity, employer_digest, never_to)
  select p, v, r, i, e, '{}' from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[]) as n (p, v, r, i, e)
  on conflict (person_id) do update set version = excluded.version, record = excluded.record, identity = coalesce(excluded.identity, persons.identity),
    employer_digest = coalesce(excluded.employer_digest, persons.employer_digest)"""
_COLUMNS = ("person_id", "version", "record", "identity", "employer_digest")
_CONTACTS = "insert into contacts (digest, person_id) select d, p from unnest($1::text[], $2::uuid[]) as n (d, p) order by d on conflict do nothing returning digest"


class ContactTaken(Exception):  # noqa: N818
    """Another transaction entered the same mail or phone a moment ago: do the batch again and find it there."""


@dataclass(slots=True)
class Row:
    """A person as stored: the record for other services, and the box with the identity."""

    record: PersonRecord
    employer_digest: str | None = None

    @property
    def person_id(self) -> UUID:
        """Id of the person."""
        return self.record.person_id


async def owners(uow: Uow, digests: Iterable[str]) -> dict[str, UUID]:
    """Whose these mails and phones are."""
    rows = await uow.pg.fetch("select digest, person_id from contacts where digest = any(string_to_array($1, ','))", ",".join(set(digests)))
    return {row["digest"]: row["person_id"] for row in rows}


async def load(uow: Uow, ids: Iterable[UUID]) -> dict[UUID, Row]:
    """Persons by id, locked in order of id; erased ones are missing."""
    rows = await uow.pg.fetch(
        "select person_id, record, identity, employer_digest from persons where person_id = any($1::uuid[]) and erased_at is null order by 1 for update",
        list(set(ids)))
    return {row["person_id"]: _row(row) for row in rows}


def _row(row: Any) -> Row:
    stored = row["record"]
    record = PersonRecord.model_validate(from_json(stored) if isinstance(stored, str | bytes) else stored)
    sealed = Sealed(person_id=row["person_id"], field=IDENTITY, box=row["identity"]) if row["identity"] else None
    return Row(record.model_copy(update={"identity": sealed}), row["employer_digest"])


async def save(uow: Uow, rows: Sequence[Row]) -> None:
    """Store persons; an identity or employer that is None leaves the stored one."""
    if not rows:
        return
    columns = [(r.person_id, r.record.version, r.record.model_dump_json(exclude={"identity"}), r.record.identity.box if r.record.identity else None,
                r.employer_digest) for r in rows]  # fmt: skip
    if len(rows) < COPY_FROM or not await uow.copy_new("persons", _COLUMNS, sorted(columns, key=_by_person)):
        await uow.pg.execute(_SAVE, *map(list, zip(*columns, strict=True)))


def _by_person(row: tuple[Any, ...]) -> int:
    number: int = row[0].int
    return number


async def index(uow: Uow, contacts: dict[str, UUID]) -> None:
    """Enter new mails and phones. Raises ContactTaken where somebody else has just entered one of them."""
    if len(contacts) >= COPY_FROM:
        if not await uow.copy_new("contacts", ("digest", "person_id"), sorted(contacts.items())):
            raise ContactTaken(f"some of {len(contacts)}")
    elif contacts:
        rows = await uow.pg.fetch(_CONTACTS, list(contacts), list(contacts.values()))
        if len(rows) < len(contacts):
            raise ContactTaken(f"{len(contacts) - len(rows)} of {len(contacts)}")


async def identity(uow: Uow, vault: Vault, person_id: UUID) -> dict[str, Any]:
    """What is sealed about a person, opened. Raises KeyErasedError for an erased one; empty where nothing is known."""
    box = await uow.value("select identity from persons where person_id = :p", p=person_id)
    if not box:
        return {}
    key = (await vault.keys(uow, [person_id])).get(person_id)
    return dict(vault.open(Sealed(person_id=person_id, field=IDENTITY, box=box), key))


async def is_known(uow: Uow, person_id: UUID) -> bool:
    """Whether this id is a person's, erased or not."""
    return bool(await uow.value("select 1 from persons where person_id = :p", p=person_id))


async def erase(uow: Uow, person_id: UUID, index_digests: Sequence[str]) -> None:
    """Forget everything about a person but the pseudonymous record and the instant; `index_digests` are all of their blind index."""
    await uow.run("update persons set identity = null, employer_digest = null, erased_at = :now where person_id = :p", now=uow.now, p=person_id)
    await uow.pg.execute("delete from contacts where digest = any($1::text[]) and person_id = $2", list(index_digests), person_id)
    await uow.run("update applications set content = null where person_id = :p", p=person_id)


def digests(vault: Vault, *, emails: Iterable[str] = (), phones: Iterable[str] = ()) -> dict[str, str]:
    """Blind index of mails and phones: digest -> `mail` or `phone`."""
    found = {vault.blind("mail", mail.lower()): "mail" for mail in emails}
    return found | {vault.blind("phone", phone): "phone" for phone in phones}
