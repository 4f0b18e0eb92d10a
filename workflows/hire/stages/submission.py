"""Submission: nothing named leaves without the candidate's own yes; then a report by a person, then the client's verdict."""

from __future__ import annotations

from uuid import UUID

from workflows.hire.state import Owed
from workflows.hire.table import answered, lapsed, when
from workflows.hire.turn import Turn

from . import closing, interviewing
from .always import AFTER_CALL

OWN_WISH = frozenset({"applied", "campus", "referred"})
"""Origins whose application is the interest."""
GUARDED = frozenset({"same_group", "never_to", "off_limits", "present_employer", "placed_by_us", "submission_guard", "listed"})
"""Refusal reasons after which this person is never shown to this client."""
AGREEMENT = frozenset({"no_agreement", "agreement", "agreement_missing", "no_data_agreement"})


def enter(turn: Turn) -> None:
    """Ask the person first."""
    turn.go("submission")
    if turn.state.origin == "sourced":
        turn.call("recruiter", "first_contact")
    elif turn.state.origin in OWN_WISH:
        turn.owe("represent_consent")
    else:
        turn.owe("interest")


def _first_contact(turn: Turn, owed: Owed) -> None:
    if turn.state.stage == "submission":
        turn.owe("interest")


AFTER_CALL["first_contact"] = _first_contact


@when("candidate.contacted", "submission")
def _contacted(turn: Turn) -> None:
    turn.spoke = True
    for call in turn.state.of_kind("call"):
        if call.params.get("about") == "first_contact":
            turn.end(call, "met", reason="contact_logged")
            turn.close_ask(call, "elsewhere")
            turn.owe("interest")


@answered("interest")
def _interested(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "yes":
        turn.owe("represent_consent", params={"own_act": True})
    else:
        closing.close(turn, "withdrawn", "no_interest")


@answered("represent_consent")
def _consented(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "yes":
        turn.state.consent_ref = owed.ask_id
        turn.owe("candidate_report")
    else:
        closing.close(turn, "withdrawn", "no_consent")


@lapsed("interest", "represent_consent")
def _never_submitted(turn: Turn, owed: Owed) -> None:
    closing.close(turn, "withdrawn", f"no_{'interest' if owed.kind == 'interest' else 'consent'}")


@answered("candidate_report", "agreement")
def disclose(turn: Turn, owed: Owed) -> None:
    """The report is written (or the agreement signed): record that the person may be shown to the client."""
    if turn.state.stage == "submission":
        turn.command("intake.disclose", purpose="submission", level="named")


@when("agreement.held", "submission")
def _agreement(turn: Turn) -> None:
    for owed in turn.state.of_kind("agreement"):
        turn.end(owed, "met", reason="signed")
        turn.close_ask(owed, "elsewhere")
        disclose(turn, owed)


@when("disclosure.made", "submission")
def _disclosed(turn: Turn) -> None:
    if turn.state.disclosure_id is not None:
        return
    turn.state.disclosure_id = UUID(str(turn.fact.get("disclosure")["disclosure_id"]))
    turn.emit("candidate.submitted", disclosure_id=turn.state.disclosure_id)
    turn.tell("submitted", "candidate")
    turn.owe("client_verdict", params={"disclosure_id": str(turn.state.disclosure_id)})


@when("intake.command_refused", "submission")
def _refused(turn: Turn) -> None:
    reason = str(turn.fact.get("reason"))
    if reason in AGREEMENT:
        turn.owe("agreement")
    elif reason in GUARDED:
        turn.tell("refused", "recruiter", params={"reason": reason})
        closing.close(turn, "refused", reason)
    else:
        turn.call("recruiter", "disclosure_refused", reason=reason)


def _try_again(turn: Turn, owed: Owed) -> None:
    if turn.state.stage == "submission":
        turn.owe("represent_consent")


AFTER_CALL["disclosure_refused"] = _try_again


@answered("client_verdict")
def _verdict(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    decision = owed.answer.clear.get("decision")
    closing.decided(turn, owed, str(decision))
    if decision == "wanted":
        interviewing.enter(turn)
    elif decision == "refused":
        closing.close(turn, "refused", owed.answer.clear.get("reason_code"))
    else:
        turn.owe("client_question", params={"disclosure_id": str(turn.state.disclosure_id)})


@answered("client_question")
def _question_answered(turn: Turn, owed: Owed) -> None:
    if turn.state.stage == "submission":
        turn.owe("client_verdict", params={"disclosure_id": str(turn.state.disclosure_id), "again": True})


def decide_again(turn: Turn) -> None:
    """An end was taken back: the next word is owed by whoever had it last, client, recruiter or candidate."""
    if turn.state.disclosure_id is not None:
        turn.owe("client_verdict", params={"disclosure_id": str(turn.state.disclosure_id), "again": True})
    elif turn.state.consent_ref is not None:
        turn.owe("candidate_report")
    else:
        turn.owe("represent_consent")
