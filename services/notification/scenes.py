"""Makes a Scene for one reader: references of an Ask or a message become names, times and terms, read now (agreements.md 4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification import dossier
from services.notification.look.scene import Meeting, Offer, Party, Scene, Slot
from services.notification.people import Person, people
from services.notification.store import directory
from shared.contracts.sealed import Sealed
from shared.runtime.db import Uow
from shared.runtime.errors import KeyErasedError
from shared.runtime.vault import Vault

_SHOWN_LEVELS = ("named", "contact", "full")
_OUTSIDE = ("client", "interviewer")


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
    team = {role: UUID(str(one)) for role, one in (found.requisition.get("team") or {}).items()}
    candidate_id = _uuid(found.hire.get("person_id"))
    panel = [UUID(str(one)) for one in found.interview.get("panel") or ()]
    recruiter = team.get("recruiter") or team.get("consultant") or _uuid(found.client.get("manager_id"))
    ids: Iterable[UUID | None] = (subject.holder, subject.previous, subject.next, candidate_id, recruiter, _uuid(subject.params.get("owner_id")), *panel)
    known = await people(uow, house.vault, ids)
    reader = known.get(subject.holder) if subject.holder else None
    lang = subject.lang or (reader.lang if reader else "zh")
    zh = lang == "zh"
    client_name = str((found.client.get("name") if zh else found.client.get("name_latin") or found.client.get("name")) or "")
    inside = found.client.get("external") is False
    hidden = subject.audience in _OUTSIDE and not inside and not found.shown
    candidate = Party() if hidden else _party(known, candidate_id)
    offer = await _offer(uow, house, found.offer, candidate_id)
    return Scene(
        lang=lang, zone=reader.zone if reader else "Asia/Shanghai", now=uow.now, holder=reader.party if reader else Party(), due_at=subject.due_at,
        opened_at=subject.opened_at, previous=_party(known, subject.previous), next=_party(known, subject.next),
        sender=client_name if inside and client_name else house.name if zh else house.latin, client="" if inside else client_name, candidate=candidate,
        self_report=subject.role in ("candidate", "new_hire"), recruiter=_party(known, recruiter),
        role=str((found.requisition.get("title") if zh else found.requisition.get("title_en") or found.requisition.get("title")) or ""),
        code=str(found.requisition.get("code") or ""), panel=tuple(_party(known, one).shown(lang) for one in panel if one in known),
        slots=found.slots, meeting=_meeting(found, lang), other_zone=str(found.requisition.get("zone") or ""), offer=offer,
        dossier=dossier.dossier_of(found.hire, lang), owner=_party(known, _uuid(subject.params.get("owner_id"))) if subject.params.get("owner_id") else candidate, what=str(subject.params.get("what", "")),
        words_told=str(subject.params.get("words", "")), params={name: str(value) for name, value in subject.params.items() if isinstance(value, str | int | float)},
    )


async def _find(uow: Uow, subject: Subject) -> _Found:
    hire = await directory.fact(uow, "hire", subject.hire_id)
    body = hire["body"] if hire else {}
    requisition_id = subject.requisition_id or _uuid(body.get("requisition_id")) or _ref(subject, "requisition")
    requisition = (await directory.records(uow, "requisition", [requisition_id])).get(requisition_id, {}) if requisition_id else {}
    client_id = subject.client_id or _uuid(body.get("client_id")) or _uuid(requisition.get("client_id")) or _ref(subject, "client")
    client = (await directory.records(uow, "client", [client_id])).get(client_id, {}) if client_id else {}
    interview_id = _ref(subject, "interview") or _uuid(subject.params.get("interview_id"))
    interview = await directory.fact(uow, "interview", interview_id) or _last(await directory.facts_of_hire(uow, "interview", subject.hire_id))
    offer = await directory.fact(uow, "offer", _ref(subject, "offer")) or _last(await directory.facts_of_hire(uow, "offer", subject.hire_id))
    shown = await directory.fact(uow, "disclosure", subject.hire_id)
    levels = (shown["body"].get("levels") or {}) if shown else {}
    return _Found(
        body, requisition, client, interview["body"] if interview else {}, await _slots(uow, subject, interview_id), offer["body"] if offer else {},
        levels.get(str(client_id)) in _SHOWN_LEVELS,
    )


async def _slots(uow: Uow, subject: Subject, interview_id: UUID | None) -> tuple[Slot, ...]:
    offered = await directory.fact(uow, "slots", interview_id)
    rows = (offered["body"].get("slots") if offered else None) or subject.params.get("slots") or ()
    made = [Slot(str(row.get("slot_id") or row.get("id")), _instant(row["starts_at"]), _instant(row["ends_at"])) for row in rows]
    return tuple(sorted(made, key=lambda slot: (slot.start, slot.id)))


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
        base_minor=int(float(base) * 100), currency=str(terms.get("currency") or "CNY"), months=int(terms.get("months") or 12),
        place=str(terms.get("place") or terms.get("location") or ""), start_day=datetime.fromisoformat(start).date() if start else None,
        probation_months=int(body.get("probation_months") or 0), version=int(body.get("version") or 1), changed=tuple(terms.get("changed") or ()),
    )


def for_language(scene: Scene, lang: str) -> Scene:
    """The scene in another language (names of roles and clients stay as first read)."""
    return replace(scene, lang=lang)


def _party(known: Mapping[UUID, Person], person: UUID | None) -> Party:
    found = known.get(person) if person else None
    return found.party if found else Party()


def _ref(subject: Subject, kind: str) -> UUID | None:
    return next((id for name, id, _ in subject.refs if name == kind), None)


def _last(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return rows[-1] if rows else None


def _instant(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def _uuid(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None
