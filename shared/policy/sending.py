"""When a message may leave: windows of the recipient, days off by law, bad news not on a Friday evening.

A window moves the message, never a due; so this is apart from due.py and used by whoever sends.
"""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import NotRequired, TypedDict, Unpack

from shared.policy.calendar import WorkingCalendar, open_spans
from shared.policy.grammar import WEEKDAYS
from shared.policy.model import Policy
from shared.policy.roles import Channel, PartyClass
from shared.policy.wall import HORIZON_DAYS, ONE_DAY, CalendarError, Window, instant_of

FRIDAY_LIMIT = time(17)
AT_WORK: frozenset[str] = frozenset({"staff", "client", "vendor", "house"})


@dataclass(frozen=True, slots=True)
class _Reader:
    policy: Policy
    channel: Channel
    party_class: PartyClass
    calendar: WorkingCalendar
    weekends: bool


class SendArgs(TypedDict):
    """Whom the message is for and since when it could go."""

    recipient_zone: str
    calendar: WorkingCalendar
    party_class: PartyClass
    instant: datetime
    urgent: NotRequired[bool]
    weekends: NotRequired[bool]
    bad_news: NotRequired[bool]


def send_after(policy: Policy, channel: Channel, **message: Unpack[SendArgs]) -> datetime:
    """The earliest instant at which the message may leave by this channel, in UTC, never before `instant`.

    `urgent`: start day, safety, or the person's own act asked for it: now. `weekends`: the candidate opted in.
    `bad_news`: a rejection, not on a Friday after 17:00 nor on the eve of a day off by law.
    """
    instant = message["instant"]
    if message.get("urgent") or channel == "webhook":
        return instant
    local = message["calendar"].in_zone(message["recipient_zone"])
    weekends = message.get("weekends", False) and message["party_class"] == "candidate"
    reader = _Reader(policy, channel, message["party_class"], local, weekends)
    at = _first_open(reader, instant)
    while message.get("bad_news") and _unkind(at, local):
        tomorrow = local.local(at).date() + ONE_DAY
        at = _first_open(reader, instant_of(tomorrow, time(), local.zone))
    return at


def next_closing(
    policy: Policy, channel: Channel, *, party_class: PartyClass, calendar: WorkingCalendar, instant: datetime
) -> datetime:
    """The end of the window in which the instant lies, else of the next one, in UTC. Raises CalendarError if none ever opens."""
    reader = _Reader(policy, channel, party_class, calendar, False)
    return next(closes for _, closes in _spans_from(reader, instant) if closes >= instant)


def _first_open(reader: _Reader, instant: datetime) -> datetime:
    return next(max(instant, opens) for opens, closes in _spans_from(reader, instant) if instant < closes)


def _spans_from(reader: _Reader, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
    calendar, windows = reader.calendar, _windows(reader)
    day = calendar.local(instant).date()
    for _ in range(HORIZON_DAYS):
        if windows is None:
            yield from calendar.spans(day)
        else:
            yield from open_spans(day, windows, calendar, weekends=reader.weekends)
        day += ONE_DAY
    raise CalendarError(f"no window for {reader.channel} ever opens; write for example {reader.channel}: '09:00-18:00'")


def _windows(reader: _Reader) -> tuple[Window, ...] | None:
    """The policy's windows of a channel; None = the working hours: chat and calls reach people at work only there."""
    quiet = reader.calendar.quiet
    if reader.party_class in AT_WORK and reader.channel in ("chat", "call"):
        return None
    if reader.channel in reader.policy.windows:
        return reader.policy.windows[reader.channel]
    return None if quiet is None else (Window(quiet.closes, quiet.opens),)


def _unkind(at: datetime, calendar: WorkingCalendar) -> bool:
    wall = calendar.local(at)
    eve = calendar.is_closed_holiday(wall.date() + ONE_DAY)
    return eve or (wall.weekday() == WEEKDAYS.index("FRI") and wall.time() >= FRIDAY_LIMIT)
