"""Reading what vendors post to our doors: signature first, over the raw bytes, then the envelope, then the few fields we need. Pure."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from pydantic_core import from_json

from services.notification.channels import signing
from services.notification.channels.accounts import DingTalkAccount, FeishuAccount, SlackAccount, TwilioAccount, WeComAccount
from services.notification.channels.boxes import BoxError, CorpBox, FeishuBox

Now = Callable[[], float]


class ForgedError(ValueError):
    """Not from the vendor, or too old: nothing of it is read further."""


@dataclass(frozen=True)
class Came:
    """A press (`user`, `value`, `key`) or a check of the address (`echo`). `handle` is what the card is known by from now on."""

    user: str = ""
    value: str = ""
    key: str = ""
    echo: str = ""
    handle: str = ""


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = from_json(raw)
    except ValueError:
        raise ForgedError("not JSON") from None
    if not isinstance(value, dict):
        raise ForgedError("not an object")
    return value


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def dingtalk(account: DingTalkAccount, headers: Mapping[str, str], raw: bytes, now: Now = time.time) -> Came:
    """A card's callback. Its signature covers the time only, so the value's own MAC and the user id carry the rest."""
    stamp, given = headers.get("x-ddpaas-signature-timestamp", ""), headers.get("x-ddpaas-signature", "")
    seconds = stamp[:-3] if stamp.isascii() and stamp.isdigit() and len(stamp) > 3 else ""
    if not account.callback_secret or not signing.fresh(seconds, now(), signing.MINUTES_5):
        raise ForgedError("too old")
    if not signing.equal(given, signing.dingtalk_card(stamp, account.callback_secret)):
        raise ForgedError("signature")
    said = _object(raw)
    content = said.get("content")
    content = _object(content.encode()) if isinstance(content, str) else content or {}
    value = str(((content.get("cardPrivateData") or {}).get("params") or {}).get("press") or "")
    user, track = str(said.get("userId") or ""), str(said.get("outTrackId") or "")
    # There is no id of the event; the same person pressing the same button again means the same.
    return Came(user, value, _digest(track, user, value, seconds))


def feishu(account: FeishuAccount, headers: Mapping[str, str], raw: bytes, now: Now = time.time) -> Came:
    """card.action.trigger in its envelope; the check of the address carries no signature but the verification token."""
    if not account.encrypt_key:
        raise ForgedError("no Encrypt Key: callbacks would carry no signature")
    sealed = _object(raw).get("encrypt")
    try:
        said = _object(FeishuBox(account.encrypt_key).open(str(sealed)).encode())
    except BoxError as wrong:
        raise ForgedError(str(wrong)) from None
    if said.get("type") == "url_verification":
        if not signing.equal(str(said.get("token", "")), account.verification_token):
            raise ForgedError("token")
        return Came(echo=str(said.get("challenge", "")))
    stamp = headers.get("x-lark-request-timestamp", "")
    wanted = signing.feishu_event(stamp, headers.get("x-lark-request-nonce", ""), account.encrypt_key, raw)
    if not signing.fresh(stamp, now(), signing.MINUTES_5) or not signing.equal(headers.get("x-lark-signature", ""), wanted):
        raise ForgedError("signature")
    event, head = said.get("event") or {}, said.get("header") or {}
    who, action = event.get("operator") or {}, event.get("action") or {}
    value = action.get("value")
    return Came(str(who.get("open_id") or ""), str(value.get("t") or "") if isinstance(value, dict) else "", str(head.get("event_id") or ""))


def slack(account: SlackAccount, headers: Mapping[str, str], raw: bytes, now: Now = time.time) -> Came:
    """block_actions in a form, signed over the raw bytes."""
    stamp = headers.get("x-slack-request-timestamp", "")
    wanted = signing.slack(stamp, raw, account.signing_secret)
    fresh = bool(account.signing_secret) and signing.fresh(stamp, now(), signing.MINUTES_5)
    if not fresh or not signing.equal(headers.get("x-slack-signature", ""), wanted):
        raise ForgedError("signature")
    if raw[:1] == b"{":
        return Came(echo=str(_object(raw).get("challenge", "")))
    said = _object((parse_qs(raw.decode("utf-8", "replace")).get("payload") or ["{}"])[0].encode())
    action = (said.get("actions") or [{}])[0]
    user, box = str((said.get("user") or {}).get("id") or ""), said.get("container") or {}
    value = str(action.get("value") or (action.get("selected_option") or {}).get("value") or "")
    return Came(user, value, _digest(str(box.get("message_ts")), user, str(action.get("action_ts"))))


_FIELD = re.compile(r"<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</\1>", re.DOTALL)


def _fields(xml: str) -> dict[str, str]:
    """The leaves of a vendor's flat XML. No parser: entities and document types are not read at all."""
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise ForgedError("a document type")
    return {name: data or plain for name, data, plain in _FIELD.findall(xml)}


def wecom(account: WeComAccount, query: Mapping[str, str], raw: bytes, now: Now = time.time) -> Came:
    """The check of the address (`echostr`), or template_card_event in its envelope."""
    if not account.token or not account.aes_key:
        raise ForgedError("no callback is set up")
    stamp, nonce, check = query.get("timestamp", ""), query.get("nonce", ""), query.get("echostr", "")
    sealed = check or _fields(raw.decode("utf-8", "replace")).get("Encrypt", "")
    wanted = signing.sorted_sha1(account.token, stamp, nonce, sealed)
    if not signing.fresh(stamp, now(), signing.MINUTES_5) or not signing.equal(query.get("msg_signature", ""), wanted):
        raise ForgedError("signature")
    try:
        plain = CorpBox(account.aes_key, account.corp_id).open(sealed)
    except BoxError as wrong:
        raise ForgedError(str(wrong)) from None
    if check:
        return Came(echo=plain)
    said = _fields(plain.removeprefix("<xml>").removesuffix("</xml>"))
    user, value = said.get("FromUserName", ""), said.get("EventKey", "")
    if said.get("Event") != "template_card_event":
        return Came(user)
    code = said.get("ResponseCode", "")
    return Came(user, value, _digest(said.get("TaskId", ""), user, code), handle=code)


def wecom_answer(account: WeComAccount, user: str, word: str, now: Now = time.time) -> bytes:
    """The passive reply that turns the buttons into one word."""
    stamp = str(int(now()))
    plain = (
        f"<xml><ToUserName><![CDATA[{user}]]></ToUserName><FromUserName><![CDATA[{account.corp_id}]]></FromUserName><CreateTime>{stamp}</CreateTime>"
        f"<MsgType><![CDATA[update_button]]></MsgType><Button><ReplaceName><![CDATA[{word}]]></ReplaceName></Button></xml>"
    )
    sealed, nonce = CorpBox(account.aes_key, account.corp_id).seal(plain), stamp[::-1]
    signature = signing.sorted_sha1(account.token, stamp, nonce, sealed)
    return (
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{stamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    ).encode()


def twilio(account: TwilioAccount, path: str, signature: str, raw: bytes) -> tuple[str, str] | None:
    """(provider id, code of failure or empty) of a status callback; None for a status that ends nothing. `path` has its query.

    The signed address is the public one of the account, never what a proxy says.
    """
    params = {name: values[0] for name, values in parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True).items()}
    url = account.public_url.rstrip("/") + path
    if not account.public_url or not signing.equal(signature, signing.twilio(url, params, account.token)):
        raise ForgedError("signature")
    status = params.get("MessageStatus", "")
    if status not in ("delivered", "undelivered", "failed"):
        return None
    return f"twilio:{params.get('MessageSid', '')}", "" if status == "delivered" else params.get("ErrorCode") or status


def aliyun(raw: bytes) -> list[tuple[str, str]]:
    """(provider id, code of failure or empty) of each report; unsigned, so only ids that we know count."""
    return [(f"aliyun:{one.get('biz_id')}", "" if one.get("success") else str(one.get("err_code") or "failed")) for one in _array(raw)]


def tencent(raw: bytes) -> list[tuple[str, str]]:
    """As aliyun."""
    return [(f"tencent:{one.get('sid')}", "" if one.get("report_status") == "SUCCESS" else str(one.get("errmsg") or "failed")) for one in _array(raw)]


def _array(raw: bytes) -> list[dict[str, Any]]:
    try:
        said = json.loads(raw)
    except ValueError:
        raise ForgedError("not JSON") from None
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
