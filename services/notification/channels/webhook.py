"""Standard Webhooks to one subscriber: ids and links, no words about anybody; the message id is the key, 3xx is a failure, 410 ends it."""

import base64
import time
from datetime import timedelta

import httpx
from pydantic_core import to_json

from services.notification.channels import signing
from services.notification.channels.base import FOR_EVER, Outcome, Outgoing, Result, Window

_BUSY = (429, 502, 504)
_LATER = (408, 500, 503)


class Webhook:
    """One subscriber. A resend has the same webhook-id, so it is recognised."""

    name = "webhook"
    window: Window = "webhook"
    key_life: timedelta | None = FOR_EVER
    per_second = 50.0
    at_once = 4

    def __init__(self, url: str, secret: str, http: httpx.AsyncClient | None = None) -> None:
        self._url = url
        self._key = base64.b64decode(secret.removeprefix("whsec_"))
        self._http = http or httpx.AsyncClient(timeout=20, follow_redirects=False)

    async def send(self, outgoing: Outgoing) -> Result:
        """Post one message: ids, template and the person's own link."""
        body = to_json(
            {
                "type": "baton.message",
                "message_id": str(outgoing.message_id),
                "person_id": str(outgoing.person),
                "template": outgoing.template,
                "subject": outgoing.subject,
                "link": outgoing.link,
            }
        )
        stamp = str(int(time.time()))
        try:
            answer = await self._http.post(
                self._url,
                content=body,
                headers={
                    "content-type": "application/json",
                    "webhook-id": str(outgoing.message_id),
                    "webhook-timestamp": stamp,
                    "webhook-signature": self.sign(str(outgoing.message_id), stamp, body),
                },
            )
        except httpx.HTTPError as problem:
            return Result(Outcome.UNKNOWN, type(problem).__name__)
        if 200 <= answer.status_code < 300:
            return Result(Outcome.ACCEPTED)
        code, after = f"http_{answer.status_code}", answer.headers.get("retry-after", "")
        if answer.status_code in _BUSY and after.isdigit():
            return Result(Outcome.BUSY, code, wait=float(after))
        return Result(Outcome.LATER if answer.status_code in (*_BUSY, *_LATER) else Outcome.REFUSED, code)

    def sign(self, message_id: str, stamp: str, body: bytes) -> str:
        """v1 signature over `id.timestamp.body`; the stamp is real time, as receivers check it against theirs."""
        return signing.webhook(message_id, stamp, body, self._key)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()
