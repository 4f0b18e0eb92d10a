"""A strict reader of iCalendar that shares no code with what writes it: RFC 5545, 5546, 6047 and what the big clients insist on.

It works on bytes, line by line; `faults(raw)` is empty for a calendar that nobody can misread.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP

NAME = re.compile(r"^(?:X-[A-Z0-9-]+|[A-Z][A-Z0-9-]*)$")
STAMP = re.compile(r"^\d{8}T\d{6}Z?$")
OFFSET = re.compile(r"^[+-]\d{4}(?:\d{2})?$")
UNQUOTED = re.compile(r'^[^\x00-\x1f";:,]*$')
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CATEGORIES", "X-WR-CALNAME"}
METHODS = {"REQUEST", "CANCEL", "PUBLISH", "REPLY", "COUNTER", "DECLINECOUNTER"}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SEQUENCE", "SUMMARY", "ORGANIZER", "STATUS", "CLASS", "TRANSP", "LOCATION", "DESCRIPTION", "URL", "PRIORITY"}


@dataclass
class Line:
    """One unfolded content line."""

    name: str
    params: dict[str, list[str]]
    value: str


@dataclass
class Part:
    """One component."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        """Its lines of that name."""
        return [line for line in self.lines if line.name == name]

    def value(self, name: str) -> str:
        """The first value of that name, or nothing."""
        return next((line.value for line in self.all(name)), "")

    def inside(self, name: str) -> list[Part]:
        """Its parts of that name."""
        return [part for part in self.parts if part.name == name]


def faults(raw: bytes) -> list[str]:
    """Everything that is wrong, in words; empty when nothing is."""
    found = _bytes(raw)
    try:
        calendar = parse(raw)
    except ValueError as problem:
        return [*found, str(problem)]
    if calendar.name != "VCALENDAR":
        return [*found, "the outermost part is no VCALENDAR"]
    return [*found, *_calendar(calendar), *_zones(calendar), *[fault for event in calendar.inside("VEVENT") for fault in _event(event, calendar)]]


def _bytes(raw: bytes) -> list[str]:
    found = []
    if not raw.endswith(b"\r\n"):
        found.append("does not end with CRLF")
    if b"\n" in raw.replace(b"\r\n", b"") or b"\r" in raw.replace(b"\r\n", b""):
        found.append("a bare CR or LF")
    for line in raw.split(b"\r\n"):
        if len(line) > 75:
            found.append(f"a line of {len(line)} octets")
        try:
            line.decode()
        except UnicodeDecodeError:
            found.append("a fold inside a character")
    if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw):
        found.append("a control character")
    return found


def parse(raw: bytes) -> Part:
    """The tree. Raises ValueError with the line that can't be read."""
    text = raw.decode().replace("\r\n ", "").replace("\r\n\t", "")
    stack: list[Part] = []
    root: Part | None = None
    for row in text.split("\r\n"):
        if not row:
            continue
        line = _line(row)
        if line.name == "BEGIN":
            part = Part(line.value.upper())
            if stack:
                stack[-1].parts.append(part)
            elif root is not None:
                raise ValueError("more than one calendar")
            root = root or part
            stack.append(part)
        elif line.name == "END":
            if not stack or stack[-1].name != line.value.upper():
                raise ValueError(f"END:{line.value} closes nothing")
            stack.pop()
        elif not stack:
            raise ValueError("a line outside the calendar")
        else:
            stack[-1].lines.append(line)
    if root is None or stack:
        raise ValueError("the calendar is not closed")
    return root


def _line(row: str) -> Line:
    """`NAME;PARAM=a,"b":value`."""
    head, value, quoted = "", "", False
    for n, char in enumerate(row):
        quoted = quoted != (char == '"')
        if char == ":" and not quoted:
            head, value = row[:n], row[n + 1:]
            break
    else:
        raise ValueError(f"no value: {row[:30]}")
    name, *params = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', head)
    if not NAME.match(name):
        raise ValueError(f"no property name: {name[:30]}")
    read: dict[str, list[str]] = {}
    for param in params:
        key, equals, text = param.partition("=")
        if not equals or not NAME.match(key) or key in read:
            raise ValueError(f"parameter of {name}: {param[:30]}")
        read[key] = []
        for one in re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', text):
            inner = one[1:-1] if one[:1] == one[-1:] == '"' and len(one) > 1 else one
            if '"' in inner or (inner == one and not UNQUOTED.match(one)):
                raise ValueError(f"parameter of {name} is not quoted: {one[:30]}")
            read[key].append(inner)
    return Line(name, read, value)


def _calendar(calendar: Part) -> list[str]:
    found = [f"{name} {len(calendar.all(name))} times" for name in ("VERSION", "PRODID", "METHOD") if len(calendar.all(name)) != 1]
    stored = not calendar.all("METHOD")  # no message: what a calendar keeps or serves (RFC 4791 4.1)
    found = [fault for fault in found if not (stored and fault.startswith("METHOD"))]
    if calendar.value("VERSION") != "2.0":
        found.append("VERSION is not 2.0")
    if not stored and calendar.value("METHOD") not in METHODS:
        found.append("METHOD is unknown")
    events = calendar.inside("VEVENT")
    if not events and not stored and calendar.value("METHOD") != "PUBLISH":
        found.append("no VEVENT")
    uids = [event.value("UID") for event in events]
    if len(uids) != len(set(uids)):
        found.append("one UID twice")
    if not stored and calendar.value("METHOD") != "PUBLISH" and len(events) != 1:
        found.append("more than one VEVENT in a mail")
    found += [f"unexpected {part.name}" for part in calendar.parts if part.name not in ("VEVENT", "VTIMEZONE")]
    return found


def _when(text: str) -> datetime | None:
    """A DATE-TIME; with Z it is aware."""
    if not STAMP.match(text):
        return None
    try:
        return datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC if text.endswith("Z") else None)  # noqa: DTZ007
    except ValueError:
        return None


def _event(event: Part, calendar: Part) -> list[str]:
    method = calendar.value("METHOD")
    counts = Counter(line.name for line in event.lines)
    found = [f"{name} {count} times" for name, count in counts.items() if name in ONCE and count > 1]
    found += [f"no {name}" for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE") if not event.value(name)]
    if method in ("REQUEST", "CANCEL", "COUNTER", "DECLINECOUNTER"):
        found += [f"no {name} in a {method}" for name in ("ORGANIZER", "ATTENDEE", "SUMMARY") if not event.value(name)]
    if not method and counts["ATTENDEE"] and not counts["ORGANIZER"]:
        found.append("attendees without an organizer")
    if method == "PUBLISH" and counts["ATTENDEE"]:
        found.append("a PUBLISH names attendees")
    if method == "CANCEL" and event.value("STATUS") != "CANCELLED":
        found.append("a CANCEL that is not CANCELLED")
    if method == "REQUEST" and event.value("STATUS") not in ("", "CONFIRMED", "TENTATIVE"):
        found.append("a REQUEST that is neither CONFIRMED nor TENTATIVE")
    if not re.fullmatch(r"\d{1,9}", event.value("SEQUENCE")):
        found.append("SEQUENCE is no number")
    stamp = _when(event.value("DTSTAMP"))
    if stamp is None or stamp.tzinfo is None:
        found.append("DTSTAMP is not UTC")
    found += _times(event, {zone.value("TZID") for zone in calendar.inside("VTIMEZONE")})
    for line in event.lines:
        found += _text(line) if line.name in TEXTS else []
    for line in (*event.all("ATTENDEE"), *event.all("ORGANIZER")):
        if not re.fullmatch(r"mailto:[^@\s<>]+@[^@\s<>]+", line.value):
            found.append(f"{line.name} is no mail address")
    if method == "REQUEST" and not all(line.params.get("RSVP") == ["TRUE"] and "PARTSTAT" in line.params for line in event.all("ATTENDEE")):
        found.append("an attendee is not asked to answer")
    return found


def _times(event: Part, zones: set[str]) -> list[str]:
    found, walls = [], {}
    for name in ("DTSTART", "DTEND"):
        for line in event.all(name):
            when, zone = _when(line.value), line.params.get("TZID", [""])[0]
            if when is None:
                found.append(f"{name} can't be read")
            elif when.tzinfo is None and not zone:
                found.append(f"{name} floats")
            elif when.tzinfo is not None and zone:
                found.append(f"{name} has a zone and is UTC")
            elif zone and zone not in zones:
                found.append(f"{name}: no VTIMEZONE for {zone}")
            else:
                walls[name] = (when.replace(tzinfo=None), zone)
    if len(walls) == 2 and walls["DTSTART"][1] == walls["DTEND"][1] and walls["DTEND"][0] < walls["DTSTART"][0] - timedelta(hours=2):
        found.append("it ends before it starts")
    if not event.all("DTEND") and not event.all("DURATION"):
        found.append("no end")
    return found


def _text(line: Line) -> list[str]:
    """Unescaped specials, and backslashes that escape nothing."""
    bare = re.sub(r"\\[\\;,nN]", "", line.value)
    return [f"{line.name} has an unescaped {char!r}" for char in "\\;," if char in bare]


def _zones(calendar: Part) -> list[str]:
    found, named = [], [zone.value("TZID") for zone in calendar.inside("VTIMEZONE")]
    if len(named) != len(set(named)):
        found.append("a VTIMEZONE twice")
    used = {zone for event in calendar.inside("VEVENT") for line in event.lines for zone in line.params.get("TZID", [])}
    found += [f"VTIMEZONE {name} is used by nobody" for name in named if name not in used]
    for zone in calendar.inside("VTIMEZONE"):
        rules = [*zone.inside("STANDARD"), *zone.inside("DAYLIGHT")]
        if not rules:
            found.append("a VTIMEZONE without rules")
        for rule in rules:
            start = _when(rule.value("DTSTART"))
            if start is None or start.tzinfo is not None:
                found.append("a zone's rule has no local DTSTART")
            found += [f"a zone's rule has no {name}" for name in ("TZOFFSETFROM", "TZOFFSETTO") if not OFFSET.match(rule.value(name))]
        first = min((event.value("DTSTART") for event in calendar.inside("VEVENT") if event.value("DTSTART")), default="")
        if rules and first and min(rule.value("DTSTART") for rule in rules) > first:
            found.append("a zone's rules begin after the appointment")
    return found


def mail_faults(raw: bytes) -> list[str]:
    """What is wrong with a mail that carries an invitation (RFC 6047 and what Gmail and Outlook take)."""
    message = message_from_bytes(raw, policy=SMTP)
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    if len(parts) != 1:
        return [f"{len(parts)} calendar parts"]
    body, found = parts[0].get_payload(decode=True), []
    assert isinstance(body, bytes)
    if str(parts[0].get_param("method")).upper() != parse(body).value("METHOD"):
        found.append("the method of the mail is not the method of the calendar")
    if str(parts[0].get_param("charset")).lower() != "utf-8":
        found.append("the charset is not UTF-8")
    for holder in message.walk():
        if holder.get_content_type() == "multipart/alternative" and parts[0] in holder.get_payload() and holder.get_payload()[-1] is not parts[0]:
            found.append("the calendar is not the last alternative")
    event = parse(body).inside("VEVENT")[0]
    if message.get("To") and not any(line.value.removeprefix("mailto:").lower() in str(message["To"]).lower() for line in event.all("ATTENDEE")):
        found.append("the mail goes to somebody who is no attendee")
    if event.value("ORGANIZER").removeprefix("mailto:").lower() not in str(message.get("From", "")).lower():
        found.append("the organizer is not the sender")
    return [*found, *faults(body)]
