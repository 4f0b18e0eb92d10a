"""Lanes store batches side by side, each partition's in order, and wait where they are full."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from shared.runtime import bus
from shared.runtime.bus import Lanes


@pytest.fixture(autouse=True)
def every_batch_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "WORTH_LANES", 1)


def records(partition: int, *offsets: int) -> list[Any]:
    return [SimpleNamespace(partition=partition, offset=offset) for offset in offsets]


class Shop:
    """Stores when it is let; remembers what was stored, in order."""

    def __init__(self) -> None:
        self.open: dict[int, asyncio.Event] = {partition: asyncio.Event() for partition in range(4)}
        self.stored: list[tuple[int, int]] = []
        self.faults = 0

    async def store(self, part: Sequence[Any]) -> None:
        await self.open[part[0].partition].wait()
        if self.faults:
            self.faults -= 1
            raise OSError("away")
        self.stored += [(record.partition, record.offset) for record in part]


async def test_one_lane_when_a_batch_is_put_then_stored_on_return_and_its_fault_is_told():
    shop = Shop()
    shop.open[0].set()
    lanes = Lanes(1, shop.store)
    await lanes.put(records(0, 1, 2))
    assert shop.stored == [(0, 1), (0, 2)]
    shop.faults = 1
    with pytest.raises(OSError, match="away"):
        await lanes.put(records(0, 3))


async def test_lanes_when_one_is_slow_then_the_other_goes_on_and_each_partition_keeps_its_order():
    shop = Shop()
    lanes = Lanes(2, shop.store)
    await lanes.put([*records(0, 1), *records(1, 1), *records(0, 2)])
    shop.open[1].set()
    await lanes.put(records(1, 2))
    await asyncio.sleep(0.01)
    assert shop.stored == [(1, 1), (1, 2)], "lane 0 stands still, lane 1 does not"
    shop.open[0].set()
    await lanes.put(records(2, 9))  # the same lane as partition 0
    shop.open[2].set()
    await asyncio.sleep(0.01)
    assert shop.stored[2:] == [(0, 1), (0, 2), (2, 9)]
    await lanes.close()


async def test_lanes_when_full_then_the_reader_waits():
    shop = Shop()
    lanes = Lanes(2, shop.store)
    for offset in (1, 2):  # one at work, one waiting
        await lanes.put(records(0, offset))
        await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(lanes.put(records(0, 3)), timeout=0.02)
    await lanes.close()
    assert shop.stored == [], "what was broken off is not stored"


async def test_lane_when_storing_fails_then_tried_again_before_what_stands_behind():
    shop = Shop()
    shop.faults = 3
    shop.open[0].set()
    lanes = Lanes(2, shop.store)
    await lanes.put(records(0, 1))
    await lanes.put(records(0, 2))
    await asyncio.sleep(0.01)
    assert shop.stored == [(0, 1), (0, 2)]
    await lanes.close()


async def test_small_batch_when_lanes_are_at_work_then_stored_whole_after_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bus, "WORTH_LANES", 3)
    shop = Shop()
    lanes = Lanes(2, shop.store)
    await lanes.put(records(0, 1, 2, 3))
    small = asyncio.create_task(lanes.put([*records(1, 1), *records(0, 4)]))
    shop.open[1].set()
    await asyncio.sleep(0.01)
    assert not small.done() and shop.stored == []
    shop.open[0].set()
    await small
    assert shop.stored == [(0, 1), (0, 2), (0, 3), (1, 1), (0, 4)]
    await lanes.close()
