"""What really happened, read from Kafka alone: every fact of every owner, each counted once, made into tables and one digest.

Independent of all services' tables on purpose: it is the other side of the books when two runs are compared.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer

from shared.contracts.topics import TOPICS as ALL_TOPICS

TOPICS = tuple(topic.name for topic in ALL_TOPICS if topic.name != "inbound")
ENDS = ("met", "waived", "transferred", "lapsed", "cancelled")


@dataclass(frozen=True, slots=True)
class Fact:
    """One event: wire type without prefix, subject, business time, body."""

    type: str
    subject: str
    time: str
    sequence: int
    source: str
    body: Mapping[str, Any]


@dataclass
class Ledger:
    """All facts of a run, in the order of their partitions."""

    facts: list[Fact] = field(default_factory=list)
    delivered_again: int = 0

    def of(self, *types: str) -> list[Fact]:
        """Facts of these types."""
        return [fact for fact in self.facts if fact.type in types]

    def outcomes(self) -> dict[str, str]:
        """Hire -> outcome of those that have ended."""
        return {fact.body["hire_id"]: fact.body["outcome"] for fact in self.of("hire.closed")}

    def hires(self) -> dict[str, Mapping[str, Any]]:
        """Hire -> body of the application it began with."""
        return {fact.body["hire_id"]: fact.body for fact in self.of("application.received")}

    def stages(self) -> dict[str, list[str]]:
        """Hire -> stages in the order of entering."""
        told: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for fact in self.of("stage.entered"):
            told[fact.body["hire_id"]].append((fact.sequence, fact.body["stage"]))
        return {hire: [stage for _, stage in sorted(entered)] for hire, entered in told.items()}

    def obligations(self) -> Counter[str]:
        """How many were opened and how each ended; `open` is what is left, `ended_twice` must be 0."""
        opened = {fact.body["obligation_id"] for fact in self.of("obligation.opened")}
        ended: dict[str, str] = {}
        counts: Counter[str] = Counter(opened=len(opened), ended_twice=0, never_opened=0, met=0, met_late=0)
        for how in ENDS:
            counts[how] += 0
            for fact in self.of(f"obligation.{how}"):
                name = fact.body["obligation_id"]
                counts["ended_twice"] += name in ended
                counts["never_opened"] += name not in opened
                ended[name] = how
                counts["met_late" if how == "met" and fact.body.get("late") else how] += 1
        counts["open"] = len(opened - ended.keys())
        return counts

    def messages(self) -> tuple[Counter[str], Counter[tuple[str, str, str]]]:
        """Messages sent, suppressed, failed; and how many message ids stand for each (party, purpose, occasion): more than 1 is wrong."""
        counts: Counter[str] = Counter({how: len(self.of(f"message.{how}")) for how in ("sent", "delivered", "suppressed", "failed")})
        ids: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for fact in self.of("message.sent"):
            party = fact.body["party"]
            ids[party.get("person_id") or party["role"], fact.body["purpose"], fact.body["occasion"]].add(fact.body["message_id"])
        counts["sent"] = sum(len(found) for found in ids.values())
        return counts, Counter({key: len(found) for key, found in ids.items()})

    def gaps(self) -> list[str]:
        """Subjects of a source whose sequence numbers have a hole."""
        seen: dict[tuple[str, str], set[int]] = defaultdict(set)
        for fact in self.facts:
            seen[fact.source, fact.subject].add(fact.sequence)
        return sorted(f"{source} {subject}" for (source, subject), numbers in seen.items() if numbers != set(range(1, max(numbers) + 1)))

    def rows(self) -> list[str]:
        """What two equal runs have in common: outcomes, ends, what was said, each with its business time; sorted."""
        rows = [f"{fact.body['hire_id']} {fact.type} {fact.body.get('stage', '')} {fact.body.get('outcome', '')} {fact.body['at']}"
                for fact in self.of("hire.closed", "stage.entered", "decision.made")]
        rows += [f"{fact.body['obligation_id']} opened {fact.body['kind']} {fact.body['due_at']} {fact.time}" for fact in self.of("obligation.opened")]
        rows += [f"{fact.body['obligation_id']} {how} {fact.body['ended_at']}" for how in ENDS for fact in self.of(f"obligation.{how}")]
        rows += [f"{_party(fact.body)} {fact.body['purpose']} {fact.body['occasion']} {fact.body['at']}" for fact in self.of("message.sent")]
        return sorted(set(rows))

    def digest(self) -> str:
        """One number for all rows."""
        return hashlib.sha256("\n".join(self.rows()).encode()).hexdigest()[:16]


def _party(body: Mapping[str, Any]) -> str:
    return body["party"].get("person_id") or body["party"]["role"]


async def read_ledger(bootstrap: str, topics: Iterable[str] = TOPICS) -> Ledger:
    """Read these topics from beginning to end."""
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest", fetch_max_wait_ms=10)
    await consumer.start()
    ledger, seen = Ledger(), set[Any]()
    try:
        parts = sorted(consumer.assignment())
        ends = await consumer.end_offsets(parts)
        while [part for part in parts if await consumer.position(part) < ends[part]]:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    _take(ledger, seen, record)
    finally:
        await consumer.stop()
    return ledger


def _take(ledger: Ledger, seen: set[tuple[str, str]], record: Any) -> None:
    headers = {name.removeprefix("ce_"): value.decode() for name, value in record.headers if value is not None}
    name = (headers["source"], headers["id"])
    if name in seen:
        ledger.delivered_again += 1
        return
    seen.add(name)
    ledger.facts.append(Fact(
        headers["type"].removeprefix("baton."), headers.get("subject", ""), headers.get("time", ""), int(headers.get("sequence", 0)), headers["source"],
        json.loads(record.value or b"{}")))
