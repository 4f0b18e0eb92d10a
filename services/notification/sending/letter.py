"""The bytes of one mail: text and HTML side by side, an invitation where a time is in it (channels.md 7.2).

Plain MIME classes on purpose: the newer email API parses and folds each header it writes, which cost more than all the rest of a mail.
"""

from dataclasses import dataclass
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from uuid import UUID

from services.notification.look import render
from services.notification.look.mail import Mail
from services.notification.sending.calendar_entry import Entry, entry_bytes
from services.notification.wording import clip, html_lang

_WIRE = compat32.clone(linesep="\r\n")
_NAME = 120


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
            mixed = MIMEMultipart("mixed")
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
        made = MIMEMultipart("alternative")
        made.attach(MIMEText(render.mail_text(self.mail), "plain", "utf-8"))
        made.attach(MIMEText(render.mail_html(self.mail), "html", "utf-8"))
        return made


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
