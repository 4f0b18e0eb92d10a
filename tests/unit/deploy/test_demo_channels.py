"""The demo's people with a chat or a telephone in hand: cards, short links, buttons; and what the end tells about channels."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from deploy.demo.answers import fill
from deploy.demo.browser import read_page
from deploy.demo.devices import Card, Devices
from deploy.demo.ledger import Fact, Ledger
from deploy.demo.people import People, Rule, Script
from deploy.demo.result import by_kind, two_ways
from deploy.demo.small import habits
from deploy.demo.story import numbers

NOW = datetime.fromisoformat("2026-09-08T09:00:00+08:00")
FORM = ('<form method="post" data-kind="round_verdict"><input type="hidden" name="once" value="1">'
        '<input type="radio" name="decision" value="pass"><input type="radio" name="decision" value="fail"></form>')


class World:
    """The sink and the pages of one question, as the people's browser meets them."""

    def __init__(self) -> None:
        self.pressed: list[str] = []
        self.posted: list[str] = []
        self.takes = True

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/api/messages":
            return httpx.Response(200, json=[], headers={"chats": "1"})
        if path == "/api/chats":
            note = {"n": 1, "vendor": "feishu", "to": "ke", "links": ["http://pages/s/code", "http://pages/me/x"],
                    "choices": [{"label": "通过", "press": "p1"}, {"label": "不通过", "press": "p2"}]}
            return httpx.Response(200, json=[note])
        if path == "/api/chats/1/press":
            self.pressed.append(request.content.decode())
            return httpx.Response(200, json={"status": 200})
        if path == "/s/code":
            return httpx.Response(307, headers={"location": "http://pages/a/token"})
        if request.method == "POST":
            self.posted.append(request.content.decode())
            return httpx.Response(200, text="<p>thanks</p>")
        return httpx.Response(200, text="<p>done</p>" if self.pressed and self.takes else FORM)


async def played(world: World, rule: Rule) -> People:
    people = People("http://sink", Script([rule]), numbers={"ke": "ke.dong@example.cn"})
    await people.devices.close()
    people.devices._http = httpx.AsyncClient(transport=httpx.MockTransport(world.answer), follow_redirects=True)
    await people.look(NOW)
    at = people.next_at()
    assert at is not None
    await people.act(at)
    await people.close()
    return people


async def test_card_when_it_has_a_button_for_the_answer_then_the_person_presses_it():
    world = World()
    people = await played(world, Rule(who="ke.dong@example.cn", answer={"decision": "fail"}))
    assert world.pressed == ['{"press":"p2"}'] and world.posted == []
    assert people.ways == {"feishu button": 1} and people.problems == []


async def test_card_when_the_press_changes_nothing_then_the_page_is_filled_in():
    world = World()
    world.takes = False
    people = await played(world, Rule(answer={"decision": "pass"}))
    assert world.pressed == ['{"press":"p1"}'] and len(world.posted) == 1 and "decision=pass" in world.posted[0]
    assert people.ways["feishu page"] == 1


async def test_devices_when_a_text_leads_to_the_readers_own_page_then_it_is_no_question():
    world = World()
    devices = Devices("http://sink", numbers={}, patience=1)
    await devices.close()
    devices._http = httpx.AsyncClient(transport=httpx.MockTransport(world.answer), follow_redirects=True)
    (one,) = await devices.look()
    assert (one.who, one.url) == ("ke", "http://pages/a/token")
    assert one.card == Card(1, "feishu", ("p1", "p2")) and devices.came == {"feishu": 1}
    assert [found.url for found in await devices.look()] == [], "nothing is read twice"
    await devices.close()


def fact(message: str, channel: str, template: str = "represent_consent", **more: Any) -> Fact:
    return Fact("message.sent", f"message/{message}", "", 1, "n", {
        "message_id": message, "channel": channel, "template": template, "at": "2026-09-03T05:00:00Z", **more})


def test_messages_when_counted_then_by_kind_and_channel_and_each_once():
    tried = [{"channel": "sms", "reason": "isv.BUSINESS_LIMIT_CONTROL", "at": "2026-09-03T05:00:00Z"}]
    ledger = Ledger([fact("1", "mail"), fact("2", "sms"), fact("2", "mail", tried=tried), fact("3", "slack", "scorecard")])
    assert by_kind(ledger) == {"represent_consent": {"mail": 2}, "scorecard": {"slack": 1}}
    assert [one.body["message_id"] for one in two_ways(ledger)] == ["2"]


def test_choice_when_the_second_is_wanted_then_it_is_taken_if_there_is_one():
    page = read_page('<form method="post">' + "".join(f'<input type="radio" name="slot" value="{value}">' for value in ("a", "b", "none")) + "</form>")
    day = NOW.date()
    assert [fill(page, day, {"slot": wanted})["slot"] for wanted in ("#1", "#2", "#3", "none")] == ["a", "b", "b", "none"]


def test_numbers_when_the_cast_is_read_then_every_telephone_is_somebodys():
    known = numbers()
    assert known["+8613900000301"] == "yuwei.jiang@example.cn" and known["+6581230001"] == "priyanka.nair@example.com"
    assert all(number.startswith("+") and "@" in mail for number, mail in known.items())


def test_habit_when_somebody_far_works_with_shanghai_then_they_act_on_its_wall_within_their_own_day():
    munich = habits()["tom.becker@qiheng.example.com"]
    summer = munich.next_moment(datetime.fromisoformat("2026-09-18T12:00:00+08:00"), quick=False)
    winter = munich.next_moment(datetime.fromisoformat("2026-11-20T18:00:00+08:00"), quick=False)
    assert [f"{one.astimezone(ZoneInfo('Europe/Berlin')):%H:%M}" for one in (summer, winter)] == ["11:18", "12:33"]
    assert [f"{one.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}" for one in (summer, winter)] == ["17:18", "19:33"]


def test_habit_when_a_sunday_is_worked_then_the_office_is_there_and_on_others_it_is_not():
    office = habits()["jia.lu@qiheng.example.cn"]
    assert office.next_moment(datetime.fromisoformat("2026-09-20T08:00:00+08:00"), quick=False).isoformat() == "2026-09-20T09:48:07+08:00"
    assert office.next_moment(datetime.fromisoformat("2026-09-13T08:00:00+08:00"), quick=False).isoformat() == "2026-09-14T09:48:07+08:00"
