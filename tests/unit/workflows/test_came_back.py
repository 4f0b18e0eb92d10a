"""A message that came back: the address is mended in any case, somebody calls only where no other channel has it."""

from __future__ import annotations

import pytest

from tests.unit.workflows.paper import asked, began, until_owed


@pytest.mark.parametrize("following", ["sms", None])
def test_what_came_back_opens_a_defect_and_a_call_only_where_it_is_not_on_its_way_again(following: str | None) -> None:
    rehearsal = began(represent_consent=None)
    until_owed(rehearsal, "represent_consent")
    spec = asked(rehearsal, "represent_consent")[0]
    rehearsal._queue.clear()
    said = {"ask_id": str(spec.ask_id), "purpose": "ask", "template": "represent_consent", "reason": "dsn_5.1.1", "next_channel": following}
    rehearsal.tell("message.bounced", said)
    rehearsal.step()
    assert len(rehearsal.state.of_kind("data_defect")) == 1
    assert bool(rehearsal.state.of_kind("call")) is (following is None)
