"""One mail as people send it back: whose, about which of ours, and the words that are new in it. Pure: nothing here knows an Ask.

Quoted text is cut where mail programs of both languages begin it; a machine's answer (out of office, a list, a report) is none.
"""

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from html.parser import HTMLParser

LONGEST = 1_000_000
_OURS = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")
_QUOTE_BEGINS = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:原始邮件|Original Message|Forwarded message|转发邮件|回复的原邮件)|_{10,}|-{8,}\s*$"
    r"|On .{6,80}wrote:?\s*$|于?\s*\d{4}\s*年.{0,60}写道[：:]?\s*$|在\s*\d{4}[-年/].{0,80}写道[：:]?\s*$|.{0,80}<[^<>\s]+@[^<>\s]+>\s*(?:写道|wrote)[：:]?\s*$"
    r"|(?:From|发件人)\s*[:：].*(?:@|<)|Begin forwarded message:|发自我的|Sent from my |Get Outlook for|--\s*$)",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"^(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|自动回复|自动答复|外出|休假)", re.IGNORECASE
)


@dataclass(frozen=True)
class Came:
    """A mail read. `about`: Message-IDs it answers, the nearest first; `machine`: nobody wrote it; `failed`: its origin was checked and refused."""

    mail_id: str
    sender: str
    about: tuple[str, ...]
    words: str
    machine: bool = False
    failed: bool = False
    report: bool = False


def read_mail(raw: bytes) -> Came:
    """Read it. Never raises: what can't be read has no words."""
    message = email.message_from_bytes(raw[:LONGEST], policy=default)
    assert isinstance(message, EmailMessage)
    answered = _OURS.findall(_head(message, "In-Reply-To"))
    chain = list(reversed(_OURS.findall(_head(message, "References"))))
    try:
        words = new_words(_text(message))
    except (LookupError, UnicodeError, ValueError, KeyError, AttributeError):
        words = ""
    return Came(
        mail_id=_head(message, "Message-ID").strip(),
        sender=parseaddr(_head(message, "From"))[1].lower(),
        about=tuple(dict.fromkeys([*answered, *chain])),
        words=words,
        machine=_by_machine(message),
        failed=bool(re.search(r"\b(?:dmarc|spf|dkim)=fail\b", _head(message, "Authentication-Results"), re.IGNORECASE)),
        report=message.get_content_type() == "multipart/report",
    )


def _head(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(one) for one in message.get_all(name) or ())
    except (ValueError, AttributeError, IndexError):
        return ""


def _by_machine(message: EmailMessage) -> bool:
    """RFC 3834: whoever is no person is not answered, and does not answer."""
    auto = _head(message, "Auto-Submitted").strip().lower()
    bulk = _head(message, "Precedence").strip().lower() in ("bulk", "list", "junk", "auto_reply")
    told = any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "List-Id", "X-Auto-Response-Suppress"))
    return (auto not in ("", "no")) or bulk or told or bool(_MACHINE.match(_head(message, "Subject").strip()))


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    text = content if isinstance(content, str) else ""
    return _plain(text) if part.get_content_type() == "text/html" else text


class _Words(HTMLParser):
    """The words of an HTML mail outside quotes, one line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._quoted = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        if self._quoted or tag == "blockquote" or "gmail_quote" in marks or "divRplyFwdMsg" in marks:
            self._quoted += tag in ("blockquote", "div") or bool(self._quoted and tag not in ("br", "img", "hr", "meta", "input"))
        self._silent += tag in ("style", "script", "title")
        if tag in ("p", "div", "br", "tr", "li", "hr"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._quoted -= bool(self._quoted)
        self._silent -= tag in ("style", "script", "title") and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._quoted and not self._silent:
            self.parts.append(data)


def _plain(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    return "".join(reader.parts)


def new_words(text: str) -> str:
    """What was written now: everything before the first line that begins a quote or a signature."""
    kept: list[str] = []
    lines = text.replace("\r\n", "\n").replace("\u00a0", " ").split("\n")
    for n, line in enumerate(lines):
        wrapped = (
            f"{line.rstrip()} {lines[n + 1].strip()}" if n + 1 < len(lines) and line.lstrip().startswith(("On ", "在")) else line
        )
        if _QUOTE_BEGINS.match(line) or (wrapped is not line and _QUOTE_BEGINS.match(wrapped)):
            if kept and any(one.strip() for one in kept):
                break
            if not line.lstrip().startswith(">"):
                break
            continue
        kept.append(line.rstrip())
    return "\n".join(kept).strip()
