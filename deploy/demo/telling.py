"""How the story asks the ledger: facts by the names of the cast, instants on Shanghai's wall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deploy.demo.ledger import Fact, Ledger
from deploy.demo.result import name_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Told:
    """The ledger seen by the names of the cast. `outside`: what publishers and a mail gateway counted on their own side."""

    def __init__(self, ledger: Ledger, whynot: str = "", outside: Mapping[str, int] | None = None) -> None:
        self.ledger, self.whynot, self.outside = ledger, whynot, outside or {}
        self._hires = {name_of(body): hire for hire, body in ledger.hires().items()}
        self.persons = {str(fact.body["person_id"]): fact.body for fact in ledger.of("person.recorded")}

    def hire(self, name: str) -> str:
        """The hire of this candidate; empty where there is none."""
        return str(self._hires.get(name, ""))

    def of(self, name: str, *types: str, **fields: Any) -> list[Fact]:
        """Facts of these types about this candidate's hire with these fields."""
        return _with((fact for fact in self.ledger.of(*types) if fact.body.get("hire_id") == self.hire(name)), fields)

    def any(self, *types: str, **fields: Any) -> list[Fact]:
        """Facts of these types with these fields."""
        return _with(self.ledger.of(*types), fields)

    def requisition(self, code: str) -> str:
        """The requisition's id."""
        return next((str(fact.body["requisition_id"]) for fact in self.ledger.of("requisition.recorded") if fact.body.get("code") == code), "")


def _with(facts: Iterable[Fact], fields: dict[str, Any]) -> list[Fact]:
    found = [fact for fact in facts if all(fact.body.get(name) == value for name, value in fields.items())]
    return sorted(found, key=lambda fact: (fact.time, fact.sequence))


def at(fact_or_text: Fact | str) -> datetime:
    """An instant on Shanghai's wall."""
    text = fact_or_text.time if isinstance(fact_or_text, Fact) else fact_or_text
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def clock(fact_or_text: Fact | str) -> str:
    """`Fri 9 Oct 19:42`."""
    found = at(fact_or_text)
    return f"{found:%a} {found.day} {found:%b %H:%M}"


def day_of(fact_or_text: Fact | str) -> str:
    """`2026-10-10`, on Shanghai's wall."""
    return at(fact_or_text).date().isoformat()


def together(facts: Iterable[Fact]) -> list[list[Fact]]:
    """Answers by whoever gave them and the minute they came in: those of one page; the fullest page first."""
    pages: dict[tuple[Any, datetime], list[Fact]] = {}
    for one in facts:
        pages.setdefault((one.body["answer"].get("by"), at(one).replace(second=0, microsecond=0)), []).append(one)
    return sorted(pages.values(), key=len, reverse=True)
