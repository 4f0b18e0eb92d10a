"""Linked calendars as rows: sealed address, what was read from it, and since when it can't be read."""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json, to_json

from shared.contracts.appointments import CalendarFailed, CalendarRead
from shared.contracts.base import derive_id
from shared.runtime.db import Uow

from .. import store
from ..domain.spans import Span
from ..usecases.conflicts import busy_over
from .busy_times import Block, UnreadableCalendarError
from .servers import Address


class Safe:
    """Seals addresses under a key of their own, derived from the process's key file; bound to the feed."""

    def __init__(self, secret: bytes) -> None:
        self._key = AESGCM(hmac.digest(secret, b"scheduling|feeds", "sha256"))

    def seal(self, feed_id: UUID, address: Address) -> bytes:
        """Bytes that only this feed's row can be opened with."""
        nonce = os.urandom(12)
        return nonce + self._key.encrypt(nonce, to_json([address.kind, address.url, address.user, address.secret]), feed_id.bytes)

    def open(self, feed_id: UUID, sealed: bytes) -> Address:
        """The address. Raises UnreadableCalendarError `key_changed`."""
        try:
            return Address(*from_json(self._key.decrypt(sealed[:12], sealed[12:], feed_id.bytes)))
        except (InvalidTag, ValueError):
            raise UnreadableCalendarError("key_changed") from None


async def link(uow: Uow, safe: Safe, person_id: UUID, address: Address) -> UUID:
    """Link a calendar to a person; the same address again is the same feed. Raises ValueError for no address."""
    address = address.checked()
    feed_id = derive_id("scheduling", "feed", person_id, address.url)
    await uow.run(
        "insert into feeds (feed_id, person_id, kind, address) values (:id, :person, :kind, :address)"
        " on conflict (feed_id) do update set address = excluded.address, kind = excluded.kind, tag = null, read_at = null",
        id=feed_id, person=person_id, kind=address.kind, address=safe.seal(feed_id, address))
    return feed_id


async def unlink(uow: Uow, feed_id: UUID) -> bool:
    """Forget the calendar and what was read from it; conflicts from it are over."""
    row = await uow.one("select person_id from feeds where feed_id = :id for update", id=feed_id)
    if row is None:
        return False
    await replace(uow, feed_id, row["person_id"], [], within=None)
    await uow.run("delete from feeds where feed_id = :id", id=feed_id)
    return True


async def forget_person(uow: Uow, person_id: UUID) -> None:
    """Erased: no calendar of theirs is read any more, nothing of it is kept."""
    for row in await uow.rows("select feed_id from feeds where person_id = :id", id=person_id):
        await unlink(uow, row["feed_id"])
    await uow.run("delete from busy where person_id = :id", id=person_id)


async def due(uow: Uow, every_seconds: int) -> list[Any]:
    """Feeds that weren't read for so long, the longest first."""
    return list(await uow.rows(
        "select f.*, coalesce(p.zone, 'UTC') as zone from feeds f left join people p using (person_id)"
        " where f.read_at is null or f.read_at < clock_timestamp() - make_interval(secs => :secs) order by f.read_at nulls first limit 50",
        secs=every_seconds))


async def ours_among(uow: Uow, uids: Sequence[str]) -> set[str]:
    """Those UIDs that are invitations of ours: what we booked never conflicts with itself."""
    ids = {uid: part for uid in uids if (part := _uuid(uid.partition("@")[0])) is not None}
    rows = await uow.rows("select interview_id from interviews where interview_id = any(cast(:ids as uuid[]))", ids=list(ids.values()))
    known = {row["interview_id"] for row in rows}
    return {uid for uid, id in ids.items() if id in known}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def replace(uow: Uow, feed_id: UUID, person_id: UUID, blocks: Sequence[Block], *, within: Span | None) -> int:
    """What stands in the calendar now, in place of what stood there (in the range; None: all). Returns how many times changed.

    Every new, moved or vanished time is compared with booked interviews.
    """
    await store.lock_calendars(uow, [person_id])
    before = {row["busy_id"]: (row["starts_at"], row["ends_at"]) for row in await uow.rows(
        "select busy_id, starts_at, ends_at from busy where feed_id = :id", id=feed_id)}
    now = {derive_id("scheduling", "busy", feed_id, one.key): one.span for one in blocks}
    gone = [id for id, span in before.items() if id not in now and (within is None or (span[0] < within[1] and within[0] < span[1]))]
    fresh = {id: span for id, span in now.items() if before.get(id) != span}
    await uow.run("delete from busy where busy_id = any(cast(:ids as uuid[]))", ids=gone)
    await uow.many(
        "insert into busy (busy_id, person_id, starts_at, ends_at, feed_id) values (:id, :person, :start, :end, :feed)"
        " on conflict (busy_id) do update set starts_at = excluded.starts_at, ends_at = excluded.ends_at",
        [{"id": id, "person": person_id, "start": span[0], "end": span[1], "feed": feed_id} for id, span in fresh.items()])
    for id in gone:
        await busy_over(uow, person_id, id, (before[id][0], before[id][0]))
    for id, span in fresh.items():
        await busy_over(uow, person_id, id, span)
    return len(gone) + len(fresh)


async def succeeded(uow: Uow, row: Any, *, tag: str | None, busy: int) -> None:
    """Note a reading; the first one, and the first after a failure, is told."""
    first = row["failed_since"] is not None or row["read_at"] is None
    await uow.run("update feeds set read_at = clock_timestamp(), failed_since = null, told = false, tag = :tag where feed_id = :id", id=row["feed_id"], tag=tag)
    if first:
        uow.emit(CalendarRead(person_id=row["person_id"], feed_id=row["feed_id"], busy=busy, at=uow.now),
                 event_id=derive_id("scheduling", "event", row["feed_id"], "read", uow.now))


async def failed(uow: Uow, row: Any, reason: str, *, patience_seconds: int) -> None:
    """Note a failure; told once, after it lasted so long. What was read before still blocks."""
    again = await uow.one(
        "update feeds set read_at = clock_timestamp(), failed_since = coalesce(failed_since, clock_timestamp()) where feed_id = :id"
        " returning told, clock_timestamp() - failed_since >= make_interval(secs => :secs) as long", id=row["feed_id"], secs=patience_seconds)
    if again is not None and again["long"] and not again["told"]:
        await uow.run("update feeds set told = true where feed_id = :id", id=row["feed_id"])
        uow.emit(CalendarFailed(person_id=row["person_id"], feed_id=row["feed_id"], reason=reason, at=uow.now),
                 event_id=derive_id("scheduling", "event", row["feed_id"], "failed", uow.now))
