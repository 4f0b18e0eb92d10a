"""The real doors in a real browser on a phone: no script, no foreign request; a way out that unfolds, a choice, an undo."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from playwright.async_api import async_playwright

from tests.e2e.chromium import executable
from tests.support.notices import Bureau


async def test_none_fits_unfolds_a_field_and_a_choice_can_be_taken_back(doors: tuple[Bureau, str]) -> None:
    bureau, base = doors
    interview = uuid4()
    slots = bureau.slots(interview, [datetime(2026, 9, 10, 10, 30, tzinfo=UTC), datetime(2026, 9, 11, 4, tzinfo=UTC)])
    ask = bureau.ask(
        "choose_slot",
        bureau.world.candidate,
        "candidate",
        refs=[("interview", interview, 1)],
        undo_within=600,
        due_at=datetime(2026, 9, 8, 12, tzinfo=UTC),
    )
    await bureau.tell(slots, ask)
    await bureau.sender.turn()
    link = next(one for one in (await bureau.mails(bureau.mail_of("lin")))[-1]["links"] if "slot=" in one)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
        page = await context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(link)
        assert await page.locator("input[name=slot]:checked").count() == 1, "the slot of the mail is chosen, not accepted"
        assert await bureau.said("ask.answered") == []
        assert not await page.locator("textarea[name=when]").is_visible()
        await page.get_by_text("这些时间都不合适").click()
        await page.locator("textarea[name=when]").fill("周末")
        await page.locator("button.lang").click()
        assert await page.locator("textarea[name=when]").input_value() == "周末"
        assert "which time suits you" in await page.locator("h1").inner_text()
        await page.locator("input[name=slot]").first.check()
        await page.locator("main button:not(.vh)").first.click()
        assert "Done" in await page.locator("h1").inner_text()
        await page.get_by_role("button", name="Take it back").click()
        assert await page.locator("input[name=slot]").count() == 3
        await browser.close()
    assert len(await bureau.said("ask.answered")) == 1 and len(await bureau.said("ask.retracted")) == 1
    assert all(url.startswith(base) for url in asked)


async def test_what_was_typed_survives_a_lost_connection_and_goes_once_it_is_sent(doors: tuple[Bureau, str]) -> None:
    bureau, _ = doors
    await bureau.tell(
        bureau.ask("offer_answer", bureau.world.candidate, "candidate", due_at=datetime(2026, 9, 14, 12, tzinfo=UTC))
    )
    await bureau.sender.turn()
    link = next(one for one in (await bureau.mails(bureau.mail_of("lin")))[-1]["links"] if "/a/" in one).partition("?")[0]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": 390, "height": 800})
        page = await context.new_page()
        await page.goto(link)
        await page.locator("input[name=decision][value=question]").check()
        if not await page.locator("textarea[name=note]").is_visible():
            await page.locator("details:has(textarea[name=note]) summary").click()
        await page.locator("textarea[name=note]").fill("试用期的薪酬怎么算？")
        await context.set_offline(True)
        await page.locator("main form button:not(.vh):not(.quiet)").first.click()
        await page.wait_for_timeout(300)
        assert await bureau.said("ask.answered") == []
        await context.set_offline(False)
        await page.goto(link)
        assert await page.locator("textarea[name=note]").input_value() == "试用期的薪酬怎么算？"
        assert await page.locator("input[name=decision][value=question]").is_checked()
        assert await page.locator("[data-kept]").is_visible()
        await page.locator("main form button:not(.vh):not(.quiet)").first.click()
        await page.wait_for_load_state()
        assert await page.evaluate("Object.keys(localStorage).length") == 0
        await browser.close()
    assert len(await bureau.said("ask.answered")) == 1
