"""The worker process: `python -m workflows.worker`. Runs hires, the other subjects and their steps; relays the workflows' outbox."""

from __future__ import annotations

import asyncio

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from shared.runtime.app import Process, ProcessContext, run_process
from shared.runtime.db import Database
from shared.runtime.observability import get_logger
from shared.runtime.settings import ServiceSettings

from . import client as temporal
from . import options
from .activities import Steps
from .hire.workflow import Hire
from .subject.activities import SubjectSteps
from .subject.workflow import SubjectLoop

log = get_logger(__name__)


def make_worker(client: Client, db: Database, settings: ServiceSettings) -> Worker:
    """A worker with the time-outs of options.py.

    Without the sandbox, which costs 7 ms of CPU a run and 1 ms a fact: all that decides is pure and passed through anyway, and the
    tests run the same workflow inside it.
    """
    return Worker(
        client, task_queue=settings.task_queue, workflows=[Hire, SubjectLoop],
        activities=[Steps(db).apply_step, SubjectSteps(db).apply_subject_step],
        max_cached_workflows=options.CACHED, sticky_queue_schedule_to_start_timeout=options.STICKY,
        graceful_shutdown_timeout=options.GRACEFUL, workflow_runner=UnsandboxedWorkflowRunner())


async def run_worker(db: Database, settings: ServiceSettings, stop: asyncio.Event) -> None:
    """Work until `stop`; while Temporal is away, try again: steps that began are kept by their rows."""
    while not stop.is_set():
        try:
            client = await asyncio.wait_for(temporal.connect(settings), timeout=10)
            async with make_worker(client, db, settings):
                log.info("worker_started", queue=settings.task_queue)
                await stop.wait()
        except (RuntimeError, OSError, TimeoutError) as problem:
            log.warning("temporal_away", problem=type(problem).__name__)
            await asyncio.sleep(1)


async def build(ctx: ProcessContext) -> Process:
    """No consumers: only the worker beside the relay."""
    async def work(stop: asyncio.Event) -> None:
        await run_worker(ctx.db, ctx.settings, stop)

    return Process(loops=[work])


def main() -> None:
    """Run until told to stop."""
    run_process("workflows", build)


if __name__ == "__main__":
    main()
