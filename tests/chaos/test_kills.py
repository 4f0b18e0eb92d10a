"""The short form of `make chaos`: six hires, a few kills, the same books."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.outage import outage
from tests.chaos.run import Killer, differences, run
from tests.support.engines import clean_environment

HIRES = 6
SHORT = ("worker", "notification", "bridge", "temporal", "postgres", "kafka")


@pytest.mark.soak
@pytest.mark.timeout(1500)
async def test_books_when_processes_are_killed_then_same_as_without(tmp_path: Path) -> None:
    clean_environment()
    quiet = await run(tmp_path / "quiet", HIRES, lambda stack: Killer(stack, (), (), every=1))
    hurt = await run(tmp_path / "killed", HIRES, lambda stack: Killer(stack, ("intake", "screening"), SHORT, every=max(1, quiet.wakes // 8)))
    assert len(hurt.killed) == 8
    assert differences(quiet, hurt) == []


@pytest.mark.timeout(900)
async def test_temporal_when_away_then_pages_answer_and_applications_are_screened(tmp_path: Path) -> None:
    clean_environment()
    assert await outage(tmp_path / "away", hires=6, seconds=8.0) == []
