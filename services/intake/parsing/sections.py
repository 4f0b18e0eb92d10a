"""The parts of a résumé: which lines are about work, school, skills, languages."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.intake.parsing.text import Text

_HEADINGS: dict[str, str] = {
    "work": r"工作经[历验]|工作履历|职业经历|任职经历|实习经[历验]|实习及工作|work experience|professional experience|experience"
    r"|employment( history)?|career history|work history|experiencia|berufserfahrung|beruflicher werdegang|internships?",
    "education": r"教育背景|教育经历|教育程度|学历|学习经历|education( and training)?|academic background|ausbildung|educaci[oó]n|studium",
    "skills": r"专业技能|技能特长|技能|个人技能|掌握技能|技术栈|(technical |key |core )?skills|competenc(?:ies|es)|technologies|kenntnisse"
    r"|expertise|skills (?:&|and) \w+",
    "languages": r"语言能力|外语|语言|languages?|sprachen",
    "projects": r"项目经[历验]|项目|(personal |selected )?projects?",
    "basics": r"个人信息|基本信息|基本资料|个人资料|联系方式|personal (?:details|information|data)|contact( details)?|about me",
    "summary": r"自我评价|个人评价|个人简介|个人总结|求职意向|summary|profile|objective|about",
    "other": r"获奖(?:情况|经历)?|荣誉.{0,4}|证书|资格证书|兴趣爱好|校园经历|awards?|publications?|certificat\w+|interests|hobbies|references?"
    r"|volunteer\w*|honou?rs",
}
_HEADING = re.compile(r"^(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _HEADINGS.items()) + r")$", re.IGNORECASE)
_ORNAMENT = re.compile(r"^[\s#*■●◆▶►•·\-=_|【\[一二三四五六七八九十、.\d)]+|[\s:：■●◆•·\-=_|】\]]+$")


class Section(NamedTuple):
    """A run of lines [start, end), from 0, under one heading."""

    name: str
    start: int
    end: int


def heading(line: str) -> str | None:
    """The section a line opens, or None where it is no heading."""
    stripped = _ORNAMENT.sub("", line.strip())
    if not stripped or len(stripped) > 32:
        return None
    match = _HEADING.match(re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", stripped))
    return match.lastgroup if match else None


def split(text: Text) -> list[Section]:
    """All sections in order; what stands before the first heading is `top`."""
    found: list[Section] = []
    name, start = "top", 0
    for number, line in enumerate(text.lines):
        opens = heading(line)
        if opens is not None:
            found.append(Section(name, start, number))
            name, start = opens, number + 1
    found.append(Section(name, start, len(text.lines)))
    return [s for s in found if s.end > s.start or s.name != "top"]


def lines_of(sections: list[Section], *names: str) -> list[tuple[int, int]]:
    """The line runs of the named sections."""
    return [(s.start, s.end) for s in sections if s.name in names]
