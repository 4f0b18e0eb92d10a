"""Everything an Ask's words may draw on, resolved for one reader at one moment.

Exists so that the registry of Ask kinds is pure text and form: names, times and terms are looked up in the sealed
directory once, at rendering (agreements.md 4), put into a Scene, and every surface reads the same Scene.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from services.notification import wording
from services.notification.wording import T


@dataclass(frozen=True)
class Party:
    """A person as the reader sees them; an empty name means nobody is known."""

    name: str = ""
    given: str = ""
    latin: str = ""
    org: str = ""

    def shown(self, lang: str) -> str:
        """The whole name, romanised in an English text where that is known."""
        return self.latin if lang == "en" and self.latin else self.name

    def called(self, lang: str) -> str:
        """How the text speaks to them: the given name only where the person wrote one and it is an English text."""
        return self.given if lang == "en" and self.given and not self.latin else self.shown(lang)


@dataclass(frozen=True)
class Slot:
    """One offered time; of a loop one way through all of it, `parts` being (name, start, end) of each interview."""

    id: str
    start: datetime
    end: datetime
    parts: tuple[tuple[str, datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Meeting:
    """An interview as it stands now."""

    start: datetime
    end: datetime
    name: str = ""
    mode: str = "video"
    place: str = ""
    round: int = 1


@dataclass(frozen=True)
class Offer:
    """The terms of an offer; money in minor units of `currency`."""

    base_minor: int = 0
    currency: str = "CNY"
    months: int = 12
    place: str = ""
    start_day: date | None = None
    probation_months: int = 0
    reports_to: str = ""
    expires_at: datetime | None = None
    version: int = 1
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dossier:
    """What a decider sees of one candidate: (requirement, met | partly | not_shown, evidence) and plain facts."""

    checks: tuple[tuple[str, str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    submitted_at: datetime | None = None
    summary: str = ""


@dataclass(frozen=True)
class Scene:
    """One Ask for one reader: who, what about, until when, in which language, zone and at which moment."""

    lang: str
    zone: str
    now: datetime
    holder: Party
    due_at: datetime | None = None
    opened_at: datetime | None = None
    previous: Party = Party()
    next: Party = Party()
    sender: str = "Baton"
    client: str = ""
    discreet: bool = True
    candidate: Party = Party()
    self_report: bool = True
    recruiter: Party = Party()
    role: str = ""
    code: str = ""
    must: tuple[str, ...] = ()
    need: tuple[tuple[str, str], ...] = ()
    """The written requirement: part and text."""
    plan: tuple[tuple[str, str, str], ...] = ()
    """How it is worked on: opening, start, channel, milestone or round; its name; its instant where it has one."""
    clauses: tuple[tuple[str, str, bool], ...] = ()
    """What the law says of it: part, the words with the lawful way to say it, whether they are refused (else warned of)."""
    criteria: tuple[tuple[str, str], ...] = ()
    panel: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    meeting: Meeting | None = None
    other_zone: str = ""
    offer: Offer | None = None
    dossier: Dossier = Dossier()
    undo_until: datetime | None = None
    owner: Party = Party()
    what: str = ""
    words_told: str = ""
    listed: tuple[tuple[str, str], ...] = ()
    """The lines of the mail of the day: (what, who and when)."""
    reading: bool = True
    """True where the text is made on reading (page, card): only there may it say today or tomorrow."""
    params: Mapping[str, str] = field(default_factory=dict)

    def fill(self, text: T) -> str:
        """The text in the reader's language with its {places} filled; an unknown place is a fault of the registry (KeyError)."""
        return text.at(self.lang).format_map(self.words)

    def by(self) -> str:
        """The due time in words, with weekday; empty without a due time."""
        return wording.by(self.due_at, self.zone, self.lang, self.now) if self.due_at else ""

    @property
    def words(self) -> Mapping[str, str]:
        """The closed list of places that a text of the registry may name."""
        zh = self.lang == "zh"
        meeting = wording.span_zoned(self.meeting.start, self.meeting.end, self.zone, self.lang, self.now) if self.meeting else ""
        start = self.params.get("start_day") or (self.offer.start_day.isoformat() if self.offer and self.offer.start_day else "")
        return {
            "you": self.holder.called(self.lang) or ("你" if zh else "you"),
            "cand": self.candidate.shown(self.lang) or ("候选人" if zh else "the candidate"),
            "client": self.client or ("用人单位" if zh else "the employer"),
            "role": self.role or ("这个职位" if zh else "this role"),
            "code": self.code or ("这个需求" if zh else "this requirement"),
            "sender": self.sender,
            "rec": self.recruiter.shown(self.lang) or ("我们的顾问" if zh else "our consultant"),
            "from": self.previous.shown(self.lang) or self.sender,
            "next": self.next.shown(self.lang) or self.sender,
            "due": self.by(),
            "due_short": wording.by_short(self.due_at, self.zone, self.lang) if self.due_at else "",
            "due_until": wording.instant(self.due_at, self.zone, self.lang, self.now) if self.due_at else "",
            "zone_said": wording.zone_name(self.zone, self.lang),
            "zone_legend": ("时间均为" if zh else "All times are ") + wording.zone_name(self.zone, self.lang),
            "meeting": meeting,
            "round": round_name(self.meeting, self.lang) if self.meeting else ("面试" if zh else "interview"),
            "start": wording.day(date.fromisoformat(start), self.lang, self.now)
            if start
            else ("到岗日" if zh else "the start day"),
            "day": self.params.get("day", ""),
            "reason": self.params.get("reason", ""),
            "owner": self.owner.shown(self.lang) or ("对方" if zh else "the other side"),
            "what": self.what or ("这件事" if zh else "this"),
            "next_word": self._next_word(),
            "words": self.words_told or _PLAIN_NO.at(self.lang),
        }

    def _next_word(self) -> str:
        at = self.params.get("next_word")
        if not at:
            return "两个工作日内" if self.lang == "zh" else "within two working days"
        return wording.by(datetime.fromisoformat(at), self.zone, self.lang, self.now)


_PLAIN_NO = T(
    "你花时间认真准备，我们很感谢。这次有另一位候选人更符合。",
    "You took time and care over this, and we thank you for it. Another candidate fitted this role more closely.",
)
_ORDINAL = ("first", "second", "third", "fourth", "fifth", "sixth")


def round_name(meeting: Meeting, lang: str) -> str:
    """第二轮面试（技术） / second interview (technical)."""
    if lang == "zh":
        order = "一二三四五六"[min(meeting.round, 6) - 1]
        return f"第{order}轮面试" + (f"（{meeting.name}）" if meeting.name else "")
    return f"{_ORDINAL[min(meeting.round, 6) - 1]} interview" + (f" ({meeting.name})" if meeting.name else "")
