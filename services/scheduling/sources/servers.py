"""Reading calendars from where they live: an ICS address, or a collection on a CalDAV server (one REPORT, RFC 4791).

Addresses come from operators only. They are secrets (whoever has one reads the calendar), so they are in no log and no error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx

from ..domain.spans import Span
from .busy_times import LONGEST, UnreadableCalendarError

_DAV, _CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_REPORT = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="{start}" end="{end}"/></c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person's calendar is. `user` and `secret` empty: none asked for."""

    kind: Literal["ics", "caldav"]
    url: str
    user: str = ""
    secret: str = ""

    def checked(self) -> Address:
        """The same with `webcal:` as https. Raises ValueError for what is no address of a calendar."""
        url = "https:" + self.url[7:] if self.url.lower().startswith("webcal:") else self.url
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("an address begins with https://, http:// or webcal:// and holds no password")
        return Address(self.kind, url, self.user, self.secret)


@dataclass(frozen=True, slots=True)
class Reading:
    """The calendars found there; None where nothing changed since `tag`."""

    calendars: list[bytes] | None
    tag: str | None = None


async def read(client: httpx.AsyncClient, address: Address, within: Span, *, tag: str | None = None) -> Reading:
    """Fetch. Raises UnreadableCalendarError with why: unreachable, refused, gone, too large, no calendar."""
    auth = httpx.BasicAuth(address.user, address.secret) if address.user else None
    try:
        if address.kind == "ics":
            return await _feed(client, address.url, auth, tag)
        return Reading(await _collection(client, address.url, auth, within))
    except httpx.HTTPError:
        raise UnreadableCalendarError("unreachable") from None


async def _feed(client: httpx.AsyncClient, url: str, auth: httpx.Auth | None, tag: str | None) -> Reading:
    headers = {"Accept": "text/calendar", **({"If-None-Match": tag} if tag else {})}
    async with client.stream("GET", url, headers=headers, auth=auth) as answer:
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return Reading(None, tag)
        raw = await _body(answer)
    return Reading([raw], answer.headers.get("ETag"))


async def _collection(client: httpx.AsyncClient, url: str, auth: httpx.Auth | None, within: Span) -> list[bytes]:
    body = _REPORT.format(start=_stamp(within[0]), end=_stamp(within[1]))
    headers = {"Depth": "1", "Content-Type": "application/xml; charset=utf-8"}
    async with client.stream("REPORT", url, headers=headers, content=body.encode(), auth=auth) as answer:
        raw = await _body(answer)
    return entries_of(raw)


async def _body(answer: httpx.Response) -> bytes:
    if answer.status_code in (401, 403):
        raise UnreadableCalendarError("refused")
    if answer.status_code in (404, 410):
        raise UnreadableCalendarError("gone")
    if not answer.is_success:  # a redirect too: a calendar that moved is linked again by a person
        raise UnreadableCalendarError("unreachable" if answer.is_server_error else "not_a_calendar")
    raw = b""
    async for piece in answer.aiter_bytes():
        raw += piece
        if len(raw) > LONGEST:
            raise UnreadableCalendarError("too_large")
    return raw


def entries_of(raw: bytes) -> list[bytes]:
    """The calendar objects in a multistatus answer. Raises UnreadableCalendarError; a document type is never read."""
    if b"<!DOCTYPE" in raw[:4096].upper() or b"<!ENTITY" in raw.upper():
        raise UnreadableCalendarError("not_a_calendar")
    try:
        root = ElementTree.fromstring(raw)  # noqa: S314  (no document type gets here, hence no entities)
    except ElementTree.ParseError:
        raise UnreadableCalendarError("not_a_calendar") from None
    if root.tag != f"{_DAV}multistatus":
        raise UnreadableCalendarError("not_a_calendar")
    return [(found.text or "").encode() for found in root.iter(f"{_CALDAV}calendar-data") if found.text]


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
