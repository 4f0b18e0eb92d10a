"""One day of the story, as the last screen, the report and `--json` show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Day:
    """When, what really happened (empty: it did not go as it should), the command that proves it."""

    when: str
    line: str
    proof: str
