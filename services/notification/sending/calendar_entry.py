"""iCalendar REQUEST and CANCEL: one UID for the life of an interview, SEQUENCE = its version, one ATTENDEE a mail (channels.md 7.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress


@dataclass(frozen=True)
class Entry:
    """What a calendar needs to know. `summary` is discreet; `sequence` never goes back."""

    interview_id: UUID
    sequence: int
    start: datetime
    end: datetime
    zone: str
    summary: str
    method: str
    stamp: datetime


def entry_bytes(entry: Entry, organizer: tuple[str, str], attendee: tuple[str, str]) -> bytes:
    """The VCALENDAR; `organizer` and `attendee` are (name, mail address). Wall time and zone are kept, the zone is spelled out."""
    calendar = Calendar()
    calendar.add("prodid", "-//Baton//notification//EN")
    calendar.add("version", "2.0")
    calendar.add("method", entry.method)
    event = Event()
    event.add("uid", f"{entry.interview_id}@{organizer[1].partition('@')[2]}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    zone = ZoneInfo(entry.zone)
    event.add("dtstart", entry.start.astimezone(zone))
    event.add("dtend", entry.end.astimezone(zone))
    event.add("summary", entry.summary)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if entry.method == "CANCEL" else "CONFIRMED")
    event["organizer"] = _address(*organizer)
    invited = _address(*attendee)
    invited.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    event.add("attendee", invited, encode=0)
    calendar.add_component(event)
    calendar.add_missing_timezones(first_date=date(entry.start.year - 1, 1, 1), last_date=date(entry.end.year + 2, 1, 1))
    return calendar.to_ical()


def _address(name: str, mail: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    address.params["CN"] = name
    return address
