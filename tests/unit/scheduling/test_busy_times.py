"""Calendars as people really keep them: repeats with exceptions, whole days, floating times, free marks, foreign zones, nonsense."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.sources.busy_times import UnreadableCalendarError, busy_of
from services.scheduling.sources.feeds import Safe
from services.scheduling.sources.servers import Address, entries_of, read
from shared.contracts.base import derive_id

MONDAY = datetime(2026, 9, 14, tzinfo=UTC)
WITHIN = (MONDAY, MONDAY + timedelta(days=14))
BERLIN = "Europe/Berlin"


def calendar(*events: str) -> bytes:
    """A calendar of these entries."""
    return ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//T\n" + "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events) + "END:VCALENDAR\n").encode()


def hours(raw: bytes, zone: str = BERLIN, **more) -> list[str]:
    """The starts and ends, UTC, short."""
    return [f"{one.span[0]:%d %H:%M}-{one.span[1]:%d %H:%M}" for one in busy_of(raw, WITHIN, zone, **more)]


WEEKLY = "UID:w\nDTSTART;TZID=Europe/Berlin:20260907T090000\nDTEND;TZID=Europe/Berlin:20260907T100000\nRRULE:FREQ=WEEKLY;COUNT=4"


@pytest.mark.parametrize(("raw", "expected"), [
    (calendar("UID:a\nDTSTART:20260915T080000Z\nDTEND:20260915T090000Z"), ["15 08:00-15 09:00"]),
    (calendar("UID:a\nDTSTART:20260915T080000\nDURATION:PT90M"), ["15 06:00-15 07:30"]),
    (calendar("UID:a\nDTSTART;VALUE=DATE:20260915"), ["14 22:00-15 22:00"]),
    (calendar("UID:a\nDTSTART;VALUE=DATE:20260915\nDTEND;VALUE=DATE:20260917"), ["14 22:00-16 22:00"]),
    (calendar(WEEKLY), ["14 07:00-14 08:00", "21 07:00-21 08:00"]),
    (calendar(WEEKLY + "\nEXDATE;TZID=Europe/Berlin:20260921T090000"), ["14 07:00-14 08:00"]),
    (calendar(WEEKLY, "UID:w\nRECURRENCE-ID;TZID=Europe/Berlin:20260914T090000\nDTSTART;TZID=Europe/Berlin:20260914T150000\nDTEND;TZID=Europe/Berlin:20260914T160000"),
     ["14 13:00-14 14:00", "21 07:00-21 08:00"]),
    (calendar("UID:a\nDTSTART:20260915T080000Z\nDTEND:20260915T090000Z\nTRANSP:TRANSPARENT"), []),
    (calendar("UID:a\nDTSTART:20260915T080000Z\nDTEND:20260915T090000Z\nX-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
    (calendar("UID:a\nDTSTART:20260915T080000Z\nDTEND:20260915T090000Z\nSTATUS:CANCELLED"), []),
    (calendar("UID:a\nDTSTART:20250915T080000Z\nDTEND:20250915T090000Z"), []),
    (calendar("UID:a\nDTSTART:20260913T230000Z\nDTEND:20260914T010000Z"), ["13 23:00-14 01:00"]),
    (calendar("UID:a\nDTSTART:20260915T080000Z"), []), (calendar(), []),
    (b"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VFREEBUSY\nUID:f\nDTSTAMP:20260901T000000Z\nFREEBUSY:20260916T080000Z/PT1H,20260917T080000Z/20260917T100000Z\nFREEBUSY;FBTYPE=FREE:20260918T080000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR\n",
     ["16 08:00-16 09:00", "17 08:00-17 10:00"])])
def test_busy_of_then_what_blocks_and_nothing_else(raw, expected):
    assert hours(raw) == expected


def test_busy_of_across_the_end_of_summer_time_then_the_wall_stays():
    raw = calendar("UID:w\nDTSTART;TZID=Europe/Berlin:20261019T090000\nDTEND;TZID=Europe/Berlin:20261019T100000\nRRULE:FREQ=WEEKLY")
    starts = [one.span[0].hour for one in busy_of(raw, (datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)), BERLIN)]
    assert starts == [7, 8, 8]


def test_busy_of_when_an_entry_is_moved_then_its_key_stays_and_our_own_are_no_block():
    before, after = (busy_of(calendar(f"UID:a\nDTSTART:20260915T{hour}0000Z\nDTEND:20260915T{hour}3000Z"), WITHIN, BERLIN) for hour in ("08", "14"))
    assert [one.key for one in before] == [one.key for one in after] and before != after
    assert hours(calendar("UID:ours@x\nDTSTART:20260915T080000Z\nDTEND:20260915T090000Z"), ours=lambda uid: uid.startswith("ours")) == []
    assert len({one.key for one in busy_of(calendar(WEEKLY), WITHIN, BERLIN)}) == 2


@pytest.mark.parametrize(("raw", "code"), [
    (b"<html>", "not_a_calendar"), (b"", "not_a_calendar"), (b"x" * 5_000_001, "too_large"),
    (calendar("UID:a\nDTSTART:20260915T080000Z\nDTEND:20260915T080100Z\nRRULE:FREQ=SECONDLY"), "repeats_too_often")])
def test_busy_of_when_unreadable_then_says_why(raw, code):
    with pytest.raises(UnreadableCalendarError) as problem:
        busy_of(raw, WITHIN, BERLIN)
    assert problem.value.code == code


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_busy_of_garbage_then_only_the_one_error(middle):
    for raw in (middle, calendar(middle.decode("latin-1"))):
        try:
            busy_of(raw, WITHIN, BERLIN)
        except UnreadableCalendarError:
            pass


@pytest.mark.parametrize("raw", [b"<!DOCTYPE x [<!ENTITY a 'b'>]><multistatus/>", b"<multistatus xmlns='x'/>", b"nothing", b""])
def test_entries_of_when_no_multistatus_then_unreadable(raw):
    with pytest.raises(UnreadableCalendarError):
        entries_of(raw)


@pytest.mark.parametrize(("status", "code"), [(401, "refused"), (404, "gone"), (410, "gone"), (503, "unreachable"), (302, "not_a_calendar"), (0, "unreachable")])
async def test_read_when_the_server_answers_otherwise_then_says_why(status, code):
    def answer(request: httpx.Request) -> httpx.Response:
        if not status:
            raise httpx.ConnectError("no", request=request)
        return httpx.Response(status, headers={"Location": "http://169.254.169.254/"})
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        for kind in ("ics", "caldav"):
            with pytest.raises(UnreadableCalendarError) as problem:
                await read(client, Address(kind, "https://cal.example/x"), WITHIN)
            assert problem.value.code == code


async def test_read_when_nothing_changed_then_nothing_is_parsed():
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("If-None-Match"))
        return httpx.Response(304) if seen[-1] else httpx.Response(200, content=calendar(), headers={"ETag": '"1"'})
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        first = await read(client, Address("ics", "https://cal.example/x", "u", "p"), WITHIN)
        again = await read(client, Address("ics", "https://cal.example/x"), WITHIN, tag=first.tag)
    assert (first.calendars, first.tag, again.calendars, seen) == ([calendar()], '"1"', None, [None, '"1"'])


def test_address_then_sealed_for_its_own_feed_and_odd_ones_are_refused():
    safe, feed = Safe(b"k" * 32), derive_id("test", "feed", 1)
    address = Address("ics", "webcal://cal.example/secret.ics").checked()
    assert address.url == "https://cal.example/secret.ics"
    sealed = safe.seal(feed, address)
    assert b"secret" not in sealed and safe.open(feed, sealed) == address
    for other in (Safe(b"x" * 32), safe):
        with pytest.raises(UnreadableCalendarError):
            other.open(derive_id("test", "feed", 2), sealed)
    for url in ("file:///etc/passwd", "https://", "ftp://x.example", "https://user:pw@x.example/c"):
        with pytest.raises(ValueError, match="address"):
            Address("ics", url).checked()
