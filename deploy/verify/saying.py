"""Each thing is said once, and never in closed hours."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from services.notification.tells import TELLS
from shared.policy.calendar import WorkingCalendar
from shared.policy.loader import available_calendars, load_calendar, shipped_policy
from shared.policy.model import Policy
from shared.policy.roles import Channel
from shared.policy.sending import send_after

from .finding import MOST, Finding, Look, found

WINDOW_OF: dict[str, Channel] = {
    "mail": "mail", "sms": "sms", "dingtalk": "chat", "wecom": "chat", "feishu": "chat", "slack": "chat", "webhook": "webhook"}
"""Channel -> the window of the policy that holds for it. What goes by hand a person sends, when they see fit."""
GRACE = timedelta(seconds=90)
"""A message that was due to leave at the last second of a window may arrive a moment later."""
_TWICE = """select coalesce(party_id::text, party_role) || '/' || purpose || '/' || occasion as subject, count(distinct message_id) || ' messages' as text
  from reporting.messages where state <> 'suppressed' group by party_id, party_role, purpose, occasion having count(distinct message_id) > 1 order by 1"""
_ATTEMPTS = """select 'message/' || m.id as subject, 'sent ' || count(*) || ' times by ' || a.channel as text from notification.messages m
  join notification.attempts a on a.message_id = m.id where a.outcome = 'accepted' group by m.id, a.channel having count(*) > 1 order by 1"""
_SENT = """select m.id, m.channel, m.template, m.role, m.accepted_at, m.spec->>'urgent' as urgent, p.zone, p.calendar, p.party_class, r.policy
  from notification.messages m left join reporting.parties p on p.person_id = m.person_id left join reporting.hires h on h.hire_id = m.hire_id
  left join reporting.requisitions r on r.requisition_id = h.requisition_id where m.accepted_at is not null and m.channel <> 'hand'"""


async def twice(look: Look) -> list[Finding]:
    """One message per (party, purpose, occasion); in the ledger, among the attempts, and in the mailbox where it can be read."""
    out = await found(look, _TWICE, "said_twice") + await found(look, _ATTEMPTS, "said_twice")
    return out + [Finding("said_twice", name, f"{n} mails of one Message-ID with different words") for name, n in (await _rewritten(look)).items()][:MOST]


async def repeated(look: Look) -> int:
    """Mails that arrived again with the same Message-ID (a resend after an unknown outcome): the reader's side drops them."""
    return sum(n - 1 for n in Counter(mail["message_id"] for mail in await _mails(look)).values())


async def _rewritten(look: Look) -> dict[str, int]:
    words: dict[str, set[str]] = {}
    for mail in await _mails(look):
        words.setdefault(mail["message_id"], set()).add(f"{mail['to']}{mail['subject']}")
    return {name: len(found_) for name, found_ in words.items() if len(found_) > 1}


async def _mails(look: Look) -> list[dict[str, Any]]:
    """The sink's mailbox; empty where there is none to read."""
    address = look.env.get("BATON_SINK_HTTP", "")
    if not address:
        return []

    def read() -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"http://{address}/api/messages?since=0", timeout=20) as answer:
            mails: list[dict[str, Any]] = json.loads(answer.read())
            return mails
    try:
        return await asyncio.to_thread(read)
    except OSError:
        return []


async def closed_hours(look: Look) -> list[Finding]:
    """Messages that left outside the recipient's windows for that channel, urgent ones apart (own act, start day, safety)."""
    out = []
    for row in await look.pg.fetch(_SENT):
        told = TELLS.get(row["template"])
        if row["urgent"] == "true" or (told is not None and told.urgent):
            continue
        at = row["accepted_at"]
        if opens(row, at) > at:
            out.append(Finding("closed_hours", f"message/{row['id']}", f"{row['template']} to {row['role']} left by {row['channel']} {at.isoformat()},"
                               f" a closed hour in {row['zone']}"))
    return out[:MOST]


def opens(row: Any, at: datetime) -> datetime:
    """The earliest instant from shortly before `at` at which this message may leave."""
    calendar = _calendar(row["calendar"] or "CN")
    return send_after(_policy(row["policy"] or "agency-cn"), WINDOW_OF.get(row["channel"], "mail"), recipient_zone=row["zone"] or "Asia/Shanghai", calendar=calendar,
                      party_class=row["party_class"] or "staff", instant=at - GRACE)


@cache
def _policy(name: str) -> Policy:
    try:
        return shipped_policy(name)
    except Exception:
        return shipped_policy("agency-cn")


@cache
def _calendar(name: str) -> WorkingCalendar:
    return load_calendar(name if name in available_calendars() else "CN")
