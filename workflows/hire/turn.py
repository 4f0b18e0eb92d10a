"""One turn of the story: a fact meets the state. Rules speak through this; it keeps state and intents in step.

Ids are derived from the causing fact, so a retry, a replay or a second run of the whole demo gives the same ones.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.ask import CloseHow
from shared.contracts.base import derive_id
from shared.contracts.obligation import EndHow

from . import intents as i
from .facts import Fact
from .state import HireState, Interview, Offer, Owed, Step

LIVE = ("screening", "submission", "interviewing", "deciding", "offering", "joining")
"""Stages in which a person waits to hear from us: the silence guard stands."""
ASKLESS = frozenset({"silence_guard"})
"""Duties that nobody is written to about: they act by themselves when due."""
RESULTS = frozenset({"result", "plain_rejection"})
"""Purposes of what tells the candidate how it ended."""
STAYS = frozenset({
    "data_defect", "machine_step", "pause_word", "release_draft", "introduction_claim", "ownership_ruling", "human_review", "right_request"})
"""Duties that go on when the stage is left."""
CANDIDATE_ROLES = frozenset({"candidate", "new_hire"})
CANDIDATE_KINDS = frozenset({
    "interest", "represent_consent", "choose_slot", "offer_answer", "check_consent", "adverse_answer", "resigned", "documents",
    "leaving_certificate", "eve_of_start", "release_others", "standing"})


class Turn:
    """State being changed and the intents so far. `now` is business time of the fact, `at` when it happened."""

    def __init__(self, state: HireState, fact: Fact, now: datetime) -> None:
        self.state, self.fact, self.now, self.at = state, fact, now, fact.at
        self.intents: list[i.Intent] = []
        self._ordinals: Counter[str] = Counter()
        self.spoke = False
        self.replied: Step | None = None
        """The machine step that this fact answers."""

    def derive(self, owner: str, kind: str) -> UUID:
        """The next id of this kind born from the fact."""
        n = self._ordinals[kind]
        self._ordinals[kind] += 1
        return derive_id(owner, kind, self.fact.source, self.fact.id, self.state.hire_id, n)

    def owe(self, kind: str, **fields: Any) -> Owed:
        """Somebody owes something from now on; `opens_at` plans it for later. Fields are those of Owed."""
        new = derive_id("workflows", "obligation", self.fact.source, self.fact.id, self.state.hire_id, kind, self._count(kind))
        ask = None if kind in ASKLESS else derive_id("notification", "ask", new)
        owed = Owed(id=new, kind=kind, ask_id=ask, **{"opened_at": self.at, **fields})
        self.state.owed[str(new)] = owed
        self.intents.append(i.OpenObligation(id=new))
        if owed.opens_at is None:
            self.spoke |= kind in CANDIDATE_KINDS or owed.role in CANDIDATE_ROLES
        return owed

    def _count(self, kind: str) -> int:
        self._ordinals["owe/" + kind] += 1
        return self._ordinals["owe/" + kind] - 1

    def end(self, owed: Owed, how: EndHow, **fields: Any) -> None:
        """It ends; a question still open is closed with it. Fields: reason, late, successor, at."""
        self.state.owed.pop(str(owed.id), None)
        self.state.steps = [step for step in self.state.steps if step.owed_id != owed.id]
        self.intents.append(i.EndObligation(owed=owed, how=how, **{"at": self.at, **fields}))
        asked = owed.status in ("asked", "open") and owed.ask_id is not None
        if asked and how in ("cancelled", "waived") and owed.answer is None:
            self.close_ask(owed, how)
        for call in [call for call in self.state.of_kind("call") if call.params.get("serves_ask") == str(owed.ask_id)]:
            self.end(call, "cancelled", reason="served")

    def close_ask(self, owed: Owed, how: CloseHow, *, wait: bool = False) -> None:
        """Close its question with the arbiter; `wait`: the end comes with `ask.closed`, or the answer was first."""
        assert owed.ask_id is not None
        command = self.derive("workflows", "close_ask")
        self.intents.append(i.CloseAsk(id=command, ask_id=owed.ask_id, how=how))
        if wait:
            owed.closing = how
            self.state.steps.append(Step(id=str(command), name="notification.close_ask", owed_id=owed.id))

    def cancel(self, *kinds: str, reason: str) -> None:
        """End all obligations of these kinds (all kinds where none is named) as no longer needed."""
        for owed in list(self.state.owed.values()):
            if not kinds or owed.kind in kinds:
                if str(owed.id) in self.state.owed:
                    self.end(owed, "cancelled", reason=reason)

    def command(self, name: str, **params: Any) -> UUID:
        """Order a service to do something; a machine step stands until its reply."""
        command = self.derive("workflows", "command")
        self.intents.append(i.Command(id=command, name=name, params=params))
        self.state.steps.append(Step(id=str(command), name=name, params=params))
        return command

    def tell(self, template: str, role: str, **fields: Any) -> None:
        """Say something once. The occasion is by default the fact that is told. Fields are those of Tell."""
        if self.state.erased and role in CANDIDATE_ROLES:
            return
        if not fields.pop("released", False) and role in CANDIDATE_ROLES and self.wants("release_draft"):
            self.owe("release_draft", params={"draft": {
                "template": template, "role": role, "wait": fields.pop("step", None) is not None,
                **{"occasion": f"{self.fact.id}/1", **fields}}})
            return
        fields.setdefault("purpose", template)
        fields.setdefault("occasion", f"{self.fact.id}/1")
        self.intents.append(i.Tell(template=template, role=role, **fields))
        self.spoke |= role in CANDIDATE_ROLES

    def tell_and_wait(self, template: str, role: str, **fields: Any) -> None:
        """Say something whose delivery the story waits for: a machine step until it is known."""
        step = self.derive("workflows", "tell")
        held_back = role in CANDIDATE_ROLES and self.wants("release_draft") and not fields.get("released")
        if fields.get("purpose") in RESULTS:
            self.state.result_occasion = [fields["purpose"], fields.get("occasion", f"{self.fact.id}/1")]
        if not held_back and not (self.state.erased and role in CANDIDATE_ROLES):
            self.state.steps.append(Step(id=str(step), name="notification.tell", params={"template": template}))
        self.tell(template, role, step=step, **fields)

    def wants(self, kind: str) -> bool:
        """Whether the policy asks for duties of this kind beyond the plain story."""
        return kind in self.state.duties

    def emit(self, event: str, **fields: Any) -> None:
        """Publish a fact of ours, e.g. `decision.made`."""
        n = self._ordinals["emit/" + event]
        self._ordinals["emit/" + event] += 1
        self.intents.append(i.Emit(event=event, fields=fields, ordinal=n))

    def call(self, role: str, about: str, **params: Any) -> Owed:
        """A person of ours picks up the telephone (or settles it otherwise) about something coded."""
        serves = params.get("serves_ask")
        for known in self.state.of_kind("call"):
            if known.params.get("about") == about and known.params.get("serves_ask") == serves:
                return known
        return self.owe("call", role=role, params={"about": about, **params})

    def go(self, stage: str, how: str = "advanced") -> None:
        """Leave the stage and enter another; what the old one still owed and nobody needs ends as cancelled."""
        state = self.state
        self.emit("stage.left", stage=state.stage, visit=state.visits.get(state.stage, 1), how=how)
        for owed in list(state.owed.values()):
            if owed.kind not in STAYS and str(owed.id) in state.owed:
                self.end(owed, "cancelled", reason="stage_left")
        state.steps = [step for step in state.steps if step.name == "notification.tell"]
        state.stage = stage
        state.visits[stage] = state.visits.get(stage, 0) + 1
        self.emit("stage.entered", stage=stage, visit=state.visits[stage], policy_version=state.policy)

    def pause(self, reason: str | None) -> None:
        """Net clocks stand still; when it lasts longer than the policy says the candidate is owed a word about it."""
        if self.state.paused_at is None:
            self.state.paused_at = self.at
            self.emit("stage.entered", stage="paused", visit=1, policy_version=self.state.policy)
            self.owe("pause_word", params={"reason": reason, "planned_after": "pause_word_after"})

    def new_interview(self) -> Interview:
        """The appointment of the next attempt of this round; scheduling's id, born from this fact."""
        part = self.state.interview.part if self.state.others and self.state.interview is not None else 0
        self.state.interview = Interview(id=self.derive("scheduling", "interview"), part=part)
        return self.state.interview

    def new_offer(self, by: str) -> Offer:
        """The hire's offer; one id, versions count up."""
        self.state.offer = Offer(id=derive_id("intake", "offer", self.state.hire_id), by=by)
        return self.state.offer

    def guard_silence(self) -> None:
        """Every word to the candidate moves the silence guard; outside the live stages there is none."""
        state = self.state
        live = state.stage in LIVE and not state.closed and state.outcome is None
        standing = state.of_kind("silence_guard")
        if standing and (self.spoke or not live):
            self.cancel("silence_guard", reason="word_said")
            standing = []
        if live and not standing:
            state.last_word_at = self.now
            self.owe("silence_guard", params={"planned_at_due": True}, opened_at=self.now)

    def expect(self, cause: str, name: str, **params: Any) -> None:
        """Another service has to react to what just happened: a machine step until an event with that cause comes."""
        self.state.steps.append(Step(id=cause, name=name, params=params))
