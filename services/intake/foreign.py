"""Bodies that other systems send as they are: JSON Resume, schema.org JobPosting, JSON Resume job, Greenhouse web hooks.

Each becomes the body of one of our own inbound types, so that the door has one way in.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from services.intake.parsing import judge, parse_posting
from services.intake.parsing.contact import normal_email
from services.intake.parsing.judge import judge_value
from services.intake.parsing.model import Judged, PostingFacts
from shared.contracts import inbound
from shared.contracts.base import Message
from shared.contracts.catalog import LATEST, WrongBodyError, decode
from shared.contracts.envelope import Envelope, EnvelopeError
from shared.contracts.requisition import HasSkill, MinDegree, MinYears, ScreeningRule

APPLICATION = inbound.ApplicationSubmittedV2.TYPE
REQUISITION = inbound.RequisitionRaisedV1.TYPE
_LEVELS = {"associate": 2, "bachelor": 3, "master": 4, "doctor": 5}


@lru_cache(maxsize=1024)
def is_foreign(dataschema: str, type_: str) -> bool:
    """True where a body follows somebody else's schema, as the event's `dataschema` or type says."""
    schema = dataschema.lower()
    return any(name in schema for name in ("jsonresume", "json-resume", "schema.org", "greenhouse")) or type_.startswith("com.greenhouse.")


def translate(envelope: Envelope) -> Message:
    """The body of a foreign event as one of our inbound bodies. Raises EnvelopeError with a stable code."""
    judged = judge("body.json", envelope.data)
    name = envelope.subject.rpartition("/")[2]
    if judged.kind == "json_resume":
        return application_of_resume(judged.value, externalid=envelope.id, requisition=name)
    if judged.is_posting:
        return requisition_of_posting(judged, externalid=name or envelope.id)
    if judged.kind == "greenhouse":
        return _greenhouse(judged.value)
    raise EnvelopeError(judged.reason or "unknown_json", judged.sentence or "this body is none that is understood here")


def application_of_resume(resume: dict[str, Any], *, externalid: str, requisition: str) -> inbound.ApplicationSubmittedV2:
    """A JSON Resume as an application. Raises EnvelopeError where it does not say for which requisition."""
    meta = resume.get("meta")
    wanted = requisition or (str(meta.get("requisition") or "") if isinstance(meta, dict) else "")
    if not wanted:
        raise EnvelopeError("no_requisition", "a JSON Resume applies to the requisition that attribute `subject` names, or meta.requisition")
    return inbound.ApplicationSubmittedV2(externalid=externalid, requisition=wanted, resume=resume)


def requisition_of_posting(judged: Judged, *, externalid: str) -> inbound.RequisitionRaisedV1:
    """A posting as a requirement of the organisation it names. Raises EnvelopeError where it names no position."""
    try:
        facts = parse_posting(judged)
    except ValueError as error:
        raise EnvelopeError("wrong_body", str(error)) from None
    low, high, currency = _monthly(facts)
    return inbound.RequisitionRaisedV1(
        externalid=facts.externalid or externalid, client=client_name(facts.organisation), title=facts.title, openings=min(facts.openings, 200),
        policy="agency-cn", rules=rules_of(facts), location=facts.location, salary_min=low, salary_max=high, currency=currency,
    )  # fmt: skip


def client_name(organisation: str) -> str:
    """External id of a client that is only known from a posting: `org:<name>`."""
    slug = re.sub(r"[\s#]+", "-", organisation.strip().lower())[:120].strip("-")
    return f"org:{slug}" if slug else "org:unnamed"


def rules_of(facts: PostingFacts) -> list[ScreeningRule]:
    """Screening rules of a posting: its skills, years and degree, as far as it says so. None of them is hard: a person looks."""
    rules: list[ScreeningRule] = []
    if facts.must_skills:
        rules.append(HasSkill(id="skills", skills=list(facts.must_skills), minimum=1, hard=False))
    if facts.min_years is not None:
        rules.append(MinYears(id="years", years=facts.min_years, hard=False))
    if facts.min_degree in _LEVELS:
        rules.append(MinDegree(id="degree", level=_LEVELS[facts.min_degree], hard=False))
    return rules


def _monthly(facts: PostingFacts) -> tuple[int | None, int | None, str]:
    """Whole currency units a month, as requisitions state them."""
    salary = facts.salary
    if salary is None:
        return None, None, "CNY"
    scale = 1 if salary.currency in {"JPY", "KRW"} else 100
    per_month = {"YEAR": 1 / 12, "MONTH": 1.0, "WEEK": 52 / 12, "DAY": 21.75, "HOUR": 174.0}[salary.unit]
    return round(salary.low / scale * per_month), round(salary.high / scale * per_month), salary.currency


def _greenhouse(value: dict[str, Any]) -> Message:
    action, payload = value["action"], value["payload"]
    application = payload.get("application")
    if action != "new_candidate_application" or not isinstance(application, dict):
        raise EnvelopeError("unsupported_action", f"Greenhouse action {str(action)[:60]!r} tells nothing that is taken in here")
    said = application.get("candidate")
    candidate: dict[str, Any] = said if isinstance(said, dict) else {}
    jobs = application.get("jobs") or ([application["job"]] if isinstance(application.get("job"), dict) else [])
    job = jobs[0] if isinstance(jobs, list) and jobs and isinstance(jobs[0], dict) else {}
    name = " ".join(str(candidate.get(key) or "").strip() for key in ("first_name", "last_name")).strip()
    wanted = str(job.get("requisition_id") or job.get("id") or "")
    if not wanted or not name or not application.get("id"):
        raise EnvelopeError("wrong_body", "the web hook names no application id, job or candidate")
    mails = [m for entry in _entries(candidate, "email_addresses") if (m := normal_email(str(entry.get("value", ""))))]
    phones = [str(entry.get("value", ""))[:40] for entry in _entries(candidate, "phone_numbers")]
    return inbound.ApplicationSubmittedV2(
        externalid=str(application["id"]), requisition=wanted, submitted_at=_instant(application.get("applied_at")),
        person=inbound.PersonIn(name=name[:200], email=mails[0] if mails else None, phone=phones[0] if phones else None),
        present_employer=str(candidate.get("company") or "")[:200] or None,
    )  # fmt: skip


def _entries(value: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = value.get(key)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


def _instant(said: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def body_of(envelope: Envelope) -> Message:
    """The body of any event at the door in its newest class.

    Raises EnvelopeError (`unknown_type`, `wrong_body`, `not_json`, ...): the reason to park it.
    """
    if is_foreign(envelope.dataschema, envelope.type):
        try:
            return translate(envelope)
        except ValidationError as problem:
            raise WrongBodyError(envelope.type, problem) from None
    if envelope.type in LATEST and not issubclass(LATEST[envelope.type], inbound.Inbound):
        raise EnvelopeError("not_for_the_door", f"{envelope.type[:80]} is told by Baton, not to it")
    return decode(envelope)


def event_of_file(name: str, data: bytes, *, source: str, requisition: str, origin: str = "applied", externalid: str = "") -> Envelope:
    """A file that somebody hands over, as one event of `source`: a résumé applies to `requisition`, a posting raises one.

    Raises EnvelopeError with the reason where the file is neither.
    """
    judged = judge(name, data)
    digest = hashlib.sha256(data).hexdigest()
    event_id = hashlib.sha256(f"{name}|{requisition}|{digest}".encode()).hexdigest()[:32]
    if judged.kind == "greenhouse":
        return Envelope(event_id, source, APPLICATION, data, dataschema="https://developers.greenhouse.io/webhooks.html")
    if judged.is_posting:
        body: Message = requisition_of_posting(judged, externalid=requisition or externalid or name)
        body = body.model_copy(update={"externalid": requisition or externalid or body.externalid})  # type: ignore[attr-defined]
        return Envelope(event_id, source, REQUISITION, body.model_dump_json(exclude_none=True).encode())
    if not judged.is_resume:
        raise EnvelopeError(judged.reason or "unknown_type", judged.sentence or "This file is an event; publish it as one.")
    document = inbound.DocumentIn(name=name.rpartition("/")[2], media_type=judged.media_type, sha256=digest)
    resume = judged.value if judged.kind == "json_resume" else None
    applied = inbound.ApplicationSubmittedV2.model_validate({
        "externalid": externalid or f"{requisition}/{name}", "requisition": requisition, "origin": origin, "resume": resume,
        "document": None if resume is not None else document,
    })  # fmt: skip
    return replace(Envelope(event_id, source, APPLICATION, applied.model_dump_json(exclude_none=True).encode()), version=2)


__all__ = ["APPLICATION", "REQUISITION", "application_of_resume", "body_of", "event_of_file", "is_foreign", "judge_value", "requisition_of_posting", "translate"]
