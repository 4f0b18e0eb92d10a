"""A hire played in the head: the same `decide` and `resolve` as in production, with services and people that answer at once.

Serves the printer, what-if questions and the tests' oracle. It holds a small arbiter, so that first answers win here too.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts import application as a
from shared.contracts import appointments, ask, notification, offer, scheduling, screening
from shared.contracts.base import Command, Message, derive_id
from shared.policy.wall import instant_of

from . import orders
from .directory import Directory
from .hire.decide import decide, due_by, next_due
from .hire.facts import DUE, Fact
from .hire.intents import Intent
from .hire.resolution import take_in
from .hire.state import HireState, Owed, held
from .resolve import Outgoing, resolve

Answers = Callable[[ask.AskSpec, datetime], "tuple[timedelta, dict[str, Any]] | None"]
"""What a person does with a question: after how long they answer what; None: never."""
Post = Callable[[notification.MessageSpec, datetime], datetime]
"""When a message leaves that is written now."""
HOUR = timedelta(hours=1)
LIMIT = 2_000


def by_default(spec: ask.AskSpec, now: datetime) -> tuple[timedelta, dict[str, Any]] | None:
    """Everybody answers within two hours, and well."""
    slots = spec.params.get("slots") or [{}]
    said: dict[str, dict[str, Any]] = {
        "review_application": {"decision": "advance"}, "screen_out": {"decision": "reject"}, "client_verdict": {"decision": "wanted"},
        "round_verdict": {"decision": "pass"}, "session_verdict": {"decision": "pass"}, "hire_decision": {"decision": "hire"}, "offer_answer": {"decision": "accept"},
        "choose_slot": {"slot": slots[0].get("slot_id")}, "approve_offer": {"decision": "approve"}, "attendance": {"result": "both"},
        "presence": {"result": "both"}, "presence_panel": {"result": "both"}, "interview_conflict": {"decision": "stands"}, "interview_touched": {"decision": "wall"},
        "no_show_ruling": {"decision": "again"}, "session_attendance": {"result": "both"},
        "scorecard": {"recommend": "yes"}, "started": {"result": "started"}}
    if spec.kind.startswith("checkin_"):
        return 2 * HOUR, {"mood": 4}
    return 2 * HOUR, said.get(spec.kind, {"decision": "yes", "done": "yes"})


def at_once(spec: notification.MessageSpec, now: datetime) -> datetime:
    """No windows, no digests: what is written has arrived."""
    return now


@dataclass
class Rehearsal:
    """One hire, its world and its clock. `log` holds every message written, in order."""

    state: HireState
    directory: Directory
    now: datetime
    answers: Answers = by_default
    post: Post = at_once
    log: list[Outgoing] = field(default_factory=list)
    asks: dict[UUID, str] = field(default_factory=dict)
    turns: list[tuple[str, str, list[Intent]]] = field(default_factory=list)
    _queue: list[tuple[datetime, int, Fact]] = field(default_factory=list)
    _n: int = 0
    _loop: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _offered: dict[str, Any] = field(default_factory=dict)
    _here: set[str] = field(default_factory=set)

    def tell(self, kind: str, data: dict[str, Any] | None = None, *, at: datetime | None = None, cause: str = "", tag: str = "") -> Fact:
        """A fact comes up at `at` (now where left out)."""
        self._n += 1
        when = at or self.now
        fact = Fact(
            id=str(derive_id("rehearsal", "fact", self.state.hire_id, tag or self._n, kind)), source="rehearsal", type=kind, at=when,
            now=when, cause=cause, data=data or {})
        heapq.heappush(self._queue, (when, self._n, fact))
        return fact

    def take(self, fact: Fact) -> None:
        """One turn: decide, resolve, remember, let the world react."""
        was = self.state.step_no
        state, intents = decide(self.state, fact, fact.now)
        if state.step_no == was:
            return
        result = resolve(state, intents, self.directory, at=fact.at, now=self.now)
        self.state = take_in(state, result.found)
        assert held(self.state), f"{fact.type} in {self.state.stage}: nobody holds the baton"
        self.turns.append((state.stage, fact.type, intents))
        self.log += result.out
        for sent in result.out:
            self._react(sent)

    def step(self) -> bool:
        """Go to the next instant at which something happens; False when nothing ever will."""
        due = next_due(self.state)
        if self._queue and (due is None or self._queue[0][0] <= due.at):
            at, _, fact = heapq.heappop(self._queue)
            self.now = max(self.now, at)
            self._happen(fact)
            return True
        if due is None:
            return False
        self.now = max(self.now, due.at)
        chosen = due_by(self.state, self.now)
        assert chosen is not None
        self.take(chosen.fact(self.state.hire_id))
        return True

    def run(self, until: datetime | None = None) -> HireState:
        """Play until the hire is over (or `until`); raises AssertionError if it never ends."""
        for _ in range(LIMIT):
            if self.state.closed or (until is not None and self.now >= until) or not self.step():
                return self.state
        raise AssertionError(f"{LIMIT} turns and no end: stage {self.state.stage}, {[o.kind for o in self.state.owed.values()]}")

    def answer(self, kind: str, clear: dict[str, Any], *, at: datetime | None = None) -> None:
        """Somebody answers the open question of this kind."""
        owed = next(owed for owed in self.state.owed.values() if owed.kind == kind and owed.status in ("asked", "open"))
        assert owed.ask_id is not None
        self._answer(owed.ask_id, kind, owed.undo, clear, at or self.now)

    def answer_later(self, owed: Owed, clear: dict[str, Any], at: datetime) -> None:
        """Somebody will answer this open question then."""
        assert owed.ask_id is not None
        self._answer(owed.ask_id, owed.kind, owed.undo, clear, at)

    def knows(self, slots: dict[str, Any], panel: list[str]) -> None:
        """What scheduling has already offered and whom it asked, when a hire is played on from the middle."""
        self._offered, self._panel = slots, panel

    # -- the world ----------------------------------------------------------------------------------------------------
    def _happen(self, fact: Fact) -> None:
        """Answers go through the arbiter's row: on a closed question they are late."""
        if fact.type == "ask.answered":
            key = UUID(fact.get("ask_id"))
            if self.asks.get(key) != "open":
                fact = fact.model_copy(update={"type": "ask.answered_late"})
            else:
                self.asks[key] = "answered"
                self._card(fact)
        if fact.type != DUE:
            self.take(fact)

    def _card(self, fact: Fact) -> None:
        """Screening seals a card and says that it is in."""
        owed = self.state.by_ask(fact.get("ask_id"))
        if owed is not None and owed.kind == "scorecard":
            data = {"interview_id": owed.params["interview_id"], "interviewer_id": str(owed.person)}
            self.tell("feedback.submitted", data, cause=fact.id)

    def _answer(self, ask_id: UUID, kind: str, undo: int, clear: dict[str, Any], at: datetime) -> None:
        final = at + timedelta(seconds=undo)
        self.tell("ask.answered", {
            "ask_id": str(ask_id), "kind": kind, "clear": clear, "answered_at": at.isoformat(), "final_at": final.isoformat(),
            "by": None}, at=at)

    def _react(self, sent: Outgoing) -> None:
        body, cause = sent.body, str(sent.event_id)
        if isinstance(body, ask.AskCommand):
            self._asked(body, cause)
        elif isinstance(body, ask.CloseAsk):
            if self.asks.get(body.ask_id) == "open":
                self.asks[body.ask_id] = "closed"
                self.tell("ask.closed", {"ask_id": str(body.ask_id), "how": body.how}, cause=cause)
        elif isinstance(body, notification.Tell):
            data = {"message_id": str(body.message_id), "purpose": body.message.purpose, "template": body.message.template}
            if body.message.purpose in ("result", "plain_rejection"):
                self.tell("message.delivered", data, at=self.post(body.message, self.now), cause=cause)
        elif isinstance(body, Command):
            self._obey(body, cause)

    def _asked(self, body: ask.AskCommandV1, cause: str) -> None:
        self.asks.setdefault(body.ask_id, "open")
        at = self.post(body.message, self.now)
        said = self.answers(body.spec, at)
        if self.directory.policy.obligation(body.spec.kind).opens == "delivery":
            self.tell("message.delivered", {"ask_id": str(body.ask_id), "purpose": "ask", "template": body.spec.kind}, at=at, cause=cause)
        if said is not None:
            self._answer(body.ask_id, body.spec.kind, body.spec.undo_within, said[1], at + said[0])

    def _obey(self, body: Message, cause: str) -> None:
        match body:
            case scheduling.OfferSlots():
                self.tell("slots.offered", self._slots(body), cause=cause)
            case appointments.OfferLoop():
                self.tell("loop.offered", self._ways(body), cause=cause)
            case appointments.BookLoop():
                for leg in self._loop[str(body.way_id)]:
                    self.tell("interview.scheduled", {**leg, "version": 1}, cause=cause)
            case scheduling.Book():
                self.tell("interview.scheduled", self._booked(body), cause=cause)
            case scheduling.Move():
                self.tell("interview.moved", self._booked(body), cause=cause)
            case appointments.SettleTouched():
                self.tell("interview.moved", self._settled(body), cause=cause)
            case appointments.Tap():
                self._tapped(body, cause)
            case scheduling.Release():
                self.tell("slots.released", {"interview_id": str(body.interview_id)}, cause=cause)
            case scheduling.Cancel():
                known = [one for one in (self.state.interview, *self.state.others) if one is not None and one.id == body.interview_id]
                version = known[0].version + 1 if known else 1
                self.tell("interview.cancelled", {"interview_id": str(body.interview_id), "version": version, "reason": body.reason,
                                                  "session": self._session(stands=False)}, cause=cause)
            case scheduling.Replace():
                self._replace(body, cause)
            case scheduling.Attend():
                self._attended(body, cause)
            case screening.Reveal():
                self.tell("feedback.revealed", {"interview_id": str(body.interview_id), "missing": []}, cause=cause)
            case a.Disclose():
                self.tell("disclosure.made", {"disclosure": {"disclosure_id": str(derive_id("intake", "disclosure", cause))}}, cause=cause)
            case offer.DraftOffer():
                self.tell("offer.drafted", self._offer(body.offer_id, 1, body.start_at), cause=cause)
            case offer.ReviseOffer():
                self.tell("offer.changed", self._offer(body.offer_id, body.version, None), cause=cause)

    def _slots(self, body: scheduling.OfferSlotsV1) -> dict[str, Any]:
        calendar = self.directory.holder("hiring_manager", self.now).calendar
        slots: list[dict[str, Any]] = []
        for n in range(4):
            day = calendar.step(calendar.local(body.not_before).date(), n)
            start = instant_of(day, orders.FIRST_HOUR.replace(hour=14), calendar.zone)
            slots.append({"slot_id": str(derive_id("scheduling", "slot", body.interview_id, n)), "starts_at": start.isoformat(),
                          "ends_at": (start + timedelta(minutes=body.minutes)).isoformat()})
        self._panel = [str(seat[0]) for seat in body.panel]
        if body.group is not None:
            slots = [{**slots[0], "session": {"session_id": slots[0]["slot_id"], "version": 1, "capacity": body.group.capacity, "stands": True}}]
        self._offered |= {slot["slot_id"]: {"panel": sorted(set(self._panel)), **slot} for slot in slots}
        return {"chairs": body.group and body.group.capacity, "interview_id": str(body.interview_id), "round": body.round, "minutes": body.minutes, "mode": body.mode, "slots": slots}

    def _ways(self, body: appointments.OfferLoopV1) -> dict[str, Any]:
        """Three days with all parts one after the other."""
        calendar = self.directory.holder("hiring_manager", self.now).calendar
        ways: list[dict[str, Any]] = []
        for n in range(3):
            start = instant_of(calendar.step(calendar.local(body.not_before).date(), n), orders.FIRST_HOUR, calendar.zone)
            legs: list[dict[str, Any]] = []
            for leg in body.legs:
                end = start + timedelta(minutes=leg.minutes)
                legs.append({
                    "interview_id": str(leg.interview_id), "starts_at": start.isoformat(), "ends_at": end.isoformat(),
                    "panel": [str(seat.pool[0]) for seat in leg.seats]})
                start = end + HOUR / 4
            ways.append({"way_id": str(derive_id("scheduling", "way", body.loop_id, n)), "slots": legs})
        self._loop = {way["way_id"]: way["slots"] for way in ways}
        return {"loop_id": str(body.loop_id), "ways": ways}

    def _booked(self, body: scheduling.BookV1 | scheduling.MoveV1) -> dict[str, Any]:
        slot = self._offered[str(body.slot_id)]
        version = self.state.interview.version + 1 if self.state.interview else 1
        return {"interview_id": str(body.interview_id), "version": version, "panel": sorted(set(self._panel)), **slot}

    def _session(self, *, stands: bool = True) -> dict[str, Any] | None:
        """The session of the appointment, changed once more."""
        held = self.state.interview.session if self.state.interview else None
        return held and {**held, "version": held["version"] + 1, "stands": stands}

    def _settled(self, body: appointments.SettleTouchedV1) -> dict[str, Any]:
        interview = self.state.interview
        assert interview is not None and interview.starts_at is not None and interview.ends_at is not None
        by = HOUR if body.keep == "wall" else timedelta()
        return {
            "interview_id": str(body.interview_id), "version": interview.version + 1, "panel": [str(one) for one in interview.panel],
            "starts_at": (interview.starts_at + by).isoformat(), "ends_at": (interview.ends_at + by).isoformat()}

    def _tapped(self, body: appointments.TapV1, cause: str) -> None:
        """Both sides are there as soon as one of each says so, or one says it of both."""
        self._here |= {body.side} if body.here else set()
        self._here |= {"candidate", "interviewer"} if body.here and body.other else set()
        result = "both" if len(self._here) == 2 else "unknown"
        self.tell("attendance.noted", {"interview_id": str(body.interview_id), "result": result}, cause=cause)

    def _replace(self, body: scheduling.ReplaceV1, cause: str) -> None:
        interview = self.state.interview
        if interview is None or not body.candidates or interview.starts_at is None or interview.ends_at is None:
            self.tell("booking.refused", {"interview_id": str(body.interview_id), "reason": "nobody_free"}, cause=cause)
            return
        panel = [member for member in interview.panel if member != body.out_id] + [body.candidates[0]]
        self.tell("interviewer.replaced", {
            "interview_id": str(body.interview_id), "version": interview.version + 1, "starts_at": interview.starts_at.isoformat(),
            "ends_at": interview.ends_at.isoformat(), "panel": [str(member) for member in panel], "out_id": str(body.out_id),
            "in_id": str(body.candidates[0]), "session": self._session()}, cause=cause)

    def _attended(self, body: scheduling.AttendV1, cause: str) -> None:
        data = {"interview_id": str(body.interview_id)}
        if body.result == "both":
            self.tell("interview.attended", data, cause=cause)
        else:
            self.tell("interview.no_show", {**data, "party": body.result.removesuffix("_absent")}, cause=cause)

    def _offer(self, offer_id: UUID, version: int, start_at: datetime | None) -> dict[str, Any]:
        start = start_at or (self.state.offer.start_at if self.state.offer and self.state.offer.start_at else self.now + timedelta(days=30))
        return {"offer_id": str(offer_id), "version": version, "by": self.state.offer_by, "start_at": start.isoformat(), "over_band": False}
