"""The Starlette application of the doors: routes, tokens, one transaction a request."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.notification.desk import Desk
from services.notification.look.render import CSS
from services.notification.pages import ask, home, me
from services.notification.pages.common import HEADERS, Answered, guarded, html, lang_asked, typed, unknown_page
from services.notification.pages.seen import Door, reading
from services.notification.store import asks
from shared.runtime.db import Database, Uow
from shared.runtime.ids import new_id

Act = Callable[[Uow, Door], Awaitable[Answered | Response]]


def make_app(db: Database, desk: Desk) -> Starlette:
    """All doors. GET and HEAD change nothing, whoever follows the link."""
    doors = _Doors(db, desk)
    return Starlette(
        routes=[
            Route("/static/baton.css", _css),
            Route("/a/{token}", doors.ask_get),
            Route("/a/{token}", doors.ask_post, methods=["POST"]),
            Route("/me/{token}", doors.me_get),
            Route("/me/{token}", doors.me_post, methods=["POST"]),
            Route("/home/{token}", doors.home_get),
            Route("/home/{token}", doors.paste, methods=["POST"]),
            Route("/home/{token}/add", doors.add_get),
            Route("/home/{token}/add", doors.add_post, methods=["POST"]),
            Route("/home/{token}/{ask}", doors.ask_get),
            Route("/home/{token}/{ask}", doors.ask_post, methods=["POST"]),
            Route("/{rest:path}", doors.nowhere),
            Route("/{rest:path}", doors.paste, methods=["POST"]),
        ]
    )


async def _css(_: Request) -> Response:
    return Response(
        CSS.read_bytes(),
        media_type="text/css",
        headers={"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"},
    )


class _Doors:
    """The handlers, with what they need."""

    def __init__(self, db: Database, desk: Desk) -> None:
        self._db, self._desk = db, desk

    async def _open(self, request: Request, purpose: tuple[str, ...], act: Act) -> Answered | Response:
        """Read the token and look its row up; the same work is done for a token that was never made."""
        link_id = self._desk.links.read(request.path_params["token"])
        async with self._db.unit() as uow:
            row = await asks.link(uow, link_id or new_id())
            if row is None or link_id is None or row["purpose"] not in purpose or (uow.now - row["created_at"]).days > 366:
                return unknown_page(self._desk, request)
            ask_ids = tuple(row["ask_ids"])
            if "ask" in request.path_params:
                wanted = home.ask_of(request.path_params["ask"])
                if wanted is None:
                    return unknown_page(self._desk, request)
                ask_ids = (wanted,)
            return await act(uow, Door(row["person_id"], ask_ids, self._me(row["person_id"]), lang_asked(request)))

    def _me(self, person: UUID) -> str:
        return f"/me/{self._desk.links.token(self._desk.links.ask_id_of(person, 'me'))}"

    async def ask_get(self, request: Request) -> Response:
        """GET /a/<token>: the question as it stands now."""
        query = dict(request.query_params)
        return await guarded(
            request,
            self._desk,
            lambda: self._open(request, ("ask", "home"), lambda uow, door: ask.show(uow, self._desk, door, query)),
        )

    async def ask_post(self, request: Request) -> Response:
        """POST /a/<token>: an answer, an undo, another language."""
        posted = await typed(request)
        if "l" in posted:
            return self._pasted(request, posted["l"])
        return await guarded(
            request,
            self._desk,
            lambda: self._open(
                request, ("ask", "home"), lambda uow, door: ask.send(uow, self._desk, reading(door, posted), posted)
            ),
            posted,
        )

    async def me_get(self, request: Request) -> Response:
        """GET /me/<token>."""
        return await guarded(
            request, self._desk, lambda: self._open(request, ("me",), lambda uow, door: me.show(uow, self._desk, door, None))
        )

    async def me_post(self, request: Request) -> Response:
        """POST /me/<token>: withdraw."""
        posted = await typed(request)
        return await guarded(
            request,
            self._desk,
            lambda: self._open(request, ("me",), lambda uow, door: me.show(uow, self._desk, reading(door, posted), posted)),
            posted,
        )

    async def home_get(self, request: Request) -> Response:
        """GET /home/<token>."""
        here, query = f"/home/{request.path_params['token']}", dict(request.query_params)
        return await guarded(
            request,
            self._desk,
            lambda: self._open(request, ("home",), lambda uow, door: home.show(uow, self._desk, door, query, here)),
        )

    async def add_get(self, request: Request) -> Response:
        """GET /home/<token>/add."""
        here = f"/home/{request.path_params['token']}"
        return await guarded(
            request,
            self._desk,
            lambda: self._open(request, ("home",), lambda uow, door: home.add(uow, self._desk, door, None, here)),
        )

    async def add_post(self, request: Request) -> Response:
        """POST /home/<token>/add."""
        here, posted = f"/home/{request.path_params['token']}", await typed(request)
        return await guarded(
            request,
            self._desk,
            lambda: self._open(
                request, ("home",), lambda uow, door: home.add(uow, self._desk, reading(door, posted), posted, here)
            ),
            posted,
        )

    async def nowhere(self, request: Request) -> Response:
        """Any other address."""
        return html(*unknown_page(self._desk, request))

    async def paste(self, request: Request) -> Response:
        """The whole link, pasted into the page that was not found."""
        return self._pasted(request, (await typed(request)).get("l", ""))

    def _pasted(self, request: Request, link: str) -> Response:
        for door in ("a", "home", "me"):
            _, mark, rest = link.partition(f"/{door}/")
            token = rest.split("?")[0].split("#")[0].split("/")[0].strip()
            if mark and self._desk.links.read(token) is not None:
                return RedirectResponse(f"/{door}/{token}", status_code=303, headers=HEADERS)
        return html(*unknown_page(self._desk, request, tried=True))
