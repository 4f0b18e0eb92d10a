"""Simulated people, outside the services: they read their mail in the sink, open the links and fill in forms as a browser would.

What they do depends on their script and on a seed, never on a wall clock or on the order of things in memory. They act in batches, at
a few moments of their own day, so that a run of months has few distinct instants.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deploy.demo.answers import fill
from deploy.demo.browser import Control, Seen, hidden_values, read_page
from deploy.demo.devices import Card, Devices, Opened

SHANGHAI = "Asia/Shanghai"
# Minutes and a second that nothing else in Baton uses: an act never stands at the same instant as a sending or a rung.
MOMENTS = {"office": (time(9, 48, 7), time(14, 33, 7), time(17, 18, 7)), "evening": (time(12, 18, 7), time(19, 33, 7)), "far": (time(17, 18, 7), time(19, 33, 7))}
QUICK = frozenset({"attendance", "eve_of_start", "started", "call"})
AFTER_IT_A_TIME = frozenset({"client_verdict", "round_verdict"})
"""What is followed by a search for an interviewer's free time: two hires answered in one instant would race for it."""


@dataclass(frozen=True)
class Rule:
    """What somebody does with an Ask. Empty `who`, `kind` or `about` match everybody, every kind, every page.

    `about` is any of these words on the page; `answer` gives fields by short name; `at` an instant; `after` a delay before the next
    moment of the day; `ignore` how many messages about it stay unread (-1: for ever); `twice` sends the form again; `before` holds for
    what is read before that instant only.
    """

    who: str = ""
    kind: str = ""
    about: tuple[str, ...] = ()
    answer: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    after: timedelta = timedelta(0)
    ignore: int = 0
    twice: bool = False
    before: datetime | None = None

    def fits(self, who: str, kind: str, text: str, now: datetime) -> bool:
        """Whether this rule is about that page and reader, now."""
        return (self.before is None or now < self.before) and (not self.who or self.who == who) and (not self.kind or self.kind == kind) and (
            not self.about or any(word in text for word in self.about))


@dataclass(frozen=True)
class Habit:
    """When a person looks at things: zone, moments of the day, whether on weekends, days of absence (first, last)."""

    zone: str = SHANGHAI
    moments: str = "evening"
    clock: str = ""
    """On whose wall the moments stand; their own where nothing is said. Who works with Shanghai answers when Shanghai asks."""
    weekends: bool = True
    away: tuple[tuple[str, str], ...] = ()
    at_work: tuple[str, ...] = ()
    """Days of a weekend that are worked."""

    def next_moment(self, after: datetime, *, quick: bool) -> datetime:
        """The first moment strictly after this instant at which the person acts."""
        local = after.astimezone(ZoneInfo(self.zone))
        if quick and time(8) <= local.time() < time(21) and self._there(local):
            minute = local.minute - local.minute % 15 + 18
            return (local.replace(minute=0, second=7, microsecond=0) + timedelta(minutes=minute)).astimezone(after.tzinfo)
        wall = after.astimezone(ZoneInfo(self.clock or self.zone))
        for days in range(60):
            day = wall + timedelta(days=days)
            for moment in MOMENTS[self.moments]:
                at = day.replace(hour=moment.hour, minute=moment.minute, second=moment.second, microsecond=0)
                if at > wall and self._there(at.astimezone(ZoneInfo(self.zone))):
                    return at.astimezone(after.tzinfo)
        raise ValueError("nobody is away for sixty days")

    def _there(self, day: datetime) -> bool:
        text = day.date().isoformat()
        return (self.weekends or day.weekday() < 5 or text in self.at_work) and not any(first <= text <= last for first, last in self.away)


@dataclass
class Planned:
    """One Ask that somebody will answer: on which page, in which row of it (the whole page where empty), by which rule."""

    at: datetime
    who: str
    about: str
    """Kind and text: sorts visits the same way in every run (tokens in links differ)."""
    url: str
    row: str
    rule: Rule
    page: Seen
    """As it lies open in the browser: the newest that still asks this."""
    card: Card | None = None
    """Where it was asked by a chat: the newest card."""


@dataclass
class Script:
    """Everybody's rules (the first that fits is used) and habits; `default` is for whoever is not named."""

    rules: Sequence[Rule] = ()
    habits: Mapping[str, Habit] = field(default_factory=dict)
    default: Habit = field(default_factory=Habit)
    seed: int = 1
    turns: Mapping[str, timedelta] = field(default_factory=dict)
    """Word in a row -> how long after the others that row is sent, where an interviewer's time is looked for after it."""

    def rule(self, who: str, kind: str, text: str, now: datetime) -> Rule:
        """What this person does with this Ask, which they read now."""
        return next((rule for rule in self.rules if rule.fits(who, kind, text, now)), Rule())

    def when(self, now: datetime, who: str, kind: str, rule: Rule, text: str = "") -> datetime:
        """When this person answers what this text asks."""
        return self._moment(now, who, kind, rule) + self._turn(kind, text)

    def _turn(self, kind: str, text: str) -> timedelta:
        if kind not in AFTER_IT_A_TIME:
            return timedelta(0)
        return next((wait for word, wait in self.turns.items() if word in text), timedelta(0))

    def _moment(self, now: datetime, who: str, kind: str, rule: Rule) -> datetime:
        if rule.at is not None:
            return max(rule.at, now)
        habit = self.habits.get(who, self.default)
        at = habit.next_moment(now + rule.after, quick=kind in QUICK)
        if not rule.after and kind not in QUICK and self._mood(who, kind) == 0:
            at = habit.next_moment(at, quick=False)
        return at

    def _mood(self, who: str, kind: str) -> int:
        """0 to 3, fixed by seed, person and kind: 0 takes one moment longer."""
        return hashlib.sha256(f"{self.seed}|{who}|{kind}".encode()).digest()[0] % 4


class People:
    """All simulated people of a run; a Crowd for the time-keeper."""

    def __init__(self, sink: str, script: Script, *, patience: float = 60.0, numbers: Mapping[str, str] | None = None) -> None:
        self._script = script
        self.devices = Devices(sink, numbers=numbers or {}, patience=patience)
        self._mails: Counter[tuple[str, str, str]] = Counter()
        self._planned: list[Planned] = []
        self._known: set[tuple[str, str, str]] = set()
        self.answered: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()
        """Answers by channel and way: `mail page`, `sms page`, `feishu button`."""
        self.problems: list[str] = []
        """Forms that were sent back; a person would be puzzled."""

    async def close(self) -> None:
        """Leave."""
        await self.devices.close()

    async def look(self, now: datetime) -> None:
        """Read what is new and decide what to do about each page linked in it."""
        for one in await self.devices.look():
            self._open(now, one, read_page(one.html))

    def next_at(self) -> datetime | None:
        """When the next person acts."""
        return min((plan.at for plan in self._planned), default=None)

    async def act(self, now: datetime, *, one: bool = False) -> int:
        """Everybody whose moment has come (or the first of them), in a fixed order; rows of one page go out together."""
        due = sorted((plan for plan in self._planned if plan.at <= now), key=lambda plan: (plan.at, plan.who, plan.about))
        visits: dict[tuple[str, str, int], list[Planned]] = {}
        for plan in due:
            visits.setdefault((plan.who, plan.url, id(plan.page)), []).append(plan)
        chosen = list(visits.values())[:1] if one else list(visits.values())
        gone = {id(plan) for plans in chosen for plan in plans}
        self._planned = [plan for plan in self._planned if id(plan) not in gone]
        kinds: dict[str, list[list[Planned]]] = {}
        for plans in chosen:
            kinds.setdefault(plans[0].page.kind, []).append(plans)
        await asyncio.gather(*(self._visits(alike, now) for alike in kinds.values()))
        return len(chosen)

    async def _visits(self, alike: Sequence[Sequence[Planned]], now: datetime) -> None:
        """Those of one kind go one after the other: who takes a slot, or answers for both, is the same in every run."""
        for plans in alike:
            await self._visit(plans, now)

    def _open(self, now: datetime, opened: Opened, page: Seen) -> None:
        """A page that was opened; it stays open in the browser until the person answers."""
        if not page.has_form:
            return
        who, url = opened.who, opened.url
        for plan in self._planned:
            if (plan.who, plan.url) == (who, url) and _mine(page, [plan]):
                plan.page, plan.card = page, opened.card
        for row, text in (page.rows or {"": page.text}).items():
            if row and not any(name.startswith(row + ".") for name in page.controls):
                continue
            rule = self._script.rule(who, page.kind, text, now)
            self._mails[who, page.kind, row or url] += 1
            unread = rule.ignore < 0 or self._mails[who, page.kind, row or url] <= rule.ignore
            if unread or (who, url, row) in self._known:
                continue
            self._known.add((who, url, row))
            at = self._script.when(now, who, page.kind, rule, text)
            self._planned.append(Planned(at, who, f"{page.kind} {page.heading} {text[:80]}", url, row, rule, page, opened.card))

    async def _visit(self, plans: Sequence[Planned], now: datetime) -> None:
        """Press the card's button where it has one for this answer; else fill in and send, and once more where the page changed meanwhile."""
        who, url, page = plans[0].who, plans[0].url, plans[0].page
        today = now.astimezone(ZoneInfo(self._script.habits.get(who, self._script.default).zone)).date()
        self.answered[page.kind] += len(plans)
        press = _button(plans, today)
        if plans[0].card is not None and press and await self._pressed(plans[0], press):
            return
        for _ in range(2):
            answer = await self.devices.ask("POST", url, data=_values(page, plans, today))
            after = read_page(answer.text)
            again = after.has_form and 'role="alert"' in answer.text
            if not again:
                break
            page = after
            if not _mine(page, plans):
                again = False  # somebody else answered meanwhile; the page says who
                break
        if again or answer.status_code >= 400:
            self.problems.append(f"{page.kind}: the form came back ({answer.status_code}): {_alert(answer.text)}")
        if any(plan.rule.twice for plan in plans):
            await self.devices.ask("POST", url, data=_values(plans[0].page, plans, today))
        self.ways[f"{plans[0].card.channel if plans[0].card else 'mail'} page"] += len(plans)

    async def _pressed(self, plan: Planned, press: str) -> bool:
        """Press (twice, where the rule says so) and look at the page; False where it still asks: then it is filled in."""
        assert plan.card is not None
        for _ in range(2 if plan.rule.twice else 1):
            status = await self.devices.press(plan.card, press)
            if status >= 400:
                self.problems.append(f"{plan.page.kind}: the button of {plan.card.vendor} came back ({status})")
        plan.page = read_page((await self.devices.ask("GET", plan.url)).text)
        asked = plan.page.has_form and _mine(plan.page, [plan])
        self.ways[f"{plan.card.channel} button"] += not asked
        return not asked


def _mine(page: Seen, plans: Sequence[Planned]) -> bool:
    """Whether the page still asks something of these plans."""
    asked = [name for name, control in page.controls.items() if control.kind != "hidden"]
    return any(not plan.row or name.startswith(plan.row + ".") for plan in plans for name in asked)


def _values(page: Seen, plans: Sequence[Planned], today: date) -> dict[str, str]:
    values = hidden_values(page)
    for plan in plans:
        values |= fill(page, today, dict(plan.rule.answer), only=plan.row)
    return {**values, "do": "go"}


def _button(plans: Sequence[Planned], today: date) -> str:
    """The press of the card's button that says what this person would tick; empty where there is none for it."""
    plan = plans[0]
    choice: Control | None = next((one for one in plan.page.controls.values() if one.kind == "radio"), None)
    if len(plans) > 1 or plan.row or plan.card is None or choice is None or len(plan.card.presses) != len(choice.values):
        return ""
    wanted = fill(plan.page, today, dict(plan.rule.answer)).get(choice.name, "")
    return plan.card.presses[choice.values.index(wanted)] if wanted in choice.values else ""


def _alert(html: str) -> str:
    found = re.search(r'class="err"[^>]*>([^<]+)', html)
    return found[1].strip() if found else ""
