"""Wall time: zones, hours of the day, and the step from a wall to an instant that never lands in a gap.

Apart from calendar.py because windows of a policy need no working calendar.
"""
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, PlainSerializer, PlainValidator

from shared.policy.grammar import WEEKDAYS, GrammarError, parse_time

ONE_DAY = timedelta(days=1)
HORIZON_DAYS = 800
"""No working day inside two years means the calendar is wrong, not that the wait is long."""


class CalendarError(ValueError):
    """A calendar that cannot answer: no working time, an unknown zone, a naive instant."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of a day in which something may happen; `days` empty means every day otherwise allowed."""

    opens: time
    closes: time
    days: tuple[int, ...] = ()

    def __str__(self) -> str:
        names = ",".join(WEEKDAYS[day] for day in self.days)
        return f"{names + ' ' if names else ''}{self.opens:%H:%M}-{self.closes:%H:%M}"


def parse_window(text: object) -> Window:
    """`09:00-20:00`, `SAT 10:00-17:00` or `SAT,SUN 10:00-17:00`. Raises GrammarError."""
    if isinstance(text, Window):
        return text
    whole = str(text).strip()
    head, _, hours = whole.rpartition(" ")
    opens, dash, closes = hours.partition("-")
    if not dash:
        raise GrammarError(whole, "write the hours as '09:00-18:00', with days before them where needed: 'SAT 10:00-17:00'")
    days = [name for name in head.split(",") if name]
    unknown = [name for name in days if name not in WEEKDAYS]
    if unknown:
        raise GrammarError(whole, f"{unknown[0]!r} is no weekday: write one of {', '.join(WEEKDAYS)}")
    try:
        return Window(parse_time(opens), parse_time(closes), tuple(sorted(WEEKDAYS.index(name) for name in days)))
    except GrammarError as error:
        raise GrammarError(whole, error.cure) from error


def _many(value: object) -> object:
    return [value] if isinstance(value, (str, Window)) else value


WindowField = Annotated[Window, PlainValidator(parse_window, json_schema_input_type=str), PlainSerializer(str, return_type=str)]
WindowsField = Annotated[tuple[WindowField, ...], BeforeValidator(_many, json_schema_input_type=str | list[str])]


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone. Raises CalendarError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CalendarError(f"zone {name!r} is unknown; write an IANA name such as 'Asia/Shanghai'") from error


def instant_of(day: date, at: time, zone: str) -> datetime:
    """That wall time as a UTC instant; a time inside a gap becomes the gap's end, a doubled one its first occurrence."""
    tz = zone_of(zone)
    wall = datetime.combine(day, at.replace(tzinfo=None))
    early, late = (wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (1, 0))
    if late.astimezone(tz).replace(tzinfo=None) == wall:
        return late
    before = early.astimezone(tz).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        early, late = (middle, late) if middle.astimezone(tz).utcoffset() == before else (early, middle)
    return late.replace(microsecond=0)
