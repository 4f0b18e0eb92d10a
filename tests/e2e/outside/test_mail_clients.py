"""The calendars of those who are invited answer by mail: the attendee changes for everybody, and a no becomes somebody's duty. One run on the whole system."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import icalendar

from deploy.clock.keeper import Keeper
from deploy.demo.ledger import read_ledger
from deploy.demo.people import Habit, People, Rule, Script
from deploy.local.stack import Stack
from tests.e2e.outside.test_operators import AT, RULES, publish
from tests.support.ical_lint import faults
from tests.support.mail_client import MailClient
from tests.support.radicale_server import SECRET, USER, make_collection, put, radicale

ADA, BEN, KIM, REC = (f"mc-{name}@example.org" for name in ("ada", "ben", "kim", "rec"))
CHOOSES = Script(rules=[Rule(kind="choose_slot"), Rule(ignore=-1)], default=Habit(away=()))
"""The candidate takes a time; what comes after it is done by the calendars."""


def _person(mail: str) -> dict[str, Any]:
    return {"name": mail[3:6].title() + " Vale", "email": mail, "locale": "en", "zone": "Asia/Shanghai"}


def world() -> list[tuple[str, dict[str, Any], int]]:
    """A house that hires for itself, with one interview by one of two people."""
    staff = [("staff.registered", {"externalid": mail[:6], "roles": roles, "person": _person(mail)}, 1)
             for mail, roles in ((REC, ["recruiter", "lead"]), (ADA, ["interviewer"]), (BEN, ["interviewer"]))]
    team = {"recruiter": "mc-rec", "lead": "mc-rec", "hiring_manager": "mc-rec"}
    return [
        *staff, ("client.registered", {"externalid": "mc-org", "name": "Vale House", "external": False, "data_agreement": True}, 1),
        ("requisition.raised", {
            "externalid": "MC-1", "client": "mc-org", "title": "Gardener", "policy": "inhouse-cn", "team": team,
            "rules": RULES,
            "pools": {"garden": ["mc-ada", "mc-ben"]}, "rounds": [{"name": "garden", "panel": ["pool garden"], "minutes": 60}]}, 1),
        ("application.submitted", {
            "externalid": "mc-1", "requisition": "MC-1", "origin": "applied", "submitted_at": AT, "skills": ["gardening"], "person": _person(KIM)}, 2)]


async def _booked(stack: Stack, keeper: Keeper) -> None:
    """The candidate has chosen, everybody is invited."""
    people = People("http://" + stack.env["BATON_SINK_HTTP"], CHOOSES)
    walker = Keeper(stack.env["BATON_DATABASE_OPS"], keeper._wakes, [people])

    async def chosen() -> bool:
        return people.answered["choose_slot"] > 0

    try:
        await walker.run(until=await walker.now() + timedelta(days=6), done=chosen)
    finally:
        await walker.close()
        await people.close()
    assert people.problems == [] and people.answered["choose_slot"] == 1


async def _feed(stack: Stack, who: MailClient) -> bytes:
    """The calendar that this person subscribes to: found on their own page, which the mail leads to, at once or by their home."""
    sink, pages = f"http://{stack.env['BATON_SINK_HTTP']}", f"http://{stack.env['BATON_NOTIFICATION_HTTP']}"
    async with httpx.AsyncClient() as http:
        links = [link for mail in (await http.get(f"{sink}/api/messages", params={"to": who.address})).json() for link in mail["links"]]
        near = next(link for link in links if "/me/" in link or "/home/" in link)
        page = (await http.get(near)).text
        if "/calendar/" not in page:
            page = (await http.get(f"{pages}/me/{page.partition('/me/')[2].partition(chr(34))[0]}")).text
        token = page.partition("/calendar/")[2].partition(".ics")[0]
        raw = (await http.get(f"{pages}/calendar/{token}.ics")).content
    assert faults(raw) == []
    return raw


def _took(raw: bytes) -> list[tuple[int, str]]:
    """SEQUENCE and PARTSTAT of each entry."""
    return [(int(one["SEQUENCE"]), str(one["ATTENDEE"].params["PARTSTAT"])) for one in icalendar.Calendar.from_ical(raw).walk("VEVENT")]


async def _duties(stack: Stack, type_: str = "obligation.opened") -> dict[str, dict[str, Any]]:
    """Kind -> body of the duties of this hire, from the facts on Kafka alone."""
    ledger = await read_ledger(stack.env["BATON_KAFKA"])
    (hire,) = [hire for hire, body in ledger.hires().items() if str(body.get("externalref")).endswith("#mc-1")]
    return {fact.body["kind"]: dict(fact.body) for fact in ledger.of(type_) if fact.body.get("hire_id") == hire}


async def test_a_reply_by_mail_changes_the_attendee_everywhere_and_a_no_is_somebodys_duty(stack: Stack, keeper: Keeper, tmp_path: Path) -> None:
    sink, maildir = f"http://{stack.env['BATON_SINK_HTTP']}", Path(stack.env["BATON_MAILBOX"])
    ada, ben, kim = (MailClient(sink, maildir, mail) for mail in (ADA, BEN, KIM))
    await publish(stack, keeper, world())
    await _booked(stack, keeper)
    first, second = (ada, ben) if await ada.invitations() else (ben, ada)
    (invited,) = await first.invitations()
    (event,) = invited.inside("VEVENT")
    assert await second.invitations() == [] and event.value("SEQUENCE") == "1"
    assert _took(await _feed(stack, first)) == [(1, "NEEDS-ACTION")]

    begins = datetime.strptime((await kim.invitations())[0].inside("VEVENT")[0].value("DTSTART"), "%Y%m%dT%H%M%S") + timedelta(days=1)  # noqa: DTZ007
    yes = await first.answer("ACCEPTED")
    other = await kim.answer("NEEDS-ACTION", starts=f"{begins - timedelta(hours=8):%Y%m%dT%H%M%SZ}", ends=f"{begins - timedelta(hours=7):%Y%m%dT%H%M%SZ}")
    assert await kim.read(yes, other) == ["cur", "cur"]
    await keeper.settle()
    accepted = await _feed(stack, first)
    assert _took(accepted) == [(1, "ACCEPTED")] and _took(await _feed(stack, kim)) == [(1, "TENTATIVE")]
    async with radicale(tmp_path) as base, httpx.AsyncClient(auth=(USER, SECRET)) as http:
        place = await make_collection(base)
        await put(place, "appointment", accepted)
        assert b"PARTSTAT=ACCEPTED" in (await http.get(f"{place}appointment.ics")).content.replace(b"\r\n ", b"")
    duty = (await _duties(stack))["interview_conflict"]
    assert duty["owed_by"]["role"] == "recruiter", "another time was proposed: somebody looks"

    assert await first.read(await first.answer("DECLINED")) == ["cur"]
    await keeper.settle()
    assert [one.value("METHOD") for one in await first.invitations()] == ["REQUEST", "CANCEL"]
    assert _took(await _feed(stack, first)) == []
    (taken,) = await second.invitations()
    assert taken.inside("VEVENT")[0].value("UID") == event.value("UID")
    assert _took(await _feed(stack, second)) == [(2, "NEEDS-ACTION")]

    assert await second.read(await second.answer("DECLINED")) == ["cur"]
    await keeper.settle()
    assert _took(await _feed(stack, second)) == [(2, "DECLINED")], "still theirs while nobody else is found"
    call = (await _duties(stack))["call"]
    assert call["owed_by"]["role"] == "recruiter"
