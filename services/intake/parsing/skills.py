"""Finding skills in text by the synonym table; a skill that the table does not know keeps its own words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from services.intake.parsing.model import Place, SkillFound
from services.intake.parsing.skill_table import words
from services.intake.parsing.text import Text

_CJK = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    ordered = sorted(words(), key=len, reverse=True)
    parts = [re.escape(w) if _CJK.search(w) else rf"(?<![a-z0-9_+#.]){re.escape(w)}(?![a-z0-9_+#])" for w in ordered]
    return re.compile("|".join(parts))


def find_skills(text: Text, *, skill_section: tuple[int, int] | None = None) -> tuple[SkillFound, ...]:
    """Skills named in `text`, once each, surer where they stand in the section about skills (lines from, to)."""
    found: dict[str, SkillFound] = {}
    table = words()
    lowered = text.body.lower()
    for match in _pattern().finditer(lowered if len(lowered) == len(text.body) else text.body):
        word = match[0].lower()
        place = text.place(*match.span())
        inside = skill_section is not None and skill_section[0] <= place.line < skill_section[1]
        skill = SkillFound(id=table[word], word=text.body[match.start() : match.end()], confidence=0.9 if inside else 0.7, place=place)
        known = found.get(skill.id)
        if known is None or known.confidence < skill.confidence:
            found[skill.id] = skill
    return tuple(found.values())


def skill_ids(phrase: str) -> tuple[str, ...]:
    """Ids of all table skills named in a short phrase; empty where none is."""
    table = words()
    return tuple(dict.fromkeys(table[m[0]] for m in _pattern().finditer(unicodedata.normalize("NFKC", phrase).lower())))


def named_skills(phrase: str, *, pointer: str = "") -> tuple[SkillFound, ...]:
    """Skills of a phrase that is meant as skills: table ids, or the phrase itself as an own id (`skill:x-...`)."""
    ids = skill_ids(phrase)
    place = Place(pointer=pointer)
    if ids:
        return tuple(SkillFound(id=i, word=phrase[:80], confidence=1.0, place=place) for i in ids)
    slug = re.sub(r"[^\w\u3400-\u9fff]+", "-", phrase.strip().lower()).strip("-")[:48]
    return (SkillFound(id=f"skill:x-{slug}", word=phrase[:80], confidence=0.6, place=place),) if slug else ()
