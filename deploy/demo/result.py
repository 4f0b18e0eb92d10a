"""What a demo run came to: counts, outcomes, violations; for the screen and for `--json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from deploy.demo.ledger import Fact, Ledger

GOLDEN_WEEK = ("2026-10-01", "2026-10-07")
ALLOWED_IN_HOLIDAYS = ("started", "eve_of_start", "welcome", "receipt")


@dataclass
class Result:
    """Everything that is told at the end."""

    ledger: Ledger
    sent: int = 0
    accepted: int = 0
    duplicates: int = 0
    parked: int = 0
    waiting: int = 0
    requisitions: int = 0
    repeated: int = 0
    seconds: float = 0.0
    memory_mb: int = 0
    engines: Mapping[str, str] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    calendars: Mapping[str, str] = field(default_factory=dict)
    report: str = ""

    def as_json(self) -> dict[str, Any]:
        """The stable keys of surface.md."""
        counts, duties = self.ledger.messages()[0], self.ledger.obligations()
        names = ("opened", "met", "met_late", "waived", "transferred", "lapsed", "cancelled", "open")
        outcomes = Counter(self.ledger.outcomes().values())
        return {
            "ok": not self.violations, "sent": self.sent, "accepted": self.accepted, "duplicates": self.duplicates, "parked": self.parked,
            "hires": len(self.ledger.hires()), "requisitions": self.requisitions, "outcomes": dict(sorted(outcomes.items())),
            "open": len(self.ledger.hires()) - sum(outcomes.values()), "obligations": {name: duties[name] for name in names},
            "waiting": self.waiting, "messages": {"sent": counts["sent"], "suppressed": counts["suppressed"], "repeated": self.repeated},
            "violations": self.violations, "seconds": round(self.seconds, 1), "engines": dict(self.engines), "memory_mb": self.memory_mb,
            "digest": self.ledger.digest(), "report": self.report}

    def zeros(self) -> list[tuple[str, int, str]]:
        """The five zeros: what, how many, the command that proves it."""
        return [
            ("hires without a holder", sum("holder" in each or "silent" in each for each in self.violations), "baton verify"),
            ("told twice", sum(n - 1 for n in self.ledger.messages()[1].values()), "baton verify"),
            ("untold 24 h after an interview", len(untold(self.ledger)), "baton metrics M19"),
            ("shown without a yes", len(shown_without_yes(self.ledger)), "baton verify"),
            ("messages to China in Golden Week", len(in_golden_week(self.ledger, self.calendars)), "baton report"),
        ]


def untold(ledger: Ledger) -> list[str]:
    """Interviews after which the candidate heard nothing for 24 hours."""
    found = []
    heard: dict[str, list[datetime]] = {}
    for fact in ledger.of("message.sent"):
        if fact.body["party"]["role"] in ("candidate", "new_hire"):
            heard.setdefault(str(fact.body.get("hire_id")), []).append(datetime.fromisoformat(fact.body["at"]))
    for fact in ledger.of("interview.attended"):
        ends = _end_of(ledger, fact)
        if ends and not any(ends <= at <= ends + timedelta(hours=24) for at in heard.get(fact.body["hire_id"], [])):
            found.append(fact.body["interview_id"])
    return found


def _end_of(ledger: Ledger, fact: Fact) -> datetime | None:
    ends = [each.body["ends_at"] for each in ledger.of("interview.scheduled", "interview.moved", "interviewer.replaced")
            if each.body["interview_id"] == fact.body["interview_id"] and "ends_at" in each.body]
    return datetime.fromisoformat(max(ends)) if ends else None


def shown_without_yes(ledger: Ledger) -> list[str]:
    """Named disclosures without the candidate's own answer to `represent_consent`."""
    yes = {fact.body["ask_id"] for fact in ledger.of("ask.answered")
           if fact.body["kind"] == "represent_consent" and fact.body["answer"]["clear"].get("decision") == "yes"}
    made = ledger.of("disclosure.made")
    return [fact.body["hire_id"] for fact in made
            if fact.body["disclosure"]["level"] != "blind" and fact.body["disclosure"].get("consent_ref") not in yes]


def in_golden_week(ledger: Ledger, calendars: Mapping[str, str]) -> list[str]:
    """Messages to people on China's calendar in the closed week, but for what they asked for themselves."""
    found = []
    for fact in ledger.of("message.sent"):
        day = datetime.fromisoformat(fact.body["at"]).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
        who = fact.body["party"].get("person_id")
        if GOLDEN_WEEK[0] <= day <= GOLDEN_WEEK[1] and calendars.get(who or "", "CN") == "CN" and fact.body["template"] not in ALLOWED_IN_HOLIDAYS:
            found.append(fact.body["message_id"])
    return found


def by_kind(ledger: Ledger) -> list[tuple[str, int]]:
    """Messages sent by template, most frequent first."""
    ids = {fact.body["message_id"]: fact.body["template"] for fact in ledger.of("message.sent")}
    return Counter(ids.values()).most_common()


def check(result: Result, *, problems: Sequence[str], verified: Mapping[str, Any]) -> list[str]:
    """Everything that must be zero and is not."""
    duties, ids = result.ledger.obligations(), result.ledger.messages()[1]
    wrong = [f"{duties[what]} obligations {what}" for what in ("open", "ended_twice", "never_opened") if duties[what]]
    wrong += [f"said twice: {purpose} {occasion}" for (_, purpose, occasion), n in ids.items() if n > 1]
    wrong += [f"gap in the sequence of {gap}" for gap in result.ledger.gaps()[:10]]
    wrong += [f"shown without a yes: hire {hire}" for hire in shown_without_yes(result.ledger)]
    wrong += [f"untold 24 h after interview {interview}" for interview in untold(result.ledger)]
    wrong += [f"message {message} to China in Golden Week" for message in in_golden_week(result.ledger, result.calendars)]
    wrong += [f"a form came back to a person: {problem}" for problem in problems]
    wrong += [str(each) for each in verified.get("violations", [])]
    return wrong


async def calendars_of(dsn: str) -> dict[str, str]:
    """Person -> working calendar, as reporting knows it."""
    pg = await asyncpg.connect(dsn)
    try:
        return {str(row["person_id"]): row["calendar"] or "CN" for row in await pg.fetch("select person_id, calendar from reporting.parties")}
    finally:
        await pg.close()
