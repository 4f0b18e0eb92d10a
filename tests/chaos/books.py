"""What a run left behind, compared with what another one left, and kept where somebody can look for the cause of a difference."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.demo.ledger import Ledger

SHOWN = 20
"""Rows told of each side: the earliest ones, what follows is mostly their consequence."""


@dataclass
class Books:
    """What one run left behind."""

    ledger: Ledger
    mails: list[str]
    verify: dict[str, Any]
    problems: list[str]
    killed: list[str]
    spared: list[str]
    seconds: float

    @property
    def digest(self) -> str:
        """The same for equal runs."""
        return self.ledger.digest()


    def keep(self, file: Path) -> None:
        """Write every fact there, one a line, in order of business time."""
        facts = sorted(self.ledger.facts, key=lambda fact: (fact.time, fact.subject, fact.sequence))
        file.write_text("".join(json.dumps(asdict(fact), ensure_ascii=False, default=str) + "\n" for fact in facts), encoding="utf-8")


def differences(quiet: Books, disturbed: Books) -> list[str]:
    """What is not as it should be; empty when the kills left no trace."""
    wrong = [f"{name} was to be killed and was not" for name in disturbed.spared]
    ours, theirs = set(quiet.ledger.rows()), set(disturbed.ledger.rows())
    wrong += [f"only without kills: {row}" for row in _earliest(ours - theirs)] + [f"only with kills: {row}" for row in _earliest(theirs - ours)]
    for name, books in (("without kills", quiet), ("with kills", disturbed)):
        counts, ids = books.ledger.obligations(), books.ledger.messages()[1]
        wrong += [f"{name}: {counts[what]} obligations {what}" for what in ("open", "ended_twice", "never_opened") if counts[what]]
        wrong += [f"{name}: {n} message ids for {key}" for key, n in ids.items() if n > 1]
        wrong += [f"{name}: gap in {gap}" for gap in books.ledger.gaps()[:5]]
        wrong += [f"{name}: verify: {finding}" for finding in books.verify.get("violations", [])]
        wrong += [f"{name}: {problem}" for problem in books.problems]
    lost, extra = set(quiet.mails) - set(disturbed.mails), set(disturbed.mails) - set(quiet.mails)
    if lost or extra:
        wrong.append(f"mails: {len(lost)} only without kills {sorted(lost)[:3]}, {len(extra)} only with {sorted(extra)[:3]}")
    return wrong


def _earliest(rows: set[str]) -> list[str]:
    """The first ones by business time, which is the last word of a row."""
    return sorted(rows, key=lambda row: (row.rpartition(" ")[2], row))[:SHOWN]
