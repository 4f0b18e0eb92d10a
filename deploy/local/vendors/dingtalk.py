"""DingTalk: tokens, robot messages, interactive cards and their HTTP callback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.vendors.faults import Rate, gateway
from deploy.local.vendors.inbox import Note
from deploy.local.vendors.vendor import Pressed, Vendor


def _problem(status: int, code: str) -> Response:
    return JSONResponse({"code": code, "message": code, "requestid": "0"}, status)


class DingTalk(Vendor):
    """api.dingtalk.com as far as we use it."""

    name = "dingtalk"

    def __init__(self, house: Any) -> None:
        super().__init__(house)
        self._rate = Rate(20, 1.0)

    def routes(self) -> list[Route]:
        """Its doors."""
        return [
            Route("/v1.0/oauth2/accessToken", self.token, methods=["POST"]),
            Route("/v1.0/card/instances/createAndDeliver", self.deliver, methods=["POST"]),
            Route("/v1.0/card/instances", self.update, methods=["PUT"]),
            Route("/v1.0/robot/oToMessages/batchSend", self.robot, methods=["POST"]),
        ]

    async def token(self, request: Request) -> Response:
        """POST accessToken."""
        said = await request.json()
        if (said.get("appKey"), said.get("appSecret")) != (self.account.get("app_key"), self.account.get("app_secret")):
            return _problem(400, "invalidClientIdOrSecret")
        return JSONResponse({"accessToken": self.house.token(self.name).give(), "expireIn": 7200})

    def _refused(self, request: Request) -> Response | None:
        faults = self.house.faults
        if faults.take(self.name, "expire"):
            self.house.token(self.name).expire()
        if not self.house.token(self.name).good(request.headers.get("x-acs-dingtalk-access-token", "")):
            return _problem(400, "InvalidAuthentication")
        if faults.take(self.name, "page", "lost_before"):
            return gateway()
        if faults.take(self.name, "rate") or self._rate.over():
            return _problem(403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi")
        return None

    async def deliver(self, request: Request) -> Response:
        """POST createAndDeliver: the key of a card counts once."""
        refused = self._refused(request)
        if refused:
            return refused
        said = await request.json()
        key, user = str(said["outTrackId"]), str(said["openSpaceId"]).rpartition("IM_ROBOT.")[2]
        params = said["cardData"]["cardParamMap"]
        if said["cardTemplateId"] != self.account.get("card_template") or said["callbackRouteKey"] != self.account.get("callback_route", "baton"):
            return _problem(400, "param.templateNotExist")
        if any(not isinstance(value, str) or len(value.encode()) > 1024 for value in params.values()):
            return _problem(400, "param.cardParamInvalid")
        if self.house.inbox.by_key(self.name, key):
            return _problem(400, "param.cardAlreadyExist")
        if user.startswith("unknown"):
            return _problem(400, "param.userIdNotExist")
        if not self.house.faults.take(self.name, "drop"):
            await self.house.inbox.add(_note(key, user, params))
        if self.house.faults.take(self.name, "lost"):
            return gateway()
        results = [{"spaceType": "IM_ROBOT", "spaceId": user, "success": True, "carrierId": "c", "errorMsg": ""}]
        return JSONResponse({"success": True, "result": {"outTrackId": key, "deliverResults": results}})

    async def update(self, request: Request) -> Response:
        """PUT instances."""
        refused = self._refused(request)
        if refused:
            return refused
        said = await request.json()
        note = self.house.inbox.by_key(self.name, str(said["outTrackId"]))
        if note is None or not said.get("cardUpdateOptions", {}).get("updateCardDataByKey"):
            return _problem(400, "param.cardNotExist")
        await self._show(note, said["cardData"]["cardParamMap"])
        return JSONResponse({"success": True, "result": True})

    async def _show(self, note: Note, params: dict[str, str]) -> None:
        new = _note(note.key, note.to, params)
        await self.house.inbox.change(note, title=new.title, text=new.text, choices=new.choices)

    async def robot(self, request: Request) -> Response:
        """POST batchSend."""
        refused = self._refused(request)
        if refused:
            return refused
        said = await request.json()
        param = json.loads(said["msgParam"])
        users = said["userIds"]
        if said["robotCode"] != self.account.get("robot_code") or not 0 < len(users) <= 20:
            return _problem(400, "param.invalid")
        gone = [one for one in users if one.startswith("unknown")]
        for user in users:
            if user not in gone and not self.house.faults.take(self.name, "drop"):
                await self.house.inbox.add(Note(self.name, user, "", param["title"], param["text"], [param["singleURL"]]))
        if self.house.faults.take(self.name, "lost"):
            return gateway()
        return JSONResponse({"processQueryKey": f"q{len(self.house.inbox.notes)}", "invalidStaffIdList": gone, "flowControlledStaffIdList": []})

    async def press(self, note: Note, value: str, user: str) -> Pressed:
        """The card's callback over HTTP; its signature covers the time only."""
        content = {"cardPrivateData": {"actionIds": ["1"], "params": {"press": value}}}
        said = {"type": "actionCallback", "outTrackId": note.key, "corpId": "ding1", "userId": user, "content": json.dumps(content)}
        stamp = str(int(time.time() * 1000))
        mac = hmac.new(self.account.get("callback_secret", "").encode(), stamp.encode(), hashlib.sha256).digest()
        headers = {"x-ddpaas-signature-timestamp": stamp, "x-ddpaas-signature": base64.b64encode(mac).decode()}
        pressed = await self.house.post("/in/dingtalk", json.dumps(said).encode(), {**headers, "content-type": "application/json"})
        options = pressed.body.get("cardUpdateOptions") if isinstance(pressed.body, dict) else None
        if options and "cardData" in pressed.body and pressed.seconds < 2:
            await self._show(note, pressed.body["cardData"]["cardParamMap"])
        return pressed


def _note(key: str, user: str, params: dict[str, str]) -> Note:
    choices = [{"label": params[f"label{n}"], "press": params[f"press{n}"]} for n in range(1, 6) if params.get(f"label{n}")]
    return Note("dingtalk", user, key, params["title"], params["text"], [params["link"]], choices)
