"""WeCom to one member: a template card with buttons where they fit its narrow limits, else a notice that opens the page.

Success is errcode 0 with nobody in `invaliduser`; over-long texts are cut silently by the vendor, so they are cut here with a mark.
"""

from datetime import timedelta
from typing import Any

from services.notification.channels.accounts import WeComAccount
from services.notification.channels.base import Outcome, Outgoing, Result, Window
from services.notification.channels.card import Card, card_of
from services.notification.channels.http import Line, Said, VendorAwayError, strange
from services.notification.channels.tokens import Token, TokenRefusedError
from services.notification.wording import clip

_DEAD = {40014, 42001, 41001}
_BUSY = {45009, 45033, -1}
BUTTONS, BUTTON = 5, 10
_KEY_SECONDS = 14400


class WeCom:
    """One self-built app of a corporation."""

    name = "wecom"
    window: Window = "chat"
    key_life: timedelta | None = timedelta(seconds=_KEY_SECONDS - 600)
    per_second = 20.0
    at_once = 8

    def __init__(self, account: WeComAccount, line: Line) -> None:
        self._account, self._line = account, line
        self._token = Token(self._fetch)

    async def send(self, outgoing: Outgoing) -> Result:
        """Send the card; a member who is none of ours is refused."""
        body = {
            "touser": outgoing.to,
            "msgtype": "template_card",
            "agentid": self._account.agent_id,
            "template_card": card_body(card_of(outgoing.raw)),
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _KEY_SECONDS,
        }
        try:
            said = await self._call("/cgi-bin/message/send", body)
        except VendorAwayError as away:
            return away.result()
        except TokenRefusedError as refused:
            return Result(Outcome.BUSY if refused.busy else Outcome.LATER, refused.code, wait=5.0)
        return _result(said)

    async def change(self, provider_id: str, raw: bytes) -> bool:
        """The buttons become one word; possible once, by the code that came with the message or the press."""
        user, _, code = provider_id.partition(" ")
        if not code:
            return True
        button = {"replace_name": clip(card_of(raw).settled, BUTTON)}
        body = {"userids": [user], "agentid": self._account.agent_id, "response_code": code, "button": button}
        try:
            return (await self._call("/cgi-bin/message/update_template_card", body)).body.get("errcode") == 0
        except (VendorAwayError, TokenRefusedError):
            return False

    async def _call(self, path: str, body: dict[str, Any]) -> Said:
        said = Said(0)
        for _ in range(2):
            token = await self._token.get()
            said = await self._line.say("POST", path, json=body, params={"access_token": token})
            if said.body.get("errcode") not in _DEAD:
                break
            self._token.dead(token)
        return said

    async def _fetch(self) -> tuple[str, float]:
        params = {"corpid": self._account.corp_id, "corpsecret": self._account.secret}
        said = await self._line.say("GET", "/cgi-bin/gettoken", params=params)
        if said.body.get("errcode") != 0:
            code = said.body.get("errcode", said.status)
            raise TokenRefusedError(f"wecom_{code}", busy=code in _BUSY)
        return str(said.body["access_token"]), float(said.body.get("expires_in") or 7200)

    async def close(self) -> None:
        """Give the connections back."""
        await self._line.close()


def answers_in_place(card: Card) -> bool:
    """Whether all its choices fit on WeCom's small buttons."""
    presses = card.presses()
    return 0 < len(presses) <= BUTTONS and len(presses) == len(card.choices) and all(len(one.label) <= BUTTON for one in presses)


def card_body(card: Card) -> dict[str, Any]:
    """The template card; `task_id` is the message's own id, the key of a button its opaque value."""
    body: dict[str, Any] = {
        "main_title": {"title": clip(card.title, 36), "desc": clip(card.sender, 44)},
        "sub_title_text": clip(card.text(), 160),
        "task_id": card.key,
        "card_action": {"type": 1, "url": card.link},
    }
    if not answers_in_place(card):
        jump = {"type": 1, "title": clip(card.open_label, 13), "url": card.link}
        return {**body, "card_type": "text_notice", "jump_list": [jump]}
    buttons = [{"type": 0, "text": one.label, "style": 1, "key": one.press} for one in card.presses()]
    page = {"type": 1, "text": clip(card.open_label, BUTTON), "style": 4, "url": card.link}
    return {**body, "card_type": "button_interaction", "button_list": [*buttons, page]}


def _result(said: Said) -> Result:
    wrong = strange(said)
    if wrong:
        return wrong
    code = said.body.get("errcode")
    if code in _BUSY:
        return Result(Outcome.BUSY, f"wecom_{code}", wait=60.0 if code == 45009 else 2.0)
    if code != 0:
        return Result(Outcome.UNKNOWN if said.status >= 500 else Outcome.REFUSED, f"wecom_{code}")
    if said.body.get("invaliduser") or said.body.get("unlicenseduser"):
        return Result(Outcome.REFUSED, "invalid_user")
    return Result(Outcome.ACCEPTED, "", str(said.body.get("response_code") or ""))
