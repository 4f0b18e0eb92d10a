"""The bytes of one mail: text and HTML side by side, an invitation where a time is in it (channels.md 7.2).

Plain MIME classes on purpose: the newer email API parses and folds each header it writes, which cost more than all the rest of a mail.
Of the older one, what is done for every header and for a boundary that nobody can guess is left out where it changes no byte that matters.
"""

from dataclasses import dataclass
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.policy import Compat32
from email.utils import format_datetime, formataddr
from typing import Any
from uuid import UUID

from services.notification.look import render
from services.notification.look.mail import Mail
from services.notification.sending.calendar_entry import Entry, entry_bytes
from services.notification.wording import clip, html_lang

_NAME = 120
_LINE = 76


class _Wire(Compat32):
    """CRLF; a short plain header stands as it is, only the others are encoded and folded."""

    linesep = "\r\n"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as bytes; asked for each by the generator."""
        if isinstance(value, str) and value.isascii() and value.isprintable() and len(name) + len(value) < _LINE:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_WIRE = _Wire()


@dataclass(frozen=True)
class Letter:
    """One mail to one person. `to` is (name, address); `sender` the mailbox that replies go to and that organises invitations.

    `unsubscribe` is the one-click address (RFC 8058) of what is not owed."""

    mail: Mail
    message_id: UUID
    date: datetime
    to: tuple[str, str]
    sender: str
    invite: Entry | None = None
    unsubscribe: str = ""

    @property
    def mail_id(self) -> str:
        """The Message-ID: the same for every resend."""
        return f"<{self.message_id}@{self.sender.partition('@')[2] or 'baton.invalid'}>"

    def as_bytes(self) -> bytes:
        """ASCII only, CRLF, ready for DATA; no header can carry a line break of somebody's name."""
        root = self._alternative()
        if self.invite is not None:
            raw = entry_bytes(self.invite, (clip(self.mail.sender, _NAME), self.sender), self.to)
            root.attach(_calendar(raw, self.invite.method))
            mixed = MIMEMultipart("mixed", boundary=self._boundary("mixed"))
            mixed.attach(root)
            mixed.attach(_file(raw))
            root = mixed
        root["From"] = formataddr((clip(self.mail.sender, _NAME), self.sender))
        if self.to[1]:
            root["To"] = formataddr((clip(self.to[0], _NAME), self.to[1]))
        root["Subject"] = Header(  # type: ignore[assignment]  # an encoded one is taken as well
            clip(self.mail.subject, _NAME), "utf-8")
        root["Date"] = format_datetime(self.date)
        root["Message-ID"] = self.mail_id
        root["Auto-Submitted"] = "auto-generated"
        root["X-Baton-Message"] = str(self.message_id)
        if self.unsubscribe:
            root["List-Unsubscribe"] = f"<{self.unsubscribe}>"
            root["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        root["Content-Language"] = html_lang(self.mail.lang)
        return root.as_bytes(policy=_WIRE)

    def _alternative(self) -> MIMEMultipart:
        made = MIMEMultipart("alternative", boundary=self._boundary("alternative"))
        made.attach(_part("plain", render.mail_text(self.mail)))
        made.attach(_part("html", render.mail_html(self.mail)))
        return made

    def _boundary(self, level: str) -> str:
        """`_` is no letter of base64, in which every part stands: no part can contain it."""
        return f"=_{level}_{self.message_id.hex}"


def _part(kind: str, text: str) -> MIMEBase:
    part = MIMEBase("text", kind, charset="utf-8")
    part.set_payload(text.encode())
    encode_base64(part)
    return part


def _calendar(raw: bytes, method: str) -> MIMEBase:
    """The alternative that calendars read; its method equals the one inside."""
    part = MIMEBase("text", "calendar", method=method, charset="utf-8")
    part.set_payload(raw)
    encode_base64(part)
    return part


def _file(raw: bytes) -> MIMEBase:
    part = MIMEBase("application", "ics", name="invite.ics")
    part.set_payload(raw)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return part
