"""A house with accounts at every vendor, all of them stand-ins in this process; adapters and doors of the service talk to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from starlette.applications import Starlette

from deploy.local.vendors.accounts import made_up
from deploy.local.vendors.inbox import Inbox
from deploy.local.vendors.vendor import House
from deploy.local.vendors.web import Vendors
from services.notification.channels.accounts import Accounts
from services.notification.channels.base import Outgoing
from services.notification.channels.card import Card, Choice
from services.notification.channels.dingtalk import DingTalk
from services.notification.channels.feishu import Feishu
from services.notification.channels.http import Line
from services.notification.channels.slack import Slack
from services.notification.channels.sms import Aliyun, Sms, Tencent, Twilio
from services.notification.channels.wecom import WeCom

CHATS: Mapping[str, Any] = {"dingtalk": DingTalk, "wecom": WeCom, "feishu": Feishu, "slack": Slack}
CARRIERS: Mapping[str, Any] = {"aliyun": Aliyun, "tencent": Tencent, "twilio": Twilio}
DOORS = "http://pages.test"


class Street:
    """All vendors of one house, on no port at all."""

    def __init__(self, folder: Path, accounts: Mapping[str, Any] | None = None) -> None:
        raw = dict(accounts or made_up(DOORS))
        self.accounts = Accounts.model_validate(raw)
        self.house = House(raw, DOORS, Inbox(folder))
        self.vendors = Vendors(self.house)
        self.app = Starlette(routes=self.vendors.routes())

    def http(self, **more: Any) -> httpx.AsyncClient:
        """A client of the stand-ins."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app, raise_app_exceptions=False), **more)

    def line(self, vendor: str) -> Line:
        """An adapter's line to this vendor."""
        return Line(f"http://vendors.test/vendors/{vendor}", self.http())

    def channel(self, name: str) -> Any:
        """The adapter of this vendor; carriers come as the SMS channel with this one alone."""
        if name in CHATS:
            return CHATS[name](getattr(self.accounts, name), self.line(name))
        return Sms([CARRIERS[name](getattr(self.accounts, name), self.line(name))])

    async def rest(self, path: str, body: Any = None) -> Any:
        """REST of the stand-ins."""
        async with self.http(base_url="http://vendors.test") as http:
            answer = await (http.get(path) if body is None else http.post(path, json=body))
            return answer.json()


def card(key: str, *choices: Choice, **more: Any) -> Card:
    """A small card."""
    return Card(
        lang="zh",
        title=more.pop("title", "请选时间（12月2日 20:00 前）"),
        lines=more.pop("lines", ("林悦，请选一个时间。",)),
        link="http://pages.test/a/TOKEN",
        open_label="打开页面",
        key=key,
        choices=choices,
        short="【启衡人才】林悦，请选时间（12月2日 20:00 前）：http://pages.test/s/abc",
        parts=(("you", "林悦"), ("act", "请选时间"), ("due", "（12月2日 20:00 前）"), ("code", "abc")),
        **more,
    )


def outgoing(to: str, made: Card | None = None) -> Outgoing:
    """This card to this address."""
    message_id = UUID(made.key) if made else uuid4()
    made = made or card(str(message_id), Choice("同意", "PRESS-yes"), Choice("拒绝", "PRESS-no"))
    return Outgoing(to, made.as_bytes(), f"<{message_id}@x>", made.title, made.link, uuid4(), message_id, "choose_slot")
