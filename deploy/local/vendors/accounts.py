"""Made-up accounts at every vendor: the local stack gives the same file to the stand-ins and to the notification service."""

from __future__ import annotations

import json
import secrets
from typing import Any

from deploy.local.home import Home


def made_up(doors: str) -> dict[str, Any]:
    """Accounts with secrets of this call; `doors` is where callbacks come in."""
    secret = secrets.token_hex
    templates = {"zh": "SMS_zh", "en": "SMS_en"}
    return {
        "order": ["mail", "dingtalk", "wecom", "feishu", "slack", "sms", "hand"],
        "dingtalk": {"app_key": "dingapp", "app_secret": secret(16), "robot_code": "dingapp", "card_template": "ask.schema",
                     "callback_route": "baton", "callback_secret": secret(16)},
        "wecom": {"corp_id": "wwcorp0001", "secret": secret(16), "agent_id": 1000002, "token": secret(8), "aes_key": secret(22)[:43]},
        "feishu": {"app_id": "cli_baton", "app_secret": secret(16), "encrypt_key": secret(16), "verification_token": secret(8)},
        "slack": {"bot_token": f"xoxb-{secret(12)}", "signing_secret": secret(16)},
        "aliyun": {"key_id": "LTAI-local", "key_secret": secret(16), "sign_name": "启衡人才", "templates": templates, "receipts": secret(12)},
        "tencent": {"secret_id": "AKIDlocal", "secret_key": secret(16), "app_id": "1400000001", "sign_name": "启衡人才", "templates": templates,
                    "receipts": secret(12), "prefixes": ["+852", "+853"]},
        "twilio": {"account": "AClocal", "token": secret(16), "sender": "+15005550006", "public_url": doors, "prefixes": ["+"]},
        "hand": True,
    }  # fmt: skip


def ensure_accounts(home: Home, doors: str) -> str:
    """The path of this home's file (0600), made at the first call."""
    path = home.path / "channels.json"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps(made_up(doors), ensure_ascii=False, indent=1))
    return str(path)
