"""What an office calendar does with an invitation: reads it from the mailbox, answers it by mail (iMIP), as Outlook, Google and Apple send it."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from uuid import uuid4

import httpx

from tests.support.ical_lint import Part, mail_faults, parse


class MailClient:
    """One person's mailbox at the sink, and the Maildir of ours that their mail server delivers into."""

    def __init__(self, sink: str, maildir: Path, address: str) -> None:
        self._sink, self._maildir, self.address = sink, maildir, address

    async def invitations(self) -> list[Part]:
        """The calendars that came by mail, oldest first; AssertionError for one that some client would misread."""
        async with httpx.AsyncClient(base_url=self._sink) as http:
            mails = (await http.get("/api/messages", params={"to": self.address})).json()
            raws = [(await http.get(f"/api/messages/{mail['n']}/raw")).content for mail in mails]
        found = []
        for raw in raws:
            parts = [part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/calendar"]
            if parts:
                assert mail_faults(raw) == []
                found.append(parse(parts[0].get_payload(decode=True)))  # type: ignore[arg-type]
        return found

    async def answer(self, partstat: str, *, starts: str = "", ends: str = "", nth: int = -1) -> Path:
        """Deliver a REPLY to the newest (or the nth) invitation, or a COUNTER with `starts` and `ends` (UTC, basic format); the mail's file."""
        event = (await self.invitations())[nth].inside("VEVENT")[0]
        method = "COUNTER" if starts else "REPLY"
        times = [f"DTSTART:{starts}", f"DTEND:{ends}"] if starts else []
        lines = [
            "BEGIN:VCALENDAR", "PRODID:-//Office//Calendar//EN", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{event.value('UID')}",
            f"SEQUENCE:{event.value('SEQUENCE')}", f"DTSTAMP:{event.value('DTSTAMP')}", *times, f"ORGANIZER:{event.value('ORGANIZER')}",
            f"ATTENDEE;PARTSTAT={partstat}:mailto:{self.address}", "END:VEVENT", "END:VCALENDAR", ""]
        mail, calendar = MIMEMultipart("alternative"), MIMEBase("text", "calendar", method=method, charset="utf-8")
        calendar.set_payload("\r\n".join(lines))
        mail.attach(MIMEText(partstat.title(), "plain", "utf-8"))
        mail.attach(calendar)
        mail["From"], mail["To"] = self.address, event.value("ORGANIZER").removeprefix("mailto:")
        mail["Subject"], mail["Message-ID"] = partstat.title(), f"<{uuid4()}@client.example>"
        return await asyncio.to_thread(self._deliver, mail.as_bytes())

    def _deliver(self, raw: bytes) -> Path:
        """As a mail server does: written whole under tmp/, then moved."""
        name = str(uuid4())
        (self._maildir / "tmp" / name).write_bytes(raw)
        return (self._maildir / "tmp" / name).rename(self._maildir / "new" / name)

    async def read(self, *mails: Path) -> list[str]:
        """Wait until these mails were read; the folders that they were moved to."""
        async with asyncio.timeout(20):
            while any(one.exists() for one in mails):
                await asyncio.sleep(0.05)
        return [next(path.parent.name for path in self._maildir.glob(f"*/{one.name}")) for one in mails]
