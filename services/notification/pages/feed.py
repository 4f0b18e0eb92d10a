"""/calendar/<token>.ics: the reader's own interviews as a calendar feed, and the bytes of it. Discreet: no client, no role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from starlette.responses import Response

from services.notification.desk import Desk
from services.notification.people import Person, people
from services.notification.store import directory, ledger
from services.notification.wording import T
from shared.runtime.db import Uow

HEADERS = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True)
class Booked:
    """One interview as a calendar shows it."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    zone: str
    summary: str
    cancelled: bool


async def feed(uow: Uow, desk: Desk, person_id: UUID) -> Response:
    """The feed of this person, as it stands now."""
    reader = (await people(uow, desk.house.vault, [person_id])).get(person_id) or Person(person_id)
    rows = await ledger.interviews_of(uow, person_id)
    others = [directory.as_uuid(row["body"].get("candidate_id")) for row in rows]
    known = await people(uow, desk.house.vault, [one for one in others if one != person_id])
    plain = T("约好的时间", "As arranged").at(reader.lang)
    booked = []
    for row, candidate in zip(rows, others, strict=True):
        met = known.get(candidate) if candidate else None
        booked.append(_booked(row, (met.party.shown(reader.lang) if met else "") or plain, desk.mail_domain))
    raw = feed_bytes(booked, plain, uow.now)
    return Response(raw, media_type="text/calendar", headers=HEADERS)


def _booked(row: dict[str, Any], summary: str, domain: str) -> Booked:
    body = row["body"]
    return Booked(
        f"{row['id']}@{domain}",
        int(row["version"]),
        datetime.fromisoformat(body["starts_at"]),
        datetime.fromisoformat(body["ends_at"]),
        str(body.get("zone") or "Asia/Shanghai"),
        summary,
        row["state"] == "cancelled",
    )


def feed_bytes(booked: Sequence[Booked], name: str, now: datetime) -> bytes:
    """The VCALENDAR of these entries; UID and SEQUENCE are those of the invitations, so that both stand for one appointment."""
    calendar = Calendar()
    calendar.add("prodid", "-//Baton//notification//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for one in booked:
        event, zone = Event(), ZoneInfo(one.zone)
        event.add("uid", one.uid)
        event.add("sequence", one.sequence)
        event.add("dtstamp", now)
        event.add("dtstart", one.start.astimezone(zone))
        event.add("dtend", one.end.astimezone(zone))
        event.add("summary", one.summary)
        event.add("class", "PRIVATE")
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        calendar.add_component(event)
    if booked:
        years = [one.start.year for one in booked]
        calendar.add_missing_timezones(first_date=date(min(years) - 1, 1, 1), last_date=date(max(years) + 2, 1, 1))
    return calendar.to_ical()
