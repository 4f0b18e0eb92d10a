"""The shapes that parsing gives back: a verdict about a file, and facts with confidence and place."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "json_resume",
    "job_posting",
    "json_resume_job",
    "pdf",
    "docx",
    "txt",
    "cloudevent",
    "cloudevents_batch",
    "greenhouse",
    "unsupported",
]
Defect = Literal["encrypted", "scan", "empty", "damaged", "zip_bomb", "too_slow", "too_many_pages"]
Degree = Literal["none", "associate", "bachelor", "master", "doctor"]

MAX_DOCUMENT_BYTES = 10 * 1024 * 1024
RESUME_KINDS: frozenset[str] = frozenset({"json_resume", "pdf", "docx", "txt"})
POSTING_KINDS: frozenset[str] = frozenset({"job_posting", "json_resume_job"})


class Shape(BaseModel):
    """Base of every shape of this package: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Judged(Shape):
    """What a file is. `value` holds decoded JSON; `reason` and `sentence` say why it is not readable."""

    kind: Kind
    media_type: str = "application/octet-stream"
    value: Any = None
    reason: str = ""
    sentence: str = ""

    @property
    def is_resume(self) -> bool:
        """True where a person applies with this file."""
        return self.kind in RESUME_KINDS

    @property
    def is_posting(self) -> bool:
        """True where the file describes a position to fill."""
        return self.kind in POSTING_KINDS


class Place(Shape):
    """Where in the text a fact stands: line (from 1) and the characters [start, end) of the text, or a JSON pointer."""

    line: int = 0
    start: int = 0
    end: int = 0
    pointer: str = ""


class Found(Shape):
    """A single fact: what was read, how sure (0 to 1), where."""

    value: str
    confidence: float = Field(ge=0, le=1)
    place: Place = Place()


class SkillFound(Shape):
    """A skill of the synonym table: stable id, the word that was read, how sure, where."""

    id: str
    word: str
    confidence: float = Field(ge=0, le=1)
    place: Place = Place()


class Employer(Shape):
    """One station of a working life; months as `YYYY-MM`, `end` empty where it lasts."""

    name: str
    title: str = ""
    start: str = ""
    end: str = ""
    present: bool = False
    confidence: float = Field(default=0.5, ge=0, le=1)
    place: Place = Place()


class ResumeFacts(Shape):
    """What a résumé says, shaped for JSON Resume; `defect` says why nothing could be read."""

    kind: str
    defect: Defect | None = None
    sentence: str = ""
    text_language: str = ""
    pages: int = 0
    name: Found | None = None
    emails: tuple[Found, ...] = ()
    phones: tuple[Found, ...] = ()
    location: Found | None = None
    years_experience: Found | None = None
    degree: Found | None = None
    schools: tuple[Found, ...] = ()
    employers: tuple[Employer, ...] = ()
    skills: tuple[SkillFound, ...] = ()
    languages: tuple[Found, ...] = ()
    text: str = ""

    @property
    def years(self) -> float | None:
        """Years of work, or None where the text does not tell."""
        return float(self.years_experience.value) if self.years_experience else None

    @property
    def present_employer(self) -> str | None:
        """Who employs the person today, as far as the text says."""
        return next((e.name for e in self.employers if e.present and e.name), None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields a recruiter has to ask for: without them nobody can be reached or addressed."""
        gaps = [] if self.name else ["name"]
        if not self.emails and not self.phones:
            gaps.append("contact")
        return tuple(gaps)

    def to_json_resume(self) -> dict[str, Any]:
        """The facts as a JSON Resume (schema 1.0.0); empty parts are left out."""
        basics: dict[str, Any] = {
            "name": self.name.value if self.name else None,
            "email": self.emails[0].value if self.emails else None,
            "phone": self.phones[0].value if self.phones else None,
            "location": {"address": self.location.value} if self.location else None,
        }
        work = [
            {"name": e.name, "position": e.title, "startDate": e.start, **({"endDate": e.end} if e.end else {})}
            for e in self.employers
        ]
        level = self.degree.value if self.degree else ""
        schools = [{"institution": s.value, **({"studyType": level} if n == 0 and level else {})} for n, s in enumerate(self.schools)]
        return {
            "basics": {key: value for key, value in basics.items() if value},
            "work": work,
            "education": schools,
            "skills": [{"name": s.word} for s in self.skills],
            "languages": [{"language": found.value} for found in self.languages],
        }


class Salary(Shape):
    """A yearly, monthly or hourly range in minor units of an ISO 4217 currency."""

    currency: str
    low: int
    high: int
    unit: Literal["HOUR", "DAY", "WEEK", "MONTH", "YEAR"] = "YEAR"


class PostingFacts(Shape):
    """What a posting says, shaped for a requisition."""

    title: str
    description: str = ""
    organisation: str = ""
    externalid: str = ""
    location: str = ""
    country: str = ""
    employment_type: str = ""
    salary: Salary | None = None
    must_skills: tuple[str, ...] = ()
    nice_skills: tuple[str, ...] = ()
    min_years: float | None = None
    min_degree: Degree | None = None
    openings: int = 1
    valid_through: str = ""
    warnings: tuple[str, ...] = ()
