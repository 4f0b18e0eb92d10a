"""The story as three tables: (stage, fact) -> rule, kind answered -> rule, kind silent -> rule.

Total on purpose: what a stage does not care about stands here as `recorded`, so that nothing is forgotten by accident.
"""

from __future__ import annotations

from collections.abc import Callable

from .facts import FACT_TYPES
from .state import Owed
from .turn import Turn

STAGES: tuple[str, ...] = ("screening", "submission", "interviewing", "deciding", "offering", "joining", "settling", "closed")
Rule = Callable[[Turn], None]
EndRule = Callable[[Turn, Owed], None]


def recorded(turn: Turn) -> None:
    """The fact is known from its step; nothing changes."""


TABLE: dict[tuple[str, str], Rule] = {}
ANSWERED: dict[str, EndRule] = {}
LAPSED: dict[str, EndRule] = {}


def when(fact_type: str, *stages: str) -> Callable[[Rule], Rule]:
    """Register the rule for a fact in these stages (all stages where none is named); a second rule for a cell is an error."""
    def register(rule: Rule) -> Rule:
        for stage in stages or STAGES:
            if fact_type not in FACT_TYPES or stage not in STAGES or (stage, fact_type) in TABLE:
                raise ValueError(f"cell ({stage}, {fact_type}) is unknown or taken twice")
            TABLE[stage, fact_type] = rule
        return rule
    return register


def answered(*kinds: str) -> Callable[[EndRule], EndRule]:
    """Register what follows when a question of these kinds has its answer (`owed.answer` holds it)."""
    return _ends(ANSWERED, kinds)


def lapsed(*kinds: str) -> Callable[[EndRule], EndRule]:
    """Register what follows when an obligation of these kinds lapsed."""
    return _ends(LAPSED, kinds)


def _ends(table: dict[str, EndRule], kinds: tuple[str, ...]) -> Callable[[EndRule], EndRule]:
    def register(rule: EndRule) -> EndRule:
        for kind in kinds:
            if kind in table:
                raise ValueError(f"kind {kind} has two rules")
            table[kind] = rule
        return rule
    return register


def complete() -> None:
    """Fill every cell that no rule claimed with `recorded`; called once, after all stages are imported."""
    for stage in STAGES:
        for fact_type in FACT_TYPES:
            TABLE.setdefault((stage, fact_type), recorded)
