"""DingTalk to one person: an interactive card where the house has a published template, else a robot's card with a link.

The card has a key (outTrackId): a resend is recognised. The robot's message has none: a broken line leaves it unknown.
"""

import json
from datetime import timedelta
from typing import Any

from services.notification.channels.accounts import DingTalkAccount
from services.notification.channels.base import Outcome, Outgoing, Result, Window
from services.notification.channels.card import Card, card_of, cut
from services.notification.channels.http import Line, Said, VendorAwayError, strange
from services.notification.channels.tokens import Token, TokenRefusedError

_VALUE = 1000
_BUSY = ("QpsLimitForAppkeyAndApi", "QpsLimitForApi", "send.too.fast", "send.byToken.tooFast")
_DEAD = ("InvalidAuthentication",)


class DingTalk:
    """The app of one DingTalk organisation."""

    name = "dingtalk"
    window: Window = "chat"
    per_second = 18.0
    at_once = 8

    def __init__(self, account: DingTalkAccount, line: Line) -> None:
        self._account, self._line = account, line
        self._token = Token(self._fetch)
        self.key_life = timedelta(days=7) if account.card_template else None

    async def send(self, outgoing: Outgoing) -> Result:
        """Deliver the card; who has left the organisation is refused, who may not be written to now is busy."""
        card = card_of(outgoing.raw)
        try:
            if self._account.card_template:
                return _delivered(
                    await self._call("POST", "/v1.0/card/instances/createAndDeliver", self._card(outgoing, card)), card.key
                )
            return _queued(await self._call("POST", "/v1.0/robot/oToMessages/batchSend", self._robot(outgoing, card)))
        except VendorAwayError as away:
            return away.result()
        except TokenRefusedError as refused:
            return Result(Outcome.LATER, refused.code)

    async def change(self, provider_id: str, raw: bytes) -> bool:
        """The card says what became of it; the robot's message stays as it is."""
        if not self._account.card_template:
            return True
        data = {"cardParamMap": params_of(card_of(raw))}
        body = {"outTrackId": provider_id, "cardData": data, "cardUpdateOptions": {"updateCardDataByKey": True}, "userIdType": 1}
        try:
            said = await self._call("PUT", "/v1.0/card/instances", body)
        except (VendorAwayError, TokenRefusedError):
            return False
        return said.status == 200

    def _card(self, outgoing: Outgoing, card: Card) -> dict[str, Any]:
        a = self._account
        return {
            "cardTemplateId": a.card_template,
            "outTrackId": card.key,
            "callbackType": "HTTP",
            "callbackRouteKey": a.callback_route,
            "cardData": {"cardParamMap": params_of(card)},
            "openSpaceId": f"dtv1.card//IM_ROBOT.{outgoing.to}",
            "imRobotOpenSpaceModel": {"supportForward": False, "notification": {"alertContent": cut(card.title, 120)}},
            "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": a.robot_code},
            "userIdType": 1,
        }

    def _robot(self, outgoing: Outgoing, card: Card) -> dict[str, Any]:
        # The same content to the same person is dropped without an error: the key makes each distinct.
        text = f"### {card.title}\n\n" + card.text(2000).replace("\n", "\n\n") + f"\n\n`{card.key[:8]}`"
        param = {"title": card.title, "text": text, "singleTitle": card.open_label[:20], "singleURL": card.link}
        return {
            "robotCode": self._account.robot_code,
            "userIds": [outgoing.to],
            "msgKey": "sampleActionCard",
            "msgParam": json.dumps(param, ensure_ascii=False),
        }

    async def _call(self, method: str, path: str, body: dict[str, Any]) -> Said:
        said = Said(0)
        for _ in range(2):
            token = await self._token.get()
            said = await self._line.say(method, path, json=body, headers={"x-acs-dingtalk-access-token": token})
            if said.body.get("code") not in _DEAD and said.status != 401:
                break
            self._token.dead(token)
        return said

    async def _fetch(self) -> tuple[str, float]:
        body = {"appKey": self._account.app_key, "appSecret": self._account.app_secret}
        said = await self._line.say("POST", "/v1.0/oauth2/accessToken", json=body)
        if said.status != 200 or not said.body.get("accessToken"):
            raise TokenRefusedError(str(said.body.get("code") or f"http_{said.status}"))
        return str(said.body["accessToken"]), float(said.body.get("expireIn") or 7200)

    async def close(self) -> None:
        """Give the connections back."""
        await self._line.close()


def params_of(card: Card) -> dict[str, str]:
    """The variables of the published template; each at most 1 kB, all of them texts. An empty label hides its button."""
    made = {
        "title": cut(card.title, _VALUE),
        "text": cut(card.text(), _VALUE),
        "link": card.link,
        "open": card.open_label,
        "settled": card.settled,
    }
    presses = card.presses()
    for n in range(1, 6):
        one = presses[n - 1] if n <= len(presses) else None
        made |= {f"label{n}": cut(one.label, 200) if one else "", f"press{n}": one.press if one else ""}
    return made


def _delivered(said: Said, key: str) -> Result:
    wrong = strange(said)
    if wrong:
        return wrong
    code = str(said.body.get("code") or "")
    if code == "param.cardAlreadyExist":
        return Result(Outcome.ACCEPTED, "known", key)
    if said.status == 200 and said.body.get("success", True):
        delivered = (said.body.get("result") or {}).get("deliverResults") or []
        if delivered and all(one.get("success") for one in delivered):
            return Result(Outcome.ACCEPTED, "", key)
        return Result(Outcome.REFUSED, "not_delivered")
    return _refused(said, code)


def _queued(said: Said) -> Result:
    wrong = strange(said)
    if wrong:
        return wrong
    if said.status != 200:
        return _refused(said, str(said.body.get("code") or ""))
    if said.body.get("invalidStaffIdList"):
        return Result(Outcome.REFUSED, "invalid_staff")
    if said.body.get("flowControlledStaffIdList"):
        return Result(Outcome.LATER, "flow_controlled")
    return Result(Outcome.ACCEPTED, "", str(said.body.get("processQueryKey") or ""))


def _refused(said: Said, code: str) -> Result:
    if code.endswith(_BUSY):
        return Result(Outcome.BUSY, code, wait=1.0)
    if said.status >= 500:
        return Result(Outcome.UNKNOWN, code or f"http_{said.status}")
    return Result(Outcome.REFUSED, code or f"http_{said.status}")
