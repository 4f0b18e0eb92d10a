"""The next version of an offer names what differs from the one before, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.commands import _revised

START = datetime(2026, 11, 16, 1, tzinfo=UTC)
TERMS = {"base_salary": 38000, "months": 12, "location": "上海临港", "changed": ["months"], "note": ""}


@pytest.mark.parametrize(("said", "changed"), [
    ({"base": "46000", "start_at": "2026-11-16T09:00:00+08:00"}, ["base_salary"]),
    ({"base": "38,000"}, []),
    ({"start_at": "2026-11-23T09:00:00+08:00"}, ["start_at"]),
    ({"months": "14", "base": "40000"}, ["base_salary", "months"]),
], ids=["same first day", "same pay", "another first day", "two terms"])
def test_version_when_revised_then_only_what_differs_is_named(said: dict[str, Any], changed: list[str]) -> None:
    terms, begins = _revised(TERMS, said, START)
    assert terms["changed"] == changed
    assert datetime.fromisoformat(str(begins)) >= START
