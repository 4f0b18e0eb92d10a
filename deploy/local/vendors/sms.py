"""Aliyun, Tencent Cloud and Twilio: signatures, templates, limits per number, receipts (two of the three without any signature)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.vendors.faults import gateway
from deploy.local.vendors.inbox import Note
from deploy.local.vendors.vendor import Pressed, Vendor

TEXTS = {"zh": "【{sign}】{you}，{act}{due}：{base}/s/{code}", "en": "{sign}: {you}, {act}{due}: {base}/s/{code}"}
PARTS = ("you", "act", "due", "code")


def _worded(template: str, sign: str, parts: dict[str, str], base: str) -> str:
    return TEXTS["en" if template.endswith("en") else "zh"].format(sign=sign, base=base, **parts)


class Aliyun(Vendor):
    """dysmsapi.aliyuncs.com: ACS3-HMAC-SHA256 over method, query and headers."""

    name = "aliyun"

    def routes(self) -> list[Route]:
        """Its one door."""
        return [Route("/", self.send, methods=["POST"])]

    async def send(self, request: Request) -> Response:
        """SendSms."""
        if not self._signed(request):
            return _acs("SignatureDoesNotMatch", 400)
        query = request.query_params
        parts = json.loads(query["TemplateParam"])
        if query["TemplateCode"] not in self.account["templates"].values():
            return _acs("isv.SMS_TEMPLATE_ILLEGAL")
        if set(PARTS) - set(parts):
            return _acs("isv.TEMPLATE_MISSING_PARAMETERS")
        if any("://" in value for value in parts.values()):
            return _acs("isv.PARAM_NOT_SUPPORT_URL")
        number = "+86" + query["PhoneNumbers"]
        if not re.fullmatch(r"\+861\d{10}", number):
            return _acs("isv.MOBILE_NUMBER_ILLEGAL")
        faults = self.house.faults
        if faults.take(self.name, "page", "lost_before"):
            return gateway()
        if faults.take(self.name, "rate"):
            return _acs("Throttling.User", 429)
        if faults.take(self.name, "limit"):
            return _acs("isv.BUSINESS_LIMIT_CONTROL")
        biz = uuid.uuid4().hex
        text = _worded(query["TemplateCode"], query["SignName"], parts, self.house.doors)
        note = Note(self.name, number, query["OutId"], "", text, extra={"biz": biz})
        if not faults.take(self.name, "drop"):
            await self.house.inbox.add(note)
        return gateway() if faults.take(self.name, "lost") else JSONResponse({"Code": "OK", "Message": "OK", "RequestId": "r", "BizId": biz})

    def _signed(self, request: Request) -> bool:
        match = re.fullmatch(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})", request.headers.get("authorization", ""))
        if match is None or match[1] != self.account.get("key_id") or abs(time.time() - _stamp(request)) > 900:
            return False
        pairs = sorted(request.query_params.multi_items())
        query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)
        lines = "".join(f"{name}:{request.headers[name]}\n" for name in match[2].split(";"))
        canonical = f"POST\n/\n{query}\n{lines}\n{match[2]}\n{request.headers['x-acs-content-sha256']}"
        text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        return hmac.compare_digest(hmac.new(self.account["key_secret"].encode(), text.encode(), hashlib.sha256).hexdigest(), match[3])

    async def receipt(self, note: Note, ok: bool) -> Pressed:
        """SmsReport: an array, unsigned, local time without a zone."""
        said = {"phone_number": note.to.removeprefix("+86"), "success": ok, "err_code": "DELIVERED" if ok else "UNDELIV", "biz_id": note.extra["biz"],
                "out_id": note.key, "sms_size": "1", "send_time": "2026-09-07 10:00:00", "report_time": "2026-09-07 10:00:05"}  # fmt: skip
        return await self.house.post(f"/in/aliyun/{self.account.get('receipts', '')}", json.dumps([said]).encode(), {"content-type": "application/json"})


def _stamp(request: Request) -> float:
    return datetime.strptime(request.headers.get("x-acs-date", "1970-01-01T00:00:00Z"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def _acs(code: str, status: int = 200) -> Response:
    return JSONResponse({"Code": code, "Message": code, "RequestId": "r"}, status)


class Tencent(Vendor):
    """sms.tencentcloudapi.com: TC3-HMAC-SHA256; errors with HTTP 200."""

    name = "tencent"

    def routes(self) -> list[Route]:
        """Its one door."""
        return [Route("/", self.send, methods=["POST"])]

    async def send(self, request: Request) -> Response:
        """SendSms."""
        raw = await request.body()
        if not self._signed(request, raw):
            return _tc("AuthFailure.SignatureFailure")
        said, faults = json.loads(raw), self.house.faults
        if said["TemplateId"] not in self.account["templates"].values() or len(said["TemplateParamSet"]) != len(PARTS):
            return _tc("FailedOperation.TemplateIncorrectOrUnapproved")
        if faults.take(self.name, "page", "lost_before"):
            return gateway()
        if faults.take(self.name, "rate"):
            return _tc("RequestLimitExceeded")
        number, serial = said["PhoneNumberSet"][0], uuid.uuid4().hex
        one = {"SerialNo": serial, "PhoneNumber": number, "Fee": 1, "SessionContext": said["SessionContext"], "Code": "Ok", "Message": "send success"}
        if number.endswith("0000"):
            one |= {"Code": "FailedOperation.PhoneNumberInBlacklist", "SerialNo": ""}
        elif not faults.take(self.name, "drop"):
            parts = dict(zip(PARTS, said["TemplateParamSet"], strict=True))
            text = _worded(said["TemplateId"], said["SignName"], parts, self.house.doors)
            await self.house.inbox.add(Note(self.name, number, said["SessionContext"], "", text, extra={"biz": serial}))
        return gateway() if faults.take(self.name, "lost") else JSONResponse({"Response": {"SendStatusSet": [one], "RequestId": "r"}})

    def _signed(self, request: Request, raw: bytes) -> bool:
        stamp = request.headers.get("x-tc-timestamp", "0")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > 300 or not request.headers.get("x-tc-region"):
            return False
        day, body = datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d"), hashlib.sha256(raw).hexdigest()
        host, kind = request.headers["host"], request.headers.get("content-type", "")
        canonical = f"POST\n/\n\ncontent-type:{kind}\nhost:{host}\n\ncontent-type;host\n{body}"
        service = host.partition(".")[0]
        text = f"TC3-HMAC-SHA256\n{stamp}\n{day}/{service}/tc3_request\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = ("TC3" + self.account.get("secret_key", "")).encode()
        for part in (day, service, "tc3_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        wanted = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(request.headers.get("authorization", "").rpartition("Signature=")[2], wanted)

    async def receipt(self, note: Note, ok: bool) -> Pressed:
        """The callback of reports: an array, unsigned."""
        said = {"mobile": note.to.removeprefix("+86"), "nationcode": "86", "report_status": "SUCCESS" if ok else "FAIL",
                "errmsg": "DELIVRD" if ok else "UNDELIV", "description": "", "sid": note.extra["biz"], "user_receive_time": "2026-09-07 10:00:05"}  # fmt: skip
        return await self.house.post(f"/in/tencent/{self.account.get('receipts', '')}", json.dumps([said]).encode(), {"content-type": "application/json"})


def _tc(code: str) -> Response:
    return JSONResponse({"Response": {"Error": {"Code": code, "Message": code}, "RequestId": "r"}})


class Twilio(Vendor):
    """api.twilio.com: basic auth, form in, signed callbacks."""

    name = "twilio"

    def routes(self) -> list[Route]:
        """Its one door."""
        return [Route("/2010-04-01/Accounts/{account}/Messages.json", self.send, methods=["POST"])]

    async def send(self, request: Request) -> Response:
        """Messages.json."""
        pair = f"{self.account.get('account')}:{self.account.get('token')}"
        if request.headers.get("authorization") != "Basic " + base64.b64encode(pair.encode()).decode():
            return JSONResponse({"code": 20003, "message": "Authenticate"}, 401)
        form, faults = await request.form(), self.house.faults
        if faults.take(self.name, "page", "lost_before"):
            return gateway()
        if faults.take(self.name, "rate"):
            return JSONResponse({"code": 20429, "message": "Too Many Requests"}, 429)
        number = str(form["To"])
        if not re.fullmatch(r"\+[1-9]\d{6,14}", number) or number.endswith("0000"):
            return JSONResponse({"code": 21610 if number.endswith("0000") else 21211, "message": "To"}, 400)
        sid = "SM" + uuid.uuid4().hex
        extra = {"biz": sid, "callback": str(form.get("StatusCallback", ""))}
        if not faults.take(self.name, "drop"):
            await self.house.inbox.add(Note(self.name, number, extra["callback"].rpartition("m=")[2], "", str(form["Body"]), extra=extra))
        return gateway() if faults.take(self.name, "lost") else JSONResponse({"sid": sid, "status": "queued", "error_code": None}, 201)

    async def receipt(self, note: Note, ok: bool) -> Pressed:
        """The status callback, signed over the public address and the form."""
        params: dict[str, str] = {"MessageSid": note.extra["biz"], "MessageStatus": "delivered" if ok else "undelivered", "To": note.to, "From": "+1"}
        if not ok:
            params["ErrorCode"] = "30003"
        url: str = note.extra["callback"]
        text = url + "".join(name + params[name] for name in sorted(params))
        mac = hmac.new(self.account["token"].encode(), text.encode(), hashlib.sha1).digest()
        body = "&".join(f"{name}={quote(value, safe='')}" for name, value in params.items())
        headers = {"X-Twilio-Signature": base64.b64encode(mac).decode(), "content-type": "application/x-www-form-urlencoded"}
        return await self.house.post(_path(url), body.encode(), headers)


def _path(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]


def vendors() -> tuple[Any, ...]:
    """The three of them."""
    return Aliyun, Tencent, Twilio
