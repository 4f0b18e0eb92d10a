"""A story as tables: (stage, fact) -> rule, kind answered -> rule, kind silent -> rule; and the pure decision by them.

Total on purpose, like the hire's: what a stage does not care about is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from workflows.hire.facts import DUE, Fact
from workflows.hire.intents import Intent
from workflows.hire.state import SEEN, Owed

from . import life
from .state import Subject, held
from .turn import SubjectTurn

Rule = Callable[[SubjectTurn], None]
EndRule = Callable[[SubjectTurn, Owed], None]
R = TypeVar("R", Rule, EndRule)
COMMON = (
    DUE, "ask.answered", "ask.answered_late", "ask.retracted", "ask.closed", "message.delivered", "message.suppressed", "message.failed",
    "message.bounced", "intake.command_refused", "notification.command_refused", "owner.replaced")
"""Facts that every subject may be told."""


class Story:
    """The tables of one kind of subject. `kept`: kinds that outlive a change of stage."""

    def __init__(self, kind: str, *, stages: tuple[str, ...], facts: Iterable[str], kept: Iterable[str] = ()) -> None:
        self.kind, self.stages, self.facts = kind, stages, (*COMMON, *facts)
        self.kept = frozenset({"machine_step", "data_defect", *kept})
        self.table: dict[tuple[str, str], Rule] = {}
        self.answers: dict[str, EndRule] = {"call": life.called, "machine_step": life.mended}
        self.lapses: dict[str, EndRule] = {}
        self.deadlines: dict[str, Callable[[SubjectTurn], None]] = {}
        """Name of a standing step -> what is done when its instant comes; others become `machine_step`."""
        self.mends: dict[str, Callable[[SubjectTurn], None]] = {}
        """Machine steps that are no order of ours -> what follows when operators have mended them."""
        self.after: Rule = lambda turn: None
        for fact, rule in life.ALWAYS.items():
            self.when(fact)(rule)

    def when(self, fact: str, *stages: str) -> Callable[[Rule], Rule]:
        """Register the rule for a fact in these stages (all where none is named); a second rule for a cell is an error."""
        def register(rule: Rule) -> Rule:
            for stage in stages or self.stages:
                if fact not in self.facts or stage not in self.stages or (stage, fact) in self.table:
                    raise ValueError(f"{self.kind}: cell ({stage}, {fact}) is unknown or taken twice")
                self.table[stage, fact] = rule
            return rule
        return register

    def answered(self, *kinds: str) -> Callable[[EndRule], EndRule]:
        """Register what follows when a question of these kinds has its answer."""
        return _ends(self.answers, kinds)

    def lapsed(self, *kinds: str) -> Callable[[EndRule], EndRule]:
        """Register what follows when an obligation of these kinds lapsed."""
        return _ends(self.lapses, kinds)

    def decide(self, state: Subject, fact: Fact) -> tuple[Subject, list[Intent]]:
        """The next state and what has to be done; pure and total; the same fact twice changes nothing."""
        if fact.type != DUE and fact.id in state.seen:
            return state, []
        turn = SubjectTurn(state.fork(), fact, self)
        new = turn.state
        new.step_no += 1
        if fact.type != DUE:
            new.seen = [*new.seen[1 - SEEN:], fact.id]
            life.reply(turn)
        if not new.closed:
            self.table.get((new.stage, fact.type), _recorded)(turn)
        if not new.closed:
            self.after(turn)
        if not held(new):
            turn.owe("machine_step", role="operators", params={"reason": "nobody_held"})
        return new, turn.intents


def _recorded(turn: SubjectTurn) -> None:
    """The fact is known from its step; nothing changes."""


def _ends(table: dict[str, EndRule], kinds: tuple[str, ...]) -> Callable[[EndRule], EndRule]:
    def register(rule: EndRule) -> EndRule:
        for kind in kinds:
            if kind in table:
                raise ValueError(f"kind {kind} has two rules")
            table[kind] = rule
        return rule
    return register
