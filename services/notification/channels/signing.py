"""The vendors' signatures, pure: each over the raw bytes, each compared in constant time, each with its limit of age.

Exact rules with test vectors: tests/unit/notification/channels. Own code, because the vendors' kits are heavy, block, or compare with `!=`.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

MINUTES_5 = 300
HOUR = 3600


def _mac(key: bytes, message: bytes, how: str = "sha256") -> bytes:
    return hmac.new(key, message, how).digest()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def equal(given: str, wanted: str) -> bool:
    """Constant time, and False for what is no ASCII."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def fresh(stamp: str, now: float, limit: float) -> bool:
    """Whether a stamp in seconds is a number no further than `limit` seconds from now."""
    return stamp.isascii() and stamp.isdigit() and len(stamp) < 15 and abs(now - int(stamp)) <= limit


def dingtalk_robot(stamp_ms: int, secret: str) -> str:
    """Base64 of the custom robot's signature; the HTTP client encodes it once for the URL."""
    return _base64(_mac(secret.encode(), f"{stamp_ms}\n{secret}".encode()))


def dingtalk_card(stamp_ms: int | str, secret: str) -> str:
    """x-ddpaas-signature of a card callback: it covers the time only, never the body."""
    return _base64(_mac(secret.encode(), str(stamp_ms).encode()))


def feishu_robot(stamp: int, secret: str) -> str:
    """Sign of a Feishu group robot: the key is the text, the message is empty."""
    return _base64(_mac(f"{stamp}\n{secret}".encode(), b""))


def feishu_event(stamp: str, nonce: str, encrypt_key: str, body: bytes) -> str:
    """X-Lark-Signature of an event or a card action."""
    return hashlib.sha256(f"{stamp}{nonce}{encrypt_key}".encode() + body).hexdigest()


def feishu_old_card(stamp: str, nonce: str, token: str, body: bytes) -> str:
    """X-Lark-Signature of the first form of card callbacks: sha1, with the verification token."""
    return hashlib.sha1(f"{stamp}{nonce}{token}".encode() + body).hexdigest()


def sorted_sha1(*parts: str) -> str:
    """msg_signature of WeCom and DingTalk events: sha1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def slack(stamp: str, body: bytes, secret: str) -> str:
    """X-Slack-Signature."""
    return "v0=" + _mac(secret.encode(), f"v0:{stamp}:".encode() + body).hex()


def twilio(url: str, params: Mapping[str, str], token: str) -> str:
    """X-Twilio-Signature over the public URL and the sorted form values."""
    return _base64(_mac(token.encode(), (url + "".join(k + params[k] for k in sorted(params))).encode(), "sha1"))


def webhook(message_id: str, stamp: str, body: bytes, key: bytes) -> str:
    """webhook-signature (v1) of Standard Webhooks."""
    return f"v1,{_base64(_mac(key, f'{message_id}.{stamp}.'.encode() + body))}"


def _rfc3986(text: str) -> str:
    return quote(text, safe="~")


def query_of(query: Mapping[str, str]) -> str:
    """A query sorted and encoded as Aliyun signs it; it must be sent letter for letter."""
    return "&".join(f"{_rfc3986(name)}={_rfc3986(query[name])}" for name in sorted(query))


def aliyun_canonical(method: str, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, str]:
    """The canonical request of ACS3 and the list of signed headers (all given ones, in lower case)."""
    names = sorted(headers)
    signed = ";".join(names)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    return "\n".join((method, "/", query_of(query), lines, signed, headers["x-acs-content-sha256"])), signed


def aliyun(key_id: str, secret: str, request: tuple[str, Mapping[str, str], Mapping[str, str]]) -> str:
    """Authorization of ACS3-HMAC-SHA256; `request` is (method, query, headers to sign)."""
    canonical, signed = aliyun_canonical(*request)
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={signed},Signature={_mac(secret.encode(), text.encode()).hex()}"


def tencent_canonical(host: str, body: bytes, content_type: str = "application/json") -> str:
    """The canonical request of TC3 with the two headers that it needs."""
    return "\n".join(
        (
            "POST",
            "/",
            "",
            f"content-type:{content_type}",
            f"host:{host}",
            "",
            "content-type;host",
            hashlib.sha256(body).hexdigest(),
        )
    )


def tencent(key: tuple[str, str], host: str, stamp: int, body: bytes) -> str:
    """Authorization of TC3-HMAC-SHA256; `key` is (id, secret), the day is UTC's."""
    day = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d")
    service = host.partition(".")[0]
    scope = f"{day}/{service}/tc3_request"
    canonical = hashlib.sha256(tencent_canonical(host, body).encode()).hexdigest()
    secret = f"TC3{key[1]}".encode()
    for part in (day, service, "tc3_request"):
        secret = _mac(secret, part.encode())
    signature = _mac(secret, f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{canonical}".encode()).hex()
    return f"TC3-HMAC-SHA256 Credential={key[0]}/{scope}, SignedHeaders=content-type;host, Signature={signature}"
