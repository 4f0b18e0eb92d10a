"""The channels: mail over one reused SMTP connection, and a Standard Webhooks subscriber beside it.

A channel takes an Outgoing and says what became of it; it decides nothing else.
"""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import aiosmtplib
import httpx
from pydantic_core import to_json

from services.notification.sending.compose import Outgoing
from shared.runtime.settings import ServiceSettings


class Outcome(Enum):
    """What a channel says. Unknown means that it may have arrived: mail is then sent again, same bytes, same Message-ID."""

    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Result:
    """The outcome with a code that holds no personal data."""

    outcome: Outcome
    detail: str = ""


class Channel(Protocol):
    """One way to reach a person."""

    name: str

    async def send(self, outgoing: Outgoing) -> Result:
        """Hand it over; never raises for what the other side does."""
        ...

    async def close(self) -> None:
        """Give the connection back."""
        ...


class Mail:
    """SMTP. One connection is kept and reused; a broken one is opened again at the next send."""

    name = "mail"

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        host, _, port = settings.smtp.rpartition(":")
        self._where = (host.strip("[]") or "127.0.0.1", int(port) if port.isdigit() else 25)
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, outgoing: Outgoing) -> Result:
        """Accepted, refused for good (5xx), later (4xx), or unknown (the line broke)."""
        try:
            client = await self._connected()
            refused, _ = await client.sendmail(
                f"bounce+{outgoing.message_id}@{self._settings.mail_from.partition('@')[2]}", [outgoing.to], outgoing.raw
            )
        except aiosmtplib.SMTPRecipientsRefused as problem:
            code = problem.recipients[0].code if problem.recipients else 550
            return Result(Outcome.LATER if code < 500 else Outcome.REFUSED, f"smtp_{code}")
        except aiosmtplib.SMTPResponseException as problem:
            await self.close()
            return Result(Outcome.LATER if problem.code < 500 else Outcome.REFUSED, f"smtp_{problem.code}")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as problem:
            await self.close()
            return Result(Outcome.UNKNOWN, type(problem).__name__)
        return Result(Outcome.REFUSED, "refused") if refused else Result(Outcome.ACCEPTED)

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        s = self._settings
        client = aiosmtplib.SMTP(
            hostname=self._where[0],
            port=self._where[1],
            timeout=20,
            use_tls=s.smtp_tls == "tls",
            start_tls=s.smtp_tls == "starttls",
            username=s.smtp_user or None,
            password=s.smtp_password or None,
        )
        await client.connect()
        self._client = client
        return client

    async def close(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is not None:
            client.close()


class Webhook:
    """Standard Webhooks: the message id is the idempotency key, so a resend is recognised; 3xx is a failure, 410 ends it."""

    name = "webhook"

    def __init__(self, url: str, secret: str, http: httpx.AsyncClient | None = None) -> None:
        self._url = url
        self._key = base64.b64decode(secret.removeprefix("whsec_"))
        self._http = http or httpx.AsyncClient(timeout=20, follow_redirects=False)

    async def send(self, outgoing: Outgoing) -> Result:
        """Post one message: ids, template and the person's own link, no words about anybody."""
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
        later = answer.status_code in (429, 500, 502, 503, 504)
        return Result(Outcome.LATER if later else Outcome.REFUSED, f"http_{answer.status_code}")

    def sign(self, message_id: str, stamp: str, body: bytes) -> str:
        """v1 signature over `id.timestamp.body`; the stamp is real time, as receivers check it against theirs."""
        digest = hmac.new(self._key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return f"v1,{base64.b64encode(digest).decode()}"

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()
