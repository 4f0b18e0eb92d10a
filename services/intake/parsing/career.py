"""School and work: degree, schools, employers with their months, years of experience."""

from __future__ import annotations

import re
from datetime import date

from services.intake.parsing.dates import iso, spans, years_covered
from services.intake.parsing.model import Employer, Found
from services.intake.parsing.sections import Section, heading, lines_of
from services.intake.parsing.text import Text

_DEGREE_WORDS: tuple[tuple[str, str], ...] = (
    ("doctor", r"博士|Ph\.?\s?D\.?|Doctorate|Doctor of|Dr\.[- ]?Ing"),
    ("master", r"硕士|研究生|Master(?:'s|s| of|\b)|M\.?Sc\.?\b|M\.?Eng\b|MBA\b|Diplom-?\w*|Diplom\b"),
    ("bachelor", r"本科|学士|Bachelor|B\.?Sc\.?\b|B\.?Eng\b|B\.?A\.?\b(?=[ ,(]|$)|B\.?S\.?\b(?=[ ,(]|$)|undergraduate"),
    ("associate", r"大专|专科|高职|Associate(?:'s)? degree|diploma\b"),
)
DEGREES = [(level, re.compile(words)) for level, words in _DEGREE_WORDS]
LEVELS = ("none", "associate", "bachelor", "master", "doctor")
_CN_SCHOOL = re.compile(r"[\u4e00-\u9fff]{2,10}(?:大学|学院)(?![\u4e00-\u9fff]{0,3}(?:系|院系))")
_EN_SCHOOL = re.compile(
    r"(?:(?:[A-ZÀ-Þ][\w.&'’-]+|of|de|für)[ ]){0,5}(?:University|College|Institute of Technology|Hochschule|Universität|Universidad|Polytechnic)"
    r"(?: (?:of|for) (?:[A-Z][\w&'-]+(?: and)? ?){1,4}| [A-Z][a-zü]+)?"
)
_STATED = re.compile(r"(\d{1,2})(?:\.\d)?\s*\+?\s*年(?:以上)?(?:的)?[^\n,，。;；|]{0,12}?(?:经验|工作)|工作(?:年限|经验)\s*[:：|]?\s*(\d{1,2})\s*年"
                     r"|(\d{1,2})\s*\+?\s*years?(?:'|’)?(?: of)?[^\n.;|]{0,40}?experience|experience\s*[:：|]\s*(\d{1,2})\s*\+?\s*years?", re.IGNORECASE)  # fmt: skip
_TITLE = re.compile(
    r"工程师|经理|总监|主管|专员|总裁|总经理|实习生|架构师|负责人|研究员|助理|顾问|技术员|组长|部长|主任|代表|"
    r"engineer|manager|director|developer|intern\b|head of|lead\b|analyst|consultant|officer|architect|president|ceo|cto|specialist|associate|"
    r"assistant|designer|researcher|leiter|geschäftsführer",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"公司|集团|科技|有限|股份|研究院|研究所|中心|医疗|电子|机器人|GmbH|Inc\b|Ltd|LLC|Co\.|AG\b|Corp|S\.A\.|Technolog|Systems", re.IGNORECASE)
_DURATION = re.compile(r"\d+|(?:\d+ (?:years?|months?|yrs?|mos?)\s*)+", re.IGNORECASE)
_BULLET = re.compile(r"[-•·*●▪◦]")
_US_PLACE = re.compile(r"\b(?:[A-Z][a-z]+ ?){1,3}, (?:[A-Z]{2}|UK|Germany|China)\b")


def find_degree(text: Text, sections: list[Section]) -> Found | None:
    """The highest degree: surest from the part about education or its label."""
    inside = {n for start, end in lines_of(sections, "education") for n in range(start, end)}
    best: tuple[int, Found] | None = None
    for number, line in enumerate(text.lines):
        sure = 0.92 if number in inside or re.search(r"学\s*历|学位|degree", line, re.IGNORECASE) else 0.6
        if sure < 0.9 and inside:
            continue
        for level, pattern in DEGREES:
            match = pattern.search(line)
            if match and (best is None or LEVELS.index(level) > best[0]):
                best = (LEVELS.index(level), Found(value=level, confidence=sure, place=text.place_in(number, match.span())))
    return best[1] if best else None


def find_schools(text: Text, sections: list[Section]) -> tuple[Found, ...]:
    """Schools by name, once each, first those of the part about education."""
    found: dict[str, Found] = {}
    runs = lines_of(sections, "education") or [(0, len(text.lines))]
    for start, end in runs:
        for number in range(start, end):
            for pattern in (_CN_SCHOOL, _EN_SCHOOL):
                for match in pattern.finditer(text.lines[number]):
                    value = re.sub(r"^(?:毕业于|就读于|(?:PhD|MSc|MBA|MS|MA|BSc|BS|BA|B\.\w+|M\.\w+|at|in) )", "", match[0]).strip()
                    found.setdefault(value, Found(value=value, confidence=0.9, place=text.place_in(number, match.span())))
    return tuple(found.values())


def find_employers(text: Text, sections: list[Section]) -> tuple[Employer, ...]:
    """Stations of working life in the order of the text, each with months, title and the line it was read from."""
    runs = lines_of(sections, "work")
    if not runs:
        skip = {n for s, e in lines_of(sections, "education", "projects") for n in range(s, e)}
        runs = [(n, n + 1) for n in range(len(text.lines)) if n not in skip and _COMPANY.search(text.lines[n])]
    stations: list[Employer] = []
    for start, end in runs:
        for number in range(start, end):
            line = text.lines[number]
            for span in spans(line)[:1]:
                parts = _parts(line[: span.at[0]] + "|" + line[span.at[1] :])
                parts = _with_neighbours(text, number, parts, (start, end))
                name, title = _who_and_what(parts)
                if name or title:
                    sure = (0.9 if len(parts) >= 2 else 0.6) if name else 0.3
                    stations.append(
                        Employer(name=name, title=title, start=iso(span.start), end=iso(span.end), present=span.present,
                                 confidence=sure, place=text.place_in(number, (0, len(line))))
                    )  # fmt: skip
    return tuple(stations)


def _parts(line: str) -> list[str]:
    pieces = re.split(r"[|｜\t/;；•]|,\s|，| {2,}|\s[-–—@·]\s|\bat\b|[()（）]|、", _US_PLACE.sub(" ", line))
    cleaned = (p.strip(" :：-–—|·•*#,，.") for p in pieces)
    return [p for p in cleaned if len(p) >= 2 and not _DURATION.fullmatch(p)]


def _with_neighbours(text: Text, number: int, parts: list[str], run: tuple[int, int]) -> list[str]:
    """A date alone, or with one word, takes its company or title from the line after or before, or above its bullets."""
    for other in (number + 1, number - 1, _above_bullets(text, number, run)):
        if len(parts) >= 2 or not run[0] <= other < run[1]:
            continue
        line = text.lines[other].strip()
        if line and len(line) <= 60 and not spans(line) and not heading(line) and not _BULLET.match(line):
            parts = parts + _parts(line)
    return parts


def _above_bullets(text: Text, number: int, run: tuple[int, int]) -> int:
    """The line above the block of bullets that ends at line `number`; -1 where there is none (dates in a margin column)."""
    found = -1
    for at in range(number - 1, run[0] - 1, -1):
        if spans(text.lines[at]):
            break
        above_is_bullet = at > run[0] and _BULLET.match(text.lines[at - 1].strip())
        if not _BULLET.match(text.lines[at].strip()) and _BULLET.match(text.lines[at + 1].strip()) and not above_is_bullet:
            found = at
    return found


def _who_and_what(parts: list[str]) -> tuple[str, str]:
    title = next((p for p in parts if _TITLE.search(p) and not re.search(r"公司|集团|GmbH|Inc\b|Ltd", p)), "")
    rest = [p for p in parts if p != title]
    company = next((p for p in rest if _COMPANY.search(p)), rest[0] if rest else "")
    if not title and len(rest) > 1:
        title = next(p for p in rest if p != company) if any(p != company for p in rest) else ""
    return company[:80], title[:80]


def find_years(text: Text, employers: tuple[Employer, ...], as_of: date | None) -> Found | None:
    """Years of experience: as stated, else as covered by the stations; `as_of` ends what still lasts."""
    match = _STATED.search(text.body)
    if match:
        value = next(group for group in match.groups() if group)
        return Found(value=str(float(value)), confidence=0.9, place=text.place(*match.span()))
    worked = [e for e in employers if not re.search(r"实习|intern\b", e.title, re.IGNORECASE)]
    years = years_covered([(e.start, e.end) for e in worked], as_of)
    if not years:
        return None
    return Found(value=str(years), confidence=0.75, place=worked[0].place)
