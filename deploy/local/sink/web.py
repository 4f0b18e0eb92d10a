"""The sink's page for people and its REST for tests and simulated people, and the receiver of web hooks."""

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from deploy.local.sink.mailbox import Hooks, Mailbox
from deploy.local.sink.page import render_list, render_mail

LONGEST_WAIT = 60.0


class Web:
    """The HTTP door over one mailbox."""

    def __init__(self, mailbox: Mailbox, hooks: Hooks, *, chats: Callable[[], int] = lambda: 0) -> None:
        self._mailbox, self._hooks, self._chats = mailbox, hooks, chats

    def app(self, more: Sequence[BaseRoute] = ()) -> Starlette:
        """The ASGI application; `more` are the stand-ins of vendors."""
        return Starlette(
            routes=[
                Route("/", self.index),
                Route("/mails/{n:int}", self.show),
                Route("/mails/{n:int}/html", self.html),
                Route("/api/messages", self.messages),
                Route("/api/messages/{n:int}", self.message),
                Route("/api/messages/{n:int}/raw", self.raw),
                Route("/api/hooks", self.hooks),
                Route("/hooks", self.hook, methods=["POST"]),
                Route("/readyz", self.ready),
                *more,
            ]
        )

    async def messages(self, request: Request) -> Response:
        """GET /api/messages?to=&since=N&wait=seconds: mails numbered above N, waiting for the first one if asked to.

        The header `chats` says how many messages the stand-ins of vendors hold, so that nobody has to ask twice.
        """
        query = request.query_params
        try:
            since, seconds = int(query.get("since", 0)), min(float(query.get("wait", 0)), LONGEST_WAIT)
        except ValueError:
            return JSONResponse({"problem": "since and wait are numbers"}, 400)
        found = await self._mailbox.wait(to=query.get("to", ""), since=since, seconds=seconds)
        return JSONResponse([mail.as_json() for mail in found], headers={"chats": str(self._chats())})

    async def message(self, request: Request) -> Response:
        """GET /api/messages/{n}."""
        mail = self._mailbox.get(request.path_params["n"])
        return JSONResponse(mail.as_json()) if mail else JSONResponse({"problem": "no such mail"}, 404)

    async def raw(self, request: Request) -> Response:
        """GET /api/messages/{n}/raw: the bytes as they arrived."""
        n = request.path_params["n"]
        if not self._mailbox.get(n):
            return JSONResponse({"problem": "no such mail"}, 404)
        return Response(self._mailbox.raw(n), media_type="message/rfc822")

    async def hook(self, request: Request) -> Response:
        """POST /hooks: keep one web hook call."""
        body = (await request.body()).decode(errors="replace")
        return JSONResponse({"n": self._hooks.add(dict(request.headers), body)}, 202)

    async def hooks(self, request: Request) -> Response:
        """GET /api/hooks?since=N."""
        try:
            return JSONResponse(self._hooks.find(int(request.query_params.get("since", 0))))
        except ValueError:
            return JSONResponse({"problem": "since is a number"}, 400)

    async def index(self, request: Request) -> Response:
        """The newest mails first; ?to= shows one person's."""
        to = request.query_params.get("to", "")
        return HTMLResponse(render_list(self._mailbox.find(to=to)[::-1][:500], to))

    async def show(self, request: Request) -> Response:
        """One mail with its parts."""
        mail = self._mailbox.get(request.path_params["n"])
        return HTMLResponse(render_mail(mail)) if mail else PlainTextResponse("No such mail.", 404)

    async def html(self, request: Request) -> Response:
        """A mail's HTML part alone, without scripts."""
        mail = self._mailbox.get(request.path_params["n"])
        if not mail or not mail.html:
            return PlainTextResponse("No HTML part.", 404)
        return HTMLResponse(mail.html, headers={"content-security-policy": "script-src 'none'; form-action 'none'"})

    async def ready(self, request: Request) -> Response:
        """The mailbox has been read."""
        return PlainTextResponse("ready")
