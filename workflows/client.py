"""Talking to Temporal from outside a workflow: connect, give a hire or another subject a fact, wake it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from shared.runtime.settings import ServiceSettings

from . import options
from .hire.facts import Fact
from .hire.state import HireState
from .hire.wire import Begin
from .subject.stories import SubjectBegin

GONE = (RPCStatusCode.NOT_FOUND,)


class UnreachableError(Exception):
    """The hire's workflow did not answer in time: its facts are kept and tried again."""


async def connect(settings: ServiceSettings, *, lazy: bool = False) -> Client:
    """A client of the configured namespace. `lazy`: no connection is made before the first call."""
    return await Client.connect(
        settings.temporal, namespace=settings.temporal_namespace, data_converter=pydantic_data_converter, lazy=lazy)


async def wake(client: Client, hire_id: object) -> None:
    """Tell a hire to look at the clock; harmless when early or double. RPCError where the hire is over or Temporal is away."""
    await client.get_workflow_handle(options.workflow_id(hire_id)).signal("wake", rpc_timeout=timedelta(seconds=3))


async def take(client: Client, hire_id: object, fact: Fact) -> str:
    """Give a running hire a fact: `taken`, `known`, `late`; `gone` where no such hire runs. UnreachableError after 5 s."""
    handle = client.get_workflow_handle(options.workflow_id(hire_id))
    try:
        return str(await _bounded(handle.execute_update("take", fact, id=fact.id, result_type=str)))
    except RPCError as error:
        if error.status in GONE:
            return "gone"
        raise UnreachableError(error.status.name) from error
    except WorkflowUpdateFailedError as error:
        raise UnreachableError("update_failed") from error


async def start(client: Client, state: HireState, fact: Fact, queue: str) -> str:
    """Start the hire with its first fact, or give the fact to the one that runs; `gone` where it is over already."""
    operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        options.HIRE, Begin(state=state), id=options.workflow_id(state.hire_id), task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING, id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        search_attributes=options.attributes(state))
    try:
        return str(await _bounded(client.execute_update_with_start_workflow(
            "take", fact, start_workflow_operation=operation, id=fact.id, result_type=str)))
    except WorkflowAlreadyStartedError:
        return "gone"
    except RPCError as error:
        if error.status == RPCStatusCode.ALREADY_EXISTS:
            return "gone"
        raise UnreachableError(error.status.name) from error
    except WorkflowUpdateFailedError as error:
        raise UnreachableError("update_failed") from error
    finally:
        await _consume(operation)


async def give(client: Client, begin: SubjectBegin, fact: Fact, queue: str) -> str:
    """Give a subject that is no hire its fact, starting it where it does not run: `taken`, `known`, `late`, or `gone` where it is over."""
    state = begin.state
    operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        options.SUBJECT, begin, id=options.subject_workflow_id(state.kind, state.id), task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING, id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE)
    try:
        return str(await _bounded(client.execute_update_with_start_workflow(
            "take", fact, start_workflow_operation=operation, id=fact.id, result_type=str)))
    except RPCError as error:
        raise UnreachableError(error.status.name) from error
    except WorkflowUpdateFailedError as error:
        raise UnreachableError("update_failed") from error
    finally:
        await _consume(operation)


async def begin_subject_again(client: Client, begin: SubjectBegin, queue: str) -> None:
    """Run an open subject from its stored state; one that runs is left alone."""
    await client.start_workflow(
        options.SUBJECT, begin, id=options.subject_workflow_id(begin.state.kind, begin.state.id), task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING, id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE)


async def begin_again(client: Client, state: HireState, queue: str) -> None:
    """Run an open hire from its stored state; one that runs is left alone, a failed run is followed by a new one."""
    await client.start_workflow(
        options.HIRE, Begin(state=state, wait_s=0.0), id=options.workflow_id(state.hire_id), task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING, id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        search_attributes=options.attributes(state))


async def again(client: Client, state: HireState, queue: str) -> None:
    """As `begin_again`, for callers that wait: UnreachableError where Temporal does not answer."""
    try:
        await _bounded(begin_again(client, state, queue))
    except WorkflowAlreadyStartedError:
        return
    except RPCError as error:
        raise UnreachableError(error.status.name) from error


async def _bounded(call: Any) -> Any:
    try:
        return await asyncio.wait_for(call, timeout=options.RPC_SECONDS)
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        raise UnreachableError("timeout") from None
    except (RuntimeError, OSError) as problem:  # what a lazy client raises when its first connection fails
        raise UnreachableError(type(problem).__name__) from problem


async def _consume(operation: WithStartWorkflowOperation[Any, Any]) -> None:
    """The operation's own future holds the same error as the call: look at it, or Python complains later."""
    handle = operation.workflow_handle()
    try:
        await asyncio.wait_for(handle, timeout=0.01)
    except asyncio.CancelledError:  # a timed-out call leaves its operation's future cancelled; that is not our own cancellation
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
    except Exception:
        return
