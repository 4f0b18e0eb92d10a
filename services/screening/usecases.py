"""What screening does: one function per thing that can happen; load, decide (domain), save, emit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.ask import AskAnswered
from shared.contracts.requisition import RequisitionRecord
from shared.contracts.scheduling import InterviewFact
from shared.contracts.screening import (
    Evaluate,
    FeedbackRevealed,
    FeedbackSubmitted,
    Reveal,
    ScreeningCommandRefused,
    ScreeningFact,
    ScreeningFailed,
    ScreeningPassed,
    ScreeningUncertain,
)
from shared.runtime.db import Uow
from shared.runtime.errors import Refused, WaitsFor
from shared.runtime.records import Received

from . import store
from .domain import UnreadableCardError, commitment, judge, read_card
from .store import Card, RuleBook, Screened

_FACT: Mapping[str, type[ScreeningFact]] = {"passed": ScreeningPassed, "uncertain": ScreeningUncertain, "failed": ScreeningFailed}


async def learn_requisition(uow: Uow, record: RequisitionRecord) -> None:
    """A requisition's state arrived: keep its rules and release what waited for them."""
    await store.save_requisition(uow, record)
    await uow.arrived(f"requisition/{record.requisition_id}")


async def screen(uow: Uow, book: RuleBook, events: Sequence[Received]) -> None:
    """Judge a run of received or changed applications: one look-up, one insert, one event each.

    Raises WaitsFor, carrying the record as `event`, for the first one whose requisition version is not here yet.
    """
    found = await book.find(uow, ((event.body.requisition_id, event.body.requisition_version) for event in events))
    screened: list[Screened] = []
    for event in events:
        body = event.body
        rules = found.get((body.requisition_id, body.requisition_version))
        if rules is None:
            problem = WaitsFor(f"requisition/{body.requisition_id}")
            problem.event = event  # type: ignore[attr-defined]
            raise problem
        verdict = judge(rules.rules, body.facts, defect=body.defect, memo=rules.memo)
        screened.append(Screened(body.application_id, body.hire_id, body.person_id, body.facts, body.defect, rules, verdict))
    await store.save_screened(uow, screened)
    for event, one in zip(events, screened, strict=True):
        uow.emit(_fact(one, uow.now), cause=event)


def _fact(one: Screened, at: datetime) -> ScreeningFact:
    return _FACT[one.verdict.outcome].known(
        application_id=one.application_id, hire_id=one.hire_id, person_id=one.person_id, requisition_id=one.book.requisition_id,
        requisition_version=one.book.version, client_id=one.book.client_id, rules_version=one.book.rules_version,
        score=one.verdict.score, results=one.verdict.results, defect=one.defect, at=at)


async def evaluate(uow: Uow, book: RuleBook, event: Received) -> None:
    """Command: judge a known application again, with the requisition's present rules."""
    command: Evaluate = event.body
    row = await store.load_application(uow, command.application_id)
    if row is None:
        return refuse(uow, event, "application_unknown")
    rules = await book.newest(uow, row["requisition_id"])
    if rules is None:
        return refuse(uow, event, "requisition_unknown")
    verdict = judge(rules.rules, row["facts"], defect=row["defect"])
    one = Screened(row["application_id"], row["hire_id"], row["person_id"], row["facts"], row["defect"], rules, verdict)
    await store.save_screened(uow, [one])
    uow.emit(_fact(one, uow.now), cause=event)


def refuse(uow: Uow, event: Received, reason: str) -> None:
    """Answer a command that can't be carried out."""
    uow.emit(ScreeningCommandRefused(
        command_id=UUID(event.envelope.id), hire_id=event.body.hire_id, command_type=event.body.TYPE, reason=reason), cause=event)


async def learn_interview(uow: Uow, fact: InterviewFact) -> None:
    """Who sits in an interview and when it ends, from scheduling."""
    await store.save_interview(uow, {"interview_id": fact.interview_id, "hire_id": fact.hire_id, "version": fact.version,
                                     "panel": fact.panel, "ends_at": fact.ends_at})


async def take_card(uow: Uow, event: Received) -> None:
    """A scorecard was answered: keep it closed, publish that it is in, committed by hash.

    Raises Refused when the answer names no interview, no interviewer, no recommendation or no end of the interview.
    """
    asked: AskAnswered = event.body
    interview_id, answer = _interview_of(asked), asked.answer
    interviewer = answer.on_behalf_of or answer.by
    if interviewer is None or asked.hire_id is None:
        raise Refused("interviewer_missing" if interviewer is None else "hire_missing")
    interview = await store.lock_interview(uow, interview_id, hire_id=asked.hire_id)
    try:
        line = read_card(answer.clear, interviewer_id=interviewer, submitted_at=answer.happened_at)
    except UnreadableCardError as problem:
        raise Refused(problem.code) from None
    end = _end_of(asked.params, interview)
    salt = secrets.token_hex(16)
    proof = commitment(answer.clear, answer.sealed, salt=salt)
    await store.save_card(uow, Card(
        interview_id=interview_id, hire_id=asked.hire_id, ask_id=asked.ask_id, line=line, sealed=answer.sealed, salt=salt,
        commitment=proof, interview_end=end, late=interview["revealed_at"] is not None))
    uow.emit(FeedbackSubmitted(
        interview_id=interview_id, hire_id=asked.hire_id, interviewer_id=interviewer, commitment=proof,
        submitted_at=answer.happened_at, interview_end=end), cause=event, at=answer.happened_at)


def _interview_of(asked: AskAnswered) -> UUID:
    named = asked.params.get("interview_id") or next((ref.id for ref in asked.refs if ref.kind == "interview"), None)
    try:
        return UUID(str(named))
    except ValueError:
        raise Refused("interview_missing", "a scorecard's params carry interview_id, or its refs an interview") from None


def _end_of(params: Mapping[str, Any], interview: Mapping[str, Any]) -> datetime:
    given = params.get("interview_end")
    try:
        end = datetime.fromisoformat(str(given)) if given else interview["ends_at"]
    except ValueError:
        end = None
    if end is None or end.tzinfo is None:
        raise Refused("interview_end_missing", "a scorecard's params carry interview_end, RFC 3339 with offset")
    return end


async def reveal(uow: Uow, event: Received) -> None:
    """Command: open all cards of an interview; those of the panel that are not in are named. Again gives the same answer."""
    command: Reveal = event.body
    interview = await store.lock_interview(uow, command.interview_id, hire_id=command.hire_id)
    cards = await store.load_cards(uow, command.interview_id)
    if not cards and not interview["panel"]:
        return refuse(uow, event, "interview_unknown")
    await store.mark_revealed(uow, command.interview_id)
    given = {card.interviewer_id for card in cards}
    missing = [person for person in interview["panel"] if person not in given]
    uow.emit(FeedbackRevealed(
        interview_id=command.interview_id, hire_id=command.hire_id, cards=cards, missing=missing, at=interview["revealed_at"] or uow.now),
        cause=event)
