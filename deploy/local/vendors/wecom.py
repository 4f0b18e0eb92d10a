"""WeCom: tokens, template cards with a duplicate check, and the encrypted event of a pressed button."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import struct
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


def _answer(code: int, **more: Any) -> Response:
    return JSONResponse({"errcode": code, "errmsg": "ok" if code == 0 else f"error {code}", **more})


class WeCom(Vendor):
    """qyapi.weixin.qq.com as far as we use it."""

    name = "wecom"

    def __init__(self, house: Any) -> None:
        super().__init__(house)
        self._rate = Rate(160, 1.0)

    def routes(self) -> list[Route]:
        """Its doors."""
        return [
            Route("/cgi-bin/gettoken", self.token),
            Route("/cgi-bin/message/send", self.send, methods=["POST"]),
            Route("/cgi-bin/message/update_template_card", self.update, methods=["POST"]),
        ]

    async def token(self, request: Request) -> Response:
        """GET gettoken."""
        said = request.query_params
        if (said.get("corpid"), said.get("corpsecret")) != (self.account.get("corp_id"), self.account.get("secret")):
            return _answer(40013)
        return _answer(0, access_token=self.house.token(self.name).give(), expires_in=7200)

    def _refused(self, request: Request) -> Response | None:
        faults = self.house.faults
        if faults.take(self.name, "expire"):
            self.house.token(self.name).expire()
        if not self.house.token(self.name).good(request.query_params.get("access_token", "")):
            return _answer(42001)
        if faults.take(self.name, "page", "lost_before"):
            return gateway()
        if faults.take(self.name, "rate") or self._rate.over():
            return _answer(45033)
        return None

    async def send(self, request: Request) -> Response:
        """POST message/send: the same card within the interval is accepted and not shown again."""
        refused = self._refused(request)
        if refused:
            return refused
        said = await request.json()
        card, user = said["template_card"], said["touser"]
        if not re.fullmatch(r"[0-9A-Za-z_\-@]{1,128}", card["task_id"]):
            return _answer(42014)
        if said["agentid"] != self.account.get("agent_id") or _too_long(card):
            return _answer(40058)
        if user.startswith("unknown"):
            return _answer(81013, invaliduser=user)
        known = self.house.inbox.by_key(self.name, card["task_id"])
        code = known.extra["code"] if known else uuid.uuid4().hex
        if not known and not self.house.faults.take(self.name, "drop"):
            choices = [{"label": one["text"], "press": one["key"]} for one in card.get("button_list", ()) if one["type"] == 0]
            note = Note(self.name, user, card["task_id"], card["main_title"]["title"], card["sub_title_text"], [card["card_action"]["url"]], choices)
            note.extra = {"code": code, "used": False}
            await self.house.inbox.add(note)
        if self.house.faults.take(self.name, "lost"):
            return gateway()
        return _answer(0, invaliduser="", msgid=uuid.uuid4().hex, response_code=code)

    async def update(self, request: Request) -> Response:
        """POST update_template_card: a code works once."""
        refused = self._refused(request)
        if refused:
            return refused
        said = await request.json()
        note = self.house.inbox.by_extra(self.name, "code", said["response_code"])
        if note is None or note.extra["used"]:
            return _answer(42045)
        note.extra["used"] = True
        await self.house.inbox.change(note, text=f"{note.text}\n{said['button']['replace_name']}", choices=[])
        return _answer(0)

    async def press(self, note: Note, value: str, user: str) -> Pressed:
        """template_card_event; the answer is an encrypted card or empty."""
        code = uuid.uuid4().hex
        fields = {"ToUserName": self.account["corp_id"], "FromUserName": user, "CreateTime": str(int(time.time())), "MsgType": "event",
                  "Event": "template_card_event", "EventKey": value, "TaskId": note.key, "CardType": "button_interaction",
                  "ResponseCode": code, "AgentID": str(self.account["agent_id"])}  # fmt: skip
        plain = "<xml>" + "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items()) + "</xml>"
        sealed, stamp, nonce = self._sealed(plain), str(int(time.time())), uuid.uuid4().hex[:10]
        signature = hashlib.sha1("".join(sorted((self.account["token"], stamp, nonce, sealed))).encode()).hexdigest()
        body = f"<xml><ToUserName><![CDATA[{self.account['corp_id']}]]></ToUserName><AgentID>1</AgentID><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        note.extra |= {"code": code, "used": False}
        path = f"/in/wecom?msg_signature={signature}&timestamp={stamp}&nonce={nonce}"
        pressed = await self.house.post(path, body.encode(), {"content-type": "text/xml"})
        found = re.search(r"<Encrypt><!\[CDATA\[(.+?)]]></Encrypt>", str(pressed.body))
        if found and pressed.seconds < 5:
            word = re.search(r"<ReplaceName><!\[CDATA\[(.*?)]]></ReplaceName>", self._opened(found[1]))
            await self.house.inbox.change(note, text=f"{note.text}\n{word[1] if word else ''}", choices=[])
        return pressed

    def _key(self) -> bytes:
        return base64.b64decode(self.account["aes_key"] + "=")

    def _sealed(self, text: str) -> str:
        raw = os.urandom(16) + struct.pack(">I", len(text.encode())) + text.encode() + self.account["corp_id"].encode()
        more = 32 - len(raw) % 32
        engine = Cipher(algorithms.AES(self._key()), modes.CBC(self._key()[:16])).encryptor()
        return base64.b64encode(engine.update(raw + bytes([more]) * more) + engine.finalize()).decode()

    def _opened(self, text: str) -> str:
        engine = Cipher(algorithms.AES(self._key()), modes.CBC(self._key()[:16])).decryptor()
        raw = engine.update(base64.b64decode(text)) + engine.finalize()
        (size,) = struct.unpack(">I", raw[16:20])
        return raw[20 : 20 + size].decode()


def _too_long(card: dict[str, Any]) -> bool:
    """The real one cuts in silence; here it is an error, so that a test sees it."""
    buttons = card.get("button_list", ())
    return (
        len(card["main_title"]["title"]) > 36
        or len(card["main_title"]["desc"]) > 44
        or len(card["sub_title_text"]) > 160
        or len(buttons) > 6
        or any(len(one["text"]) > 10 or len(one.get("key", "").encode()) > 1024 for one in buttons)
    )
