"""What leaves the house: the valve, signed web hooks, invitations that calendars follow."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from icalendar import Calendar
from standardwebhooks.webhooks import Webhook as Oracle

from services.notification.channels.base import Outcome, Outgoing
from services.notification.channels.webhook import Webhook
from services.notification.links import Links
from services.notification.sending.calendar_entry import Entry, entry_bytes
from services.notification.sending.valve import valve_of
from shared.runtime.errors import ConfigurationError

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OUT = Outgoing("a@b.example", b"raw", "<1@x>", "周敏：请选时间", "http://x/a/t", UUID(int=5), UUID(int=9), "choose_slot")


def test_the_valve_lets_out_only_who_was_named() -> None:
    valve = valve_of("allow:one@a.example, b.example", held=False, smtp="mail.example:25")
    assert valve.lets("one@a.example") and valve.lets("anyone@b.example")
    assert not valve.lets("two@a.example")


@pytest.mark.parametrize(
    ("outbound", "held", "smtp"),
    [
        ("live", True, "127.0.0.1:25"),
        ("allow:a@b.example", True, "127.0.0.1:25"),
        ("sink", False, "smtp.provider.example:25"),
        ("open", False, "127.0.0.1:25"),
        ("allow:", False, "127.0.0.1:25"),
    ],
)
def test_a_wrong_valve_refuses_to_start(outbound: str, held: bool, smtp: str) -> None:
    with pytest.raises(ConfigurationError, match="BATON_OUTBOUND"):
        valve_of(outbound, held=held, smtp=smtp)


async def test_a_web_hook_is_signed_as_the_standard_says_and_holds_no_words() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    hook = Webhook("https://hook.example", SECRET, httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    assert (await hook.send(OUT)).outcome is Outcome.ACCEPTED
    body = Oracle(SECRET).verify(seen[0].content.decode(), dict(seen[0].headers))
    assert body["message_id"] == str(OUT.message_id) and seen[0].headers["webhook-id"] == str(OUT.message_id)
    assert b"a@b.example" not in seen[0].content
    await hook.close()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(302, Outcome.REFUSED), (410, Outcome.REFUSED), (429, Outcome.LATER), (503, Outcome.LATER), (200, Outcome.ACCEPTED)],
)
async def test_a_web_hook_reads_the_answer(status: int, outcome: Outcome) -> None:
    hook = Webhook(
        "https://hook.example", SECRET, httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(status)))
    )
    assert (await hook.send(OUT)).outcome is outcome
    await hook.close()


def _entry(sequence: int, method: str, start: datetime) -> Calendar:
    entry = Entry(
        UUID(int=7), sequence, start, start.replace(hour=start.hour + 1), "Europe/Berlin", "周敏：约好的时间", method, start
    )
    return Calendar.from_ical(
        entry_bytes(entry, ("启衡人才, 招聘", "baton@qiheng.example"), ("Dr. Vogel", "vogel@kestrel.example"))
    )


def test_an_invitation_keeps_its_uid_and_counts_up() -> None:
    first, moved = (_entry(n, "REQUEST", datetime(2026, 10, 21 + n, 7, tzinfo=UTC)) for n in (1, 2))
    off = _entry(3, "CANCEL", datetime(2026, 10, 26, 8, tzinfo=UTC))
    events = [one.walk("VEVENT")[0] for one in (first, moved, off)]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [int(event["SEQUENCE"]) for event in events] == [1, 2, 3]
    assert [str(one["METHOD"]) for one in (first, moved, off)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert str(events[2]["STATUS"]) == "CANCELLED"
    assert [event["DTSTART"].dt.strftime("%H:%M") for event in events] == ["09:00", "09:00", "09:00"]
    assert first.walk("VTIMEZONE") and str(events[0]["ORGANIZER"]) == "mailto:baton@qiheng.example"
    assert str(events[0]["ATTENDEE"]) == "mailto:vogel@kestrel.example" and str(events[0]["CLASS"]) == "PRIVATE"


def test_links_are_bound_and_a_forged_one_reads_as_nothing() -> None:
    links, others = Links(b"a" * 32, "http://x/"), Links(b"b" * 32, "http://x/")
    id = links.ask_id_of(UUID(int=1), "ask", UUID(int=2))
    token = links.token(id)
    assert links.read(token) == id and others.read(token) is None and links.read(token[:-2] + "AA") is None
    assert links.url("a", id) == f"http://x/a/{token}"
    once = links.read_once(links.once([(UUID(int=2), 3)]))
    assert once is not None and once.versions == {str(UUID(int=2)): 3}
    assert links.read_once(token) is None and links.read_once("") is None
