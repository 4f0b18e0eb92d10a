"""A client account: reports, reviews and surveys at the contract's pace, complaints, the data agreement, credits both ways (C20-C42, F2).

A report is drafted by the machine and released by a person; nothing leaves unreleased.
"""

from __future__ import annotations

from typing import Any

from workflows.hire.state import Owed
from workflows.subject.story import Story
from workflows.subject.turn import SubjectTurn

from .state import AccountState, Term

CADENCE = {"release_report": "report_days", "account_review": "review_days", "client_survey": "survey_days"}
"""Regular duty -> where the contract says how often."""
HOUR = 10
UNHAPPY = 2
"""A survey mark up to this one (of five) opens a review of the plan."""
STORY = Story("client", stages=("open",), facts=("client.recorded", "agreement.held", "complaint.noted", "duty.broken"))


def state_of(turn: SubjectTurn) -> AccountState:
    """The state with its own type."""
    return turn.state  # type: ignore[no-any-return]


@STORY.when("client.recorded")
def _recorded(turn: SubjectTurn) -> None:
    """The contract as it stands now: its pace and its terms; without one the account is no longer held."""
    state, contract = state_of(turn), turn.fact.get("contract")
    state.tier = turn.fact.get("tier")
    if not contract:
        turn.close("no_contract")
        return
    pace = {kind: int(contract[name]) for kind, name in CADENCE.items() if contract.get(name)}
    for kind in CADENCE:
        if pace.get(kind) != state.cadence.get(kind):
            turn.cancel(kind, reason="contract_changed")
            if kind in pace:
                _plan(turn, kind, pace[kind])
    state.cadence, state.currency = pace, contract.get("currency", "CNY")
    state.terms = [Term.model_validate(term) for term in contract.get("duties") or ()]
    state.agreement = bool(turn.fact.get("data_agreement"))
    if not state.agreement and not turn.state.of_kind("agreement"):
        turn.owe("agreement")
    elif state.agreement:
        _agreed(turn)


def _plan(turn: SubjectTurn, kind: str, days: int, **params: Any) -> None:
    turn.owe(kind, params={"planned_days": days, "planned_hour": HOUR, **({"counts": True} if kind != "client_survey" else {}), **params})


def _again(turn: SubjectTurn, owed: Owed) -> None:
    days = state_of(turn).cadence.get(owed.kind)
    if days:
        _plan(turn, owed.kind, days)


@STORY.answered("release_report")
def _released(turn: SubjectTurn, owed: Owed) -> None:
    """The person released what they saw: the same numbers go to the client, with their words; or nothing does."""
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "release":
        counted = {name: value for name, value in owed.params.items() if name.startswith("n_")}
        turn.tell("weekly_report", "client", params={**counted, "words_of": str(owed.ask_id)})
    _again(turn, owed)


@STORY.answered("account_review")
def _reviewed(turn: SubjectTurn, owed: Owed) -> None:
    _again(turn, owed)


@STORY.answered("client_survey")
def _surveyed(turn: SubjectTurn, owed: Owed) -> None:
    """A bad mark is looked at by a person at once."""
    assert owed.answer is not None
    if int(owed.answer.clear.get("mood") or 5) <= UNHAPPY:
        turn.owe("plan_review", params={"reason": "survey", "words_of": str(owed.ask_id)})
    _again(turn, owed)


@STORY.lapsed("client_survey")
def _silent(turn: SubjectTurn, owed: Owed) -> None:
    """Nobody has to answer a survey; the next one comes at its time."""
    _again(turn, owed)


@STORY.when("complaint.noted")
def _complained(turn: SubjectTurn) -> None:
    """Answered by the client manager, in silence by whoever stands above (C39)."""
    turn.owe("complaint_answer", params={"complaint_id": turn.fact.get("complaint_id"), "by": turn.fact.get("by")})


@STORY.answered("complaint_answer")
def _complaint_answered(turn: SubjectTurn, owed: Owed) -> None:
    """The answer goes to who complained, and the plan is looked at."""
    turn.tell("complaint_answered", "client", params={"words_of": str(owed.ask_id)})
    turn.owe("plan_review", params={"reason": "complaint"})


@STORY.when("agreement.held")
def _agreement(turn: SubjectTurn) -> None:
    state_of(turn).agreement = True
    _agreed(turn)


def _agreed(turn: SubjectTurn) -> None:
    """The data agreement is signed: named disclosures are allowed from now (C40)."""
    for owed in turn.state.of_kind("agreement"):
        turn.end(owed, "met", late=owed.due_at is not None and turn.at > owed.due_at)
        if owed.status == "open":
            turn.close_ask(owed, "elsewhere")


@STORY.answered("agreement")
def _said_signed(turn: SubjectTurn, owed: Owed) -> None:
    """Somebody says that it is signed; the gate itself opens by the fact only."""
    if not state_of(turn).agreement:
        turn.owe("agreement", params={"planned_days": 3, "planned_hour": HOUR})


@STORY.when("duty.broken")
def _broken(turn: SubjectTurn) -> None:
    """A duty that the contract names was not kept in time: the other side is credited."""
    state, kind = state_of(turn), str(turn.fact.get("kind"))
    term = next((one for one in state.terms if one.kind == kind), None)
    if term is None:
        return
    state.breaches[kind] = state.breaches.get(kind, 0) + 1
    state.credits[term.side] = state.credits.get(term.side, 0) + term.credit
    turn.emit("credit.noted", obligation_id=turn.fact.get("obligation_id"), kind=kind, side=term.side, credit=term.credit, currency=state.currency)


def _never_idle(turn: SubjectTurn) -> None:
    """A contract without any pace of its own: the account is reviewed twice a year all the same."""
    if not turn.state.owed and not turn.state.steps:
        _plan(turn, "account_review", 180)


STORY.after = _never_idle
