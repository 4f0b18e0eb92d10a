"""What a few words mean for one form: a choice that is clear, or nothing that counts. Pure.

Clear is: the number of a choice as the mail lists them; its label; a plain yes or no where exactly one choice says that; a duty that is
done. Whatever is more than that, or less, is asked back: a wrong guess costs more than a second mail.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.notification.look.form import Field, Form

YES = frozenset(
    "yes y ok okay sure agreed agree fine good yep confirmed 好 好的 可以 行 是 是的 同意 没问题 没问题的 嗯 确认 愿意 接受 有 要 在".split()
)
NO = frozenset("no n nope sorry 不 不行 不可以 不同意 不接受 不愿意 不要 否 没有 不用 算了 谢绝 不了 不在".split()) | {
    "no thanks",
    "no thank you",
}
DONE = frozenset("done finished completed ready 好了 办好了 已办好 完成 完成了 已完成 做好了 弄好了 搞定 已办".split()) | {
    "it is done",
    "all done",
}
NONE = frozenset("none 都不合适 都不行 都不方便 都不可以 没有合适的 neither".split()) | {
    "none of these",
    "none fit",
    "none of them",
}
CODES_YES = frozenset({"yes", "accept", "keep", "present", "ok", "go", "approve", "confirm", "clear", "both"})
CODES_NO = frozenset({"no", "decline", "reject", "not_started", "absent", "rest"})
_POLITE = re.compile(
    r"^(?:hi|hello|dear|你好|您好|hey)\b[^\n]{0,30}$|^(?:thanks|thank you|many thanks|best|best regards|kind regards|regards|谢谢|多谢|感谢|祝好|此致|敬礼)[^\n]{0,24}$",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[,，.。;；\s]*(?:谢谢|多谢|麻烦了|thanks|thank you|please)[!！.。,，\s]*$", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})[:：点.](\d{2})")
_DAY = re.compile(
    r"(\d{1,2})月(\d{1,2})[日号]|(?:周|星期)([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)\w*|\b(\d{1,2}) (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*",
    re.IGNORECASE,
)

_CLOCKS = re.compile(r"\d{1,2}[:：点.]\d{2}(?:\s*[-–—到至]\s*\d{1,2}[:：点.]\d{2})?")
_BESIDE = re.compile(
    r"\b(?:works|is|fine|good|ok|please|i|choose|take|at|on|for|me|the|one|yes)\b"
    r"|选|我|可以|吧|的|那个|这个|行|好|就|\d{4}年|上午|下午|北京时间|[\s()（）年]"
)
"""What may stand beside a time without changing what it says; any other word and the time is not taken for a choice."""


@dataclass(frozen=True)
class Said:
    """What was clear: values by field name, split as a form's are; `label`: the choice in words. Empty `label`: not clear."""

    clear: dict[str, str] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict)
    label: str = ""


def _flat(text: str) -> str:
    """Width, case, punctuation and spaces do not matter."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\s+", " ", re.sub(r"[,.!;:，。！；：、()（）~“”\"']+", " ", plain)).strip()


def lines_of(words: str) -> list[str]:
    """The lines that say something: greetings and thanks left out."""
    return [line.strip() for line in words.split("\n") if line.strip() and not _POLITE.match(line.strip().strip("，,。.!！"))]


def judge(words: str, form: Form) -> Said:
    """What these words answer to this form."""
    lines = lines_of(words)
    if not lines:
        return Said()
    deed = next((one for one in form.fields if one.kind == "given"), None)
    if deed is not None and not any(one.required and one is not deed for one in form.fields):
        return (
            _with_note(form, {deed.name: deed.options[0].value}, deed.label, lines) if _flat(lines[0]) in DONE | YES else Said()
        )
    asked = form.first_choice()
    if asked is None or any(one.required and one is not asked for one in form.fields):
        return Said()
    value = _choice(lines[0], asked)
    if value is None:
        return Said()
    label = next(one.label for one in asked.options if one.value == value)
    said = _with_note(form, {asked.name: value}, label, lines)
    needed = [one.name for one in form.fields if one.needed_if == (asked.name, value)]
    return said if all(name in said.sealed or name in said.clear for name in needed) else Said()


def _with_note(form: Form, clear: dict[str, str], label: str, lines: Sequence[str]) -> Said:
    """What follows the first line goes into the field that the choice needs, else into the first free one."""
    rest = "\n".join(lines[1:])
    if not rest:
        return Said(clear, {}, label)
    chosen = next(iter(clear.items()))
    texts = [one for one in form.fields if one.kind == "text" and one.sealed]
    place = next((one for one in texts if one.needed_if == chosen), None) or next(
        (one for one in texts if one.needed_if is None), None
    )
    return Said(clear, {place.name: rest[: place.limit]} if place else {}, label)


def _choice(line: str, asked: Field) -> str | None:
    """The one option this line names, or None."""
    line = _TAIL.sub("", line)
    said = _flat(line)
    listed = [one for one in asked.options if one.value != "none"]
    escape = next((one for one in asked.options if one.value == "none"), None)
    number = re.fullmatch(r"(?:选|选择|option|number|no|nr|第)?\s*#?(\d{1,2})\s*(?:个|号|项)?", said)
    if number:
        order = [*listed, *([escape] if escape else [])]
        place = int(number[1]) - 1
        return order[place].value if 0 <= place < len(order) else None
    if escape and said in NONE:
        return escape.value
    same = [one for one in asked.options if _flat(one.label) == said]
    if len(same) == 1:
        return same[0].value
    for words, codes in ((YES, CODES_YES), (NO, CODES_NO)):
        if said in words:
            fitting = [one for one in asked.options if one.value in codes]
            return fitting[0].value if len(fitting) == 1 else None
    return _by_time(line, [(one.value, one.label) for one in listed])


def _by_time(line: str, options: Sequence[tuple[str, str]]) -> str | None:
    """A day and a clock time that only one of the offered slots has."""
    plain = unicodedata.normalize("NFKC", line)
    clock, day = _TIME.search(plain), _DAY.search(plain)
    rest = _flat(_CLOCKS.sub(" ", _DAY.sub(" ", plain)))
    if clock is None or _BESIDE.sub("", rest).strip():
        return None
    begins = f"{int(clock[1]):02d}:{clock[2]}"
    fitting = [
        (value, label)
        for value, label in options
        if (first := _TIME.search(label)) and f"{int(first[1]):02d}:{first[2]}" == begins
    ]
    if day is not None:
        fitting = [
            (value, label)
            for value, label in fitting
            if _flat(day[0]).replace("星期", "周").replace("号", "日") in _flat(label).replace("星期", "周")
        ]
    return fitting[0][0] if len(fitting) == 1 else None


def by_row(words: str, names: Sequence[str]) -> dict[int, str]:
    """For a mail about several: which line is about whom, by the name it begins with. Two lines about one person: nothing is clear."""
    found: dict[int, str] = {}
    for line in lines_of(words):
        named = [n for n, name in enumerate(names) if name and line.startswith(name)]
        if len(named) != 1:
            continue
        if named[0] in found:
            return {}
        found[named[0]] = line[len(names[named[0]]) :].lstrip(" :：,，-—")
    return found
