"""What our people forward by their own WeChat: text and link to copy, one button that says it was sent. Bound to the recruiter's own page link.

Marking it is the delivery: the fact is told with channel `hand`, and the call that stood for it is answered.
"""

from html import escape
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.notification.desk import Desk
from services.notification.domain import Truth
from services.notification.people import Person, people
from services.notification.sending.compose import card_of_words, words_of
from services.notification.sending.guards import judge_all
from services.notification.store import asks, cards, messages
from services.notification.usecases.answering import Given, answer
from services.notification.usecases.causes import cause_of
from services.notification.usecases.telling import fact
from services.notification.wording import T
from shared.contracts.notification import MessageDelivered, MessageSent
from shared.runtime.db import Database, Uow

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_TITLE = T("用你的微信转发", "Forward by your own WeChat")
_NONE = T("没有要转发的", "Nothing to forward")
_SENT = T("已用微信发出", "Sent by WeChat")
_LONG_PRESS = T("长按下面的文字复制，发给 {who}：", "Copy this text and send it to {who}:")


def hand_doors(db: Database, desk: Desk) -> list[Route]:
    """GET and POST /hand/<home token>."""
    page = _HandPage(db, desk)
    return [Route("/hand/{token}", page.show), Route("/hand/{token}", page.sent, methods=["POST"])]


class _HandPage:
    """The handlers."""

    def __init__(self, db: Database, desk: Desk) -> None:
        self._db, self._desk = db, desk

    async def _reader(self, uow: Uow, request: Request) -> Person | None:
        link_id = self._desk.links.read(request.path_params["token"])
        row = await asks.link(uow, link_id) if link_id else None
        if row is None or row["purpose"] != "home":
            return None
        return (await people(uow, self._desk.house.vault, [row["person_id"]])).get(row["person_id"])

    async def show(self, request: Request) -> Response:
        """What waits for this person's hand, still true; nothing is changed."""
        async with self._db.unit() as uow:
            reader = await self._reader(uow, request)
            if reader is None:
                return RedirectResponse("/a/-", 303)
            rows = [row for row in await cards.by_hand(uow, reader.id) if (await judge_all(uow, row))[0] is Truth.HOLDS]
            blocks = [await self._block(uow, row, reader, request.url.path) for row in rows]
        body = "".join(blocks) or f"<p>{_NONE.at(reader.lang)}</p>"
        lang, title = ("zh-CN" if reader.lang == "zh" else "en"), _TITLE.at(reader.lang)
        html = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{title}</title><link rel="stylesheet" href="/static/baton.css"></head><body><main><h1>{title}</h1>{body}</main></body></html>'
        )
        return Response(html, media_type="text/html", headers=HEADERS)

    async def _block(self, uow: Uow, row: dict[str, Any], reader: Person, here: str) -> str:
        to = (await people(uow, self._desk.house.vault, [row["person_id"]])).get(row["person_id"])
        if to is None or not to.party.name:
            return ""
        card = await card_of_words(uow, self._desk, (row, to), await words_of(uow, self._desk, [row], to))
        lead = _LONG_PRESS.at(reader.lang).format(who=to.party.shown(reader.lang))
        text = escape(f"{card.text()}\n{card.link}")
        return (
            f'<section><label>{escape(lead)}<textarea readonly rows="8">{text}</textarea></label>'
            f'<form method="post" action="{escape(here)}"><input type="hidden" name="message" value="{row["id"]}">'
            f"<button>{_SENT.at(reader.lang)}</button></form></section>"
        )

    async def sent(self, request: Request) -> Response:
        """Marked as sent by hand; marking it twice changes nothing."""
        wanted = str((await request.form()).get("message", ""))
        async with self._db.unit() as uow:
            reader = await self._reader(uow, request)
            row = next((one for one in await cards.by_hand(uow, reader.id) if str(one["id"]) == wanted), None) if reader else None
            if reader is not None and row is not None:
                await mark_sent(uow, self._desk, row, reader.id)
        return RedirectResponse(request.url.path, 303, headers=HEADERS)


async def mark_sent(uow: Uow, desk: Desk, row: dict[str, Any], by: UUID) -> None:
    """It left by this person's hand now; the call that stood for it is answered by the same act."""
    await messages.settle(uow, row["id"], "delivered", {"accepted_at": uow.now, "provider_id": f"hand:{by}"})
    for cls in (MessageSent, MessageDelivered):
        uow.emit(fact(cls, row, uow), cause=cause_of(row["cause"]), actor=f"person:{by}")
    for call in await cards.calls_for(uow, row["ask_id"], by):
        locked = (await asks.lock(uow, [call])).get(call)
        if locked is not None and locked["state"] == "open":
            done = {"done": "yes", "reached": "yes"}
            await answer(uow, desk, locked, Given(by, done, {}, locked["version"], f"hand/{row['id']}", via="wechat"))
