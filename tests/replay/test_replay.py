"""Histories of hires that really ran, replayed with the present code: a change that would break a running hire fails here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from workflows.hire.workflow import Hire

CORPUS = sorted((Path(__file__).parent / "histories").glob("*.json"))
STAGES = {"screening", "submission", "interviewing", "deciding", "offering", "joining", "settling"}


def read(path: Path) -> tuple[str, dict[str, Any]]:
    """Workflow id and history."""
    value = json.loads(path.read_text())
    return value["id"], value["history"]


def test_corpus_when_listed_then_every_stage_is_in_it() -> None:
    assert {*STAGES, "closed"} <= {path.name.split("-")[0] for path in CORPUS}


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
async def test_history_when_replayed_then_the_present_code_makes_the_same_commands(path: Path) -> None:
    workflow_id, history = read(path)
    replayer = Replayer(workflows=[Hire], data_converter=pydantic_data_converter)
    result = await replayer.replay_workflow(WorkflowHistory.from_json(workflow_id, history), raise_on_replay_failure=False)
    assert result.replay_failure is None, str(result.replay_failure)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_history_when_read_then_no_personal_data_stands_in_it(path: Path) -> None:
    text = "".join(_payloads(read(path)[1]))
    assert "@" not in text, "no mail address"
    assert not re.search(r"[\u4e00-\u9fff]", text), "no Chinese name"
    assert not re.search(r"\+\d{8,}", text), "no telephone number"
    assert "box" not in text, "no sealed document either"


def _payloads(value: Any) -> list[str]:
    """All payloads of a history, decoded."""
    import base64

    if isinstance(value, dict):
        own = [base64.b64decode(value["data"]).decode(errors="replace")] if isinstance(value.get("data"), str) and "metadata" in value else []
        return own + [text for one in value.values() for text in _payloads(one)]
    return [text for one in value for text in _payloads(one)] if isinstance(value, list) else []
