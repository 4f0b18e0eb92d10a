"""Every state of a link and every kind of question, drawn from the registry's samples in a real browser, in both languages.

Each stands 320 px, letters at 200 %, dark and print, and axe finds nothing. The same pages on the real doors: test_pages_walk.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from services.notification import asks, tells
from services.notification.asks.sample import NOW, sample_scene
from services.notification.look import ask_page, mail, nowhere, render, states
from services.notification.look.page import Page as View
from services.notification.look.scene import Party, Slot
from tests.e2e.chromium import launched
from tests.e2e.looking import PHONE, draw, fits, shape, sound, touchable
from tests.e2e.screens import keep

LINKS = mail.Links("https://go.example/a/7Kq2", "https://go.example/me/7Kq2", "https://go.example/home/7Kq2")
SHOWN = {"client_verdict", "scorecard", "offer_answer", "checkin_7", "call", "draft_offer", "started", "add_candidate"}
MAILS = {"choose_slot", "offer_answer", "tell-rejection", "tell-invitation"}
LANGS = ("zh", "en")
PRINTED = "getComputedStyle(document.querySelector('main button:not(.vh)')).display"

SEEN = """[document.activeElement, document.activeElement.closest('label')].some(e => e && getComputedStyle(e).outlineStyle !== 'none')
  || document.activeElement === document.body"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as made:
        yield made


def _bundle(lang: str) -> View:
    verdict, first = asks.kind_of("client_verdict"), sample_scene("client_verdict", "client", lang)
    second = replace(first, candidate=Party("苏航", latin="Su Hang"))
    third = replace(first, candidate=Party("王若溪", latin="Wang Ruoxi"))
    said = "张岚 已答复：安排面试" if lang == "zh" else "Zhang Lan answered: Interview"
    scenes = {"a1": first, "a2": second, "a3": third}
    return ask_page.bundle_page(verdict, scenes, {"a3": ("met", said)}, "/me/x", {"once": "x"})


def _loop(lang: str) -> View:
    """Three interviews in one choice: on one day, and on two."""
    scene, hour = sample_scene("choose_slot", "candidate", lang), timedelta(hours=1)
    names = ("技术", "主管", "人事") if lang == "zh" else ("technical", "lead", "people")

    def way(n: int, starts: tuple[int, int, int]) -> Slot:
        first = scene.slots[n].start
        held = tuple((name, first + after * hour, first + (after + 1) * hour) for name, after in zip(names, starts, strict=True))
        return Slot(f"w{n}", held[0][1], held[-1][2], held)

    kind = asks.kind_of("choose_slot")
    return ask_page.ask_page(kind, replace(scene, slots=(way(0, (0, 1, 2)), way(1, (0, 24, 25)))), "/me/x", {"once": "x"})


def _states(lang: str) -> dict[str, View]:
    zh = lang == "zh"
    kind, scene = asks.kind_of("choose_slot"), sample_scene("choose_slot", "candidate", lang)
    when = "12月3日（周四）14:00–15:00（北京时间）" if zh else "Thu 3 Dec, 14:00–15:00 your time (Shanghai)"
    said = states.Outcome(
        by="张岚" if zh else "Zhang Lan",
        at=NOW,
        said=(("时间" if zh else "When", when),),
        undo_until=NOW + timedelta(minutes=10),
    )
    page = ask_page.ask_page(kind, scene, "/me/x", {"once": "x"})
    gone = ("12月3日 14:00" if zh else "Thu 3 Dec, 14:00",)
    typed = {"slot": "none", "when": "工作日晚上七点以后" if zh else "Weekdays after 17:00"}
    base = View(lang=lang, heading="", sender=scene.sender)
    return {
        "open": page,
        "loop": _loop(lang),
        "done": states.done(kind, scene, said, "/me/x"),
        "answered": states.answered(kind, scene, said, "/me/x"),
        "answered-by-another": states.answered(kind, scene, replace(said, mine=False), "/me/x"),
        **{
            f"closed-{how}": states.closed(kind, scene, states.Outcome(how=how), "/me/x", {})
            for how in ("lapsed", "transferred", "elsewhere", "cancelled")
        },
        "late": states.late_but_welcome(kind, scene, "/me/x"),
        "superseded": states.superseded(kind, scene, gone, typed, ("/me/x", {})),
        "field-error": states.with_errors(page, {"slot": "none"}, {"when": "还差这一处" if zh else "This one is missing"}),
        "error": nowhere.kept(typed, nowhere.broken(base, {}, "7F3K2P")),
        "too-often": nowhere.too_often(lang, scene.sender, typed),
        "not-yours": nowhere.not_yours(lang, scene.sender, {"once": "x"}),
        "noted": nowhere.noted(lang, scene.sender),
        "unknown": nowhere.unknown(lang, scene.sender),
        "unknown-again": nowhere.unknown(lang, scene.sender, tried=True),
        "bundle": _bundle(lang),
    }


@pytest.mark.parametrize("lang", LANGS)
def test_every_state_of_a_link(browser: Browser, lang: str) -> None:
    page = browser.new_page(viewport=PHONE)
    for name, view in _states(lang).items():
        draw(page, render.page_html(view))
        fits(page, name)
        touchable(page, name)
        sound(page, name)
        keep(page, f"state-{name}.{lang}")
    page.close()


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_of_question(browser: Browser, lang: str) -> None:
    page = browser.new_page(viewport=PHONE)
    judged: set[str] = set()
    for kind in asks.KINDS.values():
        scene = sample_scene(kind.kind, kind.audience, lang, "Europe/Berlin" if lang == "en" else "Asia/Shanghai")
        html = render.page_html(ask_page.ask_page(kind, scene, "/me/x", {"once": "x"}))
        draw(page, html)
        fits(page, kind.kind)
        touchable(page, kind.kind)
        assert page.locator("main button:visible").count() >= 1 and page.locator("h1").inner_text()
        if lang == "zh" and shape(html) not in judged:  # the other language has the same parts: its states are judged above
            sound(page, kind.kind, quick=True)
            judged.add(shape(html))
        if kind.kind in SHOWN:
            keep(page, f"kind-{kind.kind}.{lang}")
    assert lang != "zh" or 10 <= len(judged) < len(asks.KINDS)
    page.close()


@pytest.mark.parametrize("lang", LANGS)
def test_mails_fit_a_phone_and_need_nothing_from_outside(browser: Browser, lang: str) -> None:
    page = browser.new_page(viewport=PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    shown = {
        kind.kind: mail.ask_mail(kind, sample_scene(kind.kind, kind.audience, lang), LINKS)
        for kind in asks.KINDS.values()
        if kind.kind in SHOWN | MAILS
    }
    shown |= {
        f"tell-{one.name}": mail.tell_mail(one, sample_scene(one.name, one.audience, lang), LINKS) for one in tells.TELLS.values()
    }
    for name, made in shown.items():
        draw(page, render.mail_html(made))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], f"{name} scrolls sideways"
        if name in MAILS:
            keep(page, f"mail-{name}.{lang}")
    assert not asked
    page.close()


def test_dark_is_drawn_without_a_word_too_pale(browser: Browser) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme="dark")
    for name, view in _states("zh").items():
        draw(page, render.page_html(view))
        sound(page, f"{name}, dark")
        if name in ("open", "bundle", "done", "error"):
            keep(page, f"dark-{name}.zh")
    page.close()


def test_paper_has_the_words_and_no_buttons(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    for name in ("open", "done", "bundle", "field-error"):
        view = _states("en")[name]
        draw(page, render.page_html(view))
        assert page.locator("main button:not(.vh)").count() == 0 or page.evaluate(PRINTED) == "none", f"{name} prints its buttons"
        assert view.heading in page.locator("h1").inner_text()
        assert len(page.pdf(format="A4")) > 5_000
        if name in ("open", "bundle"):
            keep(page, f"print-{name}.en")
    page.close()


@pytest.mark.parametrize("lang", LANGS)
def test_a_keyboard_reaches_everything_in_the_order_it_is_read(browser: Browser, lang: str) -> None:
    page = browser.new_page(viewport=PHONE)
    draw(page, render.page_html(_states(lang)["open"]))
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("[document.activeElement.tagName, document.activeElement.name || document.activeElement.className]")
        )
        assert page.evaluate(SEEN)
    tags = [f"{tag} {name}".strip() for tag, name in reached]
    order = [tags.index(one) for one in ("BUTTON lang", "INPUT slot", "SUMMARY", "BUTTON do")]
    assert order == sorted(order), tags
    page.close()
