"""How workflows run: names, time-outs, retries, search attributes. Numbers are those measured in temporal.md."""

from __future__ import annotations

from datetime import timedelta

from temporalio.common import RetryPolicy, SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from .hire.state import HireState

HIRE, SUBJECT = "Hire", "Subject"
APPLY_STEP, APPLY_SUBJECT_STEP = "apply_step", "apply_subject_step"
STEP_TIMEOUT = timedelta(seconds=5)
STEP_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=2), maximum_attempts=6)
STEP_PAUSE = timedelta(seconds=5)
"""After the attempts are used up: the outside is away for longer; wait as a workflow and try on."""
STICKY = timedelta(seconds=2)
GRACEFUL = timedelta(seconds=10)
RPC_SECONDS = 5.0
"""How long the bridge waits for one hire before it defers that hire's facts."""
CACHED = 2_000
EVENTS_CAP = 2_000
"""Continue as new at the latest after so many history events, whatever the stage."""

STAGE = SearchAttributeKey.for_keyword("HireStage")
TIER = SearchAttributeKey.for_keyword("ClientTier")
REQUISITION = SearchAttributeKey.for_keyword("RequisitionId")
POLICY = SearchAttributeKey.for_keyword("PolicyVersion")
OUTCOME = SearchAttributeKey.for_keyword("HireOutcome")


def workflow_id(hire_id: object) -> str:
    """`hire/<id>`."""
    return f"hire/{hire_id}"


def subject_workflow_id(kind: str, subject_id: object) -> str:
    """`<kind>/<id>` of a requisition, a client account, a person in the pool, the house."""
    return f"{kind}/{subject_id}"


def attributes(state: HireState) -> TypedSearchAttributes:
    """What operators may search by; ids and codes only, set at the start, at a stage boundary and at the end."""
    return TypedSearchAttributes([
        SearchAttributePair(STAGE, state.stage), SearchAttributePair(TIER, state.tier or "none"),
        SearchAttributePair(REQUISITION, str(state.requisition_id)), SearchAttributePair(POLICY, state.policy),
        SearchAttributePair(OUTCOME, state.outcome or "open")])
