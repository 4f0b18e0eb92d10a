"""Slot search, pure: no engine takes part. `python -m tests.bench.slot_search`, or a part of `make bench`.

A batch: 60 candidates by 12 interviewers in 3 days, with limits, lunch, buffers, meetings and rooms (reach: 10 s). One offer: four
times out of two weeks for a panel of three pools. A loop: three ways through five departments. Every batch is judged by code that knows
nothing of the search.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from services.scheduling.domain.batch import loads, plan_batch
from services.scheduling.domain.loops import Leg, Loop, plan_loop
from services.scheduling.domain.search import Wish, find_slots
from services.scheduling.domain.seats import Seat
from tests.support.batch_days import DAY, MONDAY, batch_of, faults

REACH_SECONDS = 10.0


def _milliseconds(act: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and worst."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken), max(taken)


def _batches(rounds: int) -> dict[str, float]:
    seconds, placed, unlawful, spread = [], 0, 0, 0
    for seed in range(rounds):
        batch = batch_of(60, 12, 3, seed=seed)
        begin = time.perf_counter()
        plan = plan_batch(batch)
        seconds.append(time.perf_counter() - begin)
        placed, unlawful = placed + len(plan.placed), unlawful + len(faults(batch, plan))
        for half in (batch.people[:6], batch.people[6:]):
            counts = [loads(plan).get(one.person_id, 0) for one in half]
            spread = max(spread, max(counts) - min(counts))
    return {"batch_60x12x3_s_median": statistics.median(seconds), "batch_60x12x3_s_worst": max(seconds), "batch_reach_s": REACH_SECONDS,
            "batch_placed_of_60": placed / rounds, "batch_unlawful": float(unlawful), "batch_load_spread_worst": float(spread)}


def measure(rounds: int = 10) -> dict[str, float]:
    """All figures; milliseconds and seconds of one core."""
    people = batch_of(1, 40, 10).people
    ids = [one.person_id for one in people]
    wish = Wish(panel=[ids[:14], ids[14:28], ids[28:]], minutes=60, earliest=MONDAY, latest=MONDAY + 14 * DAY)
    legs = [Leg(UUID(int=900 + n), (Seat(tuple(ids[n * 8:n * 8 + 8])),), 45) for n in range(5)]
    loop = Loop(legs, MONDAY, MONDAY + 10 * DAY, days=2, per_day=3, min_gap=timedelta(minutes=10))
    offer, way = _milliseconds(lambda: find_slots(wish, people), rounds), _milliseconds(lambda: plan_loop(loop, people), rounds)
    assert len(find_slots(wish, people)) == 4 and len(plan_loop(loop, people)) == 3
    return {**_batches(rounds), "offer_3_pools_of_40_ms_median": offer[0], "offer_3_pools_of_40_ms_worst": offer[1],
            "loop_5_legs_ms_median": way[0], "loop_5_legs_ms_worst": way[1]}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
