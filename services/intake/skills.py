"""Skill words of publishers as the ids that rules and facts meet in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from services.intake.parsing.skill_table import ID_PREFIX, words
from services.intake.parsing.skills import named_skills


@lru_cache(maxsize=8192)
def ids_of(word: str) -> tuple[str, ...]:
    """Table ids of one skill as written; an own id (`skill:x-...`) where the table has none."""
    if word.startswith(ID_PREFIX):
        return (word,)
    exact = words().get(word.strip().lower())
    return (exact,) if exact else tuple(found.id for found in named_skills(word[:80]))


def normal_skills(said: Iterable[str]) -> list[str]:
    """Ids of all skills said, once each, in order."""
    return list(dict.fromkeys(found for word in said for found in ids_of(word)))
