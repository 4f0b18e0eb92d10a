"""iCalendar in: what a mail client answered to an invitation (iMIP REPLY and COUNTER), read from the raw mail; pure.

A reply is not authenticated. `Reply.sender` is who the mail says it is from; the caller compares it with the invited address, or asks on
the signed page. It never decides an approval.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component

Answer = Literal["accepted", "declined", "tentative", "delegated", "counter"]
_ANSWERS: dict[str, Answer] = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative", "DELEGATED": "delegated"}
_TYPES = ("text/calendar", "application/ics")
_LONGEST = 1_000_000
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""What the parser raises for bytes that are no calendar, and for a property that it kept as broken."""


@dataclass(frozen=True)
class Reply:
    """One attendee's answer about one interview. `sequence` is the version that was answered; an older one than ours answers an old time.

    `starts_at`, `ends_at`: what a COUNTER proposes, UTC. `comment` is the person's own words: personal data.
    """

    interview_id: UUID
    sequence: int
    attendee: str
    answer: Answer
    sender: str
    comment: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def is_about(self, version: int) -> bool:
        """Whether it answers the appointment as it stands, not an older time."""
        return self.sequence >= version

    @property
    def from_the_invited(self) -> bool:
        """Whether the mail says to come from the attendee whom it answers for."""
        return self.sender == self.attendee


def read_reply(mail: bytes, domain: str) -> Reply | None:
    """The first clear answer in the mail to an invitation of ours (UIDs `<interview>@<domain>`); None where there is none.

    Never raises: whatever can't be read, or answers nothing clearly, is None, and a person reads the mail.
    """
    message = message_from_bytes(mail)
    sender = parseaddr(str(message.get("From", "")))[1].lower()
    for raw in _calendars(message):
        try:
            calendar = Calendar.from_ical(raw)
            method = str(calendar.get("METHOD", "")).upper()
            found = [reply for event in calendar.walk("VEVENT") if (reply := _answer(method, event, domain, sender)) is not None]
        except _UNREADABLE:
            continue
        if found:
            return found[0]
    return None


def _calendars(message: Message) -> Iterator[bytes]:
    """Every calendar part, at any depth."""
    for part in message.walk():
        if part.get_content_type() in _TYPES:
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes) and len(raw) <= _LONGEST:
                yield raw


def _answer(method: str, event: Component, domain: str, sender: str) -> Reply | None:
    interview_id = _interview_of(str(event.get("UID", "")), domain)
    attendees = event.get("ATTENDEE")
    attendees = attendees if isinstance(attendees, list) else [attendees] if attendees is not None else []
    if interview_id is None or method not in ("REPLY", "COUNTER") or not attendees:
        return None
    mine = [one for one in attendees if address_of(one) == sender] or attendees
    if len(mine) > 1:  # whose answer it is isn't clear
        return None
    answer = _ANSWERS.get(str(mine[0].params.get("PARTSTAT", "")).upper()) if method == "REPLY" else "counter"
    starts_at, ends_at = (_instant(event, name) for name in ("DTSTART", "DTEND")) if method == "COUNTER" else (None, None)
    if answer is None or (method == "COUNTER" and (starts_at is None or (ends_at is not None and ends_at <= starts_at))):
        return None
    return Reply(interview_id, _sequence(event), address_of(mine[0]), answer, sender, _comment(event), starts_at, ends_at)


def address_of(attendee: Any) -> str:
    """`MAILTO:Li@Example.com` -> `li@example.com`."""
    text = str(attendee).strip()
    return (text[7:] if text[:7].lower() == "mailto:" else text).strip().lower()


def _interview_of(uid: str, domain: str) -> UUID | None:
    local, _, where = uid.strip().partition("@")
    try:
        return UUID(local) if where.lower() == domain.lower() else None
    except ValueError:
        return None


def _sequence(event: Component) -> int:
    """RFC 5546: no SEQUENCE is sequence 0."""
    try:
        return int(event.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def _instant(event: Component, name: str) -> datetime | None:
    """As UTC; a wall time without a zone, a mere date and what can't be read are no proposal."""
    value = event.get(name)
    when = getattr(value, "dt", None)
    if not isinstance(when, datetime):
        return None
    if when.tzinfo is None:
        zone = str(value.params.get("TZID", "")) if hasattr(value, "params") else ""
        try:
            when = when.replace(tzinfo=ZoneInfo(zone)) if zone else when
        except (ValueError, OSError, KeyError):
            return None
    return when.astimezone(UTC) if when.tzinfo is not None else None


def _comment(event: Component) -> str:
    text = event.get("COMMENT", "")
    return " ".join(str(one).strip() for one in (text if isinstance(text, list) else [text])).strip()
