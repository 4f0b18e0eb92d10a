"""The one way to wait for a person: until something comes, or until the one timer of the next rung, whichever is first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow


async def until(something_came: Callable[[], bool], wait_s: float | None, *, summary: str) -> None:
    """Return when `something_came`, or after `wait_s` real seconds (None: no timer is armed)."""
    if wait_s is None:
        await workflow.wait_condition(something_came)
        return
    try:
        await workflow.wait_condition(something_came, timeout=timedelta(seconds=wait_s), timeout_summary=summary)
    except TimeoutError:
        return
