"""`python -m workflows.hire.interruptions`: what happens in which stage when something breaks in, read from `decide`'s own table.

The block it prints stands in ARCHITECTURE.md; a test compares the two and walks every cell.
"""

from __future__ import annotations

from . import decide  # noqa: F401  (loads and completes the table)
from .table import STAGES, TABLE

INTERRUPTIONS: tuple[tuple[str, str], ...] = (
    ("the candidate withdraws", "application.ended"), ("... told to an operator", "act.withdraw"), ("the company rejects", "act.close"),
    ("un-reject", "act.unreject"), ("un-hire", "act.unhire"), ("requisition paused", "requisition.held"), ("... this hire alone", "act.pause"),
    ("requisition resumed", "requisition.continued"), ("... this hire alone", "act.resume"), ("requisition changed", "requisition.updated"),
    ("requisition closed, or filled by another", "requisition.ended"), ("owner replaced", "owner.replaced"),
    ("one duty given on", "act.reassign"), ("one duty waived", "act.waive"), ("somebody absent", "interviewer.away"),
    ("something else over an interview", "interview.conflicted"), ("new zone rules or holidays", "interview.touched"),
    ("a calendar can't be read", "calendar.failed"), ("an invitation answered", "invitation.answered"),
    ("person in two hires", "twin.noted"), ("acceptance elsewhere", "other.accepted"), ("person merged", "person.merged"),
    ("person erased", "person.erased"), ("double answer", "ask.answered"), ("late answer", "ask.answered_late"))
"""What breaks in -> the row of the table that it meets."""
BEGIN, END = "<!-- interruptions: python -m workflows.hire.interruptions -->", "<!-- /interruptions -->"


def rule_name(stage: str, fact: str) -> str:
    """The rule of a cell, in words."""
    return TABLE[stage, fact].__name__.strip("_").replace("_", " ")


def block() -> str:
    """The table and the meaning of its rules, as Markdown."""
    lines = [BEGIN, "| | " + " | ".join(STAGES) + " |", "|---" * (len(STAGES) + 1) + "|"]
    said: dict[str, str] = {}
    for name, fact in INTERRUPTIONS:
        lines.append(f"| {name} | " + " | ".join(rule_name(stage, fact) for stage in STAGES) + " |")
        for stage in STAGES:
            said.setdefault(rule_name(stage, fact), (TABLE[stage, fact].__doc__ or "").strip().splitlines()[0])
    lines += ["", *(f"- *{name}*: {meaning}" for name, meaning in said.items()), END]
    return "\n".join(lines)


if __name__ == "__main__":
    print(block())
