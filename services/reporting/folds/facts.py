"""A fact as the archive holds it, and which facts one row is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Table name -> rows, values as JSON has them."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One archived event: `at` when it happened, RFC 3339; `body` as published."""

    id: str
    source: str
    type: str
    subject: str
    sequence: int
    at: str
    policy: str
    body: dict[str, Any]


def scope_of(subject: str) -> str:
    """Facts of an application and of its hire make the same rows (both have one id); everything else stands by its subject."""
    kind, _, id_ = subject.partition("/")
    return f"hire/{id_}" if kind == "application" else subject


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """The order in which each owner told them: by (source, subject, sequence). Order across owners means nothing."""
    return sorted(facts, key=lambda f: (f.source, f.subject, f.sequence, f.id))


def last(facts: Sequence[Fact], *names: str) -> Fact | None:
    """The newest fact of these types."""
    return next((f for f in reversed(facts) if f.type in names), None)


def first(facts: Sequence[Fact], *names: str) -> Fact | None:
    """The oldest fact of these types."""
    return next((f for f in facts if f.type in names), None)
