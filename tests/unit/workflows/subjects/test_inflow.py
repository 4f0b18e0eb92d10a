"""What a hire's step tells others, read from samples of every class that is told: each has what is needed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shared.contracts.envelope import Envelope
from shared.contracts.samples import sample_body
from workflows.subject import facts

AT = datetime(2026, 9, 2, tzinfo=UTC)


@pytest.mark.parametrize("cls", facts.TOLD, ids=lambda cls: cls.__name__)
def test_each_fact_of_a_hire_finds_whom_it_concerns(cls: type) -> None:
    requisition = uuid4()
    told = facts.told_by_hire(sample_body(cls), requisition, step=3, at=AT)
    assert len(told) == 1 and told[0][0] in ("requisition", "client", "nurture")
    assert told[0][0] != "requisition" or told[0][1] == requisition
    assert told == facts.told_by_hire(sample_body(cls), requisition, step=3, at=AT), "the same step tells the same facts"


@pytest.mark.parametrize("cls", [*facts.FIELDS, *facts.BY_REF], ids=lambda cls: cls.__name__)
def test_each_event_for_a_subject_becomes_a_small_fact(cls: type) -> None:
    body = sample_body(cls)
    fact = facts.fact_of(body, Envelope(id="e", source="s", type=cls.TYPE, data=b"", time=AT))
    assert fact.type == cls.TYPE.removeprefix("baton.") and fact.at == AT
    assert "box" not in fact.model_dump_json(), "nothing sealed enters a workflow"
