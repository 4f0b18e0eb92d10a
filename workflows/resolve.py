"""From a decision to messages and instants: roles become parties, kinds become dues and ladders. Pure: no I/O, no clock.

The same function serves `apply_step`, the printer and the tests; only where the directory comes from differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.ask import AskCommand, AskSpec, CloseAsk, Ref
from shared.contracts.base import Message, derive_id
from shared.contracts.notification import MessageSpec, Tell
from shared.contracts.obligation import Rung as WireRung
from shared.contracts.party import PartyRef
from shared.policy.due import next_repeat, opens_at, send_after
from shared.policy.resolve import shift

from . import orders
from .directory import Directory, Holder
from .hire import intents as i
from .hire.resolution import Resolution
from .hire.state import HireState, Owed, Rung, Step
from .replan import act_text, plan_of, wire_acts
from .replan import apply as follow_policy

NEXT: dict[str, str] = {
    "review_application": "candidate", "screen_out": "candidate", "interest": "recruiter", "represent_consent": "recruiter",
    "candidate_report": "client", "client_verdict": "candidate", "choose_slot": "recruiter", "scorecard": "hiring_manager",
    "round_verdict": "candidate", "session_verdict": "candidate", "hire_decision": "recruiter", "verbal_close": "client", "client_offer": "candidate",
    "draft_offer": "department_head", "approve_offer": "candidate", "offer_answer": "recruiter", "offer_revive": "recruiter",
    "check_consent": "recruiter", "resigned": "recruiter", "started": "recruiter",
}
"""Who usually gets the baton after an answer: the handover strip's last name."""
SOON = frozenset({"interim", "status"})
"""Tells that name the instant of the next word."""
START_DAY = frozenset({"eve_of_start", "started"})
"""Questions that no quiet hour holds back: they are about the first day itself."""
REMINDERS = frozenset({"presence", "presence_panel"})
"""Questions that are the reminder of something agreed: no budget holds them back until it is over."""
NEXT_WORD_DAYS = 2


@dataclass
class Outgoing:
    """One message to write: its id, or none for one derived by the outbox from cause, type, subject and `ordinal`."""

    body: Message
    at: datetime
    event_id: UUID | None = None
    ordinal: int = 0


@dataclass
class Result:
    """Everything a step writes and remembers."""

    found: Resolution = field(default_factory=Resolution)
    out: list[Outgoing] = field(default_factory=list)


class Resolver:
    """Resolves one decision. `at` is the fact's own time, `now` business time."""

    def __init__(self, state: HireState, directory: Directory, *, at: datetime, now: datetime) -> None:
        self.state, self.directory, self.at, self.now = state, directory, at, now
        self.policy = directory.policy
        self.result = Result()

    def run(self, intents: Iterable[i.Intent]) -> Result:
        """Resolve all intents in order, then the deadlines of the machine steps that have none."""
        handlers: dict[str, Any] = {
            "open": self._open, "clock": self._clock, "rung": self._rung, "shift": self._shift, "end": self._end,
            "close_ask": self._close_ask, "command": self._command, "tell": self._tell, "emit": self._emit,
            "policy": lambda _: follow_policy(self)}
        for intent in intents:
            handlers[intent.do](intent)
        for step in self.state.steps:
            if step.deadline is None and step.id not in self.result.found.deadlines:
                self.result.found.deadlines[step.id] = self.now + self._length(self.policy.command_deadline)
        return self.result

    @staticmethod
    def _length(duration: Any) -> timedelta:
        return timedelta(seconds=duration.amount * {"min": 60, "h": 3600, "d": 86400}[duration.unit])

    def say(self, body: Message, at: datetime | None = None, **ids: Any) -> None:
        """One message more."""
        self.result.out.append(Outgoing(body, at or self.at, **ids))

    def patch(self, owed: Owed, **fields: Any) -> None:
        """Remember fields of an obligation, in the state that is being resolved and for the workflow."""
        for name, value in fields.items():
            setattr(owed, name, value)
        self.result.found.owed.setdefault(str(owed.id), {}).update(fields)

    # -- opening ------------------------------------------------------------------------------------------------------
    def holder(self, owed: Owed) -> Holder:
        """Who owes it, now."""
        role = owed.role or self.policy.obligation(owed.kind).ower
        return self.directory.holder(
            role, self.now, person=owed.person, candidate=self.state.person_id, previous=owed.previous, turn=owed.turn)

    def _open(self, intent: i.OpenObligation) -> None:
        owed = self.state.owed.get(str(intent.id))
        if owed is None:
            return
        entry = self.policy.obligation(owed.kind)
        holder = self.holder(owed)
        base = {"role": owed.role or entry.ower, "blocking": entry.blocking, "undo": self.policy.undo_seconds(owed.kind)}
        instant = self._planned_for(owed, holder)
        if instant is not None:
            self.patch(owed, **base, status="planned", opens_at=instant)
            return
        self.patch(owed, **base)
        self._ask_for(owed, holder)

    def _planned_for(self, owed: Owed, holder: Holder) -> datetime | None:
        if owed.opens_at is not None:
            return owed.opens_at
        if owed.params.get("planned_after"):
            return shift(owed.opened_at, getattr(self.policy, owed.params["planned_after"]), calendar=holder.calendar)
        if owed.params.get("planned_at_due"):
            return plan_of(self, owed, holder).due_at
        if owed.params.get("repeat"):
            began = owed.opened_at if self.state.start_at is None else min(owed.opened_at, self.state.start_at)
            return next_repeat(self.policy, owed.kind, began_at=began, last_at=owed.opened_at, calendar=holder.calendar)
        if owed.previous is not None:
            return None  # somebody's turn after another's: it has begun
        if self.policy.obligation(owed.kind).opens_at is not None:
            return opens_at(self.policy, owed.kind, anchors=owed.anchors, calendar=holder.calendar)
        return None

    def _ask_for(self, owed: Owed, holder: Holder) -> None:
        """Ask; the clock runs at once, or from delivery where the policy says so."""
        by_delivery = self.policy.obligation(owed.kind).opens == "delivery"
        if by_delivery and owed.ask_id is not None:
            self.patch(owed, status="asked", holder=holder.ref)
            command = derive_id("workflows", "ask", owed.ask_id, 1)
            self.result.found.steps.append(
                Step(id=str(command), name="notification.ask", owed_id=owed.id, deadline=self._delivery_deadline(holder)))
        else:
            self._start(owed, holder, owed.opened_at)
        if owed.ask_id is not None:
            self._say_ask(owed, holder)

    def _start(self, owed: Owed, holder: Holder, opened_at: datetime) -> None:
        planned = plan_of(self, owed, holder, opened_at=opened_at)
        rungs = [
            Rung(n=rung.n, at=rung.at, acts=[act_text(act) for act in rung.acts]) for rung in planned.rungs
            if rung.at > self.now or any(act.do != "remind" for act in rung.acts)]
        self.patch(
            owed, status="open", holder=holder.ref, opened_at=opened_at, due_at=planned.due_at, provisional=planned.provisional,
            rungs=rungs, net=planned.net)
        wire = [WireRung(n=rung.n, at=rung.at, **wire_acts(rung.acts)) for rung in rungs]
        self._obligation("opened", owed, opened_at, rungs=wire, rule=planned.rule)

    def _delivery_deadline(self, holder: Holder) -> datetime:
        """15 minutes and the delivery grace after the earliest instant that the windows allow; a day more for what budgets may hold."""
        opens = send_after(
            self.policy, "mail", recipient_zone=holder.calendar.zone, calendar=holder.calendar,
            party_class=holder.party_class, instant=self.now + timedelta(days=1))  # type: ignore[arg-type]
        return opens + self._length(self.policy.delivery_grace) + self._length(self.policy.command_deadline)

    def _say_ask(self, owed: Owed, holder: Holder) -> None:
        assert owed.ask_id is not None
        entry, state = self.policy.obligation(owed.kind), self.state
        refs = [Ref(kind=kind, id=UUID(ref), version=version) for kind, ref, version in owed.refs]  # type: ignore[arg-type]
        after = self.directory.owed_to(NEXT.get(owed.kind, entry.owed_to), state.person_id)
        spec = AskSpec(
            ask_id=owed.ask_id, kind=owed.kind, obligation_id=owed.id, hire_id=state.hire_id, requisition_id=state.requisition_id,
            client_id=state.client_id, holder=holder.ref, group=list(holder.group), previous_holder=owed.previous, next_holder=after,
            opens_at=owed.opened_at, due_at=owed.due_at, undo_within=owed.undo, on_behalf=entry.on_behalf, refs=refs,
            params={**owed.params, **({"turn": owed.turn} if owed.turn else {})})
        said = MessageSpec(
            message_id=_message_id(holder.ref, "ask", f"{owed.id}/0"), party=holder.ref, purpose="ask", occasion=f"{owed.id}/0",
            template=owed.kind, guards=[{"guard": "ask_open", "ask_id": owed.ask_id}], hire_id=state.hire_id, ask_id=owed.ask_id,  # type: ignore[list-item]
            owed=bool(owed.params.get("own_act")) or owed.kind in REMINDERS, urgent=owed.kind in START_DAY, refs=refs, params=spec.params)
        command = derive_id("workflows", "ask", owed.ask_id, 1)
        self.say(AskCommand(ask_id=owed.ask_id, hire_id=state.hire_id, spec=spec, message=said), event_id=command)

    # -- life ---------------------------------------------------------------------------------------------------------
    def _clock(self, intent: i.StartClock) -> None:
        owed = self.state.owed.get(str(intent.id))
        if owed is None:
            return
        holder = self.holder(owed)
        if intent.ask:
            self._ask_for(owed, holder)
        else:
            self._start(owed, holder, intent.at)

    def _rung(self, intent: i.FireRung) -> None:
        owed = self.state.owed.get(str(intent.id))
        if owed is None:
            return
        if intent.overdue:
            self._obligation("overdue", owed, intent.at, overdue_at=owed.due_at or intent.at)
        self._obligation("rung_fired", owed, intent.at, n=intent.n, fired_at=intent.at, **wire_acts(intent.acts))
        if "hold" in intent.acts and not owed.rungs and self._is_staff(owed):
            again = self.holder(owed).calendar.add_working_days(intent.at, 1)
            self.patch(owed, rungs=[Rung(n=intent.n + 1, at=again, acts=["remind", "hold"])])

    def _is_staff(self, owed: Owed) -> bool:
        return self.holder(owed).party_class == "staff"

    def _shift(self, intent: i.Shift) -> None:
        owed = self.state.owed.get(str(intent.id))
        if owed is None or owed.due_at is None:
            return
        calendar, old = self.holder(owed).calendar, owed.due_at
        stood = calendar.working_time_between(intent.since, self.at)
        rungs = [rung.model_copy(update={"at": calendar.add_working_time(rung.at, stood)}) for rung in owed.rungs]
        self.patch(owed, due_at=calendar.add_working_time(old, stood), rungs=rungs)
        self._obligation("moved", owed, self.at, old_due_at=old, reason=intent.reason)

    def _end(self, intent: i.EndObligation) -> None:
        owed = intent.owed
        if owed.status == "asked" and intent.how == "met":
            self._start(owed, self.holder(owed), intent.at)
            self.result.found.owed.pop(str(owed.id), None)
        elif owed.status != "open":
            return
        self._obligation(
            intent.how, owed, intent.at, ended_at=intent.at, reason=intent.reason, late=intent.late, successor_id=intent.successor)

    def _obligation(self, what: str, owed: Owed, at: datetime, **fields: Any) -> None:
        entry, state = self.policy.obligation(owed.kind), self.state
        body = orders.message("obligation." + what, {
            **orders.common(state), "obligation_id": owed.id, "kind": owed.kind, "ask_id": owed.ask_id, "opened_at": owed.opened_at,
            "owed_by": owed.holder or PartyRef(person_id=None, role="operators"), "due_at": owed.due_at or at,
            "owed_to": self.directory.owed_to(entry.owed_to, state.person_id), "provisional": owed.provisional,
            "blocking": owed.blocking, **fields})
        self.say(body, at, ordinal=int(fields.get("n", 0)))

    # -- saying and ordering ------------------------------------------------------------------------------------------
    def _close_ask(self, intent: i.CloseAsk) -> None:
        self.say(CloseAsk(ask_id=intent.ask_id, hire_id=self.state.hire_id, how=intent.how), event_id=intent.id)

    def _command(self, intent: i.Command) -> None:
        body = orders.order(intent.name, intent.params, state=self.state, directory=self.directory, now=self.now)
        self.say(body, event_id=intent.id)

    def _emit(self, intent: i.Emit) -> None:
        body = orders.message(intent.event, {**orders.common(self.state), "at": self.at, **intent.fields})
        self.say(body, ordinal=intent.ordinal)

    def _listener(self, intent: i.Tell) -> Holder:
        owed = self.state.owed.get(str(intent.owed_id)) if intent.owed_id else None
        if intent.role == "self" and owed is not None:
            return self.holder(owed)
        if owed is not None and intent.role in ("own_line", "delegate"):
            return self.directory.holder("lead", self.now, previous=owed.holder or PartyRef(person_id=None, role="operators"),
                                         person=owed.holder.person_id if owed.holder else None)
        return self.directory.holder(intent.role, self.now, person=intent.person, candidate=self.state.person_id)

    def _tell(self, intent: i.Tell) -> None:
        own = intent.role == "interviewer" and intent.person is not None
        to = self.directory.very(intent.role, intent.person, self.now) if own and intent.person else self._listener(intent)
        if to is None:
            return
        message_id = _message_id(to.ref, intent.purpose, intent.occasion)
        params = {**intent.params, **({"next_word": self._next_word(to).isoformat()} if intent.template in SOON else {})}
        spec = MessageSpec(
            message_id=message_id, party=to.ref, purpose=intent.purpose, occasion=intent.occasion, template=intent.template,
            guards=intent.guards, hire_id=self.state.hire_id, ask_id=intent.ask_id, urgent=intent.urgent, owed=intent.owed,  # type: ignore[arg-type]
            refs=[Ref(kind=kind, id=UUID(ref), version=n) for kind, ref, n in intent.refs], params=params)  # type: ignore[arg-type]
        command = intent.step or derive_id("workflows", "tell", message_id, *([self.state.hire_id] if intent.shared else []))
        if intent.step is not None:
            self.result.found.deadlines[str(intent.step)] = self._delivery_deadline(to)
        self.say(Tell(message_id=message_id, hire_id=self.state.hire_id, message=spec), event_id=command)

    def _next_word(self, to: Holder) -> datetime:
        """When the person hears again: after the blocking duties that are open, at the latest two working days from now."""
        latest = to.calendar.add_working_days(self.now, NEXT_WORD_DAYS)
        dues = [owed.due_at for owed in self.state.owed.values() if owed.status == "open" and owed.blocking and owed.due_at]
        return max([latest, *(due for due in dues if due > self.now)])


def _message_id(party: PartyRef, purpose: str, occasion: str) -> UUID:
    return derive_id("notification", "message", party.person_id or party.role, purpose, occasion)


def resolve(
    state: HireState, intents: Iterable[i.Intent], directory: Directory, *, at: datetime, now: datetime
) -> Result:
    """Resolve a decision against the directory. `at`: the fact's time, `now`: business time. `state` is completed in place."""
    return Resolver(state, directory, at=at, now=now).run(intents)
