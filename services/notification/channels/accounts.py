"""The accounts of the house with its vendors, from one JSON file (0600) that BATON_CHANNELS names; a wrong one ends the start with a clear line.

In `sink` every vendor is reached at the local fakes, whatever the file says: nothing can leave the house by mistake.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.runtime.errors import ConfigurationError

VENDORS = {
    "dingtalk": "https://api.dingtalk.com",
    "wecom": "https://qyapi.weixin.qq.com",
    "feishu": "https://open.feishu.cn",
    "slack": "https://slack.com",
    "aliyun": "https://dysmsapi.aliyuncs.com",
    "tencent": "https://sms.tencentcloudapi.com",
    "twilio": "https://api.twilio.com",
}
CHATS = ("dingtalk", "wecom", "feishu", "slack")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _Account(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = ""
    """Another address of the vendor (Lark instead of Feishu, a gateway of the house)."""


class DingTalkAccount(_Account):
    """`card_template` is an interactive card published on the card platform; without it cards only carry a link."""

    app_key: str
    app_secret: str
    robot_code: str
    card_template: str = ""
    callback_route: str = "baton"
    callback_secret: str = ""
    """apiSecret of the registered card callback."""


class WeComAccount(_Account):
    """A self-built app; `token` and `aes_key` are those of its callback URL."""

    corp_id: str
    secret: str
    agent_id: int
    token: str = ""
    aes_key: str = ""


class FeishuAccount(_Account):
    """A custom app. The Encrypt Key is required for buttons: without it callbacks carry no signature."""

    app_id: str
    app_secret: str
    encrypt_key: str = ""
    verification_token: str = ""


class SlackAccount(_Account):
    """A bot."""

    bot_token: str
    signing_secret: str = ""


class _Carrier(_Account):
    prefixes: list[str] = ["+"]
    """Beginnings of the numbers that it takes, in E.164; the longest wins."""


class AliyunAccount(_Carrier):
    """Templates by language, with the variables you, act, due, code. `receipts` is the secret part of the receipts' address."""

    prefixes: list[str] = ["+86"]
    key_id: str
    key_secret: str
    sign_name: str
    templates: dict[str, str] = Field(min_length=1)
    receipts: str = ""


class TencentAccount(_Carrier):
    """Templates by language, with the variables you, act, due, code in this order."""

    prefixes: list[str] = ["+86"]
    secret_id: str
    secret_key: str
    app_id: str
    sign_name: str
    templates: dict[str, str] = Field(min_length=1)
    region: str = "ap-guangzhou"
    receipts: str = ""


class TwilioAccount(_Carrier):
    """`public_url` is where receipts come in; it is part of their signature."""

    account: str
    token: str
    sender: str
    public_url: str = ""


class DkimKey(BaseModel):
    """How our mail is signed; `key` is a PEM file (0600)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    selector: str
    domain: str
    key: str


class Accounts(BaseModel):
    """All of them. `order`: what is tried first for somebody who said nothing; channels not named come after it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    order: list[str] = ["mail", "dingtalk", "wecom", "feishu", "slack", "sms", "hand"]
    dingtalk: DingTalkAccount | None = None
    wecom: WeComAccount | None = None
    feishu: FeishuAccount | None = None
    slack: SlackAccount | None = None
    aliyun: AliyunAccount | None = None
    tencent: TencentAccount | None = None
    twilio: TwilioAccount | None = None
    dkim: DkimKey | None = None
    hand: bool = False
    """Whether our people forward messages by their own WeChat."""


def read_accounts(path: str) -> Accounts:
    """The accounts; none where no file is named. ConfigurationError says which entry is wrong, never what it holds."""
    if not path:
        return Accounts()
    try:
        return Accounts.model_validate_json(Path(path).read_text())
    except OSError as problem:
        raise ConfigurationError(f"BATON_CHANNELS ({path}) can't be read: {type(problem).__name__}") from None
    except ValidationError as wrong:
        where = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong.errors(include_input=False)[:5])
        raise ConfigurationError(f"BATON_CHANNELS ({path}): {where}") from None


def base_of(vendor: str, account: Any, *, sink: str, mode: str) -> str:
    """Where this vendor is reached: in `sink` at the local fakes only. ConfigurationError where there are none."""
    if mode != "sink":
        return str(account.base or VENDORS[vendor])
    address = sink.removeprefix("http://")
    if not address or address.rpartition(":")[0].strip("[]") not in _LOOPBACK:
        raise ConfigurationError(
            f"BATON_OUTBOUND=sink, but there is no local sink for {vendor} (BATON_SINK_HTTP); name one, or set BATON_OUTBOUND=allow:... or live"
        )
    return f"http://{address}/vendors/{vendor}"
