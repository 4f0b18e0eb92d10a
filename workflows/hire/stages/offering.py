"""Offering: closed orally, drafted, approved by people, delivered, answered by the candidate alone; never taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows.hire.state import Offer, Owed
from workflows.hire.table import answered, lapsed, when
from workflows.hire.turn import Turn

from . import closing, joining


def enter(turn: Turn) -> None:
    """A person closes orally first where the client is another house."""
    turn.go("offering")
    if turn.state.external:
        turn.owe("verbal_close")
    else:
        letter(turn)


@answered("verbal_close")
def _closed_orally(turn: Turn, owed: Owed) -> None:
    letter(turn)


def letter(turn: Turn, **params: Any) -> None:
    """Whose letter it is decides who owes it."""
    offer = turn.state.offer or turn.new_offer(turn.state.offer_by)
    for asked in turn.state.of_kind("draft_offer", "client_offer"):  # asked anew: a wish that was shown still is
        params = {"counter_of": asked.params["counter_of"], **params} if "counter_of" in asked.params else params
        turn.end(asked, "cancelled", reason="asked_anew")
    turn.owe("client_offer" if offer.by == "client" else "draft_offer", refs=offer_ref(offer), params=params)


def letter_again(turn: Turn) -> None:
    """The end is taken back: the terms are asked for once more, and a letter that waited for the requisition is not the one that leaves."""
    if turn.state.offer is not None:
        turn.state.offer.held_back = False
    letter(turn)


def offer_ref(offer: Offer) -> list[tuple[str, str, int]]:
    """How an Ask names the offer in its present version."""
    return [("offer", str(offer.id), offer.version)] if offer.version else []


@answered("client_offer", "draft_offer")
def _terms(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None and turn.state.offer is not None
    offer, start = turn.state.offer, owed.answer.clear.get("start_day")
    if owed.answer.clear.get("counter") == "keep" and turn.state.of_kind("offer_answer", "offer_revive", "late_acceptance"):
        return  # the letter on the table stands; that they hear so is the recruiter's call
    given: dict[str, Any] = {"start_day": str(start)} if start else {}
    if offer.version == 0:
        turn.command("intake.draft_offer", offer_id=str(offer.id), by=offer.by, ask_id=str(owed.ask_id), **given)
    else:
        changes = {"ask_id": str(owed.ask_id), **given}
        turn.command("intake.revise_offer", offer_id=str(offer.id), version=offer.version + 1, changes=changes)


@when("offer.drafted", "offering")
def _drafted(turn: Turn) -> None:
    _version(turn)


@when("offer.changed", "offering")
def _changed(turn: Turn) -> None:
    _version(turn)


def _version(turn: Turn) -> None:
    offer, fact, state = turn.state.offer, turn.fact, turn.state
    if offer is None or str(offer.id) != fact.get("offer_id") or fact.get("version") <= offer.version:
        return
    first, changed = offer.version == 0, set(fact.get("changed") or [])
    turn.cancel("approve_offer", "offer_answer", "draft_offer", "client_offer", reason="new_version")
    offer.version, offer.sent, offer.held_back = fact.get("version"), False, False
    offer.start_at, offer.probation_months = datetime.fromisoformat(fact.get("start_at")), fact.get("probation_months", 3)
    always = [] if offer.by == "client" else state.always_chain
    over = [] if offer.by == "client" or not fact.get("over_band") else state.over_chain
    kept = [] if first else [role for role in said_yes(offer) if role in over and role not in always and changed and not changed & PAY]
    offer.chain, offer.yes, offer.no, offer.approved = [*always, *over], kept, [], len(kept)
    _ask_approvers(turn, offer, sorted(changed))


PAY = frozenset({"base", "base_salary", "months", "bonus", "sign_on", "currency"})
"""Terms that the approvers of pay answer for; another term leaves their yes standing."""


def said_yes(offer: Offer) -> list[str]:
    """Who approved this version; states of old count only how many."""
    return offer.yes or offer.chain[:offer.approved]


def _ask_approvers(turn: Turn, offer: Offer, changed: list[str]) -> None:
    """Ask whose yes is still needed: the next one, or all at once; when enough have said yes the letter leaves."""
    state, n = turn.state, len(offer.chain)
    offer.yes = said_yes(offer)
    offer.approved = len(offer.yes)
    needed = min(state.approvals_needed or n, n)
    waiting = [role for role in offer.chain if role not in (*offer.yes, *offer.no)]
    asked = [owed.role for owed in state.of_kind("approve_offer")]
    if len(offer.yes) >= needed:
        turn.cancel("approve_offer", reason="enough")
        _approved_by_all(turn, offer)
    elif len(offer.yes) + len(waiting) < needed:
        turn.cancel("approve_offer", reason="refused")
        letter(turn)
    else:
        for role in waiting if state.approving == "parallel" else waiting[:1]:
            if role not in asked:
                params = {"offer_id": str(offer.id), "version": offer.version, "k": offer.chain.index(role) + 1, "n": n}
                turn.owe("approve_offer", role=role, refs=offer_ref(offer), params={**params, **({"changed": changed} if changed else {})})


def _approved_by_all(turn: Turn, offer: Offer) -> None:
    turn.emit("offer.approved", offer_id=str(offer.id), version=offer.version, approved_at=turn.at.isoformat())
    if turn.state.paused_at is None:
        _deliver(turn, offer)
    else:
        offer.held_back = True
        turn.call("recruiter", "paused_letter")


def _deliver(turn: Turn, offer: Offer) -> None:
    turn.owe("offer_answer", refs=offer_ref(offer), params={"offer_id": str(offer.id), "version": offer.version})


@answered("approve_offer")
def _approved(turn: Turn, owed: Owed) -> None:
    """An answer about a version of the past counts for nothing: the question has changed."""
    offer = turn.state.offer
    assert owed.answer is not None and offer is not None
    if owed.params.get("version") != offer.version or turn.state.of_kind("draft_offer", "client_offer"):
        return
    if owed.answer.clear.get("decision") == "approve":
        offer.yes = [*said_yes(offer), owed.role]
    else:
        offer.no = [*offer.no, owed.role]
    _ask_approvers(turn, offer, list(owed.params.get("changed") or []))


@when("act.revise", "offering")
def _revised(turn: Turn) -> None:
    """Other terms are written; what is on the table stands until they are, then its links die."""
    if turn.state.offer is not None and not turn.state.of_kind("draft_offer", "client_offer", "verbal_close"):
        letter(turn)


@answered("offer_answer")
def _answer(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None and turn.state.offer is not None
    offer, leaving = turn.state.offer, turn.state.leaving
    turn.state.leaving = None
    decision = owed.answer.clear.get("decision")
    about = {"offer_id": str(offer.id), "version": offer.version}
    if decision == "accept":
        turn.emit("offer.accepted", **about, accepted_at=owed.answer.at.isoformat(), start_at=_start(offer, turn).isoformat())
        turn.tell("offer_accepted", "candidate", refs=offer_ref(offer))
        turn.tell("hired", "hiring_manager", refs=offer_ref(offer))
        turn.state.start_at = _start(offer, turn)
        joining.enter(turn)
        if leaving is not None and leaving.at >= owed.answer.at and leaving.outcome == "withdrawn":
            closing.renege(turn, leaving.reason)
    elif leaving is not None:
        closing.close(turn, leaving.outcome, leaving.reason)
    elif decision in ("question", "counter"):
        turn.call("recruiter", "offer_question", **about)
        if decision == "counter":
            _countered(turn, owed, about)
        anchors = {"offer_expiry": owed.due_at} if owed.due_at else {}
        turn.owe("offer_answer", refs=owed.refs, params={**about, "again": True, "own_act": True}, anchors=anchors)
    else:
        reason = owed.answer.clear.get("reason_code")
        turn.emit("offer.declined", **about, declined_at=owed.answer.at.isoformat(), reason=reason)
        closing.close(turn, "declined", reason)


def _countered(turn: Turn, owed: Owed, about: dict[str, Any]) -> None:
    """Whoever owes the letter sees what is wished beside what stands; the newest wish counts, the letter on the table stays."""
    assert owed.answer is not None
    wished = owed.answer.clear.get("wished_start")
    day = {"wished_start": str(wished)} if wished else {}
    turn.emit("offer.countered", **about, countered_at=owed.answer.at.isoformat(), ask_id=str(owed.ask_id), **day)
    letter(turn, counter_of=str(owed.ask_id))


def _start(offer: Offer, turn: Turn) -> datetime:
    return offer.start_at or turn.at


@lapsed("offer_answer")
def _lapsed(turn: Turn, owed: Owed) -> None:
    offer = turn.state.offer
    assert offer is not None
    turn.emit("offer.lapsed", offer_id=str(offer.id), version=offer.version, lapsed_at=turn.at.isoformat())
    turn.owe("offer_revive", refs=offer_ref(offer))


@answered("offer_revive", "late_acceptance")
def _revive(turn: Turn, owed: Owed) -> None:
    assert owed.answer is not None
    turn.cancel("offer_revive", "late_acceptance", reason="decided")
    if owed.answer.clear.get("decision") == "yes":
        letter(turn)
    else:
        closing.close(turn, "lapsed", None)


@lapsed("offer_revive")
def _stays_lapsed(turn: Turn, owed: Owed) -> None:
    if not turn.state.of_kind("late_acceptance"):
        closing.close(turn, "lapsed", None, told=False)


@when("ask.answered_late", "offering")
def _late_yes_is_a_wish(turn: Turn) -> None:
    """A yes after the date is a wish, not a contract: the hiring manager says whether the offer is made again."""
    fact, offer = turn.fact, turn.state.offer
    decision = (fact.get("clear") or {}).get("decision")
    if fact.get("kind") == "offer_answer" and decision == "accept" and offer is not None and turn.state.of_kind("offer_revive"):
        turn.cancel("offer_revive", reason="late_acceptance")
        turn.tell("late_welcome", "candidate", occasion=f"{fact.id}/1")
        turn.owe("late_acceptance", refs=offer_ref(offer))


def review_if_delivered(turn: Turn) -> bool:
    """A letter on its way can't be taken back: people look at the wish, the offer stands. False: none is on its way."""
    if not turn.state.of_kind("offer_answer"):
        return False
    review(turn)
    return True


def review(turn: Turn) -> None:
    """Legal owner and client manager look at the wish to take a yes or a letter back."""
    offer = turn.state.offer
    if not turn.state.of_kind("offer_withdrawal_review"):
        for role in ("legal_owner", "client_manager"):
            turn.owe("offer_withdrawal_review", role=role, refs=offer_ref(offer) if offer else [])


def deliver_held_back(turn: Turn) -> None:
    """The requisition goes on: a letter that waited for it leaves now."""
    offer = turn.state.offer
    if offer is not None and offer.held_back:
        offer.held_back = False
        for call in [call for call in turn.state.of_kind("call") if call.params.get("about") == "paused_letter"]:
            turn.end(call, "cancelled", reason="resumed")
        _deliver(turn, offer)


@answered("offer_withdrawal_review")
def _reviewed(turn: Turn, owed: Owed) -> None:
    """Whatever the two think: after delivery the offer stands (practice.md 2.7)."""
