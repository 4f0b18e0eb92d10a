"""Feishu (Lark) to one person: a card of schema 2.0, keyed by uuid for an hour; business errors come with HTTP 400 and JSON."""

import json
from datetime import timedelta
from typing import Any

from services.notification.channels.accounts import FeishuAccount
from services.notification.channels.base import Outcome, Outgoing, Result, Window
from services.notification.channels.card import Card, card_of
from services.notification.channels.http import Line, Said, VendorAwayError, strange
from services.notification.channels.tokens import Token, TokenRefusedError

_BUSY = {99991400, 230020, 11232}
_DEAD = {99991663, 99991661}
_AGAIN = {230049}
_OPTED_OUT = {230053}


class Feishu:
    """The app of one Feishu tenant."""

    name = "feishu"
    window: Window = "chat"
    key_life: timedelta | None = timedelta(minutes=55)
    per_second = 16.0
    at_once = 8

    def __init__(self, account: FeishuAccount, line: Line) -> None:
        self._account, self._line = account, line
        self._token = Token(self._fetch)

    async def send(self, outgoing: Outgoing) -> Result:
        """Send the card; somebody who stopped the bot has opted out, somebody who left is refused."""
        card = card_of(outgoing.raw)
        body = {"receive_id": outgoing.to, "msg_type": "interactive", "content": _json(card_body(card)), "uuid": card.key}
        kind = "email" if "@" in outgoing.to else "open_id" if outgoing.to.startswith("ou_") else "user_id"
        try:
            said = await self._call("POST", f"/open-apis/im/v1/messages?receive_id_type={kind}", body)
        except VendorAwayError as away:
            return away.result()
        except TokenRefusedError as refused:
            return Result(Outcome.LATER, refused.code)
        return _result(said)

    async def change(self, provider_id: str, raw: bytes) -> bool:
        """Put the settled card in its place; possible for 14 days."""
        try:
            said = await self._call(
                "PATCH", f"/open-apis/im/v1/messages/{provider_id}", {"content": _json(card_body(card_of(raw)))}
            )
        except (VendorAwayError, TokenRefusedError):
            return False
        return said.body.get("code") == 0

    async def _call(self, method: str, path: str, body: dict[str, Any]) -> Said:
        said = Said(0)
        for _ in range(2):
            token = await self._token.get()
            said = await self._line.say(method, path, json=body, headers={"authorization": f"Bearer {token}"})
            if said.body.get("code") not in _DEAD:
                break
            self._token.dead(token)
        return said

    async def _fetch(self) -> tuple[str, float]:
        body = {"app_id": self._account.app_id, "app_secret": self._account.app_secret}
        said = await self._line.say("POST", "/open-apis/auth/v3/tenant_access_token/internal", json=body)
        if said.body.get("code") != 0:
            raise TokenRefusedError(f"feishu_{said.body.get('code', said.status)}")
        return str(said.body["tenant_access_token"]), float(said.body.get("expire") or 7200)

    async def close(self) -> None:
        """Give the connections back."""
        await self._line.close()


def card_body(card: Card) -> dict[str, Any]:
    """The card as Feishu draws it; values of buttons are objects, always."""
    elements: list[dict[str, Any]] = [{"tag": "markdown", "content": _plain(card.text())}]
    for n, one in enumerate(card.presses()):
        made: dict[str, Any] = {"tag": "button", "name": f"c{n}", "text": {"tag": "plain_text", "content": one.label}}
        elements.append({**made, "behaviors": [{"type": "callback", "value": {"t": one.press}}]})
    opens = {"tag": "button", "name": "open", "type": "primary", "text": {"tag": "plain_text", "content": card.open_label}}
    elements.append({**opens, "behaviors": [{"type": "open_url", "default_url": card.link}]})
    header = {"template": "grey" if card.settled else "blue", "title": {"tag": "plain_text", "content": card.title}}
    return {"schema": "2.0", "config": {"update_multi": True}, "header": header, "body": {"elements": elements}}


def _plain(text: str) -> str:
    """No mark-up out of somebody's name, and no tag that could mention people."""
    return text.replace("<", "&#60;").replace("*", "&#42;").replace("[", "&#91;")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _result(said: Said) -> Result:
    wrong = strange(said)
    if wrong:
        return wrong
    code = said.body.get("code")
    if code == 0:
        return Result(Outcome.ACCEPTED, "", str((said.body.get("data") or {}).get("message_id") or ""))
    if code in _BUSY or said.status == 429:
        return Result(Outcome.BUSY, f"feishu_{code}", wait=said.wait("x-ogw-ratelimit-reset"))
    if code in _AGAIN or said.status >= 500:
        return Result(Outcome.UNKNOWN, f"feishu_{code}")
    return Result(Outcome.REFUSED, "opted_out" if code in _OPTED_OUT else f"feishu_{code}")
