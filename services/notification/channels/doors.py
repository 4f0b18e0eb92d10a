"""Our doors for vendors: buttons pressed in chats, receipts of text messages, one-click opt-out, short links.

Verify over the raw bytes, one short transaction, answer inside the vendor's limit (2 to 5 s): a row that is locked for longer is answered with
"again, please" rather than late. What is forged is answered 401 and leaves no trace but a count.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from prometheus_client import Counter
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from services.notification.channels import incoming
from services.notification.channels.accounts import Accounts
from services.notification.channels.dingtalk import params_of
from services.notification.channels.feishu import card_body
from services.notification.channels.incoming import Came, ForgedError
from services.notification.desk import Desk
from services.notification.sending.cards import long_link
from services.notification.store import asks, cards
from services.notification.usecases.pressing import Pressed, Shown, pressed
from services.notification.usecases.receipts import receipt
from services.notification.wording import T, clip
from shared.runtime.db import Database
from shared.runtime.observability import get_logger

log = get_logger(__name__)
LIMIT = 262_144
SECONDS = 1.5
CAME = Counter("baton_callbacks_total", "Callbacks of vendors", ["vendor", "what"])
_AGAIN = T("请稍后再按一次", "Please press again in a moment")
Act = Callable[[Request, bytes], Awaitable[Response]]


def vendor_doors(db: Database, desk: Desk, accounts: Accounts) -> list[Route]:
    """The routes of the vendors that this house has, and those of every house."""
    doors = _Doors(db, desk, accounts)
    wanted: dict[str, tuple[Act, list[str]]] = {
        "dingtalk": (doors.dingtalk, ["POST"]),
        "feishu": (doors.feishu, ["POST"]),
        "slack": (doors.slack, ["POST"]),
        "wecom": (doors.wecom, ["GET", "POST"]),
        "twilio": (doors.twilio, ["POST"]),
    }
    made = [Route(f"/in/{name}", doors.guarded(name, act), methods=how) for name, (act, how) in wanted.items() if getattr(accounts, name)]
    for name, act in (("aliyun", doors.aliyun), ("tencent", doors.tencent)):
        account = getattr(accounts, name)
        if account is not None and account.receipts:
            made.append(Route(f"/in/{name}/{account.receipts}", doors.guarded(name, act), methods=["POST"]))
    return [*made, Route("/s/{code}", doors.short), Route("/u/{token}", doors.opt_out, methods=["POST"]), Route("/u/{token}", doors.opt_out_page)]


class _Doors:
    """The handlers, with what they need."""

    def __init__(self, db: Database, desk: Desk, accounts: Accounts) -> None:
        self._db, self._desk, self._accounts = db, desk, accounts

    def guarded(self, vendor: str, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """Read the bytes, count, refuse what is forged."""

        async def handle(request: Request) -> Response:
            length = request.headers.get("content-length", "0")
            raw = await request.body() if length.isdigit() and int(length) <= LIMIT else b""
            try:
                answer = await act(request, raw)
            except ForgedError as problem:
                CAME.labels(vendor, "forged").inc()
                log.warning("callback_refused", vendor=vendor, problem=str(problem))
                return JSONResponse({"code": "forged"}, 401)
            CAME.labels(vendor, "taken").inc()
            return answer

        return handle

    async def _press(self, vendor: str, came: Came) -> Shown:
        try:
            async with asyncio.timeout(SECONDS), self._db.unit() as uow:
                shown = await pressed(uow, self._desk, Pressed(vendor, came.user, came.value, came.key, came.handle))
        except TimeoutError:
            return Shown(_AGAIN.at("zh"), False)
        self._desk.bell.set()
        return shown

    async def dingtalk(self, request: Request, raw: bytes) -> Response:
        """POST /in/dingtalk: a card's callback."""
        assert self._accounts.dingtalk is not None
        shown = await self._press("dingtalk", incoming.dingtalk(self._accounts.dingtalk, request.headers, raw))
        if shown.card is None:
            return JSONResponse({"userPrivateData": {"cardParamMap": {"note": shown.word}}, "cardUpdateOptions": {"updatePrivateDataByKey": True}})
        return JSONResponse({"cardUpdateOptions": {"updateCardDataByKey": True}, "cardData": {"cardParamMap": params_of(shown.card)}})

    async def feishu(self, request: Request, raw: bytes) -> Response:
        """POST /in/feishu: card.action.trigger and the check of the address."""
        assert self._accounts.feishu is not None
        came = incoming.feishu(self._accounts.feishu, request.headers, raw)
        if came.echo:
            return JSONResponse({"challenge": came.echo})
        if not came.value:
            return JSONResponse({})
        shown = await self._press("feishu", came)
        said: dict[str, Any] = {"toast": {"type": "success" if shown.good else "warning", "content": shown.word}}
        if shown.card is not None:
            said["card"] = {"type": "raw", "data": card_body(shown.card)}
        return JSONResponse(said)

    async def slack(self, request: Request, raw: bytes) -> Response:
        """POST /in/slack: block_actions; the message itself is changed by the sender right after."""
        assert self._accounts.slack is not None
        came = incoming.slack(self._accounts.slack, request.headers, raw)
        if came.echo:
            return JSONResponse({"challenge": came.echo})
        if came.value:
            shown = await self._press("slack", came)
            if not shown.good:
                return JSONResponse({"response_type": "ephemeral", "replace_original": False, "text": shown.word})
        return Response(status_code=200)

    async def wecom(self, request: Request, raw: bytes) -> Response:
        """GET and POST /in/wecom."""
        account = self._accounts.wecom
        assert account is not None
        came = incoming.wecom(account, request.query_params, raw)
        if came.echo:
            return PlainTextResponse(came.echo)
        if not came.value:
            return Response(status_code=200)
        shown = await self._press("wecom", came)
        word = clip(shown.card.settled if shown.card and shown.card.settled else shown.word, 10).replace("]]>", "")
        if shown.card is None or not shown.card.settled:
            return Response(status_code=200)
        return Response(incoming.wecom_answer(account, came.user, word), media_type="text/xml")

    async def twilio(self, request: Request, raw: bytes) -> Response:
        """POST /in/twilio: a status callback."""
        assert self._accounts.twilio is not None
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        told = incoming.twilio(self._accounts.twilio, path, request.headers.get("x-twilio-signature", ""), raw)
        await self._told([told] if told else [])
        return Response(status_code=204)

    async def aliyun(self, request: Request, raw: bytes) -> Response:
        """POST /in/aliyun/<secret>: reports."""
        await self._told(incoming.aliyun(raw))
        return JSONResponse({"code": 0, "msg": "OK"})

    async def tencent(self, request: Request, raw: bytes) -> Response:
        """POST /in/tencent/<secret>: reports."""
        await self._told(incoming.tencent(raw))
        return JSONResponse({"result": 0, "errmsg": "OK"})

    async def _told(self, reports: list[tuple[str, str]]) -> None:
        for provider_id, failed in reports[:200]:
            async with self._db.unit() as uow:
                await receipt(uow, self._desk, provider_id, failed)

    async def short(self, request: Request) -> Response:
        """GET /s/<code>: to the whole link; nothing is changed, an unknown code leads to the page that says so."""
        async with self._db.unit() as uow:
            found = await long_link(uow, request.path_params["code"][:32])
        where = f"/{found[0]}/{self._desk.links.token(found[1])}" if found else "/a/-"
        return RedirectResponse(where, 303, headers={"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"})

    async def opt_out(self, request: Request) -> Response:
        """POST /u/<token>: one click (RFC 8058), without cookie or login; nothing more of what the machine begins."""
        link_id = self._desk.links.read(request.path_params["token"])
        async with self._db.unit() as uow:
            row = await asks.link(uow, link_id) if link_id else None
            if row is None or row["purpose"] != "u":
                return PlainTextResponse("unknown", 404)
            await cards.opt_out(uow, row["person_id"], "all")
        return PlainTextResponse("ok")

    async def opt_out_page(self, request: Request) -> Response:
        """GET /u/<token> changes nothing: scanners follow links."""
        token = request.path_params["token"]
        known = self._desk.links.read(token) is not None
        form = f'<form method="post" action="/u/{token}"><button>不再接收 · Unsubscribe</button></form>' if known else "?"
        page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>退订</title>{form}</html>'
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": "default-src 'none'; form-action 'self'"})
