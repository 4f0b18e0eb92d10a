"""From the text of a résumé to facts."""

from __future__ import annotations

from datetime import date

from services.intake.parsing import career, person, sections
from services.intake.parsing.contact import find_emails, find_phones
from services.intake.parsing.model import ResumeFacts
from services.intake.parsing.names import cjk_share
from services.intake.parsing.skills import find_skills
from services.intake.parsing.text import Text

_MIN_LETTERS = 20


def parse_resume(raw: str, *, kind: str = "txt", file_name: str = "", as_of: date | None = None, pages: int = 0) -> ResumeFacts:
    """Read facts out of plain text.

    `as_of` is the business date up to which a present job counts; without it the latest month in the text does.
    A text with fewer than twenty letters comes back with defect `empty`. Never raises for odd content.
    """
    text = Text(raw)
    if sum(1 for char in text.body if char.isalnum()) < _MIN_LETTERS:
        return ResumeFacts(kind=kind, defect="empty", sentence="There is next to no text in this file.", pages=pages)
    parts = sections.split(text)
    region = "CN" if cjk_share(text.body) >= 0.2 else None
    employers = career.find_employers(text, parts)
    skill_runs = sections.lines_of(parts, "skills")
    section = (skill_runs[0][0] + 1, skill_runs[-1][1] + 1) if skill_runs else None
    return ResumeFacts(
        kind=kind,
        text_language=person.text_language(text),
        pages=pages,
        name=person.find_name(text, file_name),
        emails=find_emails(text),
        phones=find_phones(text, region),
        location=person.find_location(text),
        years_experience=career.find_years(text, employers, as_of),
        degree=career.find_degree(text, parts),
        schools=career.find_schools(text, parts),
        employers=employers,
        skills=find_skills(text, skill_section=section),
        languages=person.find_languages(text, sections.lines_of(parts, "languages")),
        text=text.body,
    )
