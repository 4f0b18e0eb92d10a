"""Makes the channels that this house has, in its order: mail always, vendors as the accounts say, a web hook last."""

from collections.abc import Iterator
from typing import Any

from services.notification.channels.accounts import Accounts, base_of, read_accounts
from services.notification.channels.base import Channel
from services.notification.channels.dingtalk import DingTalk
from services.notification.channels.feishu import Feishu
from services.notification.channels.hand import Hand
from services.notification.channels.http import Line
from services.notification.channels.mail import Mail
from services.notification.channels.slack import Slack
from services.notification.channels.sms import Aliyun, Sms, Tencent, Twilio
from services.notification.channels.webhook import Webhook
from services.notification.channels.wecom import WeCom
from shared.runtime.settings import ServiceSettings

_CHATS: dict[str, Any] = {"dingtalk": DingTalk, "wecom": WeCom, "feishu": Feishu, "slack": Slack}
_CARRIERS: dict[str, Any] = {"aliyun": Aliyun, "tencent": Tencent, "twilio": Twilio}


def channels_of(settings: ServiceSettings, mode: str, accounts: Accounts | None = None) -> dict[str, Channel]:
    """Name -> channel, in the order in which they are tried. ConfigurationError for a wrong account."""
    known = accounts or read_accounts(settings.channels)
    made: dict[str, Channel] = {one.name: one for one in _made(known, settings, mode)}
    ordered = [name for name in known.order if name in made] + [name for name in made if name not in known.order]
    return {name: made[name] for name in sorted(ordered, key=lambda name: name == "webhook")}


def _made(accounts: Accounts, settings: ServiceSettings, mode: str) -> Iterator[Channel]:
    yield Mail(settings, accounts.dkim)
    for vendor, made in _CHATS.items():
        account = getattr(accounts, vendor)
        if account is not None:
            yield made(account, _line(vendor, account, settings, mode))
    carriers = [(vendor, getattr(accounts, vendor)) for vendor in _CARRIERS]
    known = [
        _CARRIERS[vendor](account, _line(vendor, account, settings, mode)) for vendor, account in carriers if account is not None
    ]
    if known:
        yield Sms(known)
    if accounts.hand:
        yield Hand()
    if settings.webhook_url:
        # In `sink` the subscriber is the sink too, whatever the setting names.
        sink = base_of("webhook", None, sink=settings.sink_http, mode=mode).partition("/vendors/")[0] if mode == "sink" else ""
        yield Webhook(f"{sink}/hooks" if sink else settings.webhook_url, settings.webhook_secret)


def _line(vendor: str, account: Any, settings: ServiceSettings, mode: str) -> Line:
    return Line(base_of(vendor, account, sink=settings.sink_http, mode=mode))
