"""Which fold makes the rows of which scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from .duties import fold_obligation
from .entities import fold_client, fold_person, fold_requisition
from .facts import Fact, Row, Rows, in_order, scope_of
from .hire import fold_hire
from .said import fold_interview, fold_message, fold_offer

FOLDS: dict[str, Callable[[str, Sequence[Fact]], Rows]] = {
    "hire": fold_hire, "obligation": fold_obligation, "message": fold_message, "interview": fold_interview, "offer": fold_offer,
    "requisition": fold_requisition, "client": fold_client, "person": fold_person}
KEYS: dict[str, tuple[str, ...]] = {
    "hires": ("hire_id",), "stages": ("hire_id", "stage", "visit"), "decisions": ("event_id",), "obligations": ("obligation_id",),
    "messages": ("message_id",), "interviews": ("interview_id",), "offers": ("offer_id",), "requisitions": ("requisition_id",),
    "clients": ("client_id",), "parties": ("person_id",)}
"""Projection table -> its key."""


def fold(facts: Iterable[Fact]) -> dict[str, list[Row]]:
    """Rows of every projection that these facts make; all facts of each scope must be among them."""
    scopes: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        scopes[scope_of(fact.subject)].append(fact)
    out: dict[str, list[Row]] = {table: [] for table in KEYS}
    for scope in sorted(scopes):
        kind, _, id_ = scope.partition("/")
        if kind in FOLDS:
            for table, rows in FOLDS[kind](id_, in_order(scopes[scope])).items():
                out[table] += rows
    return out
