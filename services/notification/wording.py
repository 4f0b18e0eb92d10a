"""How Baton says instants, spans, money, lists and names, in the reader's zone and language.

Exists so that page, mail, card, text message and calendar say the same time letter for letter
(look.md 6): weekday always, zone always named, year only when it is not this one, 24-hour clock, en dash.
Pure: every function takes `now` or the value; nothing here reads a clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location
from babel.numbers import format_currency

LANGS = ("zh", "en")
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZH_DAYS = "一二三四五六日"
_CHINA = {"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Urumqi", "PRC"}


@dataclass(frozen=True)
class T:
    """One text in both languages; `{name}` places are filled from a scene's words."""

    zh: str
    en: str

    def at(self, lang: str) -> str:
        """The text in `lang` (zh or en)."""
        return self.zh if lang == "zh" else self.en


def lang_of(locale: str | None) -> str:
    """zh for any Chinese locale (zh-CN, zh_Hans), en for everything else; unknown or empty gives zh."""
    if not locale:
        return "zh"
    return "zh" if locale.lower().startswith("zh") else "en"


def html_lang(lang: str) -> str:
    """The BCP 47 tag for the page's lang attribute."""
    return "zh-CN" if lang == "zh" else "en"


@lru_cache(maxsize=256)
def _zone_info(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)


def local(at: datetime, zone: str) -> datetime:
    """`at` in the reader's zone; raises ZoneInfoNotFoundError for a zone that does not exist."""
    return at.astimezone(_zone_info(zone))


@lru_cache(maxsize=256)
def city(zone: str, lang: str) -> str:
    """The city a zone is named after, in the language: Shanghai, 柏林."""
    name = get_timezone_location(zone, locale=Locale("zh", script="Hans") if lang == "zh" else Locale("en"), return_city=True)
    return name or zone.split("/")[-1].replace("_", " ")


def zone_name(zone: str, lang: str) -> str:
    """北京时间, 柏林时间; your time (Berlin)."""
    if lang == "zh":
        return "北京时间" if zone in _CHINA else f"{city(zone, lang)}时间"
    return f"your time ({'Shanghai' if zone in _CHINA else city(zone, lang)})"


def day(value: date, lang: str, now: datetime | None = None, *, weekday: bool = True) -> str:
    """12月3日（周四） / Thu 3 Dec; the year only when it differs from that of `now`."""
    other_year = now is not None and value.year != now.year
    if lang == "zh":
        text = f"{value.month}月{value.day}日" + (f"（周{_ZH_DAYS[value.weekday()]}）" if weekday else "")
        return f"{value.year}年{text}" if other_year else text
    text = f"{value.day} {_EN_MONTHS[value.month - 1]}" + (f" {value.year}" if other_year else "")
    return f"{_EN_DAYS[value.weekday()]} {text}" if weekday else text


def instant(at: datetime, zone: str, lang: str, now: datetime | None = None) -> str:
    """12月2日（周三）20:00 / Wed 2 Dec, 20:00, in the reader's zone, without naming it."""
    here = local(at, zone)
    today = local(now, zone) if now else None
    return f"{day(here.date(), lang, today)}{'' if lang == 'zh' else ', '}{here:%H:%M}"


def instant_zoned(at: datetime, zone: str, lang: str, now: datetime | None = None) -> str:
    """The instant with its zone named."""
    text = instant(at, zone, lang, now)
    return f"{text}（{zone_name(zone, lang)}）" if lang == "zh" else f"{text} {zone_name(zone, lang)}"


def by(at: datetime, zone: str, lang: str, now: datetime | None = None) -> str:
    """12月2日（周三）20:00 前 / by Wed 2 Dec, 20:00."""
    return f"{instant(at, zone, lang, now)} 前" if lang == "zh" else f"by {instant(at, zone, lang, now)}"


def by_short(at: datetime, zone: str, lang: str) -> str:
    """The limit of a subject line: 12月2日 20:00 前 / by Wed 2 Dec, 20:00."""
    here = local(at, zone)
    return f"{here.month}月{here.day}日 {here:%H:%M} 前" if lang == "zh" else by(at, zone, lang)


def span(start: datetime, end: datetime, zone: str, lang: str, now: datetime | None = None) -> str:
    """12月3日（周四）14:00–15:00 / Thu 3 Dec, 14:00–15:00; a span over midnight names both days."""
    first, last = local(start, zone), local(end, zone)
    tail = f"{last:%H:%M}" if first.date() == last.date() else instant(end, zone, lang, now)
    return f"{instant(start, zone, lang, now)}–{tail}"


def span_zoned(start: datetime, end: datetime, zone: str, lang: str, now: datetime | None = None) -> str:
    """The span with its zone named: ...（北京时间） / ... your time (Shanghai)."""
    text = span(start, end, zone, lang, now)
    return f"{text}（{zone_name(zone, lang)}）" if lang == "zh" else f"{text} {zone_name(zone, lang)}"


def other_side(start: datetime, end: datetime, zones: tuple[str, str], lang: str) -> str:
    """The same span where the other side sits, empty when both clocks agree: 15:00–16:00 in Shanghai."""
    mine, theirs = zones
    here, there, until = local(start, mine), local(start, theirs), local(end, theirs)
    if here.utcoffset() == there.utcoffset():
        return ""
    shift = (there.date() - here.date()).days
    clock = f"{there:%H:%M}–{until:%H:%M}"
    if lang == "zh":
        return f"{zone_name(theirs, lang)} {clock}" + (f"（{day(there.date(), lang)}）" if shift else "")
    place = "Shanghai" if theirs in _CHINA else city(theirs, lang)
    return f"{clock} in {place}" + (f" ({day(there.date(), lang)})" if shift else "")


def near_day(at: datetime, zone: str, lang: str, now: datetime) -> str:
    """今天 / 明天 / 昨天 beside a date, for text made on reading only; empty when further away."""
    gap = (local(at, zone).date() - local(now, zone).date()).days
    words = {0: ("今天", "today"), 1: ("明天", "tomorrow"), -1: ("昨天", "yesterday")}.get(gap)
    return "" if words is None else words[0 if lang == "zh" else 1]


def duration(length: timedelta, lang: str) -> str:
    """Minutes, hours or days in words: 10 分钟 / 10 minutes."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} 分钟" if lang == "zh" else f"{minutes} minute{'s' if minutes != 1 else ''}"
    hours = minutes // 60
    if hours < 72:
        return f"{hours} 小时" if lang == "zh" else f"{hours} hours"
    return f"{hours // 24} 天" if lang == "zh" else f"{hours // 24} days"


def money(minor: int, currency: str, lang: str) -> str:
    """An amount in minor units in full figures: ¥38,000; raises UnknownCurrencyFormatError for a bad code."""
    amount = Decimal(minor) / 100
    whole = amount == amount.to_integral_value()
    locale = "zh_Hans_CN" if lang == "zh" else "en"
    if currency == "CNY":
        return f"¥{amount:,.0f}" if whole else f"¥{amount:,.2f}"
    return format_currency(amount, currency, "¤#,##0" if whole else "¤#,##0.00", locale=locale, currency_digits=False)


def listing(names: Sequence[str], lang: str) -> str:
    """陈维、Priya / Chen Wei and Priya / A, B and C."""
    if lang == "zh":
        return "、".join(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, cut with an ellipsis; line breaks become spaces (subjects, text messages)."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def masked(address: str) -> str:
    """l•••@qq.com: enough to recognise one's own address, no more."""
    name, _, host = address.partition("@")
    return f"{name[:1]}•••@{host}" if host else "•••"
