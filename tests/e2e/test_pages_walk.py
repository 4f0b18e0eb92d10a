"""Every page of the real doors in a real browser on a phone, without script: an answer, an undo, lapsed, late, moved on, home, one's own data.

Each page stands 320 px and axe; what can be opened by a link is judged in both languages. Pictures: tests/e2e/screens.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from services.notification.channels.hand import Hand
from shared.contracts.ask import CloseAsk
from shared.contracts.scheduling import InterviewScheduled
from tests.e2e.chromium import executable
from tests.e2e.screens import store
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)
PHONE, SMALL = {"width": 390, "height": 800}, {"width": 320, "height": 700}
SEND = "main form button:not(.vh):not(.quiet)"


class Walker:
    """One person with a phone; whatever page they stand on is judged and kept."""

    def __init__(self, page: Page, bureau: Bureau, base: str) -> None:
        self.page, self.bureau, self.base = page, bureau, base
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))

    async def open(self, path: str, name: str, status: int = 200) -> None:
        """GET in English, then in Chinese, where the walk goes on."""
        mark = "&" if "?" in path else "?"
        for lang in ("en", "zh"):
            answer = await self.page.goto(f"{self.base}{path}{mark}lang={lang}")
            assert answer is not None and answer.status == status, f"{name}: {answer and answer.status}"
            await self.judge(f"{name}.{lang}")

    async def send(self, name: str, button: str = SEND) -> None:
        """Press; the page that comes is judged."""
        async with self.page.expect_navigation():
            await self.page.locator(button).first.click()
        await self.judge(f"{name}.zh")

    async def judge(self, name: str) -> None:
        """Nothing sideways at 320 px, nothing that axe objects to, under 60 kB."""
        await self.page.set_viewport_size(SMALL)
        assert await self.page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], f"{name} scrolls sideways"
        await self.page.set_viewport_size(PHONE)
        assert len((await self.page.content()).encode()) < 60_000, name
        found = (await Axe().run(self.page)).response["violations"]
        assert not found, f"{name}: {[(one['id'], [node['html'][:160] for node in one['nodes'][:2]]) for one in found]}"
        store(await self.page.screenshot(full_page=True), f"door-{name}")

    async def heading(self) -> str:
        """The h1."""
        return await self.page.locator("h1").inner_text()

    async def link(self, who: str, door: str = "a") -> str:
        """The path of the newest link of this door in this person's mail."""
        for mail in reversed(await self.bureau.mails(self.bureau.mail_of(who))):
            for link in mail["links"]:
                if f"/{door}/" in link:
                    return "/" + "/".join(link.removeprefix(self.base).partition("?")[0].partition("#")[0].split("/")[1:3])
        raise LookupError(f"{who} has no link of /{door}/")


@pytest.fixture
async def walker(doors: tuple[Bureau, str]) -> AsyncIterator[Walker]:
    """A browser without script at the doors."""
    bureau, base = doors
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        context = await browser.new_context(viewport=PHONE, bypass_csp=True)
        made = Walker(await context.new_page(), bureau, base)
        yield made
        assert all(url.startswith(base) for url in made.asked), "a page asked a foreign server for something"
        assert await context.cookies() == []
        await browser.close()


async def _ask(walker: Walker, kind: str, holder: UUID, role: str, **more: object) -> UUID:
    ask = walker.bureau.ask(kind, holder, role, due_at=DUE, **more)
    await walker.bureau.tell(ask)
    for _ in range(3):
        await walker.bureau.sender.turn()
    return ask.ask_id


async def test_a_question_through_all_its_states(walker: Walker) -> None:
    bureau, w, interview = walker.bureau, walker.bureau.world, uuid4()
    await bureau.tell(bureau.slots(interview, [datetime(2026, 9, 10, 10, 30, tzinfo=UTC), datetime(2026, 9, 11, 4, tzinfo=UTC)]))
    ask = await _ask(walker, "choose_slot", w.candidate, "candidate", refs=[("interview", interview, 1)], undo_within=600)
    path = await walker.link("lin")
    await walker.open(path, "open")
    await walker.page.get_by_text("这些时间都不合适").click()
    await walker.send("field-error")
    assert "还差一处" in await walker.page.locator("[role=alert]").inner_text()
    await walker.page.locator("input[name=slot]").first.check()
    await walker.send("done")
    assert await walker.heading() == "选好了"
    await walker.open(path, "answered")
    await walker.send("taken-back", "button[value=undo]")
    await bureau.tell(CloseAsk(ask_id=ask, hire_id=w.hire, how="lapsed"))
    await walker.open(path, "lapsed")
    await walker.page.locator("input[name=slot]").first.check()
    await walker.send("late")
    assert "晚了一点" in await walker.heading()
    async with bureau.db.unit() as uow:
        await uow.run("update asks set may_answer = array[cast(:o as uuid)]", o=w.manager)
    await walker.open(path, "not-yours", 403)
    await walker.send("noted", "button[value=mine]")
    await walker.open("/a/made-up", "unknown", 404)
    await walker.page.locator("input[name=l]").fill("nonsense")
    await walker.send("unknown-again")


async def test_verdicts_side_by_side_and_a_call_that_answers_for_somebody(walker: Walker) -> None:
    bureau, w, hire, person = walker.bureau, walker.bureau.world, uuid4(), uuid4()
    await bureau.tell(await bureau.person(person, "苏航", f"su.{hire.hex[:8]}@mail.example", "candidate", latin="Su Hang"))
    await bureau.tell(bureau.application(hire, person), bureau.disclosed(w.hire, w.candidate), bureau.disclosed(hire, person))
    first = await _ask(walker, "client_verdict", w.manager, "hiring_manager", group=[w.second])
    await _ask(walker, "client_verdict", w.manager, "hiring_manager", group=[w.second], hire_id=hire)
    path, other = await walker.link("he"), await walker.link("zhang")
    await walker.open(path, "bundle")
    await walker.page.locator(f"input[name='{first}.decision'][value=wanted]").check()
    await walker.send("bundle-one-done")
    await walker.open(other, "bundle-of-another")
    assert (
        "He Li" not in await walker.page.locator("main").inner_text()
        and "何立 已答复" in await walker.page.locator("main").inner_text()
    )
    served = await _ask(walker, "standing", w.candidate, "candidate")
    await _ask(walker, "call", w.recruiter, "recruiter", params={"serves_ask": str(served)})
    await walker.open(await walker.link("zhou"), "call")
    text = await walker.page.locator("main").inner_text()
    assert "林悦" in text


def _booked(walker: Walker) -> InterviewScheduled:
    """An interview on Thursday, 14:00 in Shanghai."""
    w, start = walker.bureau.world, datetime(2026, 9, 10, 6, tzinfo=UTC)
    return InterviewScheduled(
        interview_id=uuid4(), version=1, hire_id=w.hire, requisition_id=w.requisition, candidate_id=w.candidate, round=1, starts_at=start,
        ends_at=start.replace(hour=7), wall_start="2026-09-10T14:00", zone="Asia/Shanghai", panel=[w.interviewer, w.second], at=start)


async def test_home_and_ones_own_data(walker: Walker) -> None:
    w = walker.bureau.world
    await _ask(walker, "review_application", w.recruiter, "recruiter")
    await _ask(walker, "interest", w.candidate, "candidate")
    home, me = await walker.link("zhou", "home"), await walker.link("lin", "me")
    await walker.open(home, "home")
    await walker.open(f"{home}?q=nobody", "home-nothing-found")
    await walker.bureau.tell(_booked(walker))
    await walker.open(f"{home}/timetable", "timetable")
    await walker.open(f"{home}/brief", "brief")
    await walker.open(f"{home}/hub", "hub")
    await walker.open(f"{home}/add", "add")
    await walker.page.locator("input[name=requisition]").first.check()
    await walker.page.locator("input[name=name]").fill("邵一凡")
    await walker.page.locator("input[name=origin]").first.check()
    await walker.send("add-missing")
    await walker.page.locator("input[name=mail]").fill("shao@mail.example")
    await walker.send("add-done")
    await walker.open(me, "me")
    await walker.open(f"{me}/correct", "correct")
    await walker.page.locator("input[name=mail]").fill("new.lin@mail.example")
    await walker.send("corrected")
    await walker.open(f"{me}/erase", "erase")
    await walker.send("erasing")
    await walker.open(me, "me")
    await walker.page.locator("input[name=application]").first.check()
    await walker.send("withdrawn")
    assert len(await walker.bureau.said("application.withdrawn")) == 1


async def test_what_a_person_of_ours_carries_by_hand(walker: Walker) -> None:
    bureau, w, person = walker.bureau, walker.bureau.world, uuid4()
    bureau.equip(hand=Hand())
    await _ask(walker, "review_application", w.recruiter, "recruiter")
    home = await walker.link("zhou", "home")
    path = home.replace("/home/", "/hand/")
    await walker.open(path, "hand-nothing")
    await bureau.tell(await bureau.person(person, "许明远", "", "candidate", reach={"wechat": "xu"}))
    await _ask(walker, "interest", person, "candidate")
    await walker.open(home, "home-with-hand")
    await walker.open(path, "hand")
    text = await walker.page.locator("textarea").input_value()
    assert "许明远" in await walker.page.locator("h2").inner_text() and f"{walker.base}/a/" in text
    await walker.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await walker.page.locator("[data-copy]").click()
    await walker.page.get_by_text("已复制").wait_for()
    assert await walker.page.evaluate("navigator.clipboard.readText()") == text
    await walker.page.emulate_media(color_scheme="dark")
    await walker.judge("hand-dark.zh")
    await walker.page.emulate_media(color_scheme="light")
    await walker.send("hand-sent", "button[value=sent]")
    (delivered,) = [one for one in await bureau.said("message.delivered") if one.channel == "hand"]
    assert delivered.party.person_id == person and "许明远" in await walker.page.locator("main p").first.inner_text()
