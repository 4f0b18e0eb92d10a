"""Facts of a JSON Resume: its fields are facts already, so this only cleans, normalises and points at them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from services.intake.parsing.career import DEGREES, LEVELS
from services.intake.parsing.contact import normal_email, normal_phone
from services.intake.parsing.dates import iso, month_of, years_covered
from services.intake.parsing.model import Employer, Found, Place, ResumeFacts, SkillFound
from services.intake.parsing.names import cjk_share
from services.intake.parsing.person import TONGUES, text_language
from services.intake.parsing.skills import find_skills, named_skills
from services.intake.parsing.text import Text, clean_value

_MOST = 100


def facts_of_json_resume(value: dict[str, Any], *, as_of: date | None = None) -> ResumeFacts:
    """Facts of a JSON Resume (0.x and 1.x field names); wrong types are passed over, never an error.

    `as_of` is the business date up to which a present job counts.
    """
    resume = clean_value(value)
    assert isinstance(resume, dict)
    basics = _dict(resume.get("basics"))
    prose = Text(_prose(resume))
    region = _region(basics, prose)
    employers = _employers(resume)
    years = years_covered([(e.start, e.end) for e in employers], as_of)
    return ResumeFacts(
        kind="json_resume",
        text_language=text_language(prose),
        name=_name(basics),
        emails=_emails(basics),
        phones=_phones(basics, region),
        location=_location(basics),
        years_experience=_found(str(years), "/work", 0.85) if years else None,
        degree=_degree(resume),
        schools=tuple(f for n, e in _items(resume, "education") if (f := _found(_string(e.get("institution")), f"/education/{n}/institution"))),
        employers=employers,
        skills=_skills(resume, prose),
        languages=_languages(resume),
        text=prose.body,
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    return value.strip()[:400] if isinstance(value, str) else ""


def _items(resume: dict[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    value = resume.get(key)
    return [(n, v) for n, v in enumerate(value[:_MOST]) if isinstance(v, dict)] if isinstance(value, list) else []


def pointer_to(*path: object) -> str:
    """A JSON pointer (RFC 6901) into the résumé: names of its schema and places in its lists, nothing to escape."""
    return "".join(f"/{step}" for step in path)


def _found(value: str, pointer: str, confidence: float = 1.0) -> Found | None:
    return Found(value=value, confidence=confidence, place=Place(pointer=pointer)) if value else None


def _region(basics: dict[str, Any], prose: Text) -> str | None:
    code = _string(_dict(basics.get("location")).get("countryCode")).upper()
    if len(code) == 2:
        return code
    return "CN" if cjk_share(prose.body) >= 0.2 else None


def _name(basics: dict[str, Any]) -> Found | None:
    said = _string(basics.get("name"))
    return None if re.fullmatch(r"姓\s*名|name|your name|n/?a|-+", said, re.IGNORECASE) else _found(said, "/basics/name")


def _emails(basics: dict[str, Any]) -> tuple[Found, ...]:
    value = normal_email(_string(basics.get("email")))
    found = _found(value or "", "/basics/email", 0.99)
    return (found,) if found else ()


def _phones(basics: dict[str, Any], region: str | None) -> tuple[Found, ...]:
    raw = _string(basics.get("phone"))
    number = normal_phone(raw, region) if raw else None
    found = _found(number[0], "/basics/phone", number[1]) if number else None
    return (found,) if found else ()


def _location(basics: dict[str, Any]) -> Found | None:
    place = basics.get("location")
    if isinstance(place, str):
        return _found(place.strip()[:200], "/basics/location")
    parts = [_string(_dict(place).get(key)) for key in ("city", "region", "countryCode")]
    return _found(", ".join(p for p in parts if p), "/basics/location")


def _employers(resume: dict[str, Any]) -> tuple[Employer, ...]:
    found = []
    for n, job in _items(resume, "work"):
        name = _string(job.get("name")) or _string(job.get("company")) or _string(job.get("organization"))
        title = _string(job.get("position"))
        start, end = iso(month_of(_string(job.get("startDate")))), iso(month_of(_string(job.get("endDate"))))
        if name or title:
            found.append(
                Employer(name=name[:80], title=title[:80], start=start, end=end, present=bool(start) and not end,
                         confidence=1.0 if name and start else 0.7, place=Place(pointer=pointer_to("work", n)))
            )  # fmt: skip
    return tuple(found)


def _degree(resume: dict[str, Any]) -> Found | None:
    best: tuple[int, Found] | None = None
    for n, school in _items(resume, "education"):
        said = " ".join(_string(school.get(key)) for key in ("studyType", "area"))
        level = next((level for level, pattern in DEGREES if pattern.search(said)), None)
        if level and (best is None or LEVELS.index(level) > best[0]):
            best = (LEVELS.index(level), Found(value=level, confidence=1.0, place=Place(pointer=pointer_to("education", n, "studyType"))))
    return best[1] if best else None


def _skills(resume: dict[str, Any], prose: Text) -> tuple[SkillFound, ...]:
    found: dict[str, SkillFound] = {}
    for n, skill in _items(resume, "skills"):
        keywords = skill.get("keywords")
        phrases = [_string(skill.get("name")), *(_string(k) for k in (keywords if isinstance(keywords, list) else [])[:_MOST])]
        for phrase in filter(None, phrases):
            for named in named_skills(phrase, pointer=pointer_to("skills", n)):
                found.setdefault(named.id, named)
    for named in find_skills(prose):
        found.setdefault(named.id, named.model_copy(update={"confidence": 0.6}))
    return tuple(found.values())


def _languages(resume: dict[str, Any]) -> tuple[Found, ...]:
    found: dict[str, Found] = {}
    for n, spoken in _items(resume, "languages"):
        said = _string(spoken.get("language")) or _string(spoken.get("name"))
        code = next((code for code, pattern in TONGUES.items() if pattern.search(said)), None)
        if code:
            found.setdefault(code, Found(value=code, confidence=1.0, place=Place(pointer=pointer_to("languages", n))))
    return tuple(found.values())


def _prose(resume: dict[str, Any]) -> str:
    """All sentences of the résumé, one a line: what language and named skills are read from."""
    basics = _dict(resume.get("basics"))
    lines = [_string(basics.get("label")), _string(basics.get("summary"))]
    for key in ("work", "projects", "volunteer", "education"):
        for _, entry in _items(resume, key):
            told = entry.get("highlights")
            lines += [_string(entry.get(k)) for k in ("position", "summary", "description", "area")]
            lines += [_string(h) for h in (told if isinstance(told, list) else [])[:_MOST]]
    return "\n".join(line for line in lines if line)
