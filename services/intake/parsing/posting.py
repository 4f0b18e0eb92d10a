"""From a posting (schema.org JobPosting, JSON Resume job) to the facts a requisition needs."""

from __future__ import annotations

import re
from typing import Any, Literal

from services.intake.parsing.career import DEGREES, LEVELS
from services.intake.parsing.model import Degree, Judged, PostingFacts, Salary
from services.intake.parsing.skills import named_skills, skill_ids
from services.intake.parsing.text import clean_value

_CURRENCIES = {"AUD": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HKD": 2, "INR": 2, "JPY": 0,
               "KRW": 0, "MXN": 2, "NOK": 2, "NZD": 2, "PLN": 2, "SEK": 2, "SGD": 2, "TWD": 2, "USD": 2, "ZAR": 2}  # fmt: skip
_OF_COUNTRY = {"CN": "CNY", "DE": "EUR", "AT": "EUR", "FR": "EUR", "US": "USD", "GB": "GBP", "CH": "CHF", "JP": "JPY", "IN": "INR", "SG": "SGD"}
_TYPES = {"fulltime": "FULL_TIME", "全职": "FULL_TIME", "parttime": "PART_TIME", "兼职": "PART_TIME", "intern": "INTERN", "internship": "INTERN",
          "实习": "INTERN", "contract": "CONTRACTOR", "contractor": "CONTRACTOR", "temporary": "TEMPORARY", "freelance": "CONTRACTOR"}  # fmt: skip
_YEARS = re.compile(r"(\d{1,2})\s*(?:\+|年以上|years?|年)", re.IGNORECASE)
_NICE = re.compile(r"优先|加分|nice to have|preferred|a plus|bonus|desirable|familiarity|wünschenswert", re.IGNORECASE)
Unit = Literal["HOUR", "DAY", "WEEK", "MONTH", "YEAR"]


def parse_posting(judged: Judged) -> PostingFacts:
    """Facts of a posting that `judge` recognised.

    Raises ValueError where it names no position at all. A wrong currency or salary becomes a warning, not an error.
    """
    value = clean_value(judged.value)
    if not isinstance(value, dict) or not judged.is_posting:
        raise ValueError("not a posting")
    warnings: list[str] = []
    title = _text(value.get("title")) or _text(value.get("name")) or _text(_first(value.get("relevantOccupation")).get("name"))
    if not title:
        raise ValueError("the posting names no position (title)")
    country = _country(value)
    must, nice = _skills(value)
    said = " ".join(_texts(value, "experienceRequirements", "qualifications", "experience"))
    years = _YEARS.search(said)
    return PostingFacts(
        title=title[:200],
        description=_description(value)[:20_000],
        organisation=_organisation(value)[:200],
        externalid=_identifier(value)[:200],
        location=_location(value)[:200],
        country=country,
        employment_type=_employment_type(value),
        salary=_salary(value, country, warnings),
        must_skills=must,
        nice_skills=nice,
        min_years=float(years[1]) if years else _months(value),
        min_degree=_degree(value),
        openings=_openings(value),
        valid_through=_text(value.get("validThrough")),
        warnings=tuple(warnings),
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(filter(None, (_text(v) for v in value)))
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("credentialCategory") or value.get("@value") or "")
    plain = re.sub(r"<(?:br|/p|/li)[^>]*>", "\n", value) if isinstance(value, str) else ""
    return re.sub(r"<[^>]{1,200}>", "", plain).strip()


def _texts(value: dict[str, Any], *keys: str) -> list[str]:
    return [said for key in keys if (said := _text(value.get(key)))]


def _first(value: Any) -> dict[str, Any]:
    chosen = value[0] if isinstance(value, list) and value else value
    return chosen if isinstance(chosen, dict) else {}


def _description(value: dict[str, Any]) -> str:
    return "\n\n".join(dict.fromkeys(_texts(value, "description", "responsibilities", "qualifications", "educationRequirements")))


def _organisation(value: dict[str, Any]) -> str:
    return _text(value.get("hiringOrganization")) or _text(value.get("company"))


def _identifier(value: dict[str, Any]) -> str:
    given = value.get("identifier")
    if isinstance(given, dict):
        return str(given.get("value") or given.get("name") or "")
    return str(given) if isinstance(given, (str, int)) else ""


def _address(value: dict[str, Any]) -> dict[str, Any]:
    place = _first(value.get("jobLocation"))
    return _first(place.get("address")) or _first(value.get("location"))


def _location(value: dict[str, Any]) -> str:
    address = _address(value)
    parts = [_text(address.get(key)) for key in ("addressLocality", "city", "addressRegion", "region")]
    joined = ", ".join(dict.fromkeys(p for p in parts if p))
    return joined or _text(_first(value.get("jobLocation")).get("name")) or _text(value.get("jobLocation")) or _text(value.get("location"))


def _country(value: dict[str, Any]) -> str:
    said = _text(_address(value).get("addressCountry")) or _text(_address(value).get("countryCode"))
    return said.upper() if len(said) == 2 else ""


def _employment_type(value: dict[str, Any]) -> str:
    given = value.get("employmentType") or value.get("type")
    said = _text(given[0] if isinstance(given, list) and given else given)
    return _TYPES.get(re.sub(r"[\s_-]", "", said.lower()), said.upper().replace("-", "_").replace(" ", "_")[:40])


def _salary(value: dict[str, Any], country: str, warnings: list[str]) -> Salary | None:
    given = value.get("baseSalary", value.get("salary"))
    if given in (None, "", {}):
        return None
    amount = _first(given)
    inner = amount.get("value")
    ends = inner if isinstance(inner, dict) else amount
    low, high = _number(ends.get("minValue")), _number(ends.get("maxValue"))
    single = _number(ends.get("value") if amount else given)
    low, high = (low if low is not None else single), (high if high is not None else single)
    low, high = (low if low is not None else high), (high if high is not None else low)
    currency = (_text(amount.get("currency")) or _text(value.get("salaryCurrency")) or _OF_COUNTRY.get(country, "")).upper()
    if currency not in _CURRENCIES:
        warnings.append("unknown_currency" if currency else "salary_without_currency")
        return None
    if low is None or high is None or low < 0 or high < low:
        warnings.append("salary_not_understood")
        return None
    scale = 10 ** _CURRENCIES[currency]
    return Salary(currency=currency, low=round(low * scale), high=round(high * scale), unit=_unit(ends, amount))


def _unit(ends: dict[str, Any], amount: dict[str, Any]) -> Unit:
    said = (_text(ends.get("unitText")) or _text(amount.get("unitText"))).upper()
    units: dict[str, Unit] = {"HOUR": "HOUR", "DAY": "DAY", "WEEK": "WEEK", "MONTH": "MONTH", "YEAR": "YEAR"}
    return next((unit for name, unit in units.items() if said.startswith(name)), "YEAR")


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(re.sub(r"[^\d.\-]", "", value)) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e12 else None


def _skills(value: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Must and nice: a sentence with "preferred" or its like is nice; so are words named only in the prose."""
    must: dict[str, None] = {}
    nice: dict[str, None] = {}
    for phrase in _skill_phrases(value.get("skills")):
        for found in named_skills(phrase) if len(phrase) <= 40 else ():
            (nice if _NICE.search(phrase) else must)[found.id] = None
        for skill in skill_ids(phrase) if len(phrase) > 40 else ():
            (nice if _NICE.search(phrase) else must)[skill] = None
    for sentence in re.split(r"[\n。;；]|\.\s", "\n".join(_texts(value, "qualifications", "responsibilities", "description"))):
        for skill in skill_ids(sentence):
            nice[skill] = None
    return tuple(must), tuple(s for s in nice if s not in must)


def _skill_phrases(given: Any) -> list[str]:
    if isinstance(given, str):
        return [p.strip() for p in re.split(r"[\n,，、;；。]", given) if p.strip()][:60]
    phrases: list[str] = []
    for entry in given[:60] if isinstance(given, list) else ():
        if isinstance(entry, str):
            phrases.append(entry.strip())
        elif isinstance(entry, dict):
            keywords = entry.get("keywords")
            words = [k for k in keywords if isinstance(k, str)] if isinstance(keywords, list) else []
            phrases += words or [_text(entry.get("name"))]
    return [p for p in phrases if p]


def _degree(value: dict[str, Any]) -> Degree | None:
    said = " ".join(_texts(value, "educationRequirements", "qualifications"))
    levels = [level for level, pattern in DEGREES if pattern.search(said)]
    lowest = min(levels, key=LEVELS.index, default=None)
    known: dict[str, Degree] = {"associate": "associate", "bachelor": "bachelor", "master": "master", "doctor": "doctor"}
    return known.get(lowest or "")


def _months(value: dict[str, Any]) -> float | None:
    months = _number(_first(value.get("experienceRequirements")).get("monthsOfExperience"))
    return round(months / 12, 1) if months is not None else None


def _openings(value: dict[str, Any]) -> int:
    number = _number(value.get("totalJobOpenings"))
    return int(number) if number and 1 <= number <= 999 else 1
