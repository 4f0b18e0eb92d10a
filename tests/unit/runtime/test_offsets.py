"""Offsets follow what is stored, in their own time, and never run ahead of it."""

from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError

from shared.runtime import bus

HERE, ELSEWHERE = TopicPartition("t", 0), TopicPartition("t", 1)


class Consumer:
    """Remembers commits; reads one partition."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.commits: list[dict] = []
        self._problem = problem

    def assignment(self) -> set[TopicPartition]:
        return {HERE}

    async def commit(self, offsets: dict) -> None:
        if self._problem is not None:
            raise self._problem
        self.commits.append(offsets)


def records(count: int, partition: int = 0) -> list:
    return [SimpleNamespace(topic="t", partition=partition, offset=n) for n in range(count)]


@pytest.fixture
def offsets(monkeypatch) -> bus._Offsets:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(bus.time, "monotonic", lambda: clock.now)
    made = bus._Offsets()
    made.clock = clock
    return made


async def test_acknowledgement_when_a_batch_is_only_read_then_nothing_is_committed(offsets):
    consumer = Consumer()
    await offsets.of(consumer).commit()
    await offsets.tell(consumer, idle=True)
    assert consumer.commits == []


async def test_small_batches_when_busy_then_committed_once_a_second_up_to_what_is_stored(offsets):
    consumer = Consumer()
    for count in (1, 2, 3):
        offsets.stored(records(count))
        await offsets.tell(consumer, idle=False)
    assert consumer.commits == [{HERE: 1}], "the first at once, what follows within the second waits"
    offsets.clock.now += bus.COMMIT_S + 0.1
    await offsets.tell(consumer, idle=False)
    assert consumer.commits == [{HERE: 1}, {HERE: 3}]


async def test_commit_when_idle_or_after_a_full_batch_then_at_once(offsets):
    consumer = Consumer()
    offsets.stored(records(1))
    await offsets.tell(consumer, idle=False)
    offsets.stored(records(2))
    await offsets.tell(consumer, idle=True)
    offsets.stored(records(bus.WORTH_A_COMMIT))
    await offsets.tell(consumer, idle=False)
    assert consumer.commits == [{HERE: 1}, {HERE: 2}, {HERE: bus.WORTH_A_COMMIT}]


async def test_commit_when_a_partition_went_elsewhere_then_left_to_its_next_reader(offsets):
    consumer = Consumer()
    offsets.stored([*records(2), *records(5, partition=1)])
    await offsets.tell(consumer, idle=True)
    assert consumer.commits == [{HERE: 2}]
    offsets.stored(records(3))
    await offsets.tell(Consumer(IllegalStateError("gone")), idle=True)
