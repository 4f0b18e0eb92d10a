"""Slack to one person: blocks with buttons, a text beside them; HTTP 200 with `ok: false` is a refusal.

Slack knows no key. Our id stands in the metadata, so after a broken line the conversation is searched for it; where it is not found the
next channel is used, because the first request may still be on its way (agreements.md 9).
"""

from datetime import timedelta
from typing import Any

from services.notification.channels.accounts import SlackAccount
from services.notification.channels.base import Outcome, Outgoing, Result, Window
from services.notification.channels.card import Card, card_of
from services.notification.channels.http import Line, Said, VendorAwayError, strange

_BUSY = {"rate_limited", "ratelimited"}
_UNKNOWN = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
_LATER = {"team_added_to_org", "org_login_required"}
BUTTON, SECTION, HEADER = 75, 3000, 150
_EVENT = "baton_message"


class Slack:
    """The bot of one workspace."""

    name = "slack"
    window: Window = "chat"
    key_life: timedelta | None = None
    per_second = 8.0
    at_once = 4

    def __init__(self, account: SlackAccount, line: Line) -> None:
        self._account, self._line = account, line

    async def send(self, outgoing: Outgoing) -> Result:
        """Post into the conversation with this person."""
        card = card_of(outgoing.raw)
        metadata = {"event_type": _EVENT, "event_payload": {"id": card.key}}
        try:
            channel = await self._conversation(outgoing.to)
            if isinstance(channel, Result):
                return channel
            said = await self._call("chat.postMessage", {"channel": channel, **message_of(card), "metadata": metadata})
        except VendorAwayError as away:
            return away.result()
        return _result(said)

    async def find(self, outgoing: Outgoing) -> Result | None:
        """The message of unknown outcome, where the conversation shows it."""
        try:
            channel = await self._conversation(outgoing.to)
            if isinstance(channel, Result):
                return None
            said = await self._call("conversations.history", {"channel": channel, "include_all_metadata": True, "limit": 50})
        except VendorAwayError:
            return None
        key = card_of(outgoing.raw).key
        for one in said.body.get("messages") or ():
            if ((one.get("metadata") or {}).get("event_payload") or {}).get("id") == key:
                return Result(Outcome.ACCEPTED, "found", f"{channel} {one['ts']}")
        return None

    async def change(self, provider_id: str, raw: bytes) -> bool:
        """Put the settled card in its place."""
        channel, _, stamp = provider_id.partition(" ")
        try:
            said = await self._call("chat.update", {"channel": channel, "ts": stamp, **message_of(card_of(raw))})
        except VendorAwayError:
            return False
        return bool(said.body.get("ok"))

    async def _conversation(self, user: str) -> str | Result:
        said = await self._call("conversations.open", {"users": user})
        if said.body.get("ok"):
            return str(said.body["channel"]["id"])
        found = _result(said)
        # Nothing was posted yet, so a fault here is no unknown outcome.
        return Result(Outcome.LATER, found.detail) if found.outcome is Outcome.UNKNOWN else found

    async def _call(self, method: str, body: dict[str, Any]) -> Said:
        return await self._line.say(
            "POST", f"/api/{method}", json=body, headers={"authorization": f"Bearer {self._account.bot_token}"}
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._line.close()


def message_of(card: Card) -> dict[str, Any]:
    """Text and blocks; what people wrote is escaped, so that nobody is mentioned by it."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": card.title[:HEADER]}},
        {"type": "section", "text": {"type": "plain_text", "text": card.text(SECTION) or card.title}},
    ]
    buttons: list[dict[str, Any]] = [
        {"type": "button", "action_id": f"c{n}", "text": {"type": "plain_text", "text": one.label[:BUTTON]}, "value": one.press}
        for n, one in enumerate(card.presses())
    ]
    buttons.append(
        {
            "type": "button",
            "action_id": "open",
            "text": {"type": "plain_text", "text": card.open_label[:BUTTON]},
            "url": card.link,
        }
    )
    blocks.append({"type": "actions", "block_id": card.key, "elements": buttons})
    return {"text": _escaped(card.title), "blocks": blocks}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _result(said: Said) -> Result:
    if said.status == 429:
        return Result(Outcome.BUSY, "rate_limited", wait=said.wait("retry-after", default=30.0))
    wrong = strange(said)
    if wrong:
        return wrong
    if said.body.get("ok"):
        return Result(Outcome.ACCEPTED, "", f"{said.body.get('channel', '')} {said.body.get('ts', '')}")
    error = str(said.body.get("error") or f"http_{said.status}")
    if error in _BUSY:
        return Result(Outcome.BUSY, error, wait=said.wait("retry-after", default=30.0))
    if error in _UNKNOWN or said.status >= 500:
        return Result(Outcome.UNKNOWN, error)
    return Result(Outcome.LATER if error in _LATER else Outcome.REFUSED, error)
