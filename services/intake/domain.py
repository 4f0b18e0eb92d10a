"""The door's own words: a delivery, its outcome, and the pure rules about both. No I/O."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from services.intake.parsing.model import ResumeFacts
from shared.contracts import inbound, operators
from shared.contracts.application import Facts
from shared.contracts.base import Message, derive_id
from shared.contracts.envelope import Envelope

State = Literal["accepted", "duplicate", "parked"]
WAIT_FOR = timedelta(days=7)
INLINE_BYTES = 512 * 1024
DEGREE_LEVELS = {"none": 1, "associate": 2, "bachelor": 3, "master": 4, "doctor": 5}
GRANTED: frozenset[type[Message]] = frozenset({
    inbound.StartReportedV1, inbound.ErasureRequestedV1, operators.OperatorCommandV1, operators.BulkCommandV1, operators.PolicyCommandV1})
"""What an anonymous record on the topic may not say: it needs a caller with a grant (agreements.md 10)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A publisher's name of an entity. `source` is empty where only the external id was said and any source may have it."""

    kind: str
    source: str
    externalid: str

    def __str__(self) -> str:
        return f"{self.source}#{self.externalid}"


@dataclass(slots=True)
class Outcome:
    """What became of one delivery. `state` is empty while nobody has said so."""

    state: State | Literal[""] = ""
    code: str = ""
    reason: str = ""
    waiting_for: Reference | None = None
    subject: str = ""
    parked_id: UUID | None = None

    def shown(self) -> dict[str, Any]:
        """As the HTTP door answers it."""
        out: dict[str, Any] = {"outcome": self.state}
        for name in ("code", "reason", "subject"):
            if value := getattr(self, name):
                out[name] = value
        if self.waiting_for:
            out["waiting_for"] = [str(self.waiting_for)]
        if self.parked_id:
            out["parked_id"] = str(self.parked_id)
        return out


@dataclass(slots=True)
class Document:
    """A document as it arrived with an application, and what was read in it."""

    digest: str
    name: str
    data: bytes
    kind: str
    facts: ResumeFacts


@dataclass(slots=True)
class Delivery:
    """One event at the door: the envelope (None where the bytes are none), the original, who brought it, and its outcome."""

    envelope: Envelope | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]] = ()
    topic: str = "http"
    partition: int = 0
    offset: int = 0
    actor: str = ""
    granted: bool = False
    replayed: bool = False
    """Released from waiting, or a parked one tried again: the door has counted it already."""
    digest: bytes = b""
    body: Message | None = None
    document: Document | None = None
    resume: ResumeFacts | None = None
    doomed: tuple[str, str] | None = None
    """Code and reason, where it is known before anything else that this one has to be set aside."""
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def said(self) -> Envelope:
        """The envelope; only for deliveries that have one."""
        assert self.envelope is not None
        return self.envelope

    def park(self, code: str, reason: str) -> None:
        """Decide that this one is set aside with a reason (no value of the body in it)."""
        self.outcome = Outcome("parked", code, reason[:500])

    def wait(self, reference: Reference) -> None:
        """Decide that this one waits, durably, for a reference."""
        self.outcome = Outcome("accepted", waiting_for=reference)

    def accept(self, subject: str, code: str = "") -> None:
        """Decide that this one is stored and applied; `subject` is what it became."""
        self.outcome.state, self.outcome.code, self.outcome.subject = "accepted", code, subject


def http_offset(envelope: Envelope | None, value: bytes | None) -> int:
    """A position for what did not come from a topic: the same content always gets the same one."""
    said = f"{envelope.source}|{envelope.id}".encode() if envelope else b""
    return int.from_bytes(hashlib.sha256(said + b"|" + (value or b"")).digest()[:7])


def reference(kind: str, source: str, said: str) -> Reference:
    """Read `externalid`, or `source#externalid` for another publisher's entity."""
    other, mark, name = said.rpartition("#")
    return Reference(kind, other, name) if mark and other and name else Reference(kind, source, said)


def minted(kind: str, source: str, externalid: str) -> UUID:
    """Our id of an entity that a publisher names: the same whether it was first mentioned or first registered."""
    return derive_id("intake", kind, source, externalid)


def rank(envelope: Envelope) -> str:
    """Sortable: the higher of two events about one external id wins (`sequence` before `time`)."""
    number = f"{int(envelope.sequence):020d}" if envelope.sequence.isdigit() else ""
    when = envelope.time.timestamp() if envelope.time else 0.0
    return f"1|{number}" if number else (f"0|{when:020.6f}" if when else "")


def facts_from_resume(resume: ResumeFacts) -> Facts:
    """What rules may look at, out of what was read; no identity in it."""
    confidence: dict[str, float] = {}
    places: dict[str, str] = {}
    named = {"years": resume.years_experience, "degree_level": resume.degree}
    for name, found in named.items():
        if found is not None:
            confidence[name] = found.confidence
            places[name] = _where(found.place)
    if resume.skills:
        confidence["skills"] = round(sum(s.confidence for s in resume.skills) / len(resume.skills), 2)
        places |= {s.id: _where(s.place) for s in resume.skills[:60]}
    if resume.languages:
        confidence["languages"] = min(found.confidence for found in resume.languages)
        places["languages"] = _where(resume.languages[0].place)
    return Facts(
        skills=[s.id for s in resume.skills][:120], years=resume.years,
        degree_level=DEGREE_LEVELS[resume.degree.value] if resume.degree else None,
        languages=[found.value for found in resume.languages], confidence=confidence, places=places,
    )  # fmt: skip


def _where(place: Any) -> str:
    return place.pointer or f"line {place.line}"


def said_facts(body: inbound.ApplicationSubmitted, skills: list[str]) -> Facts:
    """The publisher's own words as facts, `skills` already as ids, once each."""
    confidence = {name: 1.0 for name, value in (("years", body.years), ("degree_level", body.degree_level)) if value is not None}
    if skills:
        confidence["skills"] = 0.9
    return Facts(
        skills=skills, years=body.years, degree_level=body.degree_level, languages=list(dict.fromkeys(body.languages)), confidence=confidence, places={})


def merged_facts(said: Facts, read: Facts) -> Facts:
    """What the publisher said, completed by what was read in the document."""
    confidence = {**read.confidence, **{name: 1.0 for name in ("years", "degree_level") if getattr(said, name) is not None}}
    if said.skills:
        confidence["skills"] = max(confidence.get("skills", 0.0), 0.9)
    return Facts(
        skills=list(dict.fromkeys([*said.skills, *read.skills])), years=said.years if said.years is not None else read.years,
        degree_level=said.degree_level if said.degree_level is not None else read.degree_level,
        languages=list(dict.fromkeys([*said.languages, *read.languages])), confidence=confidence, places=read.places,
    )  # fmt: skip


def joined_facts(old: Facts, new: Facts) -> Facts:
    """Two files about one person: everything either says; of two numbers the greater."""
    return Facts(
        skills=list(dict.fromkeys([*old.skills, *new.skills])), years=_greater(old.years, new.years),
        degree_level=_greater(old.degree_level, new.degree_level), languages=list(dict.fromkeys([*old.languages, *new.languages])),
        confidence={name: max(old.confidence.get(name, 0.0), new.confidence.get(name, 0.0)) for name in {**old.confidence, **new.confidence}},
        places={**old.places, **new.places},
    )  # fmt: skip


def _greater(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else max(one, other)


def as_code(said: str) -> str:
    """A reason as far as it is a code: free words may name somebody and stay outside clear events."""
    return said if re.fullmatch(r"[A-Za-z0-9_.\-]{1,80}", said) else ""


def protected_until(now: datetime) -> datetime:
    """End of the protection that a first named introduction opens: twelve months (practice.md 2.12)."""
    try:
        return now.replace(year=now.year + 1)
    except ValueError:  # 29 February
        return now.replace(year=now.year + 1, day=28)


def disclosure_refusal(*, level: str, consented: bool, agreement: bool, off_limits: str) -> str:
    """Why a person may not be shown to an organisation; empty where nothing stands against it."""
    if off_limits:
        return off_limits
    if level == "blind":
        return ""
    if not consented:
        return "no_consent"
    return "" if agreement else "no_data_agreement"
