"""Requisitions, accounts, persons in the pool and the house on paper: production's decision and resolution, people that answer as told."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.ask import AskCommand, AskSpec, CloseAsk
from shared.contracts.base import derive_id
from shared.contracts.notification import Tell
from shared.contracts.requisition import MoveRequisition
from workflows.hire.decide import due_by, next_due
from workflows.hire.facts import Fact
from workflows.hire.printer import paper_directory
from workflows.hire.resolution import take_in
from workflows.resolve import Outgoing
from workflows.subject.resolve import resolve_subject
from workflows.subject.state import Subject, dump, held
from workflows.subject.stories import load, story_of
from workflows.subject.world import World

BEGIN = datetime(2026, 9, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENDS = ("met", "waived", "transferred", "lapsed", "cancelled")
REPLIES = {"confirmed": "requisition.confirmed", "open": "requisition.opened", "closed": "requisition.ended", "apply": "requisition.updated",
           "drop": "requisition.updated"}


def paper_world(policy: Any = None) -> World:
    """The small firm of the paper hire."""
    known = paper_directory("agency-cn")
    return World(policy or known.policy, known.requisition, known.client, known.people)


@dataclass
class Paper:
    """One subject, its world and its clock; `answers`: kind -> clear answer, None (never), or a list of these."""

    state: Subject
    world: World
    answers: dict[str, Any] = field(default_factory=dict)
    now: datetime = BEGIN
    log: list[Outgoing] = field(default_factory=list)
    asks: dict[UUID, str] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    _queue: list[tuple[datetime, int, Fact]] = field(default_factory=list)
    _n: int = 0

    def tell(self, kind: str, data: dict[str, Any] | None = None, *, after: timedelta = timedelta(0), cause: str = "") -> None:
        """A fact comes up after a while."""
        self._n += 1
        when = self.now + after
        fact = Fact(id=str(derive_id("paper", "fact", self.state.id, self._n, kind)), source="paper", type=kind, at=when, now=when, cause=cause,
                    data=data or {})
        heapq.heappush(self._queue, (when, self._n, fact))

    def take(self, fact: Fact) -> None:
        """One turn, with what must hold after each."""
        state, intents = story_of(self.state).decide(self.state, fact)
        if state.step_no == self.state.step_no:
            return
        result = resolve_subject(state, intents, self.world, at=fact.at, now=self.now)
        self.state = take_in(state, result.found)  # type: ignore[type-var]
        assert held(self.state), f"{fact.type} in {self.state.stage}: nobody holds the baton"
        assert load(dump(self.state)) == self.state, "the stored row is enough to begin again"
        self.log += result.out
        for sent in result.out:
            self._react(sent)

    def step(self) -> bool:
        """The next instant at which something happens; False when nothing ever will."""
        due = next_due(self.state)  # type: ignore[arg-type]
        if self._queue and (due is None or self._queue[0][0] <= due.at):
            at, _, fact = heapq.heappop(self._queue)
            self.now = max(self.now, at)
            if fact.type == "ask.answered":
                if self.asks.get(UUID(fact.get("ask_id"))) != "open":
                    return True
                self.asks[UUID(fact.get("ask_id"))] = "answered"
            self.take(fact)
            return True
        if due is None:
            return False
        self.now = max(self.now, due.at)
        chosen = due_by(self.state, self.now)  # type: ignore[arg-type]
        assert chosen is not None
        self.take(chosen.fact(self.state.id))
        return True

    def run(self, days: float) -> Paper:
        """Play for so many days, or until it is over."""
        until = self.now + timedelta(days=days)
        for _ in range(3_000):
            due = next_due(self.state)  # type: ignore[arg-type]
            nexts = [self._queue[0][0]] if self._queue else []
            nexts += [due.at] if due else []
            if self.state.closed or not nexts or min(nexts) > until:
                self.now = max(self.now, min(until, *(nexts or [until])))
                return self
            self.step()
        raise AssertionError(f"no end: {self.state.stage} {[one.kind for one in self.state.owed.values()]}")

    def answer(self, kind: str, clear: dict[str, Any], *, after: timedelta = HOUR) -> None:
        """Somebody answers the open question of this kind."""
        owed = next(one for one in self.state.owed.values() if one.kind == kind and one.status in ("asked", "open"))
        self._answered(owed.ask_id, kind, clear, after)  # type: ignore[arg-type]

    def said(self, name: str) -> list[Any]:
        """Bodies of this wire name."""
        return [sent.body for sent in self.log if sent.body.TYPE == "baton." + name]

    def questions(self, kind: str) -> list[AskSpec]:
        """All questions of this kind, in order."""
        return [sent.body.spec for sent in self.log if isinstance(sent.body, AskCommand) and sent.body.spec.kind == kind]

    def told(self, template: str) -> list[Any]:
        """All messages of this template."""
        return [sent.body.message for sent in self.log if isinstance(sent.body, Tell) and sent.body.message.template == template]

    def _react(self, sent: Outgoing) -> None:
        body, cause = sent.body, str(sent.event_id)
        if isinstance(body, AskCommand):
            self.asks.setdefault(body.ask_id, "open")
            self.tell("message.delivered", {"ask_id": str(body.ask_id), "purpose": "ask", "template": body.spec.kind}, cause=cause)
            idea = self.answers.get(body.spec.kind)
            if isinstance(idea, list):
                idea = idea[min(self.asked[body.spec.kind], len(idea) - 1)]
            self.asked[body.spec.kind] += 1
            if idea is not None:
                self._answered(body.ask_id, body.spec.kind, idea, 2 * HOUR)
        elif isinstance(body, CloseAsk) and self.asks.get(body.ask_id) == "open":
            self.asks[body.ask_id] = "closed"
            self.tell("ask.closed", {"ask_id": str(body.ask_id), "how": body.how}, cause=cause)
        elif isinstance(body, MoveRequisition):
            self.tell(REPLIES[body.to], {"version": body.version, "reason": body.reason, "text_hash": body.text_hash}, cause=cause)

    def _answered(self, ask_id: UUID, kind: str, clear: dict[str, Any], after: timedelta) -> None:
        at = (self.now + after).isoformat()
        self.tell("ask.answered", {"ask_id": str(ask_id), "kind": kind, "clear": clear, "answered_at": at, "final_at": at,
                                   "by": str(derive_id("paper", "answerer", kind))}, after=after)


def check(paper: Paper) -> None:
    """What holds for every subject at every moment."""
    opened = Counter(body.obligation_id for body in paper.said("obligation.opened"))
    ended = Counter(body.obligation_id for how in ENDS for body in paper.said("obligation." + how))
    assert max([*opened.values(), *ended.values()], default=1) == 1, "each obligation is opened once and ends once"
    in_being = {owed.id for owed in paper.state.owed.values() if owed.status == "open"}
    assert set(opened) == set(ended) | in_being, "opened = ended + open"
    ids = Counter(sent.event_id for sent in paper.log if sent.event_id)
    assert max(ids.values(), default=1) == 1, "a command's id is used once"
    nobody = [spec for spec in paper.questions("machine_step") if spec.params.get("reason") == "nobody_held"]
    assert not nobody, "a gap in the table"
    assert len(paper.state.model_dump_json()) <= 16_384
