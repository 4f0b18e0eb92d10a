"""The real doors in a real browser on a phone: no script, no foreign request; a way out that unfolds, a choice, an undo."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.async_api import async_playwright

from services.notification.links import Links
from services.notification.pages.app import make_app
from shared.runtime.web import serve
from tests.e2e.chromium import executable
from tests.support.notices import Bureau

pytestmark = pytest.mark.xdist_group("engines")


@pytest.fixture
async def doors(provisioned: dict[str, str]) -> AsyncIterator[tuple[Bureau, str]]:
    """The doors on a port of this machine, and the service behind them."""
    bureau = Bureau(provisioned)
    await bureau.empty()
    await bureau.clock("2026-09-07T10:00:00")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    object.__setattr__(bureau.desk, "links", Links(bureau.vault.links, base))
    await bureau.settle()
    stop = asyncio.Event()
    task = asyncio.create_task(serve(make_app(bureau.db, bureau.desk), f"127.0.0.1:{port}", stop))
    await asyncio.sleep(0.5)
    yield bureau, base
    stop.set()
    await asyncio.wait({task}, timeout=10)
    await bureau.close()


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
