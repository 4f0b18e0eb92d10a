"""The Starlette application of the doors: routes, tokens, one transaction a request."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.notification.desk import Desk
from services.notification.look.render import COPY, CSS, DRAFT
from services.notification.pages import ask, feed, hand, home, hub, me, my_data, timetable
from services.notification.pages.common import HEADERS, Answered, guarded, html, lang_asked, typed, unknown_page
from services.notification.pages.limits import Pace, slow_down
from services.notification.pages.seen import Door, reading
from services.notification.store import asks
from shared.runtime.db import Database, Uow
from shared.runtime.ids import new_id

Posted = Mapping[str, str] | None
Show = Callable[[Uow, Door, Posted], Awaitable[Answered | Response]]
Handler = Callable[[Request], Awaitable[Response]]
ASK, HOME, ME = ("ask", "home"), ("home",), ("me",)
LINK_DAYS = 366


def make_app(db: Database, desk: Desk, pace: Pace | None = None) -> Starlette:
    """All doors. GET and HEAD change nothing, whoever follows the link. `pace`: how often one link or address may knock."""
    doors = _Doors(db, desk, pace or Pace())
    return Starlette(
        routes=[
            Route("/static/baton.css", _static(CSS.read_bytes(), "text/css")),
            Route("/static/draft.js", _static(DRAFT.read_bytes(), "text/javascript")),
            Route("/static/copy.js", _static(COPY.read_bytes(), "text/javascript")),
            Route("/calendar/{token}.ics", doors.feed),
            *doors.both("/a/{token}", ASK, doors.ask),
            *doors.both("/me/{token}", ME, lambda uow, door, posted: me.show(uow, desk, door, posted)),
            *doors.both("/me/{token}/correct", ME, lambda uow, door, posted: my_data.correction(uow, desk, door, posted)),
            *doors.both("/me/{token}/erase", ME, lambda uow, door, posted: my_data.erasure(uow, desk, door, posted)),
            doors.only_get("/me/{token}/export.json", ME, lambda uow, door, _: my_data.export(uow, desk, door)),
            *doors.both("/hand/{token}", HOME, lambda uow, door, posted: hand.show(uow, desk, door, posted)),
            doors.only_get("/home/{token}", HOME, doors.home),
            doors.only_get("/home/{token}/timetable", HOME, lambda uow, door, _: timetable.show(uow, desk, door)),
            doors.only_get("/home/{token}/brief", HOME, lambda uow, door, _: timetable.brief(uow, desk, door)),
            doors.only_get("/home/{token}/hub", HOME, lambda uow, door, _: hub.show(uow, desk, door)),
            Route("/home/{token}", doors.paste, methods=["POST"]),
            *doors.both("/home/{token}/add", HOME, lambda uow, door, posted: home.add(uow, desk, door, posted)),
            *doors.both("/home/{token}/{ask}", ASK, doors.ask),
            Route("/{rest:path}", doors.nowhere),
            Route("/{rest:path}", doors.paste, methods=["POST"]),
        ]
    )


def _static(content: bytes, kind: str) -> Handler:
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}

    async def given(_: Request) -> Response:
        return Response(content, media_type=kind, headers=headers)

    return given


class _Doors:
    """The handlers, with what they need."""

    def __init__(self, db: Database, desk: Desk, pace: Pace) -> None:
        self._db, self._desk, self._pace = db, desk, pace

    def both(self, path: str, purpose: tuple[str, ...], show: Show) -> list[Route]:
        """GET and POST of one address."""
        return [self.only_get(path, purpose, show), Route(path, self._posting(purpose, show), methods=["POST"])]

    def only_get(self, path: str, purpose: tuple[str, ...], show: Show) -> Route:
        """GET and HEAD."""

        async def looked(request: Request) -> Response:
            if not self._pace.allows(request):
                return slow_down(self._desk, request, {})
            return await guarded(request, self._desk, lambda: self._open(request, purpose, show, None))

        return Route(path, looked)

    def _posting(self, purpose: tuple[str, ...], show: Show) -> Handler:
        async def sent(request: Request) -> Response:
            posted = await typed(request)
            if not self._pace.allows(request):
                return slow_down(self._desk, request, posted)
            if "l" in posted:
                return self._pasted(request, posted["l"])
            return await guarded(request, self._desk, lambda: self._open(request, purpose, show, posted), posted)

        return sent

    async def _open(self, request: Request, purpose: tuple[str, ...], show: Show, posted: Posted) -> Answered | Response:
        """Read the token and look its row up; the same work is done for a token that was never made."""
        link_id = self._desk.links.read(request.path_params["token"])
        async with self._db.unit() as uow:
            row = await asks.link(uow, link_id or new_id())
            if row is None or link_id is None or row["purpose"] not in purpose or (uow.now - row["created_at"]).days > LINK_DAYS:
                return unknown_page(self._desk, request)
            ask_ids = tuple(row["ask_ids"])
            if "ask" in request.path_params:
                wanted = home.ask_of(request.path_params["ask"])
                if wanted is None:
                    return unknown_page(self._desk, request)
                ask_ids = (wanted,)
            here = "/".join(request.url.path.split("/")[:3])
            door = Door(
                row["person_id"], ask_ids, self._me(row["person_id"]), lang_asked(request), here, dict(request.query_params)
            )
            return await show(uow, reading(door, posted or {}), posted)

    def _me(self, person: UUID) -> str:
        return f"/me/{self._desk.links.token(self._desk.links.ask_id_of(person, 'me'))}"

    async def ask(self, uow: Uow, door: Door, posted: Posted) -> Answered:
        """/a/<token>: the question as it stands now; an answer, an undo, another language."""
        return await ask.show(uow, self._desk, door) if posted is None else await ask.send(uow, self._desk, door, posted)

    async def home(self, uow: Uow, door: Door, _: Posted) -> Answered:
        """/home/<token>: what I owe, who owes me, my candidates."""
        return await home.show(uow, self._desk, door)

    async def feed(self, request: Request) -> Response:
        """/calendar/<token>.ics: the reader's own interviews."""
        if not self._pace.allows(request):
            return slow_down(self._desk, request, {})
        return await guarded(request, self._desk, lambda: self._feed(request))

    async def _feed(self, request: Request) -> Answered | Response:
        link_id = self._desk.links.read_feed(request.path_params["token"])
        async with self._db.unit() as uow:
            row = await asks.link(uow, link_id or new_id())
            if row is None or link_id is None or row["purpose"] != "me":
                return unknown_page(self._desk, request)
            return await feed.feed(uow, self._desk, row["person_id"])

    async def nowhere(self, request: Request) -> Response:
        """Any other address."""
        return html(*unknown_page(self._desk, request))

    async def paste(self, request: Request) -> Response:
        """The whole link, pasted into the page that was not found."""
        if not self._pace.allows(request):
            return slow_down(self._desk, request, {})
        return self._pasted(request, (await typed(request)).get("l", ""))

    def _pasted(self, request: Request, link: str) -> Response:
        for door in ("a", "home", "me"):
            _, mark, rest = link.partition(f"/{door}/")
            token = rest.split("?")[0].split("#")[0].split("/")[0].strip()
            if mark and self._desk.links.read(token) is not None:
                return RedirectResponse(f"/{door}/{token}", status_code=303, headers=HEADERS)
        return html(*unknown_page(self._desk, request, tried=True))
