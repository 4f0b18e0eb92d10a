"""Working calendars as data, and the date arithmetic on them; instants are aware UTC datetimes, in and out.

Days and hours are counted on the wall of the calendar's zone, so that 09:00 stays 09:00 when summer time ends; only the
result becomes an instant again, and never one inside a gap of the wall clock.
"""
import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shared.policy.grammar import WEEKDAYS
from shared.policy.wall import HORIZON_DAYS, ONE_DAY, CalendarError, Window, WindowField, WindowsField, instant_of, zone_of


class WorkingCalendar(BaseModel):
    """One named calendar: when its people work, when they rest by law, how far its list of holidays is known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str = Field(alias="calendar", min_length=1)
    zone: str
    week: dict[str, WindowsField]
    holidays: dict[date, str] = {}
    swapped: dict[date, str] = {}
    quiet: WindowField | None = None
    complete_until: date

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        zone_of(zone)
        return zone

    @model_validator(mode="after")
    def _workable(self) -> "WorkingCalendar":
        for day, windows in self.week.items():
            if day not in WEEKDAYS:
                raise ValueError(f"{day!r} is no weekday: write one of {', '.join(WEEKDAYS)}")
            for one, after in zip(windows, [*windows[1:], None], strict=True):
                if one.opens >= one.closes or (after is not None and one.closes > after.opens):
                    raise ValueError(f"the hours of {day} must rise and not overlap: ['09:00-12:00', '13:00-18:00']")
        if not any(self.week.values()):
            raise ValueError("no working hours at all: write for example MON: ['09:00-18:00']")
        return self

    @cached_property
    def version(self) -> str:
        """Hash of the calendar's meaning; a change of any day or hour changes it, a change of order does not."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def _hours(self) -> tuple[tuple[Window, ...], ...]:
        return tuple(tuple(self.week.get(day, ())) for day in WEEKDAYS)

    @cached_property
    def _known_spans(self) -> dict[date, list[tuple[datetime, datetime]]]:
        return {}

    @cached_property
    def _usual_hours(self) -> tuple[Window, ...]:
        return next(windows for windows in self._hours if windows)

    def in_zone(self, zone: str) -> "WorkingCalendar":
        """The same days and hours on another zone's wall: a person who lives elsewhere than the calendar's people."""
        return self if zone == self.zone else _rezoned(self, zone)

    def __hash__(self) -> int:
        return hash((self.name, self.zone, self.version))

    def local(self, instant: datetime) -> datetime:
        """The instant on this calendar's wall. Raises CalendarError for a naive one."""
        if instant.tzinfo is None:
            raise CalendarError("an instant without zone was passed; instants are aware, in UTC")
        return instant.astimezone(zone_of(self.zone))

    def hours_of(self, day: date) -> tuple[Window, ...]:
        """Working hours of that day; none on a day off; those of a usual day on a make-up working day."""
        if day in self.swapped:
            return self._hours[day.weekday()] or self._usual_hours
        return () if day in self.holidays else self._hours[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Whether people of this calendar work that day."""
        return bool(self.hours_of(day))

    def is_closed_holiday(self, day: date) -> bool:
        """Whether that day is off by law (not merely a weekend)."""
        return day in self.holidays and day not in self.swapped

    def is_provisional(self, instant: datetime) -> bool:
        """Whether the instant lies after the days that are known for sure."""
        return self.local(instant).date() > self.complete_until

    def step(self, day: date, count: int) -> date:
        """The `count`-th working day after (negative: before) that day; 0 = that day or the next working one."""
        step = ONE_DAY if count >= 0 else -ONE_DAY
        if count == 0:
            return self._first(day, ONE_DAY)
        for _ in range(abs(count)):
            day = self._first(day + step, step)
        return day

    def _first(self, day: date, step: timedelta) -> date:
        for _ in range(HORIZON_DAYS):
            if self.is_working_day(day):
                return day
            day += step
        raise CalendarError(f"calendar {self.name} has no working day near {day}")

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working hours of that day as instants, in order."""
        known = self._known_spans.get(day)
        if known is None:
            hours = self.hours_of(day)
            known = [(instant_of(day, one.opens, self.zone), instant_of(day, one.closes, self.zone)) for one in hours]
            self._known_spans[day] = known
        return known

    def next_working_instant(self, instant: datetime) -> datetime:
        """The instant itself in working hours, else the next opening."""
        day = self.local(instant).date()
        for _ in range(HORIZON_DAYS):
            for opens, closes in self.spans(day):
                if instant <= closes:
                    return max(instant.astimezone(UTC), opens)
            day += ONE_DAY
        raise CalendarError(f"calendar {self.name} has no working time after {instant}")

    def last_working_instant(self, instant: datetime) -> datetime:
        """The instant itself in working hours, else the last closing before it."""
        day = self.local(instant).date()
        for _ in range(HORIZON_DAYS):
            for opens, closes in reversed(self.spans(day)):
                if instant >= opens:
                    return min(instant.astimezone(UTC), closes)
            day -= ONE_DAY
        raise CalendarError(f"calendar {self.name} has no working time before {instant}")

    def add_working_days(self, instant: datetime, count: int) -> datetime:
        """The same wall time `count` working days later (negative: earlier), counted from the next (last) working instant.

        Ends in that day's hours: a time that the day reached does not work at is moved to its next opening or closing.
        """
        base = self.next_working_instant(instant) if count >= 0 else self.last_working_instant(instant)
        wall = self.local(base)
        moved = instant_of(self.step(wall.date(), count), wall.timetz(), self.zone)
        return self._into_hours(moved, forward=count >= 0)

    def _into_hours(self, instant: datetime, *, forward: bool) -> datetime:
        spans = self.spans(self.local(instant).date())
        if any(opens <= instant <= closes for opens, closes in spans):
            return instant
        later = [opens for opens, _ in spans if opens > instant]
        earlier = [closes for _, closes in spans if closes < instant]
        if forward:
            return later[0] if later else spans[-1][1]
        return earlier[-1] if earlier else spans[0][0]

    def add_working_time(self, instant: datetime, length: timedelta) -> datetime:
        """The instant when so much working time has passed (negative: before it); ends at a closing, not the next opening."""
        return self._forward(instant, length) if length >= timedelta() else self._backward(instant, -length)

    def add_working_hours(self, instant: datetime, hours: int) -> datetime:
        """`add_working_time` in whole hours."""
        return self.add_working_time(instant, timedelta(hours=hours))

    def _forward(self, instant: datetime, left: timedelta) -> datetime:
        now = self.next_working_instant(instant)
        day = self.local(now).date()
        while True:
            for opens, closes in self.spans(day):
                start = max(now, opens)
                if start <= closes and start + left <= closes:
                    return start + left
                left -= max(closes - start, timedelta())
            day = self.step(day, 1)

    def _backward(self, instant: datetime, left: timedelta) -> datetime:
        now = self.last_working_instant(instant)
        day = self.local(now).date()
        while True:
            for opens, closes in reversed(self.spans(day)):
                end = min(now, closes)
                if end >= opens and end - left >= opens:
                    return end - left
                left -= max(end - opens, timedelta())
            day = self.step(day, -1)

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants; zero if the end is not later."""
        total, day, last = timedelta(), self.local(start).date(), self.local(end).date()
        while day <= last:
            for opens, closes in self.spans(day):
                total += max(min(end, closes) - max(start, opens), timedelta())
            day += ONE_DAY
        return total

    def next_working_day_at(self, instant: datetime, at: time) -> datetime:
        """That time of day on the first working day after the instant's day."""
        return instant_of(self.step(self.local(instant).date(), 1), at, self.zone)


@lru_cache(maxsize=256)
def _rezoned(calendar: WorkingCalendar, zone: str) -> WorkingCalendar:
    fields: dict[str, Any] = calendar.model_dump()
    return WorkingCalendar.model_validate({**fields, "zone": zone})


def open_spans(day: date, windows: Iterable[Window], calendar: WorkingCalendar, *, weekends: bool = False) -> list[tuple[datetime, datetime]]:
    """The windows of one day as instants, in order; none on a day off by law, none at the weekend unless a window or
    the person (`weekends`) names it."""
    if calendar.is_closed_holiday(day):
        return []
    usual = weekends or calendar.is_working_day(day)
    fitting = [one for one in windows if (day.weekday() in one.days if one.days else usual)]
    return sorted((instant_of(day, one.opens, calendar.zone), instant_of(day, one.closes, calendar.zone)) for one in fitting)


def next_open(instant: datetime, windows: Sequence[Window], calendar: WorkingCalendar, *, weekends: bool = False) -> datetime:
    """The instant itself if a window is open on the calendar's wall, else the next opening. Raises CalendarError if none ever."""
    day = calendar.local(instant).date()
    for _ in range(HORIZON_DAYS):
        for opens, closes in open_spans(day, windows, calendar, weekends=weekends):
            if instant < closes:
                return max(instant.astimezone(UTC), opens)
        day += ONE_DAY
    raise CalendarError("no window ever opens; write for example mail: '08:30-21:00'")
