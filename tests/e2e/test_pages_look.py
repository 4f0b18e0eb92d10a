"""Every page a person may meet, in a real browser at phone width, in both languages: nothing sideways, nothing that axe objects to.

Pages are drawn from the registry's samples; screenshots stay in tests/e2e/screenshots for people to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from services.notification import asks, tells
from services.notification.asks.sample import NOW, sample_scene
from services.notification.look import ask_page, mail, nowhere, render, states
from services.notification.look.page import Board, Line
from services.notification.look.page import Page as View
from tests.e2e.chromium import launched

SHOTS = Path(__file__).parent / "screenshots"
LINKS = mail.Links("https://go.example/a/7Kq2", "https://go.example/me/7Kq2", "https://go.example/home/7Kq2")
AXED = {
    "choose_slot",
    "client_verdict",
    "scorecard",
    "offer_answer",
    "checkin_7",
    "call",
    "draft_offer",
    "started",
    "add_candidate",
}
LANGS = ("zh", "en")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as made:
        yield made


def _states(lang: str) -> dict[str, View]:
    kind, scene = asks.kind_of("choose_slot"), sample_scene("choose_slot", "candidate", lang)
    said = states.Outcome(
        by="张岚", at=NOW, said=(("时间", "12月3日（周四）14:00–15:00（北京时间）"),), undo_until=NOW + timedelta(minutes=10)
    )
    page = ask_page.ask_page(kind, scene, "/me/x", {"once": "x"})
    verdict, other = asks.kind_of("client_verdict"), sample_scene("client_verdict", "client", lang)
    board = Board(
        "我欠的（1）",
        (
            Line("you", "等你", "等你的决定", "林悦 · R-118", "12月2日（周三）20:00", "", "/home/x/y", "林悦"),
            Line("over", "超时", "请评分", "林悦", "昨天", "超时 2 小时", "", "陈维"),
        ),
        "",
        ("状态", "欠什么", "谁", "期限"),
    )
    return {
        "open": page,
        "done": states.done(kind, scene, said, "/me/x"),
        "answered": states.answered(kind, scene, said, "/me/x"),
        "answered-by-another": states.answered(kind, scene, replace(said, mine=False), "/me/x"),
        **{
            f"closed-{how}": states.closed(kind, scene, states.Outcome(how=how), "/me/x", {})
            for how in ("lapsed", "transferred", "elsewhere", "cancelled")
        },
        "late": states.late_but_welcome(kind, scene, "/me/x"),
        "superseded": states.superseded(kind, scene, ("12月3日 14:00",), {"slot": "none", "when": "晚上"}, ("/me/x", {})),
        "field-error": states.with_errors(page, {"slot": "none"}, {"when": "还差这一处"}),
        "error": nowhere.broken(page, {}, "7F3K2P"),
        "not-yours": nowhere.not_yours(lang, scene.sender, {"once": "x"}),
        "noted": nowhere.noted(lang, scene.sender),
        "unknown": nowhere.unknown(lang, scene.sender),
        "bundle": ask_page.bundle_page(
            verdict, {"a1": other, "a2": other, "a3": other}, {"a3": ("met", "张岚 已答复")}, "/me/x", {"once": "x"}
        ),
        "home": View(
            lang=lang,
            heading="周敏，今天",
            sender=scene.sender,
            boards=(board,),
            wide=True,
            search=("找人或编号", ""),
            links=(("/home/x/add", "添加候选人"),),
        ),
    }


def _show(page: Page, html: str, name: str) -> None:
    """Draw the document with its style sheet; fail on sideways scrolling."""
    page.set_content(
        html.replace('<link rel="stylesheet" href="/static/baton.css">', f"<style>{render.CSS.read_text('utf-8')}</style>")
    )
    size = page.viewport_size or {"width": 0}
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{name} scrolls sideways at {size['width']}"


def _axe(page: Page, name: str) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, f"{name}: {[(one['id'], [node['html'][:120] for node in one['nodes'][:2]]) for one in found]}"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [320, 390])
def test_every_state_of_a_link(browser: Browser, lang: str, width: int) -> None:
    SHOTS.mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": width, "height": 800})
    for name, view in _states(lang).items():
        _show(page, render.page_html(view), name)
        if width == 390:
            page.screenshot(path=SHOTS / f"state-{name}.{lang}.png", full_page=True)
            _axe(page, name)
    page.close()


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_fits_a_small_phone(browser: Browser, lang: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    for kind in asks.KINDS.values():
        scene = sample_scene(kind.kind, kind.audience, lang, "Europe/Berlin" if lang == "en" else "Asia/Shanghai")
        _show(page, render.page_html(ask_page.ask_page(kind, scene, "/me/x", {"once": "x"})), kind.kind)
        assert page.locator("main button:visible").count() >= 1 and page.locator("h1").inner_text()
        small = page.evaluate(
            "[...document.querySelectorAll('main label:has(input), main button:not(.vh), main summary')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 40).map(e => e.textContent)"
        )
        assert not small, f"{kind.kind}: too small to touch: {small}"
        if kind.kind in AXED:
            page.screenshot(path=SHOTS / f"kind-{kind.kind}.{lang}.png", full_page=True)
            _axe(page, kind.kind)
    page.close()


@pytest.mark.parametrize("lang", LANGS)
def test_mails_fit_a_phone_and_need_nothing_from_outside(browser: Browser, lang: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    shown = {
        kind.kind: mail.ask_mail(kind, sample_scene(kind.kind, kind.audience, lang), LINKS)
        for kind in asks.KINDS.values()
        if kind.kind in AXED
    }
    shown |= {
        f"tell-{one.name}": mail.tell_mail(one, sample_scene(one.name, one.audience, lang), LINKS) for one in tells.TELLS.values()
    }
    for name, made in shown.items():
        _show(page, render.mail_html(made), name)
        if name in ("choose_slot", "offer_answer", "tell-rejection", "tell-invitation"):
            page.screenshot(path=SHOTS / f"mail-{name}.{lang}.png", full_page=True)
    assert not asked
    page.close()


def test_dark_is_drawn_without_a_word_too_pale(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    for name in ("open", "bundle", "done", "home"):
        _show(page, render.page_html(_states("zh")[name]), name)
        page.screenshot(path=SHOTS / f"dark-{name}.zh.png", full_page=True)
        _axe(page, name)
    page.close()
