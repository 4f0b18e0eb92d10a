"""What every page must stand: 320 px without sideways scrolling, text at 200 %, dark, print, and nothing that axe objects to."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from services.notification.look import render

PHONE, SMALL = {"width": 390, "height": 800}, {"width": 320, "height": 700}
_STYLE = '<link rel="stylesheet" href="/static/baton.css">'
_QUICK = {"rules": {"color-contrast": {"enabled": False}}}
"""Colours come from one style sheet: they are judged on every state, light and dark, and not again on every kind."""


def draw(page: Page, html: str) -> None:
    """The document with its style sheet, without a server."""
    page.set_content(html.replace(_STYLE, f"<style>{render.CSS.read_text('utf-8')}</style>"))


def shape(html: str) -> str:
    """The page without its words: two pages of one shape are one page for axe, colours apart."""
    bare = re.sub(r">[^<]*[^<\s][^<]*<", ">w<", html)
    return re.sub(r'(?<= )(id|name|value|for|href|content|title|datetime|aria-[a-z]+|data-[a-z]+)="[^"]+"', r'\1="w"', bare)


def fits(page: Page, name: str) -> None:
    """No sideways scrolling on the smallest phone, nor with letters twice as large."""
    page.set_viewport_size(SMALL)
    assert _width(page) <= SMALL["width"], f"{name} scrolls sideways at 320 px"
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert _width(page) <= PHONE["width"], f"{name} scrolls sideways with text at 200 %"
    page.evaluate("document.documentElement.style.fontSize = ''")


def _width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def sound(page: Page, name: str, *, quick: bool = False) -> None:
    """axe-core: WCAG 2.0 to 2.2 A and AA and its best practice."""
    found = Axe().run(page, options=_QUICK if quick else None).response["violations"]
    assert not found, f"{name}: {[(one['id'], [node['html'][:160] for node in one['nodes'][:2]]) for one in found]}"


def touchable(page: Page, name: str) -> None:
    """Whatever is pressed is at least 40 px high."""
    low = page.evaluate(
        "[...document.querySelectorAll('main label:has(input[type=radio],input[type=checkbox]), main button:not(.vh), main summary')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 40).map(e => e.textContent)"
    )
    assert not low, f"{name}: too small to touch: {low}"
