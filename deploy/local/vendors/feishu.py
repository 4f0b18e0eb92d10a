"""Feishu: tokens, cards of schema 2.0 with a uuid that counts once, and the signed, encrypted card action."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
import uuid
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.vendors.faults import Rate, gateway
from deploy.local.vendors.inbox import Note
from deploy.local.vendors.vendor import Pressed, Vendor


def _answer(code: int, status: int = 200, headers: dict[str, str] | None = None, **data: Any) -> Response:
    return JSONResponse({"code": code, "msg": "ok" if code == 0 else f"error {code}", "data": data}, status, headers)


class Feishu(Vendor):
    """open.feishu.cn as far as we use it."""

    name = "feishu"

    def __init__(self, house: Any) -> None:
        super().__init__(house)
        self._rate, self._per_user = Rate(50, 1.0), Rate(5, 1.0)

    def routes(self) -> list[Route]:
        """Its doors."""
        return [
            Route("/open-apis/auth/v3/tenant_access_token/internal", self.token, methods=["POST"]),
            Route("/open-apis/im/v1/messages", self.send, methods=["POST"]),
            Route("/open-apis/im/v1/messages/{id}", self.patch, methods=["PATCH"]),
        ]

    async def token(self, request: Request) -> Response:
        """POST tenant_access_token: the token stands at the top."""
        said = await request.json()
        if (said.get("app_id"), said.get("app_secret")) != (self.account.get("app_id"), self.account.get("app_secret")):
            return JSONResponse({"code": 10014, "msg": "app secret invalid"})
        return JSONResponse({"code": 0, "msg": "ok", "tenant_access_token": self.house.token(self.name).give(), "expire": 7200})

    def _refused(self, request: Request, user: str = "") -> Response | None:
        faults = self.house.faults
        if faults.take(self.name, "expire"):
            self.house.token(self.name).expire()
        if not self.house.token(self.name).good(request.headers.get("authorization", "").removeprefix("Bearer ")):
            return _answer(99991663, 400)
        if faults.take(self.name, "page", "lost_before"):
            return gateway()
        if faults.take(self.name, "rate") or self._rate.over():
            return _answer(99991400, 429, {"x-ogw-ratelimit-reset": "1"})
        if user and self._per_user.over(user):
            return _answer(230020, 400)
        return None

    async def send(self, request: Request) -> Response:
        """POST messages."""
        said = await request.json()
        user = str(said.get("receive_id"))
        refused = self._refused(request, user)
        if refused:
            return refused
        if request.query_params.get("receive_id_type") not in ("open_id", "user_id", "email") or len(said.get("uuid", "")) > 50:
            return _answer(99992402, 400)
        known = self.house.inbox.by_key(self.name, said["uuid"])
        if known:
            return _answer(0, message_id=known.extra["id"])
        if user.startswith("unknown"):
            return _answer(230013, 400)
        try:
            note = _note(user, json.loads(said["content"]), said["uuid"])
        except (KeyError, ValueError):
            return _answer(230099, 400)
        note.extra = {"id": f"om_{uuid.uuid4().hex}"}
        if not self.house.faults.take(self.name, "drop"):
            await self.house.inbox.add(note)
        return gateway() if self.house.faults.take(self.name, "lost") else _answer(0, message_id=note.extra["id"])

    async def patch(self, request: Request) -> Response:
        """PATCH messages/{id}: a card that may be updated, by one that may."""
        refused = self._refused(request)
        if refused:
            return refused
        note = self.house.inbox.by_extra(self.name, "id", request.path_params["id"])
        card = json.loads((await request.json())["content"])
        if note is None or not card.get("config", {}).get("update_multi"):
            return _answer(230001, 400)
        await self._show(note, card)
        return _answer(0)

    async def _show(self, note: Note, card: dict[str, Any]) -> None:
        new = _note(note.to, card, note.key)
        await self.house.inbox.change(note, title=new.title, text=new.text, choices=new.choices)

    async def press(self, note: Note, value: str, user: str) -> Pressed:
        """card.action.trigger, encrypted and signed."""
        action = {"value": json.loads(value), "tag": "button", "name": "c0"}
        header = {"event_id": uuid.uuid4().hex, "token": self.account.get("verification_token", ""), "event_type": "card.action.trigger",
                  "create_time": str(time.time_ns() // 1000), "tenant_key": "t", "app_id": self.account.get("app_id")}  # fmt: skip
        who = {"tenant_key": "t", "open_id": user, "union_id": "on_1"}
        event = {"operator": who, "token": "c-1", "action": action, "host": "im_message", "context": {"open_message_id": note.extra["id"]}}
        body = json.dumps({"encrypt": self._sealed(json.dumps({"schema": "2.0", "header": header, "event": event}))}).encode()
        stamp, nonce = str(int(time.time())), uuid.uuid4().hex[:8]
        signature = hashlib.sha256(f"{stamp}{nonce}{self.account['encrypt_key']}".encode() + body).hexdigest()
        headers = {"X-Lark-Request-Timestamp": stamp, "X-Lark-Request-Nonce": nonce, "X-Lark-Signature": signature, "content-type": "application/json"}
        pressed = await self.house.post("/in/feishu", body, headers)
        if isinstance(pressed.body, dict) and pressed.body.get("card") and pressed.seconds < 3:
            await self._show(note, pressed.body["card"]["data"])
        return pressed

    def _sealed(self, text: str) -> str:
        key, vector, raw = hashlib.sha256(self.account["encrypt_key"].encode()).digest(), os.urandom(16), text.encode()
        more = 16 - len(raw) % 16
        engine = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
        return base64.b64encode(vector + engine.update(raw + bytes([more]) * more) + engine.finalize()).decode()


def _note(user: str, card: dict[str, Any], key: str) -> Note:
    if card["schema"] != "2.0":
        raise ValueError("not a card of schema 2.0")
    elements, names = card["body"]["elements"], [one["name"] for one in card["body"]["elements"] if "name" in one]
    if len(names) != len(set(names)) or len(elements) > 200:
        raise ValueError("names of elements are unique")
    links, choices = [], []
    for one in elements:
        for behaviour in one.get("behaviors") or ():
            if behaviour["type"] == "callback":
                assert isinstance(behaviour["value"], dict)
                choices.append({"label": one["text"]["content"], "press": json.dumps(behaviour["value"])})
            else:
                links.append(behaviour["default_url"])
    text = "\n".join(one["content"] for one in elements if one["tag"] == "markdown")
    return Note("feishu", user, key, card["header"]["title"]["content"], text, links, choices)
