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
        turn.owe("nda" if turn.wants("nda") else "candidate_report", **({"role": "candidate"} if turn.wants("nda") else {}))
    else:
        closing.close(turn, "withdrawn", "no_consent")


@lapsed("interest", "represent_consent")
def _never_submitted(turn: Turn, owed: Owed) -> None:
    closing.close(turn, "withdrawn", f"no_{'interest' if owed.kind == 'interest' else 'consent'}")


@answered("nda")
def _bound_to_silence(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "no":
        closing.close(turn, "withdrawn", "no_nda")
    else:
        turn.owe("candidate_report")


@lapsed("nda")
def _stays_blind(turn: Turn, owed: Owed) -> None:
    turn.call("recruiter", "nda")


def _nda_again(turn: Turn, owed: Owed) -> None:
    if turn.state.stage == "submission":
        turn.owe("nda", role="candidate")


AFTER_CALL["nda"] = _nda_again


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
    if turn.wants("introduction_claim"):
        turn.owe("introduction_claim", params={"disclosure_id": str(turn.state.disclosure_id)})


@answered("introduction_claim")
def _claimed(turn: Turn, owed: Owed) -> None:
    """Already known to them: our director rules on whose introduction it is; without a claim it is ours."""
    assert owed.answer is not None
    if owed.answer.clear.get("decision") == "known":
        turn.owe("ownership_ruling", params={"known_since": owed.answer.clear.get("known_since")})


@answered("ownership_ruling")
def _ruled(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    turn.emit("decision.made", decision="ownership_" + str(owed.answer.clear.get("decision")), stage=turn.state.stage, by=owed.answer.by)
    if owed.answer.clear.get("decision") == "theirs" and turn.state.stage == "submission":
        closing.close(turn, "refused", "known")


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
    if decision == "refused" and closing.reason_questioned(turn, owed):
        return
    if decision == "refused" and turn.wants("refusal_review") and _by_another(owed):
        turn.owe("refusal_review", params={"reason": owed.answer.clear.get("reason_code")})
        return
    closing.decided(turn, owed, str(decision))
    if decision == "wanted":
        interviewing.enter(turn)
    elif decision == "refused":
        _refused_by_client(turn, owed.answer.clear.get("reason_code"))
    else:
        turn.owe("client_question", params={"disclosure_id": str(turn.state.disclosure_id)})


def _by_another(owed: Owed) -> bool:
    """Whether somebody of the group answered who is not the one it was put to."""
    assert owed.answer is not None
    return owed.answer.by is not None and owed.holder is not None and owed.answer.by != str(owed.holder.person_id)


def _refused_by_client(turn: Turn, reason: str | None) -> None:
    closing.close(turn, "refused", reason)
    if reason == "known" and (turn.wants("introduction_claim") or turn.wants("ownership_ruling")):
        turn.owe("ownership_ruling")


@answered("refusal_review")
def _reviewed(turn: Turn, owed: Owed) -> None:
    """The one who decides has spoken: the refusal of the other counts, or does not."""
    assert owed.answer is not None
    wanted = owed.answer.clear.get("decision") == "wanted"
    closing.decided(turn, owed, "wanted" if wanted else "refused")
    if wanted:
        interviewing.enter(turn)
    else:
        _refused_by_client(turn, owed.params.get("reason"))


@lapsed("refusal_review")
def _refusal_counts(turn: Turn, owed: Owed) -> None:
    turn.emit("decision.made", decision="refused", stage=turn.state.stage, by=None, reason=owed.params.get("reason"))
    _refused_by_client(turn, owed.params.get("reason"))


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
