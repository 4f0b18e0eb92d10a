"""The bare Temporal workflow that hire steps are compared with: one update, one local activity with one insert, one timer."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow

POOL = None


@activity.defn
async def insert(n: int) -> int:
    """One row, one commit."""
    await POOL.execute("insert into bench_steps values ($1, $2)", activity.info().workflow_id, n)  # type: ignore[attr-defined]
    return n


@workflow.defn
class Bare:
    """Waits for an update or a week."""

    def __init__(self) -> None:
        self._queue: list[int] = []
        self._settled = -1

    @workflow.run
    async def run(self) -> None:
        """Until somebody ends it."""
        while True:
            try:
                await workflow.wait_condition(lambda: bool(self._queue), timeout=timedelta(days=7))
            except TimeoutError:
                return
            n = self._queue.pop(0)
            await workflow.execute_local_activity(insert, n, start_to_close_timeout=timedelta(seconds=2))
            self._settled = n

    @workflow.update
    async def take(self, n: int) -> str:
        """Take one in; answers when it is settled."""
        self._queue.append(n)
        await workflow.wait_condition(lambda: self._settled >= n)
        return "ok"
