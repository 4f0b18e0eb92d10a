"""Sealing personal data (agreements.md 10): AES-256-GCM under one key per person, wrapped by a key-encryption key; blind index.

Key rows live in schema `vault`; which services may read or make them is a matter of database grants.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json, to_json

from shared.contracts.sealed import Sealed

from .db import COPY_FROM, Uow
from .errors import ConfigurationError, KeyErasedError

_CACHE = 20_000


def _hmac_halves(key: bytes) -> tuple[Any, Any]:
    """HMAC-SHA-256 (RFC 2104) begun: the inner and the outer digest after their padded key, to be copied for each value."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return hashlib.sha256(bytes(x ^ 0x36 for x in block)), hashlib.sha256(bytes(x ^ 0x5C for x in block))


def _by_person(row: tuple[UUID, bytes]) -> int:
    return row[0].int


class Vault:
    """Opens and seals. One instance a process; unwrapped keys are cached in memory (bounded), erased ones are dropped by `forget`."""

    def __init__(self, keys_file: str) -> None:
        try:
            raw = json.loads(Path(keys_file).read_text())
            self._kek = AESGCM(base64.b64decode(raw["kek"]))
            self._inner, self._outer = _hmac_halves(base64.b64decode(raw["index"]))
            self.links = base64.b64decode(raw["links"])
        except (OSError, KeyError, ValueError) as problem:
            raise ConfigurationError(
                f"BATON_KEYS ({keys_file or 'not set'}) can't be read: {type(problem).__name__}; it is a JSON file with kek, index, links, audit") from None
        self._noise: list[bytes] = []
        self._cache: OrderedDict[UUID, AESGCM] = OrderedDict()

    async def create(self, uow: Uow, person_ids: Iterable[UUID]) -> dict[UUID, AESGCM]:
        """Make keys for persons that have none; existing ones are returned. One round trip for many."""
        wanted = list(dict.fromkeys(person_ids))
        noise = os.urandom(32 * len(wanted))
        fresh = {person: noise[at : at + 32] for person, at in zip(wanted, range(0, len(noise), 32), strict=True)}
        wrapped = [self._wrap(person, key) for person, key in fresh.items()]
        if len(wanted) >= COPY_FROM and await uow.copy_new("keys", ("person_id", "wrapped"), sorted(zip(wanted, wrapped, strict=True), key=_by_person), schema="vault"):
            return {person: AESGCM(key) for person, key in fresh.items()}
        made = await uow.pg.fetch(
            "insert into vault.keys (person_id, wrapped) select * from unnest($1::uuid[], $2::bytea[]) on conflict do nothing returning person_id",
            wanted, wrapped)
        result = {row["person_id"]: AESGCM(fresh[row["person_id"]]) for row in made}
        missing = [person for person in wanted if person not in result]
        if missing:
            result.update(await self.keys(uow, missing))
        return result

    async def keys(self, uow: Uow, person_ids: Iterable[UUID]) -> dict[UUID, AESGCM]:
        """The keys of these persons; destroyed or unknown ones are missing from the answer."""
        wanted = list(dict.fromkeys(person_ids))
        found = {person: self._cache[person] for person in wanted if person in self._cache}
        missing = [person for person in wanted if person not in found]
        if missing:
            rows = await uow.pg.fetch("select person_id, wrapped from vault.keys where person_id = any($1::uuid[]) and wrapped is not null", missing)
            for row in rows:
                found[row["person_id"]] = key = AESGCM(self._unwrap(row["person_id"], row["wrapped"]))
                self._cache[row["person_id"]] = key
            while len(self._cache) > _CACHE:
                self._cache.popitem(last=False)
        return found

    async def destroy(self, uow: Uow, person_id: UUID) -> None:
        """Erase: the wrapped key is gone for good, the row stays as the proof of when."""
        await uow.run("update vault.keys set wrapped = null, destroyed_at = :now where person_id = :p and wrapped is not null", now=uow.now, p=person_id)
        self.forget(person_id)

    def forget(self, person_id: UUID) -> None:
        """Drop the cached key of an erased person."""
        self._cache.pop(person_id, None)

    def seal(self, person_id: UUID, field: str, value: Any, key: AESGCM) -> Sealed:
        """Seal a JSON value under the person's key, bound to person and field."""
        nonce = self._nonce()
        box = nonce + key.encrypt(nonce, to_json(value), f"{person_id}|{field}".encode())
        return Sealed.known(person_id=person_id, field=field, box=base64.urlsafe_b64encode(box).decode())

    def _nonce(self) -> bytes:
        """Twelve bytes of the system's randomness that were never used; drawn ahead, since each draw is a call to the kernel."""
        if not self._noise:
            noise = os.urandom(12 * 256)
            self._noise = [noise[at : at + 12] for at in range(0, len(noise), 12)]
        return self._noise.pop()

    def open(self, sealed: Sealed, key: AESGCM | None) -> Any:
        """The JSON value; KeyErasedError when the key is gone, ValueError when the box was tampered with or belongs elsewhere."""
        if key is None:
            raise KeyErasedError(f"person {sealed.person_id} was erased")
        box = base64.urlsafe_b64decode(sealed.box)
        try:
            return from_json(key.decrypt(box[:12], box[12:], f"{sealed.person_id}|{sealed.field}".encode()))
        except InvalidTag:
            raise ValueError(f"sealed field {sealed.field} does not open: wrong key, person or field") from None

    def blind(self, field: str, value: str) -> str:
        """Blind index of a normalised value: the same value gives the same 32 hex characters, nothing else can be learnt from them."""
        inner, outer = self._inner.copy(), self._outer.copy()  # keyed once: setting a key up costs more than the digest
        inner.update(f"{field}|{value}".encode())
        outer.update(inner.digest())
        return outer.hexdigest()[:32]

    def _wrap(self, person_id: UUID, key: bytes) -> bytes:
        nonce = self._nonce()
        return nonce + self._kek.encrypt(nonce, key, person_id.bytes)

    def _unwrap(self, person_id: UUID, wrapped: bytes) -> bytes:
        try:
            return self._kek.decrypt(wrapped[:12], wrapped[12:], person_id.bytes)
        except InvalidTag:
            raise ConfigurationError("BATON_KEYS does not open the stored keys: the key-encryption key is another one; restore the old file") from None
