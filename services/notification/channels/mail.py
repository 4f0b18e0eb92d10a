"""SMTP: connections kept and reused, a broken one opened again at the next send; signed with DKIM where the house has a key."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiosmtplib
import dkim

from services.notification.channels.accounts import DkimKey
from services.notification.channels.base import FOR_EVER, Outcome, Outgoing, Result, Window
from shared.runtime.errors import ConfigurationError
from shared.runtime.settings import ServiceSettings

_SIGNED = [
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
]


class Mail:
    """Mail. The same bytes under the same Message-ID may be sent again: the reader's side drops the second."""

    name = "mail"
    window: Window = "mail"
    key_life: timedelta | None = FOR_EVER
    per_second = 500.0
    at_once = 4

    def __init__(self, settings: ServiceSettings, key: DkimKey | None = None) -> None:
        self._settings = settings
        host, _, port = settings.smtp.rpartition(":")
        self._where = (host.strip("[]") or "127.0.0.1", int(port) if port.isdigit() else 25)
        self._idle: list[aiosmtplib.SMTP] = []
        self._sign = Signature(key) if key else None

    async def send(self, outgoing: Outgoing) -> Result:
        """Accepted, refused for good (5xx), later (4xx), or unknown (the line broke after the mail may have gone)."""
        raw = await asyncio.to_thread(self._sign.over, outgoing.raw) if self._sign else outgoing.raw
        client = None
        try:
            client = await self._connected()
        except aiosmtplib.SMTPResponseException as problem:
            return Result(Outcome.LATER, f"smtp_{problem.code}")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as problem:
            return Result(Outcome.UNKNOWN, type(problem).__name__)
        try:
            refused, _ = await client.sendmail(self._bounces_to(outgoing), [outgoing.to], raw, **self._wishes(client, outgoing))
        except aiosmtplib.SMTPRecipientsRefused as problem:
            self._idle.append(client)
            code = problem.recipients[0].code if problem.recipients else 550
            return Result(Outcome.LATER if code < 500 else Outcome.REFUSED, f"smtp_{code}")
        except aiosmtplib.SMTPResponseException as problem:
            client.close()
            return Result(Outcome.LATER if problem.code < 500 else Outcome.REFUSED, f"smtp_{problem.code}")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as problem:
            client.close()
            return Result(Outcome.UNKNOWN, type(problem).__name__)
        except BaseException:
            client.close()
            raise
        self._idle.append(client)
        return Result(Outcome.REFUSED, "refused") if refused else Result(Outcome.ACCEPTED, provider_id=outgoing.mail_id)

    def _bounces_to(self, outgoing: Outgoing) -> str:
        """An envelope sender of its own for each message: what comes back needs no guessing."""
        return f"bounce+{outgoing.message_id}@{self._settings.mail_from.partition('@')[2]}"

    @staticmethod
    def _wishes(client: aiosmtplib.SMTP, outgoing: Outgoing) -> dict[str, Any]:
        """Ask for notifications of failure and delay, where the server knows how."""
        if not client.supports_extension("dsn"):
            return {}
        return {"mail_options": [f"ENVID={outgoing.message_id}", "RET=HDRS"], "rcpt_options": ["NOTIFY=FAILURE,DELAY"]}

    async def _connected(self) -> aiosmtplib.SMTP:
        while self._idle:
            kept = self._idle.pop()
            if kept.is_connected:
                return kept
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
        return client

    async def close(self) -> None:
        """Hang up."""
        while self._idle:
            self._idle.pop().close()


class Signature:
    """DKIM (RFC 6376), relaxed/relaxed; added to the stored bytes at each send, so a resend differs in nothing but its time."""

    def __init__(self, key: DkimKey) -> None:
        self._selector, self._domain = key.selector.encode(), key.domain.encode()
        try:
            self._pem = Path(key.key).read_bytes()
        except OSError as problem:
            raise ConfigurationError(f"the DKIM key {key.key} can't be read: {type(problem).__name__}") from None
        if b"PRIVATE KEY" not in self._pem:
            raise ConfigurationError(f"the DKIM key {key.key} is no PEM of a private key")

    def over(self, raw: bytes) -> bytes:
        """The mail with its signature in front."""
        headers = [name for name in _SIGNED if _has(raw, name)]
        signature: bytes = dkim.sign(
            raw, self._selector, self._domain, self._pem, canonicalize=(b"relaxed", b"relaxed"), include_headers=headers
        )
        return signature + raw


def _has(raw: bytes, name: bytes) -> bool:
    head = raw.partition(b"\r\n\r\n")[0].lower()
    return head.startswith(name + b":") or b"\r\n" + name + b":" in head
