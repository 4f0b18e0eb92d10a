"""What was said, agreed and offered: messages, interviews with their cards, offers."""

from __future__ import annotations

from collections.abc import Sequence

from shared.contracts import notification as n
from shared.contracts import offer as of
from shared.contracts import scheduling as sch
from shared.contracts import screening as s

from .facts import Fact, Row, Rows, first, last

MESSAGE_STATES = {
    n.MessageSent.TYPE: "sent", n.MessageDelivered.TYPE: "delivered", n.MessageBounced.TYPE: "bounced",
    n.MessageSuppressed.TYPE: "suppressed", n.MessageFailed.TYPE: "failed"}
INTERVIEW_STATES = {
    sch.InterviewScheduled.TYPE: "scheduled", sch.InterviewMoved.TYPE: "scheduled", sch.InterviewerReplaced.TYPE: "scheduled",
    sch.InterviewCancelled.TYPE: "cancelled", sch.InterviewAttended.TYPE: "attended", sch.InterviewNoShow.TYPE: "no_show"}
OFFER_STATES = {
    of.OfferDrafted.TYPE: "drafted", of.OfferChanged.TYPE: "drafted", of.OfferApproved.TYPE: "approved", of.OfferSent.TYPE: "sent",
    of.OfferAccepted.TYPE: "accepted", of.OfferDeclined.TYPE: "declined", of.OfferLapsed.TYPE: "lapsed"}
_OFFER_ENDS = {of.OfferAccepted.TYPE: "accepted_at", of.OfferDeclined.TYPE: "declined_at", of.OfferLapsed.TYPE: "lapsed_at"}
_OFFER_RANK = tuple(OFFER_STATES)


def fold_message(message_id: str, facts: Sequence[Fact]) -> Rows:
    """The row of one message: its newest state, when it left and when it arrived."""
    known = [f for f in facts if f.type in MESSAGE_STATES]
    if not known:
        return {}
    newest, sent, delivered = known[-1], first(known, n.MessageSent.TYPE), last(known, n.MessageDelivered.TYPE)
    body = newest.body
    left = last(known, n.MessageSent.TYPE)
    return {"messages": [{
        "message_id": message_id, "hire_id": body.get("hire_id"), "ask_id": body.get("ask_id"), "obligation_id": body.get("obligation_id"),
        "party_id": body["party"].get("person_id"), "party_role": body["party"]["role"], "purpose": body["purpose"],
        "occasion": body["occasion"], "template": body["template"], "channel": body["channel"], "state": MESSAGE_STATES[newest.type],
        "sends": sum(f.type == n.MessageSent.TYPE for f in known), "sent_at": sent.body["at"] if sent else None,
        "delivered_at": delivered.body["at"] if delivered else None, "ended_at": body["at"], "reason": body.get("reason"),
        "sent_event": sent.id if sent else None, "delivered_event": delivered.id if delivered else None,
        "tried": left.body.get("tried", []) if left else []}]}


def fold_interview(interview_id: str, facts: Sequence[Fact]) -> Rows:
    """The row of one interview; `cards` maps interviewer -> {at, event} of those that are in."""
    appointments = [f for f in facts if f.type in INTERVIEW_STATES]
    cards = {f.body["interviewer_id"]: {"at": f.body["submitted_at"], "event": f.id} for f in facts if f.type == s.FeedbackSubmitted.TYPE}
    if not appointments:
        return _unscheduled(interview_id, facts, cards)
    newest = appointments[-1]
    body = newest.body
    return {"interviews": [{
        "interview_id": interview_id, "hire_id": body["hire_id"], "requisition_id": body["requisition_id"],
        "candidate_id": body["candidate_id"], "round": body["round"], "version": body["version"], "starts_at": body["starts_at"],
        "ends_at": body["ends_at"], "zone": body["zone"], "state": INTERVIEW_STATES[newest.type],
        "moves": sum(f.type == sch.InterviewMoved.TYPE for f in appointments), "panel": body["panel"], "cards": cards}]}


def _unscheduled(interview_id: str, facts: Sequence[Fact], cards: Row) -> Rows:
    hire = next((f.body.get("hire_id") for f in facts if f.body.get("hire_id")), None)
    if hire is None:
        return {}
    asked = last(facts, sch.SlotsOffered.TYPE, sch.SlotsUnavailable.TYPE)
    row = dict.fromkeys(("requisition_id", "candidate_id", "version", "starts_at", "ends_at", "zone"))
    return {"interviews": [{**row, "interview_id": interview_id, "hire_id": hire, "round": asked.body["round"] if asked else None,
                            "state": "choosing", "moves": 0, "panel": [], "cards": cards}]}


def fold_offer(offer_id: str, facts: Sequence[Fact]) -> Rows:
    """The row of one offer over all its versions. Three owners tell about it, so the furthest state of the newest version counts."""
    known = [f for f in facts if f.type in OFFER_STATES]
    if not known:
        return {}
    newest = max(known, key=lambda f: (f.body["version"], _OFFER_RANK.index(f.type)))
    text = last(sorted((f for f in known if "by" in f.body), key=lambda f: f.body["version"]), of.OfferDrafted.TYPE, of.OfferChanged.TYPE)
    sent = first(sorted(known, key=lambda f: f.body["version"]), of.OfferSent.TYPE)
    ended = newest if newest.type in _OFFER_ENDS else None
    body = text.body if text else {}
    return {"offers": [{
        "offer_id": offer_id, "hire_id": newest.body["hire_id"], "version": newest.body["version"], "by": body.get("by"),
        "start_at": newest.body.get("start_at") or body.get("start_at"), "over_band": body.get("over_band"),
        "state": OFFER_STATES[newest.type], "sent_at": sent.body["sent_at"] if sent else None, "sent_event": sent.id if sent else None,
        "ended_at": ended.body[_OFFER_ENDS[ended.type]] if ended else None, "ended_event": ended.id if ended else None,
        "reason": newest.body.get("reason")}]}
