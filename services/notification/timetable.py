"""The timetable of interviews (C56): of one person as a calendar to subscribe to, of one day as a digest, of one requisition by days. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notification.sending.calendar_entry import Entry


@dataclass(frozen=True)
class Row:
    """One interview as it stands, by ids; names are the reader's business. Instants are aware."""

    interview_id: UUID
    version: int
    cancelled: bool
    hire_id: UUID
    requisition_id: UUID
    candidate_id: UUID
    round: int
    mode: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    panel: tuple[UUID, ...]
    shadows: tuple[UUID, ...]
    room_id: UUID | None
    told_at: datetime

    def sits(self, person: UUID) -> bool:
        """Whether this person takes part."""
        return person in (self.candidate_id, *self.panel, *self.shadows)


def row_of(fact: Mapping[str, Any]) -> Row | None:
    """A row from a fact of the directory {id, version, state, at, body}; None while nothing is agreed."""
    body = fact["body"]
    if fact["state"] not in ("scheduled", "cancelled") or not body.get("starts_at"):
        return None
    room = body.get("room_id")
    return Row(
        UUID(str(fact["id"])), int(fact["version"]), fact["state"] == "cancelled", UUID(str(body["hire_id"])), UUID(str(body["requisition_id"])),
        UUID(str(body["candidate_id"])), int(body["round"]), str(body.get("mode") or "video"), datetime.fromisoformat(body["starts_at"]),
        datetime.fromisoformat(body["ends_at"]), str(body.get("zone") or "Asia/Shanghai"), tuple(UUID(str(one)) for one in body.get("panel") or ()),
        tuple(UUID(str(one)) for one in body.get("shadows") or ()), UUID(str(room)) if room else None, fact["at"])


def entries_of(rows: Iterable[Row], summary: Callable[[Row], str], took: Mapping[UUID, str] = MappingProxyType({})) -> list[Entry]:
    """Calendar entries for a feed; a cancelled interview stays visible as cancelled. DTSTAMP is when it was last told, so that the bytes
    of an unchanged timetable don't change. `took`: by interview, what the reader answered to the time as it stands."""
    return [
        Entry(one.interview_id, one.version, one.starts_at, one.ends_at, one.zone, summary(one), "CANCEL" if one.cancelled else "PUBLISH", one.told_at,
              took=took.get(one.interview_id, ""))
        for one in rows]


def by_day(rows: Iterable[Row], zone: str) -> dict[date, list[Row]]:
    """What takes place, by days of that wall, in order of time; days without anything are missing."""
    days: dict[date, list[Row]] = {}
    for one in sorted((row for row in rows if not row.cancelled), key=lambda row: (row.starts_at, str(row.interview_id))):
        days.setdefault(one.starts_at.astimezone(ZoneInfo(zone)).date(), []).append(one)
    return days


@dataclass(frozen=True)
class Digest:
    """One person's interviews of one day of their own wall, and the gaps between them that are shorter than they should be."""

    day: date
    rows: tuple[Row, ...]
    tight: tuple[tuple[UUID, UUID], ...]


def digest_of(rows: Iterable[Row], person: UUID, day: date, *, zone: str, gap: timedelta = timedelta(minutes=10)) -> Digest | None:
    """The daily digest; None on a day without interviews: then nothing is sent."""
    mine = by_day((one for one in rows if one.sits(person)), zone).get(day, [])
    tight = tuple(
        (one.interview_id, other.interview_id) for one, other in zip(mine, mine[1:], strict=False) if other.starts_at - one.ends_at < gap)
    return Digest(day, tuple(mine), tight) if mine else None
