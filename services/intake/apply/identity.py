"""A person's identity: what is sealed, and how a described human is found again."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from services.intake.parsing.contact import normal_phone
from services.intake.parsing.model import ResumeFacts
from services.intake.parsing.names import has_cjk, normal_name
from services.intake.store import people
from shared.contracts.inbound import PersonIn
from shared.contracts.party import Locale
from shared.runtime.vault import Vault


@dataclass(slots=True)
class Applicant:
    """A human as an event or a document describes one. `digests`: blind index of each mail and phone -> which of both."""

    name: str = ""
    name_latin: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    address: str = ""
    locale: Locale = "zh-CN"
    zone: str = ""
    employer: str = ""
    reach: dict[str, str] = field(default_factory=dict)
    channels: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def reachable(self) -> bool:
        """True where a mail or a phone is known."""
        return bool(self.emails or self.phones)

    def identity(self) -> dict[str, Any]:
        """What is sealed: contracts name these parts; ids at chat vendors only where there are any."""
        known = {"name": self.name, "name_latin": self.name_latin or None, "emails": self.emails, "phones": self.phones, "address": self.address or None}
        return {**known, "reach": self.reach} if self.reach else known


def described(person: PersonIn | None, resume: ResumeFacts | None, vault: Vault) -> Applicant:
    """Who is meant: what the publisher says comes first, the document completes it."""
    one = Applicant()
    if person is not None:
        one.name, one.name_latin = person.name.strip(), (person.name_latin or "").strip()
        one.address, one.zone = person.address or "", person.zone or ""
        one.reach, one.channels = dict(person.reach), list(person.channels)
        if person.email:
            one.emails.append(str(person.email).lower())
        if person.phone and (number := normal_phone(person.phone, "CN" if has_cjk(person.name) else None)):
            one.phones.append(number[0])
    if resume is not None:
        one.name = one.name or (resume.name.value if resume.name else "")
        one.address = one.address or (resume.location.value if resume.location else "")
        one.emails += [f.value for f in resume.emails[:5] if f.value not in one.emails]
        one.phones += [f.value for f in resume.phones[:5] if f.value not in one.phones]
        one.employer = resume.present_employer or ""
    one.locale = (person.locale if person else None) or _locale(one, resume)
    one.digests = people.digests(vault, emails=one.emails, phones=one.phones)
    return one


def _locale(one: Applicant, resume: ResumeFacts | None) -> Locale:
    if has_cjk(one.name) or (resume is not None and resume.text_language == "zh"):
        return "zh-CN"
    return "en" if one.name else "zh-CN"


def merged(old: dict[str, Any], one: Applicant) -> dict[str, Any] | None:
    """The sealed identity completed by what is new; None where nothing is."""
    new = dict(old)
    for part, values in (("emails", one.emails), ("phones", one.phones)):
        known = list(old.get(part) or [])
        new[part] = known + [v for v in values if v not in known]
    for part, value in (("name", one.name), ("name_latin", one.name_latin), ("address", one.address)):
        if value and not old.get(part):
            new[part] = value
    if one.reach:
        new["reach"] = {**(old.get("reach") or {}), **one.reach}
    return new if new != old else None


def employer_digest(vault: Vault, employer: str) -> str | None:
    """Blind index of an employer's name, compared with clients by the submission guard."""
    return vault.blind("org", normal_name(employer)) if employer.strip() else None


def domain_digest(vault: Vault, one: Applicant) -> str | None:
    """Blind index of the mail domain."""
    return _of_domain(vault, one.emails[0].rpartition("@")[2]) if one.emails else None


@lru_cache(maxsize=1024)
def _of_domain(vault: Vault, domain: str) -> str:
    return vault.blind("domain", domain)
