"""Text messages: one channel over the vendors of the house, chosen by the number's country. None of them knows a key."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import uuid4

import httpx

from services.notification.channels import signing
from services.notification.channels.accounts import AliyunAccount, TencentAccount, TwilioAccount
from services.notification.channels.base import Outcome, Outgoing, Result, Window
from services.notification.channels.card import Card, card_of
from services.notification.channels.http import Line, Said, VendorAwayError, strange

_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Carrier(Protocol):
    """One vendor of text messages."""

    prefixes: Sequence[str]
    line: Line

    async def text(self, number: str, card: Card) -> Result:
        """Send one text to a number in E.164. Raises VendorAwayError."""
        ...


class Sms:
    """The channel: the vendor with the longest fitting prefix takes it."""

    name = "sms"
    window: Window = "sms"
    key_life: timedelta | None = None
    per_second = 50.0
    at_once = 5

    def __init__(self, carriers: Sequence[Carrier]) -> None:
        self._carriers = carriers

    async def send(self, outgoing: Outgoing) -> Result:
        """Accepted means that the carrier has it; whether it arrived its receipt says."""
        fitting = [(len(prefix), one) for one in self._carriers for prefix in one.prefixes if outgoing.to.startswith(prefix)]
        if not fitting:
            return Result(Outcome.REFUSED, "no_carrier")
        try:
            return await max(fitting, key=lambda pair: pair[0])[1].text(outgoing.to, card_of(outgoing.raw))
        except VendorAwayError as away:
            return away.result()

    async def close(self) -> None:
        """Give the connections back."""
        for one in self._carriers:
            await one.line.close()


class Aliyun:
    """Aliyun SMS by approved template; the link's fixed part stands in the template, the variable holds only its short code."""

    _BUSY = ("Throttling", "isv.FLOW_CONTROL")
    _LATER = ("isp.SYSTEM_ERROR", "isp.RAM_PERMISSION_DENY")

    def __init__(self, account: AliyunAccount, line: Line) -> None:
        self.prefixes, self.line, self._account = account.prefixes, line, account

    async def text(self, number: str, card: Card) -> Result:
        """SendSms."""
        a = self._account
        query = {
            "PhoneNumbers": number.removeprefix("+86"),
            "SignName": a.sign_name,
            "TemplateCode": a.templates.get(card.lang) or a.templates["zh"],
            "TemplateParam": json.dumps(dict(card.parts), ensure_ascii=False, separators=(",", ":")),
            "OutId": card.key,
        }
        headers = {
            "host": self.line.host,
            "x-acs-action": "SendSms",
            "x-acs-content-sha256": _EMPTY,
            "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid4().hex,
            "x-acs-version": "2017-05-25",
        }
        signed = signing.aliyun(a.key_id, a.key_secret, ("POST", query, headers))
        said = await self.line.say(
            "POST", "/?" + signing.query_of(query), content=b"", headers={**headers, "authorization": signed}
        )
        wrong = strange(said)
        if wrong:
            return wrong
        code = str(said.body.get("Code") or f"http_{said.status}")
        if code == "OK":
            return Result(Outcome.ACCEPTED, "", f"aliyun:{said.body.get('BizId', '')}")
        if code.startswith(self._BUSY):
            return Result(Outcome.BUSY, code, wait=1.0)
        return Result(Outcome.LATER if code in self._LATER else Outcome.REFUSED, code)


class Tencent:
    """Tencent Cloud SMS by approved template; failures stand in Response.Error or beside the number."""

    _BUSY = ("RequestLimitExceeded", "LimitExceeded.DeliveryFrequencyLimit")
    _LATER = ("InternalError",)

    def __init__(self, account: TencentAccount, line: Line) -> None:
        self.prefixes, self.line, self._account = account.prefixes, line, account

    async def text(self, number: str, card: Card) -> Result:
        """SendSms."""
        a = self._account
        body = json.dumps({
            "PhoneNumberSet": [number], "SmsSdkAppId": a.app_id, "TemplateId": a.templates.get(card.lang) or a.templates["zh"],
            "SignName": a.sign_name, "TemplateParamSet": [value for _, value in card.parts], "SessionContext": card.key,
        }, ensure_ascii=False, separators=(",", ":")).encode()  # fmt: skip
        stamp = int(time.time())
        headers = {
            "content-type": "application/json", "host": self.line.host, "x-tc-action": "SendSms", "x-tc-version": "2021-01-11",
            "x-tc-region": a.region, "x-tc-timestamp": str(stamp),
            "authorization": signing.tencent((a.secret_id, a.secret_key), self.line.host, stamp, body),
        }  # fmt: skip
        said = await self.line.say("POST", "/", content=body, headers=headers)
        return strange(said) or self._result(said)

    def _result(self, said: Said) -> Result:
        response = said.body.get("Response") or {}
        one = (response.get("SendStatusSet") or [{}])[0]
        code = str((response.get("Error") or {}).get("Code") or one.get("Code") or f"http_{said.status}")
        if code == "Ok":
            return Result(Outcome.ACCEPTED, "", f"tencent:{one.get('SerialNo', '')}")
        if code.startswith(self._BUSY):
            return Result(Outcome.BUSY, code, wait=1.0)
        return Result(Outcome.LATER if code.startswith(self._LATER) else Outcome.REFUSED, code)


class Twilio:
    """Twilio: the whole text, receipts to our door with our own id in the address."""

    def __init__(self, account: TwilioAccount, line: Line) -> None:
        self.prefixes, self.line, self._account = account.prefixes, line, account

    async def text(self, number: str, card: Card) -> Result:
        """Messages.json."""
        a = self._account
        form = {"To": number, "From": a.sender, "Body": card.short[:1600]}
        if a.public_url:
            form["StatusCallback"] = f"{a.public_url.rstrip('/')}/in/twilio?m={card.key}"
        auth = httpx.BasicAuth(a.account, a.token)
        said = await self.line.say("POST", f"/2010-04-01/Accounts/{a.account}/Messages.json", data=form, auth=auth)
        if said.status == 429:
            return Result(Outcome.BUSY, "http_429", wait=said.wait("retry-after"))
        wrong = strange(said)
        if wrong:
            return wrong
        if said.status == 201:
            return Result(Outcome.ACCEPTED, "", f"twilio:{said.body.get('sid', '')}")
        code = said.body.get("code")
        if said.status >= 500:
            return Result(Outcome.UNKNOWN, f"twilio_{code}")
        return Result(Outcome.REFUSED, "opted_out" if code == 21610 else f"twilio_{code}")
