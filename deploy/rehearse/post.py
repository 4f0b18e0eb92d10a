"""From what is written to what is sent: windows, digests and budgets of each reader, and what is no longer true by then.

The rules are those of notification's sender, told here without its database; words come from the same registries.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from deploy.rehearse.world import Setting, directory_of, figure, names, rehearsed
from services.notification import asks as registry
from services.notification.asks.sample import sample_scene
from services.notification.look.scene import Meeting, Scene
from services.notification.tells import TELLS
from shared.contracts.ask import AskCommand
from shared.contracts.notification import MessageSpec, Tell
from shared.policy.calendar import WorkingCalendar
from shared.policy.loader import load_calendar
from shared.policy.sending import send_after
from shared.policy.wall import instant_of
from workflows.rehearsal import Rehearsal
from workflows.rows import RECEIPTS

ENDS = ("met", "waived", "transferred", "lapsed", "cancelled")
BUDGETS = {"client": "client_contact", "candidate": "candidate", "new_hire": "candidate", "staff": "staff"}
ZH = "CN"


@dataclass(frozen=True)
class Said:
    """One message: when it leaves, to whom, what it is, its words."""

    at: datetime
    to: str
    purpose: str
    template: str
    subject: str
    lines: tuple[str, ...]
    due_at: datetime | None = None
    held: bool = False
    """It was written earlier and waited for a window, a digest or a budget."""


@dataclass(frozen=True)
class Story:
    """Everything that a rehearsal says."""

    setting: Setting
    said: tuple[Said, ...]
    untrue: int
    """Written, and no longer true when they could have left: never sent."""
    stage: str
    outcome: str | None
    began: datetime
    ended: datetime


def play(setting: Setting) -> Story:
    """Rehearse: what everybody gets, in the order of leaving."""
    office = _Office(setting)
    play = rehearsed(setting, office.directory, office.leaves)
    began = play.log[0].at if play.log else play.now
    office.note_ends(play)
    said, untrue = [], 0
    receipt = RECEIPTS.get(setting.origin)
    if receipt in TELLS:
        party = {"person_id": figure("candidate"), "role": "candidate"}
        spec = MessageSpec.model_validate({"message_id": figure("receipt"), "party": party, "purpose": "receipt", "occasion": "receipt/1", "template": receipt, "owed": True})
        said.append(office.post(spec, began, None))
    for sent in play.log:
        if not isinstance(sent.body, AskCommand | Tell):
            continue
        due = sent.body.spec.due_at if isinstance(sent.body, AskCommand) else None
        made = office.post(sent.body.message, sent.at, due)
        if office.untrue(sent.body.message, made.at):
            untrue += 1
        else:
            said.append(made)
    until = began + timedelta(days=setting.days)
    # what leaves in one minute with the same words is one mail
    bundled = {(one.at, one.to, one.purpose, one.template, one.lines, one.due_at): one for one in said if one.at <= until}
    shown = sorted(bundled.values(), key=lambda one: (one.at, one.to))
    return Story(setting, tuple(shown), untrue, play.state.stage, play.state.outcome, began, min(play.now, until))


class _Office:
    """Sends one after the other, as the sender would."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.policy, self.directory = setting, setting.policy, directory_of(setting)
        self.wall: WorkingCalendar = load_calendar(setting.policy.calendar).in_zone(setting.policy.zone)
        self.names = names()
        self._counted: Counter[tuple[str, str, Any]] = Counter()
        self._ended: dict[UUID, datetime] = {}
        self._left: dict[UUID, datetime] = {}

    def note_ends(self, play: Rehearsal) -> None:
        """Learn when each question ended: what is about it is untrue afterwards."""
        for sent in play.log:
            if sent.body.TYPE.removeprefix("baton.obligation.") in ENDS and getattr(sent.body, "ask_id", None):
                self._ended[sent.body.ask_id] = sent.body.ended_at  # type: ignore[attr-defined]

    def untrue(self, spec: MessageSpec, at: datetime) -> bool:
        """Whether the question that it is about has ended by then."""
        about = [guard.ask_id for guard in spec.guards if guard.guard == "ask_open"]
        return any(self._ended.get(ask, at) < at for ask in about)

    def post(self, spec: MessageSpec, written: datetime, due_at: datetime | None) -> Said:
        """The message as it leaves."""
        at = self.leaves(spec, written)
        scene = self._scene(spec, at, due_at)
        if registry.is_kind(spec.template):
            kind = registry.kind_of(spec.template)
            subject, lines = kind.subject(scene), (kind.heading(scene), *kind.leads(scene))
        else:
            told = TELLS[spec.template]
            subject, lines = told.subject(scene), told.leads(scene)
        to = self.names.get(spec.party.person_id or figure("nobody"), "operators")
        return Said(at, to, spec.purpose, spec.template, subject, lines, due_at, at > written)

    def _class(self, spec: MessageSpec) -> str:
        record = self.directory.people.get(spec.party.person_id or figure("nobody"))
        return "candidate" if spec.party.role == "candidate" else "new_hire" if spec.party.role == "new_hire" else record.party_class if record else "staff"

    def _budget(self, spec: MessageSpec) -> str:
        asked_of = registry.kind_of(spec.template).audience if registry.is_kind(spec.template) else ""
        return "interviewer" if "interviewer" in (spec.party.role, asked_of) else BUDGETS.get(self._class(spec), "staff")

    def _window(self, spec: MessageSpec, start: datetime) -> datetime:
        told = TELLS.get(spec.template)
        return send_after(
            self.policy, "mail", recipient_zone=self.policy.zone, calendar=self.wall, party_class=self._class(spec), instant=start,  # type: ignore[arg-type]
            urgent=spec.urgent or (told is not None and told.urgent), bad_news=told is not None and told.bad_news)

    def leaves(self, spec: MessageSpec, written: datetime) -> datetime:
        """When this message leaves, decided once."""
        if spec.message_id not in self._left:
            self._left[spec.message_id] = self._leaving(spec, written)
        return self._left[spec.message_id]

    def _leaving(self, spec: MessageSpec, written: datetime) -> datetime:
        at = self._window(spec, written)
        budget = self.policy.budgets.get(self._budget(spec))
        if spec.owed or spec.urgent or budget is None:
            return at
        if budget.digest and (spec.purpose != "ask" or self._class(spec) != "staff"):
            digest = self._window(spec, self._next_digest(at, budget.digest))
            at = digest if spec.purpose != "ask" else max(at, min(digest, self._window(spec, written + timedelta(days=1))))
        if budget.per_day is None or budget.per_day == 0:
            return at
        key, what = str(spec.party.person_id or spec.party.role), "ask" if spec.purpose == "ask" else "all"
        tries = 1 if spec.purpose == "ask" else 30
        while self._counted[key, what, self.wall.local(at).date()] >= budget.per_day and tries:
            tomorrow = self.wall.local(at).date() + timedelta(days=1)
            at, tries = self._window(spec, instant_of(tomorrow, time(), self.wall.zone)), tries - 1
        for name in {what, "all"}:
            self._counted[key, name, self.wall.local(at).date()] += 1
        return at

    def _next_digest(self, at: datetime, clock: str) -> datetime:
        day = self.wall.step(self.wall.local(at).date(), 0)
        said = instant_of(day, time.fromisoformat(clock), self.wall.zone)
        return said if said >= at else instant_of(self.wall.step(day, 1), time.fromisoformat(clock), self.wall.zone)

    def _scene(self, spec: MessageSpec, at: datetime, due_at: datetime | None) -> Scene:
        told = TELLS.get(spec.template)
        audience = told.audience if told else registry.kind_of(spec.template).audience
        lang = "zh" if self.policy.calendar == ZH else "en"
        scene = sample_scene("choose_slot" if told else spec.template, audience, lang, self.policy.zone)
        params = {**scene.params, **{name: str(value) for name, value in spec.params.items() if isinstance(value, str | int)}}
        starts = spec.params.get("starts_at")
        start = datetime.fromisoformat(str(starts)) if starts else at + timedelta(days=1)
        meeting = Meeting(start, start + timedelta(hours=1), "", "video", "", int(spec.params.get("round") or 1))
        return replace(scene, now=at, opened_at=at, due_at=due_at, meeting=meeting, params=params)
