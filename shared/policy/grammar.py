"""Reads the times of a policy as people write them: `3 wd`, `next wd 12:00`, `later of (24 h, next wd 20:00)`.

Only reading and writing back: what an expression means on a calendar is resolve.py's business, so that a policy can
be checked, hashed and shown without any clock or calendar at hand.
"""
import difflib
import re
from dataclasses import dataclass
from datetime import time
from typing import Literal, TypeAlias

Unit = Literal["min", "h", "d", "mo", "y", "wd", "wh"]
UNITS: tuple[str, ...] = ("min", "h", "d", "mo", "y", "wd", "wh")
WEEKDAYS: tuple[str, ...] = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
ANCHORS: tuple[str, ...] = (
    "due", "opened", "start", "slot", "interview_end", "probation_end", "guarantee_end", "offer_expiry", "last_day",
)
EXAMPLES = "'2 wd', '48 h', 'next wd 12:00', 'start - 5 wd', 'later of (24 h, next wd 20:00)'"


class GrammarError(ValueError):
    """A time that cannot be read: `read` is what stood there, `cure` what would be right."""

    def __init__(self, read: str, cure: str) -> None:
        super().__init__(f"read {read!r}; {cure}")
        self.read = read
        self.cure = cure


def _clock(at: time | None) -> str:
    return f" {at:%H:%M}" if at is not None else ""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length: `wd`, `wh` on a working calendar, `d`, `mo`, `y` on the wall calendar, `min`, `h` elapsed."""

    amount: int
    unit: Unit

    @property
    def working(self) -> bool:
        """Whether only working time counts (a pause stops it)."""
        return self.unit in ("wd", "wh")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of the time between opening and due; only rungs are placed by it."""

    value: int

    def __str__(self) -> str:
        return f"{self.value}%"


@dataclass(frozen=True, slots=True)
class After:
    """A length after the opening, or with `at` that time of day on the day reached."""

    length: Duration
    at: time | None = None

    def __str__(self) -> str:
        return f"{self.length}{_clock(self.at)}"


@dataclass(frozen=True, slots=True)
class Anchored:
    """A named instant, moved by a length, at a time of day; `offset` is signed."""

    anchor: str
    sign: int = 0
    length: Duration | None = None
    at: time | None = None

    def __str__(self) -> str:
        moved = f" {'+' if self.sign > 0 else '-'} {self.length}" if self.length else ""
        return f"{self.anchor}{moved}{_clock(self.at)}"


@dataclass(frozen=True, slots=True)
class DayOf:
    """Day n of the employment (the first day is day 1), moved to a working day where it is none."""

    number: int
    at: time | None = None

    def __str__(self) -> str:
        return f"day {self.number}{_clock(self.at)}"


@dataclass(frozen=True, slots=True)
class NextWorkingDay:
    """The first working day after the opening's day, at a time of day."""

    at: time

    def __str__(self) -> str:
        return f"next wd{_clock(self.at)}"


@dataclass(frozen=True, slots=True)
class SameDay:
    """The day of the opening, at a time of day; never before the opening itself."""

    at: time

    def __str__(self) -> str:
        return f"same day{_clock(self.at)}"


@dataclass(frozen=True, slots=True)
class OnWeekday:
    """The next such weekday after the opening, at a time of day."""

    weekday: int
    at: time

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]}{_clock(self.at)}"


@dataclass(frozen=True, slots=True)
class Weekly:
    """A week after the opening, moved to a working day where it is none."""

    def __str__(self) -> str:
        return "weekly"


@dataclass(frozen=True, slots=True)
class LastWindow:
    """The end of the last send window that lies inside a length after the opening."""

    length: Duration

    def __str__(self) -> str:
        return f"last send window in {self.length}"


@dataclass(frozen=True, slots=True)
class Pick:
    """The earlier or the later of several instants."""

    which: Literal["earlier", "later"]
    of: tuple["Instant", ...]

    def __str__(self) -> str:
        return f"{self.which} of ({', '.join(str(one) for one in self.of)})"


Instant: TypeAlias = After | Anchored | DayOf | NextWorkingDay | SameDay | OnWeekday | Weekly | LastWindow | Pick
RungTime: TypeAlias = Instant | Percent

_TIME = r"(?P<at>\S*:\S*)"
_LENGTH = r"(?P<amount>\d+)\s*(?P<unit>[A-Za-z]+)"
_PICK = re.compile(r"^(?P<which>earlier|later) of \((?P<body>.*)\)$")
_DAY_FORM = re.compile(rf"^(?P<day>next wd|same day|[A-Z]{{3}}) {_TIME}$")
_DAY_OF = re.compile(rf"^day (?P<number>\d+)(?: {_TIME})?$")
_AFTER = re.compile(rf"^{_LENGTH}(?: {_TIME})?$")
_ANCHORED = re.compile(rf"^(?P<anchor>[a-z_]+)(?: ?(?P<sign>[+-]) ?{_LENGTH})?(?: {_TIME})?$")
_LAST_WINDOW = re.compile(rf"^last send window in {_LENGTH}$")


def _read_time(text: str | None, whole: str) -> time | None:
    if text is None:
        return None
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise GrammarError(whole, f"{text!r} is no time of day: write it as HH:MM from 00:00 to 23:59, for example '09:30'")
    return time(int(text[:2]), int(text[3:]))


def _read_length(amount: str, unit: str, whole: str) -> Duration:
    if unit not in UNITS:
        near = difflib.get_close_matches(unit, UNITS, 1, 0.3)
        right = f"{amount} {near[0]}" if near else f"{amount} wd"
        raise GrammarError(whole, f"{unit!r} is no unit; units are {', '.join(UNITS)}: write for example {right!r}")
    return Duration(int(amount), unit)  # type: ignore[arg-type]


def parse_time(text: str) -> time:
    """A time of day, `HH:MM`. Raises GrammarError."""
    at = _read_time(str(text).strip(), str(text))
    assert at is not None
    return at


def parse_duration(text: object) -> Duration:
    """A length such as `10 min`, `48 h`, `3 wd`. Raises GrammarError."""
    if isinstance(text, Duration):
        return text
    found = re.fullmatch(_LENGTH, str(text).strip())
    if found is None:
        raise GrammarError(str(text), "write a number and a unit (min, h, d, mo, y, wd, wh), for example '3 wd'")
    return _read_length(found["amount"], found["unit"], str(text))


def parse_instant(text: object) -> Instant:
    """An instant relative to an opening or a named anchor; every form of practice.md 1.7. Raises GrammarError."""
    if not isinstance(text, str):
        if isinstance(text, Instant):
            return text
        raise GrammarError(str(text), f"write a time in words, for example {EXAMPLES}")
    whole = " ".join(text.split())
    if whole == "weekly":
        return Weekly()
    if found := _PICK.match(whole):
        return Pick(found["which"], tuple(parse_instant(part) for part in _parts(found["body"], whole)))  # type: ignore[arg-type]
    if found := _LAST_WINDOW.match(whole):
        return LastWindow(_read_length(found["amount"], found["unit"], whole))
    if found := _DAY_OF.match(whole):
        return _day_of(found, whole)
    if found := _DAY_FORM.match(whole):
        return _day_form(found["day"], found["at"], whole)
    if found := _AFTER.match(whole):
        return After(_read_length(found["amount"], found["unit"], whole), _read_time(found["at"], whole))
    if found := _ANCHORED.match(whole):
        return _anchored(found, whole)
    if whole.count("(") != whole.count(")"):
        raise GrammarError(whole, "a bracket stays open; inside {} a value with a comma stands in quotes: \"later of (24 h, 1 wd)\"")
    raise GrammarError(whole, f"write for example {EXAMPLES}")


def parse_rung_time(text: object) -> RungTime:
    """Where a rung stands: a share (`50%`) or an instant (`due`, `due + 4 wh`). Raises GrammarError."""
    if isinstance(text, Percent):
        return text
    if isinstance(text, str) and (found := re.fullmatch(r"\s*(\d+)\s*%\s*", text)):
        value = int(found[1])
        if not 0 < value <= 100:
            raise GrammarError(text.strip(), "a share lies between 1% and 100%; later than due is written 'due + 4 wh'")
        return Percent(value)
    return parse_instant(text)


def is_net(expression: Instant) -> bool:
    """Whether the clock is net: it counts working time only, so that a pause stops it."""
    match expression:
        case After(length=length, at=None):
            return length.working
        case After() | NextWorkingDay():
            return True
        case Pick(of=of):
            return all(is_net(one) for one in of)
        case _:
            return False


def _parts(body: str, whole: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, char in enumerate(body):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(body[start:index])
            start = index + 1
    parts.append(body[start:])
    if len(parts) < 2 or depth or not all(part.strip() for part in parts):
        raise GrammarError(whole, "name at least two instants: 'earlier of (24 h, slot - 4 wh)'")
    return [part.strip() for part in parts]


def _day_of(found: re.Match[str], whole: str) -> DayOf:
    if int(found["number"]) < 1:
        raise GrammarError(whole, "the first day is 'day 1'")
    return DayOf(int(found["number"]), _read_time(found["at"], whole))


def _day_form(day: str, at: str, whole: str) -> Instant:
    moment = _read_time(at, whole)
    assert moment is not None
    if day == "next wd":
        return NextWorkingDay(moment)
    if day == "same day":
        return SameDay(moment)
    if day not in WEEKDAYS:
        raise GrammarError(whole, f"{day!r} is no weekday: write one of {', '.join(WEEKDAYS)}, for example 'MON 10:00'")
    return OnWeekday(WEEKDAYS.index(day), moment)


def _anchored(found: re.Match[str], whole: str) -> Anchored:
    anchor = found["anchor"]
    if anchor not in ANCHORS:
        near = difflib.get_close_matches(anchor, ANCHORS, 1, 0.5)
        hint = f"write {near[0]!r}" if near else f"write for example {EXAMPLES}"
        raise GrammarError(whole, f"{anchor!r} is no known instant (known: {', '.join(ANCHORS)}): {hint}")
    length = _read_length(found["amount"], found["unit"], whole) if found["sign"] else None
    sign = {"+": 1, "-": -1, None: 0}[found["sign"]]
    return Anchored(anchor, sign, length, _read_time(found["at"], whole))
