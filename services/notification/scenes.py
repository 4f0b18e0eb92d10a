"""Makes a Scene for one reader: references of an Ask or a message become names, times and terms, read now (agreements.md 4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.notification import dossier
from services.notification.look.scene import Meeting, Offer, Party, Scene, Slot
from services.notification.people import Person, people
from services.notification.said import answered
from services.notification.store import directory
from shared.contracts.sealed import Sealed
from shared.runtime.db import Uow
from shared.runtime.errors import KeyErasedError
from shared.runtime.vault import Vault

_SHOWN_LEVELS = ("named", "contact", "full")
_OUTSIDE = ("client", "interviewer")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """How the firm calls itself, and what opens its sealed directory."""

    name: str
    latin: str
    vault: Vault


@dataclass(frozen=True)
class Subject:
    """What a text is about and for whom: the references of an Ask or a message, nothing in words."""

    holder: UUID | None
    role: str
    audience: str
    hire_id: UUID | None = None
    requisition_id: UUID | None = None
    client_id: UUID | None = None
    previous: UUID | None = None
    next: UUID | None = None
    due_at: datetime | None = None
    opened_at: datetime | None = None
    refs: tuple[tuple[str, UUID, int], ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    lang: str = ""


@dataclass(frozen=True)
class _Found:
    hire: Mapping[str, Any]
    requisition: Mapping[str, Any]
    client: Mapping[str, Any]
    interview: Mapping[str, Any]
    slots: tuple[Slot, ...]
    offer: Mapping[str, Any]
    shown: bool


async def scene_of(uow: Uow, house: House, subject: Subject) -> Scene:
    """The scene; places that nothing is known of stay empty and are worded neutrally."""
    found = await _find(uow, subject)
    who = await _cast(uow, house, subject, found)
    scene = _about(house, subject, found, who)
    offer = await _offer(uow, house, found.offer, who.candidate)
    wishes = await _wishes(uow, house, scene.params.get("counter_of"))
    return replace(scene, now=uow.now, offer=offer, params={**scene.params, **wishes})


async def _wishes(uow: Uow, house: House, ask_id: str | None) -> dict[str, str]:
    """What the candidate wished for instead of the letter's terms, in the answer of that ask."""
    said = await answered(uow, house.vault, ask_id)
    return {name: said[at] for name, at in (("wished_base", "wished_base"), ("wished_start", "wished_start"), ("wished_words", "note")) if said.get(at)}


@dataclass(frozen=True)
class _Cast:
    """The people of a scene: who is who, opened."""

    known: Mapping[UUID, Person]
    candidate: UUID | None
    recruiter: UUID | None
    panel: tuple[UUID, ...]
    hidden: bool

    def party(self, person: UUID | None) -> Party:
        """How this person is shown to the reader; a candidate who may not be shown yet has no name."""
        if person is None or (self.hidden and person == self.candidate):
            return Party()
        found = self.known.get(person)
        return found.party if found else Party()


async def _cast(uow: Uow, house: House, subject: Subject, found: _Found) -> _Cast:
    team = {role: UUID(str(one)) for role, one in (found.requisition.get("team") or {}).items()}
    candidate = _uuid(found.hire.get("person_id"))
    panel = tuple(UUID(str(one)) for one in found.interview.get("panel") or ())
    recruiter = team.get("recruiter") or team.get("consultant") or _uuid(found.client.get("manager_id"))
    owner = _uuid(subject.params.get("owner_id"))
    known = await people(uow, house.vault, (subject.holder, subject.previous, subject.next, candidate, recruiter, owner, *panel))
    hidden = subject.audience in _OUTSIDE and found.client.get("external") is not False and not found.shown
    return _Cast(known, candidate, recruiter, panel, hidden)


def _about(house: House, subject: Subject, found: _Found, who: _Cast) -> Scene:
    reader = who.known.get(subject.holder) if subject.holder else None
    lang = subject.lang or (reader.lang if reader else "zh")
    client = _named(found.client, "name", "name_latin", lang)
    inside = found.client.get("external") is False
    owner = _uuid(subject.params.get("owner_id"))
    return Scene(
        lang=lang,
        zone=reader.zone if reader else "Asia/Shanghai",
        now=_EPOCH,
        holder=reader.party if reader else Party(),
        due_at=subject.due_at,
        opened_at=subject.opened_at,
        previous=who.party(subject.previous),
        next=who.party(subject.next),
        sender=client if inside and client else house.name if lang == "zh" else house.latin,
        client="" if inside else client,
        candidate=who.party(who.candidate),
        self_report=subject.role in ("candidate", "new_hire"),
        recruiter=who.party(who.recruiter),
        role=_named(found.requisition, "title", "title_en", lang),
        code=str(found.requisition.get("code") or ""),
        need=tuple((part, str(text)) for part, text in _text(found.requisition, subject.params).items() if text),
        plan=tuple(_plan(found.requisition, lang)),
        clauses=tuple(_clauses(found.requisition, subject.params, lang)),
        panel=tuple(who.party(one).shown(lang) for one in who.panel if one in who.known),
        slots=found.slots,
        meeting=_meeting(found, lang),
        other_zone=str(found.requisition.get("zone") or ""),
        dossier=dossier.dossier_of(found.hire, lang),
        owner=who.party(owner or who.candidate),
        what=str(subject.params.get("what", "")),
        words_told=str(subject.params.get("words", "")),
        params={name: str(value) for name, value in subject.params.items() if isinstance(value, str | int | float)},
    )


def _text(requisition: Mapping[str, Any], params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The requirement's text: of the change in flight, where the question is about that one."""
    proposed = requisition.get("proposed") or {}
    if proposed and str(proposed.get("text_hash")) == str(params.get("text_hash")):
        return proposed.get("body", {}).get("need") or {}
    return requisition.get("need") or {}


def _clauses(requisition: Mapping[str, Any], params: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str, bool]]:
    """Findings of the same text as `_text`, in the reader's language: the quoted words, and how to say it lawfully."""
    proposed = requisition.get("proposed") or {}
    source = proposed if proposed and str(proposed.get("text_hash")) == str(params.get("text_hash")) else requisition
    for one in source.get("findings") or ():
        quoted, _, instead = str(one["clause"]).partition(" → ")
        zh, _, en = instead.partition(" / ")
        lawful = f" → {zh if lang == 'zh' else en or zh}" if instead else ""
        yield str(one["part"]), f"“{quoted}”{lawful}", bool(one["refused"])


def _plan(requisition: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str, str]]:
    """Openings still wanted, wished start, channels, milestones, rounds; an English name of a round says nothing in a Chinese text."""
    for opening in requisition.get("openings") or ():
        if opening.get("state") != "closed":
            yield "opening", "", str(opening.get("due_at") or "")
    if requisition.get("start_at"):
        yield "start", "", str(requisition["start_at"])
    plan = requisition.get("plan") or {}
    yield from (("channel", str(name), "") for name in plan.get("channels") or ())
    yield from (("milestone", str(one["name"]), str(one["at"])) for one in plan.get("milestones") or ())
    yield from (("round", str(one["name"]), "") for one in requisition.get("rounds") or () if lang != "zh" or not str(one["name"]).isascii())


def _named(record: Mapping[str, Any], own: str, other: str, lang: str) -> str:
    """A record's name in the language, where it has one in it."""
    return str((record.get(own) if lang == "zh" else record.get(other) or record.get(own)) or "")


async def _find(uow: Uow, subject: Subject) -> _Found:
    of_hire = subject.hire_id
    owner = _uuid(subject.params.get("owner_id"))
    await directory.about(uow, of_hire, (subject.holder, subject.previous, subject.next, owner))
    hire = await directory.fact(uow, "hire", of_hire, of_hire=of_hire)
    body = hire["body"] if hire else {}
    requisition_id = subject.requisition_id or _uuid(body.get("requisition_id")) or _ref(subject, "requisition")
    requisition = (
        (await directory.records(uow, "requisition", [requisition_id])).get(requisition_id, {}) if requisition_id else {}
    )
    client_id = (
        subject.client_id or _uuid(body.get("client_id")) or _uuid(requisition.get("client_id")) or _ref(subject, "client")
    )
    client = (await directory.records(uow, "client", [client_id])).get(client_id, {}) if client_id else {}
    interview_id = _ref(subject, "interview") or _uuid(subject.params.get("interview_id"))
    interview = await directory.fact(uow, "interview", interview_id, of_hire=of_hire) or _last(
        await directory.facts_of_hire(uow, "interview", subject.hire_id)
    )
    offer = await directory.fact(uow, "offer", _ref(subject, "offer"), of_hire=of_hire) or _last(
        await directory.facts_of_hire(uow, "offer", subject.hire_id)
    )
    shown = await directory.fact(uow, "disclosure", of_hire, of_hire=of_hire)
    levels = (shown["body"].get("levels") or {}) if shown else {}
    return _Found(
        body,
        requisition,
        client,
        interview["body"] if interview else {},
        await _slots(uow, subject, interview_id),
        offer["body"] if offer else {},
        levels.get(str(client_id)) in _SHOWN_LEVELS,
    )


async def _slots(uow: Uow, subject: Subject, interview_id: UUID | None) -> tuple[Slot, ...]:
    offered = await directory.fact(uow, "slots", interview_id, of_hire=subject.hire_id)
    planned = subject.params.get("slots") or ()
    rows = (offered["body"].get("slots") if offered and not subject.params.get("loop_id") else None) or planned
    made = [Slot(str(row.get("slot_id") or row.get("id")), _instant(row["starts_at"]), _instant(row["ends_at"]), _parts(row)) for row in rows]
    return tuple(sorted(made, key=lambda slot: (slot.start, slot.id)))


def _parts(row: Mapping[str, Any]) -> tuple[tuple[str, datetime, datetime], ...]:
    return tuple((str(one.get("name") or ""), _instant(one["starts_at"]), _instant(one["ends_at"])) for one in row.get("parts") or ())


def _meeting(found: _Found, lang: str) -> Meeting | None:
    body = found.interview
    if not body.get("starts_at"):
        return None
    rounds = found.requisition.get("rounds") or []
    number = int(body.get("round") or 1)
    name = str(rounds[number - 1].get("name", "")) if 0 < number <= len(rounds) else ""
    if lang == "zh" and name.isascii():
        name = ""
    return Meeting(_instant(body["starts_at"]), _instant(body["ends_at"]), name, str(body.get("mode") or "video"), "", number)


async def _offer(uow: Uow, house: House, body: Mapping[str, Any], candidate: UUID | None) -> Offer | None:
    if not body:
        return None
    terms: Mapping[str, Any] = {}
    if body.get("terms") and candidate:
        keys = await house.vault.keys(uow, [candidate])
        try:
            terms = house.vault.open(Sealed.model_validate(body["terms"]), keys.get(candidate))
        except KeyErasedError:
            terms = {}
    start = str(body.get("start_at") or "")
    base = terms.get("base_salary") or terms.get("base") or 0
    return Offer(
        base_minor=int(float(base) * 100),
        currency=str(terms.get("currency") or "CNY"),
        months=int(terms.get("months") or 12),
        place=str(terms.get("place") or terms.get("location") or ""),
        start_day=datetime.fromisoformat(start).date() if start else None,
        probation_months=int(body.get("probation_months") or 0),
        version=int(body.get("version") or 1),
        changed=tuple(terms.get("changed") or ()),
    )


def _ref(subject: Subject, kind: str) -> UUID | None:
    return next((id for name, id, _ in subject.refs if name == kind), None)


def _last(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return rows[-1] if rows else None


def _instant(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def _uuid(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None
