"""REST over all stand-ins: what people got, pressing buttons for them, receipts, faults."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from deploy.local.vendors.dingtalk import DingTalk
from deploy.local.vendors.faults import Fault
from deploy.local.vendors.feishu import Feishu
from deploy.local.vendors.slack import Slack
from deploy.local.vendors.sms import vendors as carriers
from deploy.local.vendors.vendor import House, Vendor
from deploy.local.vendors.wecom import WeCom

LONGEST_WAIT = 60.0


class Vendors:
    """All vendors of one house."""

    def __init__(self, house: House) -> None:
        self.house = house
        made: list[Vendor] = [cls(house) for cls in (DingTalk, WeCom, Feishu, Slack, *carriers())]
        self.all = {one.name: one for one in made}

    def routes(self) -> list[BaseRoute]:
        """Below /vendors what our adapters call; below /api what tests and simulated people use."""
        return [
            *(Mount(f"/vendors/{name}", routes=one.routes()) for name, one in self.all.items()),
            Route("/api/chats", self.chats),
            Route("/api/chats/{n:int}/press", self.press, methods=["POST"]),
            Route("/api/chats/{n:int}/receipt", self.receipt, methods=["POST"]),
            Route("/api/vendors/{vendor}/faults", self.faults, methods=["POST"]),
        ]

    async def chats(self, request: Request) -> Response:
        """GET /api/chats?since=N&to=&vendor=&wait=seconds."""
        query = request.query_params
        try:
            since, seconds = int(query.get("since", 0)), min(float(query.get("wait", 0)), LONGEST_WAIT)
        except ValueError:
            return JSONResponse({"problem": "since and wait are numbers"}, 400)
        wanted: dict[str, Any] = {"since": since, "to": query.get("to", ""), "vendor": query.get("vendor", "")}
        inbox = self.house.inbox
        found = await inbox.wait(seconds, **wanted) if seconds else inbox.find(**wanted)
        return JSONResponse([asdict(one) for one in found])

    def _note(self, request: Request) -> Any:
        n = request.path_params["n"]
        return self.house.inbox.notes[n - 1] if 0 < n <= len(self.house.inbox.notes) else None

    async def press(self, request: Request) -> Response:
        """POST /api/chats/{n}/press {"label": ...} or {"press": ...}, and {"user"} where somebody else presses it."""
        note, said = self._note(request), await request.json()
        if note is None:
            return JSONResponse({"problem": "no such message"}, 404)
        value = said.get("press") or next((one["press"] for one in note.choices if one["label"] == said.get("label")), "")
        if not value:
            return JSONResponse({"problem": "no such button", "choices": note.choices}, 404)
        pressed = await self.all[note.vendor].press(note, value, said.get("user") or note.to)
        return JSONResponse(pressed.as_json())

    async def receipt(self, request: Request) -> Response:
        """POST /api/chats/{n}/receipt {"ok": bool}."""
        note = self._note(request)
        if note is None:
            return JSONResponse({"problem": "no such message"}, 404)
        told = await self.all[note.vendor].receipt(note, bool((await request.json()).get("ok")))
        return JSONResponse(told.as_json())

    async def faults(self, request: Request) -> Response:
        """POST /api/vendors/{vendor}/faults {"kind", "times"}; kind "none" switches all of them off."""
        said, vendor = await request.json(), request.path_params["vendor"]
        if said["kind"] == "none":
            self.house.faults.on[vendor].clear()
        else:
            self.house.faults.on[vendor].append(Fault(said["kind"], int(said.get("times", 1))))
        return JSONResponse({"on": [asdict(one) for one in self.house.faults.on[vendor]]})
