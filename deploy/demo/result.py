"""What a demo run came to: what `baton verify` counted, outcomes against expected, violations; for the screen and for `--json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from deploy.demo.days import Day
from deploy.demo.ledger import ENDS, Fact, Ledger

ZEROS = (
    ("hires without a holder", ("hire_without_holder", "hire_silent", "hire_unknown"), "baton verify; baton hires"),
    ("told twice", ("said_twice",), "baton verify"),
    ("untold 24 h after an interview", ("untold_24h",), "baton verify; baton metrics"),
    ("shown without a yes", ("shown_without_yes",), "baton verify"),
    ("messages in closed hours", ("closed_hours",), "baton verify"),
)
"""What must be zero, by the finding's code, and the command that proves it."""


@dataclass
class Result:
    """Everything that is told at the end. `counts` is what verify counted, in the keys of surface.md."""

    ledger: Ledger
    counts: dict[str, Any]
    violations: list[str]
    memory_mb: int = 0
    seconds: float = 0.0
    report: str = ""
    story: Mapping[str, Any] = field(default_factory=dict)
    """One hire as reporting tells it, for its relay lane."""
    answers: Mapping[str, int] = field(default_factory=dict)
    """Answers of the simulated people by channel and way: `feishu button`, `mail page`."""
    mailbox: str = ""
    """Where one candidate's mail can be read, where the stack is left running."""
    days: Sequence[Day] = ()
    """The story's days as they went; empty where the cast did not play."""

    def as_json(self) -> dict[str, Any]:
        """The stable keys of surface.md and a few more."""
        return {**self.counts, "ok": not self.violations, "violations": self.violations, "seconds": round(self.seconds, 1),
                "memory_mb": self.memory_mb, "answers": dict(self.answers),
                "days": [asdict(day) for day in self.days], "digest": self.ledger.digest(), "report": self.report}

    def zeros(self) -> list[tuple[str, int, str]]:
        """The five zeros: what, how many, the command that proves it."""
        found = Counter(line.partition(":")[0] for line in self.violations)
        return [(what, sum(found[code] for code in codes), proof) for what, codes, proof in ZEROS]


def by_kind(ledger: Ledger) -> dict[str, Counter[str]]:
    """Messages sent: template -> channel -> how many; the most frequent template first. One that came back and left again counts where it got to."""
    last = {fact.body["message_id"]: fact.body for fact in ledger.of("message.sent")}
    table: dict[str, Counter[str]] = {}
    for body in last.values():
        table.setdefault(body["template"], Counter())[body["channel"]] += 1
    return dict(sorted(table.items(), key=lambda row: -row[1].total()))


def two_ways(ledger: Ledger) -> list[Fact]:
    """Messages that one channel did not take and another one did, in the order of leaving."""
    return sorted((fact for fact in ledger.of("message.sent") if fact.body.get("tried")), key=lambda fact: fact.body["at"])


OURS = frozenset({"recruiter", "lead", "client_manager", "director", "consultant", "finance", "legal_owner", "privacy_owner", "operators", "vendor", "house"})
PERSONS = frozenset({"candidate", "new_hire", "person", "referee"})


def sides(ledger: Ledger) -> dict[str, Counter[str]]:
    """Duties of us, of the clients and of the candidates: due, met, late, lapsed, off (cancelled, waived, handed on)."""
    counts: dict[str, Counter[str]] = {"our side": Counter(), "the clients'": Counter(), "candidates'": Counter()}
    for how in ENDS:
        for fact in ledger.of(f"obligation.{how}"):
            role = fact.body["owed_by"]["role"]
            side = counts["our side" if role in OURS else "candidates'" if role in PERSONS else "the clients'"]
            name = "late" if how == "met" and fact.body.get("late") else how if how in ("met", "lapsed") else "off"
            side[name] += 1
            side["due"] += name != "off"
    return counts


def name_of(body: Mapping[str, Any]) -> str:
    """The publisher's own id of an application."""
    return str(body.get("externalref") or "").rpartition("#")[2]


def hire_of(ledger: Ledger, name: str) -> str:
    """The hire that began with this application; empty where there is none."""
    return next((str(hire) for hire, body in ledger.hires().items() if name_of(body) == name), "")


def unexpected(ledger: Ledger, expected: Mapping[str, str]) -> list[str]:
    """Hires that ended in another way than the story says; `expected` by the publisher's own id."""
    ended = ledger.outcomes()
    named = {name_of(body): hire for hire, body in ledger.hires().items()}
    wrong = [f"no_hire: {who}" for who in expected if who not in named]
    return wrong + [f"unexpected_end: {who}: expected {expected[who]}, ended {ended.get(hire, 'open')} (hire {hire})"
                    for who, hire in named.items() if who in expected and ended.get(hire) != expected[who]]


def with_joined(counts: Mapping[str, Any], joined: int) -> dict[str, Any]:
    """In a folder of files a duplicate is also the file that joined the hire of its person: the door took it, but it began nothing."""
    return {**counts, "accepted": counts["accepted"] - joined, "duplicates": counts["duplicates"] + joined}


def lost_files(counts: Mapping[str, Any], files: int) -> Sequence[str]:
    """Files = hires + requisitions + duplicates + parked; what is missing."""
    parts = {name: counts[name] for name in ("hires", "requisitions", "duplicates", "parked")}
    found = sum(parts.values())
    told = " + ".join(f"{n} {name}" for name, n in parts.items())
    return [] if found == files else [f"file_sum: {files} files, but {told} = {found}"]
