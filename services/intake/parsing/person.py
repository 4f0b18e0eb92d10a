"""Who the résumé is about: name, place, language of the text, languages spoken."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from services.intake.parsing.model import Found, Place
from services.intake.parsing.names import cjk_share
from services.intake.parsing.sections import heading
from services.intake.parsing.text import Text

_NAME_LABEL = re.compile(r"(?:姓\s*名|full name|(?<!\w)name|nombre)\s*[:：|\t ]+\s*([^|\t\n,，;；]{2,40})", re.IGNORECASE)
_CN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_LATIN_NAME = re.compile(r"(?:(?:[A-ZÀ-Þ][\w'’.-]*|de|van|von|der|la)\s+){1,4}[A-ZÀ-Þ][\w'’.-]+")
_NOT_A_NAME = re.compile(
    r"简历|履历|求职|应聘|工程师|经理|总监|专员|主管|先生|女士|个人|大学|学院|公司|电话|手机|邮箱|男|年|姓名|"
    r"resume|résumé|curriculum|vitae|engineer|manager|developer|director|university|street|road|page|profile",
    re.IGNORECASE,
)
_PLACE_LABEL = re.compile(
    r"(?:现居住?地?|所在地|居住地|现住址|住址|地址|城市|期望地点|location|address|based in|city|wohnort)\s*[:：|\t ]+\s*([^|\t\n;；]{2,60})",
    re.IGNORECASE,
)
_CITIES = (
    "北京 上海 广州 深圳 杭州 苏州 南京 成都 武汉 西安 天津 重庆 长沙 合肥 无锡 宁波 青岛 大连 厦门 郑州 济南 沈阳 哈尔滨 东莞 佛山 常州 "
    "Beijing Shanghai Guangzhou Shenzhen Hangzhou Suzhou Nanjing Chengdu Wuhan Tianjin Munich München Berlin Hamburg Stuttgart "
    "London Zürich Zurich Vienna Paris Bengaluru Singapore Tokyo Boston Seattle Stanford"
).split()
_CITY = re.compile("|".join(map(re.escape, _CITIES)))
_TONGUE_WORDS = {
    "en": "英语|英文|English|Englisch|Inglés",
    "zh": "普通话|国语|汉语|中文|Mandarin|Chinese|Chinesisch",
    "de": "德语|German|Deutsch",
    "ja": "日语|日文|Japanese",
    "fr": "法语|French|Französisch",
    "es": "西班牙语|Spanish|Español",
    "ko": "韩语|Korean",
    "yue": "粤语|Cantonese",
    "ru": "俄语|Russian",
    "hi": "Hindi",
    "it": "意大利语|Italian",
    "pt": "葡萄牙语|Portuguese",
}
TONGUES = {code: re.compile(words, re.IGNORECASE) for code, words in _TONGUE_WORDS.items()}
_LEVEL = re.compile(r"CET-?[46]|四级|六级|专[四八]|TOEFL|托福|IELTS|雅思|TEM-?[48]|N[1-5]\b", re.IGNORECASE)


def find_name(text: Text, file_name: str = "") -> Found | None:
    """The person's name: by its label, else the first line that looks like one, else from the file's name."""
    for match in _NAME_LABEL.finditer(text.body[:4000]):
        value = _trim_name(match[1])
        if value:
            return Found(value=value, confidence=0.97, place=text.place(match.start(1), match.start(1) + len(match[1].rstrip())))
    for number, line in enumerate(text.lines[:15]):
        first = re.split(r"[|,，/;；\t]| {2,}|\s[-–—]\s", line.strip().lstrip("#").strip())[0].strip()
        value = None if heading(first) or _NOT_A_NAME.search(first) else _name_shape(first)
        if value:
            at = line.find(first)
            return Found(value=value, confidence=0.85 if number < 3 else 0.6, place=text.place_in(number, (at, at + len(first))))
    stem = PurePosixPath(file_name).stem
    for part in re.split(r"[-_ ()（）]+", stem):
        if _CN_NAME.fullmatch(part) and not _NOT_A_NAME.search(part):
            return Found(value=part, confidence=0.4, place=Place(pointer="file name"))
    return None


def _trim_name(raw: str) -> str | None:
    value = re.split(r"\s{2,}|(?:性\s*别|出生|电话|手机|邮箱|email|phone)", raw.strip())[0].strip(" :：|")
    spaced = re.fullmatch(r"([\u4e00-\u9fff])\s+([\u4e00-\u9fff]{1,3})", value)
    return (spaced[1] + spaced[2]) if spaced else (value if 2 <= len(value) <= 40 and not re.search(r"[\d@]", value) else None)


def _name_shape(line: str) -> str | None:
    joined = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", line)
    if _CN_NAME.fullmatch(joined):
        return joined
    if len(line) <= 40 and not re.search(r"[\d@:]", line) and _LATIN_NAME.fullmatch(line.title() if line.isupper() else line):
        return line.title() if line.isupper() else line
    mixed = re.fullmatch(r"([\u4e00-\u9fff]{2,4})\s*[(（]?[A-Za-z .'-]{2,30}[)）]?", line)
    return mixed[1] if mixed else None


def find_location(text: Text) -> Found | None:
    """Where the person lives: by label, else the first city named in the head of the text."""
    match = _PLACE_LABEL.search(text.body[:6000])
    if match:
        value = match[1].strip()
        return Found(value=value, confidence=0.9, place=text.place(match.start(1), match.start(1) + len(value)))
    for number, line in enumerate(text.lines[:12]):
        city = _CITY.search(line)
        if city:
            return Found(value=city[0], confidence=0.6, place=text.place_in(number, city.span()))
    return None


def text_language(text: Text) -> str:
    """`zh` where at least a fifth of the letters are Chinese and no kana is there; `ja`, else `en` or `de` by small words."""
    if re.search(r"[\u3040-\u30ff]{3}", text.body):
        return "ja"
    if cjk_share(text.body) >= 0.2:
        return "zh"
    lowered = text.body.lower()
    counts = {
        "de": len(re.findall(r"\b(?:und|der|die|das|mit|für|bei|von)\b", lowered)),
        "es": len(re.findall(r"\b(?:de|la|los|el|una|con|para|desde)\b", lowered)),
        "en": len(re.findall(r"\b(?:and|the|of|with|for|in|to)\b", lowered)),
    }
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > counts["en"] else "en"


def find_languages(text: Text, runs: list[tuple[int, int]]) -> tuple[Found, ...]:
    """Languages spoken, as BCP 47 codes: from the part about languages, else where a level stands next to one."""
    found: dict[str, Found] = {}
    inside = {n for start, end in runs for n in range(start, end)}
    for number, line in enumerate(text.lines):
        labelled = number in inside or re.search(r"(?:^|\| ?)\s*(?:languages?|语言(?:能力)?|外语|sprachen)\s*[:：|]", line, re.IGNORECASE)
        if not labelled and not _LEVEL.search(line):
            continue
        for code, pattern in TONGUES.items():
            match = pattern.search(line)
            if match and code not in found:
                found[code] = Found(value=code, confidence=0.9 if labelled else 0.7, place=text.place_in(number, match.span()))
        if not labelled and "en" not in found and re.search(r"CET|四级|六级|TOEFL|IELTS|托福|雅思|TEM|专[四八]", line, re.IGNORECASE):
            match = _LEVEL.search(line)
            found["en"] = Found(value="en", confidence=0.7, place=text.place_in(number, match.span() if match else (0, 0)))
    return tuple(found.values())
