"""The short form of `make chaos`: four hires, each process killed once, the same books."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.books import differences
from tests.chaos.outage import outage
from tests.chaos.run import EVERY_PROCESS, WAKES_OF_A_HIRE, Killer, side_by_side
from tests.support.engines import clean_environment

HIRES = 4
SHORT = ("scheduling", "worker", "notification", "bridge", "reporting", "temporal", "postgres", "kafka")


@pytest.mark.timeout(900)
async def test_books_when_processes_are_killed_then_same_as_without(tmp_path: Path) -> None:
    clean_environment()
    killer = Killer(("intake", "screening"), SHORT, every=HIRES * WAKES_OF_A_HIRE // (len(SHORT) + 1))
    quiet, hurt = await side_by_side(tmp_path, HIRES, killer)
    assert set(hurt.killed) == set(EVERY_PROCESS)
    assert len(set(quiet.ledger.outcomes().values())) > 2, "hires that all end alike would hide a difference"
    assert differences(quiet, hurt) == []


@pytest.mark.timeout(900)
async def test_temporal_when_away_then_pages_answer_and_applications_are_screened(tmp_path: Path) -> None:
    clean_environment()
    assert await outage(tmp_path / "away", hires=6, seconds=5.0, first=1) == []
