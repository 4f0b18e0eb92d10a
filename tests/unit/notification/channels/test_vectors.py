"""Every known answer of the vendors' signing and encrypting, from their own documents and kits."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.channels import signing
from services.notification.channels.boxes import BoxError, CorpBox, FeishuBox

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())


def _some(word: str) -> list[Any]:
    found = [one for one in VECTORS if one["scheme"].startswith(word)]
    assert found, word
    return [pytest.param(one["inputs"], one["expected"], id=one["scheme"]) for one in found]


@pytest.mark.parametrize(("said", "wanted"), _some("dingtalk_custom_robot"))
def test_dingtalk_robot(said: Any, wanted: Any) -> None:
    import httpx

    sign = signing.dingtalk_robot(said["timestamp_ms"], said["secret"])
    assert sign == wanted["sign_base64"]
    url = httpx.URL("https://oapi.dingtalk.com/robot/send", params={"timestamp": said["timestamp_ms"], "sign": sign})
    assert url.query.decode() == wanted["query"]


@pytest.mark.parametrize(("said", "wanted"), _some("dingtalk_card_http"))
def test_dingtalk_card(said: Any, wanted: Any) -> None:
    made = signing.dingtalk_card(said["x-ddpaas-signature-timestamp"], said["apiSecret"])
    assert made == wanted["x-ddpaas-signature"]


@pytest.mark.parametrize(("said", "wanted"), _some("dingtalk_http_event_callback_decrypt"))
def test_dingtalk_event_opens(said: Any, wanted: Any) -> None:
    assert signing.sorted_sha1(said["token"], said["timestamp"], said["nonce"], said["encrypt"]) == said["signature"]
    assert CorpBox(said["encoding_aes_key"], wanted["receive_key"]).open(said["encrypt"]) == wanted["plaintext"]


@pytest.mark.parametrize(("said", "wanted"), _some("dingtalk_http_event_callback_encrypt") + _some("dingtalk_http_event_callback_reply"))
def test_dingtalk_event_seals(said: Any, wanted: Any) -> None:
    made = CorpBox(said["encoding_aes_key"], said["key"]).seal(said["plaintext"], said["random16"].encode())
    signature = signing.sorted_sha1(said["token"], said["timestamp"], said["nonce"], made)
    known = wanted.get("json") or {"encrypt": wanted["encrypt"], "msg_signature": wanted["signature"]}
    assert (made, signature) == (known["encrypt"], known["msg_signature"])


@pytest.mark.parametrize(("said", "wanted"), _some("feishu_custom_bot"))
def test_feishu_robot(said: Any, wanted: Any) -> None:
    assert signing.feishu_robot(said["timestamp_s"], said["secret"]) == wanted["sign"]


@pytest.mark.parametrize(("said", "wanted"), _some("feishu_event_decrypt"))
def test_feishu_opens(said: Any, wanted: Any) -> None:
    assert FeishuBox(said["encrypt_key"]).open(said["encrypt"]) == wanted["plaintext"]


@pytest.mark.parametrize(("said", "wanted"), _some("feishu_event_sign_and_encrypt"))
def test_feishu_seals_and_signs(said: Any, wanted: Any) -> None:
    sealed = FeishuBox(said["encrypt_key"]).seal(said["plaintext"], said["iv_ascii"].encode())
    assert json.loads(wanted["body"]) == {"encrypt": sealed}
    stamp, nonce = said["X-Lark-Request-Timestamp"], said["X-Lark-Request-Nonce"]
    assert signing.feishu_event(stamp, nonce, said["encrypt_key"], wanted["body"].encode()) == wanted["X-Lark-Signature"]


@pytest.mark.parametrize(("said", "wanted"), _some("feishu_old_card"))
def test_feishu_old_card(said: Any, wanted: Any) -> None:
    made = signing.feishu_old_card(said["timestamp"], said["nonce"], said["verification_token"], said["body"].encode())
    assert made == wanted["X-Lark-Signature"]


@pytest.mark.parametrize(("said", "wanted"), _some("wecom_post_message"))
def test_wecom_opens(said: Any, wanted: Any) -> None:
    assert signing.sorted_sha1(said["token"], said["timestamp"], said["nonce"], said["encrypt"]) == wanted["msg_signature"]
    assert CorpBox(said["encoding_aes_key"], said["receive_id"]).open(said["encrypt"]) == wanted["plaintext"]
    with pytest.raises(BoxError):
        CorpBox(said["encoding_aes_key"], "wx0000000000000000").open(said["encrypt"])


@pytest.mark.parametrize(("said", "wanted"), _some("wecom_template_card"))
def test_wecom_seals(said: Any, wanted: Any) -> None:
    made = CorpBox(said["encoding_aes_key"], said["receive_id"]).seal(said["plaintext_xml"], said["random16"].encode())
    assert made == wanted["encrypt"]
    assert signing.sorted_sha1(said["token"], said["timestamp"], said["nonce"], made) == wanted["msg_signature"]
    assert wanted["encrypt"] in wanted["body"]


@pytest.mark.parametrize(("said", "wanted"), _some("slack_v0"))
def test_slack(said: Any, wanted: Any) -> None:
    made = signing.slack(said["X-Slack-Request-Timestamp"], said["body"].encode(), said["signing_secret"])
    assert made == wanted["X-Slack-Signature"]


@pytest.mark.parametrize(("said", "wanted"), _some("twilio"))
def test_twilio(said: Any, wanted: Any) -> None:
    assert signing.twilio(said["url"], said["params"], said["auth_token"]) == wanted["X-Twilio-Signature"]


@pytest.mark.parametrize(("said", "wanted"), _some("standard_webhooks"))
def test_standard_webhooks(said: Any, wanted: Any) -> None:
    key = base64.b64decode(said["secret"].removeprefix("whsec_"))
    made = signing.webhook(said["webhook-id"], str(said["webhook-timestamp"]), said["body"].encode(), key)
    assert made == wanted["webhook-signature"]


@pytest.mark.parametrize(("said", "wanted"), _some("aliyun"))
def test_aliyun(said: Any, wanted: Any) -> None:
    made = signing.aliyun(said["access_key_id"], said["access_key_secret"], (said["method"], said["query"], said["headers"]))
    assert made.endswith(f"Signature={wanted['signature']}")
    canonical, _ = signing.aliyun_canonical(said["method"], said["query"], said["headers"])
    assert canonical == wanted.get("canonical_request", canonical) and made == wanted.get("authorization", made)


@pytest.mark.parametrize(("said", "wanted"), _some("tencent"))
def test_tencent(said: Any, wanted: Any) -> None:
    body = said["body"].encode()
    assert signing.tencent_canonical(said["host"], body) == wanted["canonical_request"]
    made = signing.tencent((said["secret_id"], said["secret_key"]), said["host"], said["timestamp"], body)
    assert made == wanted["authorization"]


def test_no_vector_is_left_out() -> None:
    used = ("dingtalk_custom_robot", "dingtalk_card_http", "dingtalk_http_event", "feishu_custom_bot", "feishu_event", "feishu_old_card",
            "wecom_post", "wecom_template_card", "slack_v0", "twilio", "standard_webhooks", "aliyun", "tencent")  # fmt: skip
    assert [one["scheme"] for one in VECTORS if not one["scheme"].startswith(used)] == []


CORP = CorpBox("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wwcorp0001")
FEISHU = FeishuBox("hiring-encrypt-key")


@pytest.mark.parametrize("box", [CORP, FEISHU], ids=["corp", "feishu"])
@given(text=st.text(max_size=400), times=st.sampled_from([1, 1, 1, 500]))
def test_what_is_sealed_opens(box: CorpBox | FeishuBox, text: str, times: int) -> None:
    said = (text * times).encode("utf-8", "ignore").decode()
    assert box.open(box.seal(said)) == said


@given(text=st.text(min_size=1, max_size=200), at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_changed_envelope_is_refused_or_differs(text: str, at: int, bit: int) -> None:
    said = text.encode("utf-8", "ignore").decode()
    sealed = CORP.seal(said)
    stamp = ("token", "1700000000", "nonce")
    signature = signing.sorted_sha1(*stamp, sealed)
    raw = bytearray(base64.b64decode(sealed))
    raw[at % len(raw)] ^= 1 << bit
    changed = base64.b64encode(bytes(raw)).decode()
    assert signing.sorted_sha1(*stamp, changed) != signature, "the signature covers every byte of the envelope"


@pytest.mark.parametrize(("stamp", "holds"), [("1000", True), ("1300", True), ("1301", False), ("", False), ("x", False), ("١", False), ("-1", False)])
def test_a_stamp_has_an_age(stamp: str, holds: bool) -> None:
    assert signing.fresh(stamp, 1000.0, 300) is holds
