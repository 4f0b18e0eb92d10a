"""Answers against closings at the same moment: one end, and the page says the same as the events (agreements.md 3)."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from deploy.demo.browser import hidden_values
from shared.contracts.ask import CloseAsk
from tests.support.notices import Bureau

ROUNDS = 500 if os.environ.get("BATON_SOAK") else 25


@pytest.fixture
async def bureau(house: dict[str, str]) -> AsyncIterator[Bureau]:
    """A clean notification service and its usual world on Monday 28 September 2026."""
    made = Bureau(house)
    await made.empty()
    await made.clock("2026-09-28T10:00:00")
    await made.settle()
    yield made
    await made.close()


@pytest.mark.parametrize("how", ["lapsed", "cancelled", "transferred"])
async def test_accept_against_closing_ends_once_and_page_equals_events(bureau: Bureau, how: str) -> None:
    dice, ends = random.Random(how), {"answered": 0, "closed": 0}
    for _ in range(ROUNDS // 3 + 1):
        async with bureau.db.unit() as uow:
            await uow.run("truncate outbox")
        ask = bureau.ask("offer_answer", bureau.world.candidate, "candidate", due_at=datetime(2026, 10, 10, 12, tzinfo=UTC))
        await bureau.tell(ask)
        await bureau.sender.turn()
        path = (await bureau.link_for("lin")).partition("?")[0]
        page, _ = await bureau.open(path)
        values = {**hidden_values(page), "decision": "accept", "do": "go"}

        async def accept(path: str = path, values: dict[str, str] = values) -> str:
            await asyncio.sleep(dice.random() * 0.01)
            return (await bureau.post(path, values))[0].heading

        async def close(ask_id=ask.ask_id) -> None:  # noqa: ANN001
            await asyncio.sleep(dice.random() * 0.01)
            await bureau.tell(CloseAsk(ask_id=ask_id, hire_id=bureau.world.hire, how=how))  # type: ignore[arg-type]

        heading, _, heading_again = await asyncio.gather(accept(), close(), accept())
        answered, closed, late = [len(await bureau.said(name)) for name in ("ask.answered", "ask.closed", "ask.answered_late")]
        assert answered + closed == 1 and late <= 1
        shown, _ = await bureau.open(path)
        assert (shown.heading == "你已经答复了") == (answered == 1), (heading, heading_again, shown.heading)
        ends["answered" if answered else "closed"] += 1
    assert sum(ends.values()) == ROUNDS // 3 + 1
