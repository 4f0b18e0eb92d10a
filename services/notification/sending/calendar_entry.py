"""iCalendar out: REQUEST, CANCEL, DECLINECOUNTER to one attendee a mail, and a feed to subscribe to (channels.md 7.2).

One UID for the life of an interview, SEQUENCE = its version. Wall time and zone are kept and the zone is spelled out, so that a
calendar that knows other rules than we do still shows the hour that was agreed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress

_STATUS = {"CANCEL": "CANCELLED"}
_PARTSTAT = {"accepted": "ACCEPTED", "declined": "DECLINED", "counter": "TENTATIVE"}
"""Who proposed another time has neither agreed to this one nor refused."""
_REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """What a calendar needs to know. `summary` is discreet; `sequence` never goes back. `method` CANCEL in a feed: shown as cancelled."""

    interview_id: UUID
    sequence: int
    start: datetime
    end: datetime
    zone: str
    summary: str
    method: str
    stamp: datetime
    location: str = ""
    url: str = ""
    description: str = ""
    took: str = ""
    """What the reader of a feed answered: accepted, declined, counter; empty: nothing yet."""


def uid_of(interview_id: UUID, organizer_mail: str) -> str:
    """The UID that stands for this interview in every calendar, for good."""
    return f"{interview_id}@{organizer_mail.partition('@')[2]}"


def entry_bytes(entry: Entry, organizer: tuple[str, str], attendee: tuple[str, str]) -> bytes:
    """The VCALENDAR of one mail; `organizer` and `attendee` are (name, mail address)."""
    calendar = _calendar(entry.method)
    event = _event(entry, organizer[1])
    event["organizer"] = _address(*organizer)
    invited = _address(*attendee)
    invited.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"})
    if entry.method == "REQUEST":
        invited.params.update({"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    event.add("attendee", invited, encode=False)
    calendar.add_component(event)
    return _with_zones(calendar, [entry])


def feed_bytes(entries: Iterable[Entry], *, name: str, organizer_mail: str, reader: tuple[str, str] = ("", "")) -> bytes:
    """A calendar to subscribe to: everything this person sits in, cancelled ones as such, nobody else's name or address in it.

    `reader` (name, address) stands in each with what they answered. No METHOD: it is no message, and one that publishes may name no attendee.
    """
    calendar = _calendar("")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _REFRESH)
    shown = sorted(entries, key=lambda one: (one.start, str(one.interview_id)))
    for one in shown:
        event = _event(one, organizer_mail)
        if reader[1]:
            event["organizer"] = vCalAddress(f"mailto:{organizer_mail}")
            invited = _address(*reader)
            invited.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": _PARTSTAT.get(one.took, "NEEDS-ACTION")})
            event.add("attendee", invited, encode=False)
        calendar.add_component(event)
    return _with_zones(calendar, shown)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Baton//notification//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    return calendar


def _event(entry: Entry, organizer_mail: str) -> Event:
    event = Event()
    event.add("uid", uid_of(entry.interview_id, organizer_mail))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    zone = ZoneInfo(entry.zone)
    event.add("dtstart", entry.start.astimezone(zone))
    event.add("dtend", entry.end.astimezone(zone))
    event.add("summary", entry.summary)
    for name, text in (("location", entry.location), ("description", entry.description), ("url", entry.url)):
        if text:
            event.add(name, text)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if entry.method == "CANCEL" else "OPAQUE")
    event.add("status", _STATUS.get(entry.method, "CONFIRMED"))
    return event


def _with_zones(calendar: Calendar, entries: list[Entry]) -> bytes:
    """The bytes, with every zone that is named described in them."""
    if entries:
        first, last = min(one.start for one in entries), max(one.end for one in entries)
        for place, tzid in enumerate(sorted(calendar.get_missing_tzids())):  # before what refers to them
            calendar.subcomponents.insert(place, _described(tzid, first.year - 1, last.year + 2))
    return calendar.to_ical()


@lru_cache(maxsize=256)
def _described(tzid: str, first: int, last: int) -> Timezone:
    """A zone's rules between two years; found by walking through all of its changes, so once only."""
    return Timezone.from_tzid(tzid, first_date=date(first, 1, 1), last_date=date(last, 1, 1))


def _address(name: str, mail: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    address.params["CN"] = name
    return address
