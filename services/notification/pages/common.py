"""What every door shares: headers, the reader's language, equal answer times, and the page for our own faults."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.notification.desk import Desk
from services.notification.look import nowhere, render
from services.notification.look.page import Page
from services.notification.wording import lang_of
from shared.runtime.observability import get_logger

log = get_logger(__name__)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "X-Robots-Tag": "noindex",
}
BODY_LIMIT = 262_144
SAME_TIME_SECONDS = 0.03
Answered = tuple[Page, int]


def html(page: Page, status: int = 200) -> Response:
    """The page as a response with the door's headers."""
    return HTMLResponse(render.page_html(page), status_code=status, headers=HEADERS)


def lang_asked(request: Request) -> str:
    """The language the reader switched to, or empty: then the one we know them to read."""
    asked = request.query_params.get("lang", "")
    return asked if asked in ("zh", "en") else ""


def lang_guess(request: Request) -> str:
    """The language of a reader we do not know."""
    return lang_asked(request) or lang_of(request.headers.get("accept-language", "zh").split(",")[0])


def sender_name(desk: Desk, lang: str) -> str:
    """How the firm calls itself."""
    return desk.house.name if lang == "zh" else desk.house.latin


def unknown_page(desk: Desk, request: Request, tried: bool = False) -> Answered:
    """Broken, forged, never ours: one page for all of them."""
    lang = lang_guess(request)
    return nowhere.unknown(lang, sender_name(desk, lang), tried), 404


async def typed(request: Request) -> dict[str, str]:
    """What was posted, as plain texts; too much is refused by returning what fits nothing."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > BODY_LIMIT:
        return {"too_long": "1"}
    posted = await request.form(max_files=0, max_fields=2000)
    return {name: value for name, value in posted.items() if isinstance(value, str)}


async def guarded(
    request: Request, desk: Desk, answer: Callable[[], Awaitable[Answered | Response]], posted: Mapping[str, str] | None = None
) -> Response:
    """Run a door; links that lead nowhere take the same time; our own fault keeps what was written and counts once."""
    began = time.monotonic()
    try:
        made = await answer()
    except Exception as problem:
        reference = secrets.token_hex(4).upper()
        log.error("page_failed", reference=reference, problem=type(problem).__name__)
        return html(_fault(desk, request, posted or {}, reference), 503)
    if isinstance(made, Response):
        return made
    page, status = made
    if status in (403, 404):
        await asyncio.sleep(max(0.0, SAME_TIME_SECONDS - (time.monotonic() - began)))
    return html(page, status)


def _fault(desk: Desk, request: Request, posted: Mapping[str, str], reference: str) -> Page:
    lang = lang_guess(request)
    page = nowhere.broken(Page(lang=lang, heading="", sender=sender_name(desk, lang)), {}, reference)
    if posted:
        return nowhere.kept(posted, page)
    return replace(
        page,
        lead=("请过一分钟再打开。" if lang == "zh" else "Please open it again in a minute.",),
        heading="我们出了故障" if lang == "zh" else "Our fault",
    )
