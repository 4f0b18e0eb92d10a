"""Slack: bot token, conversations, messages with metadata, and the signed form of a pressed button."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.vendors.faults import Rate, gateway
from deploy.local.vendors.inbox import Note
from deploy.local.vendors.vendor import Pressed, Vendor


class Slack(Vendor):
    """slack.com/api as far as we use it; refusals come with HTTP 200."""

    name = "slack"

    def __init__(self, house: Any) -> None:
        super().__init__(house)
        self._rate = Rate(20, 1.0)

    def routes(self) -> list[Route]:
        """Its doors."""
        return [Route("/api/{method}", self.call, methods=["POST"])]

    async def call(self, request: Request) -> Response:
        """POST /api/<method>."""
        if request.headers.get("authorization") != f"Bearer {self.account.get('bot_token')}" or self.house.faults.take(self.name, "expire"):
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        method, said = request.path_params["method"], await request.json()
        if method == "conversations.open":
            user = said["users"]
            return JSONResponse({"ok": False, "error": "user_not_found"} if user.startswith("unknown") else {"ok": True, "channel": {"id": f"D{user}"}})
        if self.house.faults.take(self.name, "page", "lost_before") and method == "chat.postMessage":
            return gateway()
        if method == "conversations.history":
            return self._history(said)
        if (method == "chat.postMessage" and self.house.faults.take(self.name, "rate")) or self._rate.over():
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1"})
        return await (self._post(said) if method == "chat.postMessage" else self._update(said))

    async def _post(self, said: dict[str, Any]) -> Response:
        wrong = _wrong(said)
        if wrong:
            return JSONResponse({"ok": False, "error": wrong})
        stamp = f"{time.time():.6f}"
        note = _note(said["channel"], said)
        note.key, note.extra = said.get("metadata", {}).get("event_payload", {}).get("id", ""), {"ts": stamp, "channel": said["channel"]}
        if not self.house.faults.take(self.name, "drop"):
            await self.house.inbox.add(note)
        return gateway() if self.house.faults.take(self.name, "lost") else JSONResponse({"ok": True, "channel": said["channel"], "ts": stamp})

    async def _update(self, said: dict[str, Any]) -> Response:
        note = self.house.inbox.by_extra(self.name, "ts", said["ts"])
        if note is None or note.extra["channel"] != said["channel"]:
            return JSONResponse({"ok": False, "error": "message_not_found"})
        new = _note(said["channel"], said)
        await self.house.inbox.change(note, title=new.title, text=new.text, choices=new.choices)
        return JSONResponse({"ok": True, "channel": said["channel"], "ts": said["ts"]})

    def _history(self, said: dict[str, Any]) -> Response:
        notes = [one for one in self.house.inbox.notes if one.vendor == self.name and one.extra["channel"] == said["channel"]]
        shown = [{"ts": one.extra["ts"], "metadata": {"event_payload": {"id": one.key}}} for one in reversed(notes)]
        return JSONResponse({"ok": True, "messages": shown[: int(said.get("limit", 100))]})

    async def press(self, note: Note, value: str, user: str) -> Pressed:
        """block_actions as a form, signed over its raw bytes; the message itself is changed later by chat.update."""
        action = {"action_id": "c0", "block_id": note.key, "value": value, "action_ts": f"{time.time():.6f}", "type": "button"}
        container = {"message_ts": note.extra["ts"], "channel_id": note.extra["channel"]}
        payload = {"type": "block_actions", "user": {"id": user}, "team": {"id": "T1"}, "container": container, "actions": [action]}
        body, stamp = urlencode({"payload": json.dumps(payload)}).encode(), str(int(time.time()))
        signature = "v0=" + hmac.new(self.account["signing_secret"].encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature, "content-type": "application/x-www-form-urlencoded"}
        return await self.house.post("/in/slack", body, headers)


def _wrong(said: dict[str, Any]) -> str:
    if not said.get("text"):
        return "no_text"
    for block in said["blocks"]:
        for one in block.get("elements", ()):
            if len(one["text"]["text"]) > 75 or len(one.get("value", "")) > 2000 or len(one["action_id"]) > 255:
                return "invalid_blocks"
        if block["type"] == "header" and len(block["text"]["text"]) > 150:
            return "invalid_blocks"
    return ""


def _note(channel: str, said: dict[str, Any]) -> Note:
    elements = [one for block in said["blocks"] for one in block.get("elements", ())]
    choices = [{"label": one["text"]["text"], "press": one["value"]} for one in elements if "url" not in one]
    text = "\n".join(block["text"]["text"] for block in said["blocks"] if block["type"] == "section")
    return Note("slack", channel[1:], "", said["text"], text, [one["url"] for one in elements if "url" in one], choices)
