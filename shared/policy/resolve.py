"""What a time expression means: (expression, moment) -> instant, on a working calendar, without any clock.

A moment holds everything an expression may refer to; what it refers to and is not there is an error that names it,
never a guess.
"""
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from shared.policy.calendar import WorkingCalendar, open_spans
from shared.policy.grammar import (
    After,
    Anchored,
    DayOf,
    Duration,
    Instant,
    LastWindow,
    NextWorkingDay,
    OnWeekday,
    Pick,
    SameDay,
    Weekly,
)
from shared.policy.wall import ONE_DAY, Window, instant_of

MONTHS = 12


class PlanError(ValueError):
    """A plan that cannot be made: the message names what is missing and who has to pass it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What an expression is read against: the opening, the ower's calendar, named instants, the reader's windows."""

    opened_at: datetime
    calendar: WorkingCalendar
    anchors: Mapping[str, datetime] = field(default_factory=dict)
    reader: WorkingCalendar | None = None
    """Calendar of the person who gets the message; the ower's where it is left out."""
    windows: tuple[Window, ...] = ()


def shift(instant: datetime, length: Duration, *, calendar: WorkingCalendar, sign: int = 1) -> datetime:
    """The instant moved by a length; `wd`, `wh` by the calendar, `d`, `mo`, `y` on its wall, `min`, `h` elapsed."""
    amount = sign * length.amount
    match length.unit:
        case "wd":
            return calendar.add_working_days(instant, amount)
        case "wh":
            return calendar.add_working_hours(instant, amount)
        case "min":
            return instant.astimezone(UTC) + timedelta(minutes=amount)
        case "h":
            return instant.astimezone(UTC) + timedelta(hours=amount)
    wall = calendar.local(instant)
    if length.unit == "d":
        return instant_of(wall.date() + timedelta(days=amount), wall.timetz(), calendar.zone)
    months = wall.month - 1 + amount * (MONTHS if length.unit == "y" else 1)
    year, month = wall.year + months // MONTHS, months % MONTHS + 1
    return instant_of(_clamped(year, month, wall.day), wall.timetz(), calendar.zone)


def _clamped(year: int, month: int, day: int) -> date:
    first = datetime(year, month, 1, tzinfo=UTC)
    last = (first + timedelta(days=31)).replace(day=1) - ONE_DAY
    return first.date().replace(day=min(day, last.day))


def resolve(expression: Instant, moment: Moment) -> datetime:
    """The UTC instant that the expression means at that moment. Raises PlanError for a missing anchor or window."""
    calendar, opened = moment.calendar, moment.opened_at
    match expression:
        case After(length=length, at=at):
            if at is None:
                return shift(opened, length, calendar=calendar)
            return instant_of(_day_after(opened, length, calendar), at, calendar.zone)
        case Anchored():
            return _anchored(expression, moment)
        case DayOf(number=number, at=at):
            wall = calendar.local(_anchor("start", moment))
            day = calendar.step(wall.date() + (number - 1) * ONE_DAY, 0)
            return instant_of(day, at or wall.timetz(), calendar.zone)
        case NextWorkingDay(at=at):
            return calendar.next_working_day_at(opened, at)
        case SameDay(at=at):
            return max(opened.astimezone(UTC), instant_of(calendar.local(opened).date(), at, calendar.zone))
        case OnWeekday():
            return _on_weekday(expression, moment)
        case Weekly():
            wall = calendar.local(opened)
            return instant_of(calendar.step(wall.date() + 7 * ONE_DAY, 0), wall.timetz(), calendar.zone)
        case LastWindow(length=length):
            return _last_window(shift(opened, length, calendar=calendar), moment)
        case Pick(which=which, of=of):
            instants = [resolve(one, moment) for one in of]
            return min(instants) if which == "earlier" else max(instants)


def _day_after(opened: datetime, length: Duration, calendar: WorkingCalendar) -> date:
    day = calendar.local(opened).date()
    if length.unit == "wd":
        return calendar.step(day, length.amount)
    return calendar.local(shift(opened, length, calendar=calendar)).date()


def _anchor(name: str, moment: Moment) -> datetime:
    if name == "opened":
        return moment.opened_at
    try:
        return moment.anchors[name]
    except KeyError:
        given = ", ".join(sorted(moment.anchors)) or "none"
        raise PlanError(f"the instant {name!r} is needed and was not passed (passed: {given}); add it to anchors") from None


def _anchored(expression: Anchored, moment: Moment) -> datetime:
    calendar, instant = moment.calendar, _anchor(expression.anchor, moment)
    if expression.length is None:
        moved = instant.astimezone(UTC)
    elif expression.at is not None and expression.length.unit == "wd":
        # days are counted from the anchor's day, whatever its hour: "start - 1 wd 16:00"
        day = calendar.step(calendar.local(instant).date(), expression.sign * expression.length.amount)
        return instant_of(day, expression.at, calendar.zone)
    else:
        moved = shift(instant, expression.length, calendar=calendar, sign=expression.sign)
    if expression.at is None:
        return moved
    return instant_of(calendar.local(moved).date(), expression.at, calendar.zone)


def _on_weekday(expression: OnWeekday, moment: Moment) -> datetime:
    day = moment.calendar.local(moment.opened_at).date()
    day += ((expression.weekday - day.weekday()) % 7) * ONE_DAY
    instant = instant_of(day, expression.at, moment.calendar.zone)
    return instant if instant > moment.opened_at else instant_of(day + 7 * ONE_DAY, expression.at, moment.calendar.zone)


def _last_window(until: datetime, moment: Moment) -> datetime:
    """End of the last send window inside the span; where there is none, of the first one after it: what was said
    before the span began has named that instant."""
    reader = moment.reader or moment.calendar
    if not moment.windows:
        raise PlanError("a send window is needed and the policy has none; write for example windows: {mail: '08:30-21:00'}")
    day, best = reader.local(moment.opened_at).date(), None
    for _ in range(400):
        for opens, closes in open_spans(day, moment.windows, reader):
            if closes <= moment.opened_at:
                continue
            if opens < until:
                best = min(closes, until)
            elif best is None:
                return closes
        if best is not None and instant_of(day, moment.windows[0].opens, reader.zone) > until:
            return best
        day += ONE_DAY
    raise PlanError(f"no send window opens within a year of {moment.opened_at.isoformat()}")
