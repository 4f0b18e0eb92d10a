"""A second, much smaller idea of a hire, written against the wishes of its people and not against `decide`: what may never be seen.

It reads what was taken in and what was written, keeps a handful of flags, and complains. It knows nothing of the stage table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from workflows.hire.facts import ACT, Fact
from workflows.hire.state import HireState
from workflows.resolve import Outgoing

ENDS = ("met", "waived", "transferred", "lapsed", "cancelled")
BEFORE_YES = ("screening", "submission", "interviewing", "deciding", "offering")
NO_BY_ANSWER: dict[str, dict[str, str]] = {
    "review_application": {"reject": "rejected"}, "screen_out": {"reject": "rejected"}, "interest": {"no": "withdrawn"},
    "represent_consent": {"no": "withdrawn"}, "client_verdict": {"refused": "refused"}, "round_verdict": {"fail": "rejected"}, "session_verdict": {"fail": "rejected"},
    "hire_decision": {"reject": "rejected", "reserve": "reserve"}, "offer_answer": {"decline": "declined"},
    "offer_revive": {"no": "lapsed"}, "late_acceptance": {"no": "lapsed"}, "release_others": {"release": "withdrawn"},
    "nda": {"no": "withdrawn"}, "standing": {"no": "withdrawn"}, "no_show_ruling": {"end": "rejected"}}
"""Whose no ends a hire, and as what."""
NO_BY_ANSWER["wave_decision"] = NO_BY_ANSWER["hire_decision"]
DECIDING = ("hire_decision", "wave_decision")
NO_BY_SILENCE = {"interest": "withdrawn", "represent_consent": "withdrawn", "offer_revive": "lapsed"}
BY_FACT = frozenset({"settled", "left", "not_started", "reneged"})
"""Ends that a report, or the last duty done, brings."""
COMPANY = ("rejected", "closed_by_client", "filled")
RESULT = frozenset({"rejection", "filled", "reserve"})


@dataclass
class Oracle:
    """What happened so far in one hire, as its people would tell it."""

    stage: str = "screening"
    consents: bool = False
    shown: bool = False
    letter: str = ""
    """'' none, 'out' on the table, 'yes', 'no', 'dead'."""
    end: str | None = None
    over: bool = False
    leaving: bool = False
    erased: bool = False
    paused: bool = False
    held: bool = False
    """The requisition, or this hire, stands still, whether that stops anything here or not."""
    expected: str | None = None
    """The end that the last turn must have brought."""
    open: dict[Any, str] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    votes: dict[str, str] = field(default_factory=dict)
    """Who voted what, since the decision was asked for; empty where one decides alone."""
    split: set[str] = field(default_factory=set)
    """Questions about votes that were even: whoever gets one decides alone."""
    heard: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def saw(self, fact: Fact, written: list[Outgoing], before: HireState, after: HireState) -> None:
        """One turn: what came in, what went out."""
        was_over, self.expected = self.over, None
        if fact.id not in self.heard:  # what Kafka says again happened once
            self._came(fact, before)
        self.heard.add(fact.id)
        for sent in written:
            self._went(sent.body, before)
        self._judge(fact, was_over, after)

    def _came(self, fact: Fact, before: HireState) -> None:
        kind = f"act.{fact.get('act')}" if fact.type == ACT else fact.type
        if kind == "ask.answered":
            self.answers.setdefault(fact.get("ask_id"), dict(fact.get("clear") or {}))
        elif kind == "ask.retracted":
            self.answers.pop(fact.get("ask_id"), None)
        elif kind == "person.erased":
            self.erased = True
        elif kind in ("requisition.held", "act.pause"):
            self.held = True
            self.paused |= self.letter != "out" and self.stage in BEFORE_YES
        elif kind in ("requisition.continued", "act.resume"):
            self.held = self.paused = False
        if before.outcome is None:
            self._ends_by(kind, fact)

    def _ends_by(self, kind: str, fact: Fact) -> None:
        """What happened outside of any question, and ends a hire where no yes binds both sides."""
        free = self.letter not in ("out", "yes") and self.stage in BEFORE_YES
        if kind == "person.erased":
            self.expected = "withdrawn"
        elif kind in ("application.ended", "act.withdraw") and self.stage == "joining":
            self.expected = "reneged"
        elif kind in ("application.ended", "act.withdraw") and free:
            self.expected = "withdrawn"
        elif kind == "act.close" and free:
            self.expected = "rejected"
        elif kind == "requisition.ended" and free:
            self.expected = "filled" if fact.get("reason") == "filled" else "closed_by_client"

    def _went(self, body: Any, before: HireState) -> None:
        name = body.TYPE.removeprefix("baton.")
        if name == "obligation.opened":
            self.open[body.obligation_id] = body.kind
        elif name.startswith("obligation.") and name.split(".")[1] in ENDS:
            self._ended(name.split(".")[1], body, before)
        elif name == "stage.entered" and body.stage != "paused":
            self.stage, self.votes = body.stage, {}
        elif name == "notification.ask":
            self._asked(body.spec)
        elif name == "notification.tell":
            self._told(body.message, before)
        elif name == "intake.disclose" and not self.consents:
            self.faults.append("shown to a client without the person's own yes")
        elif name == "candidate.submitted":
            self.shown = True
        elif name in ("offer.accepted", "offer.declined", "offer.lapsed"):
            self.letter = {"accepted": "yes", "declined": "no", "lapsed": "dead"}[name.split(".")[1]]
        elif name == "decision.made" and body.decision == "taken_back" and body.stage == "closed":
            self.paused = self.held
        elif name == "hire.closed":
            self.over = True
            self.end = self.end or body.outcome

    def _ended(self, how: str, body: Any, before: HireState) -> None:
        if self.open.pop(body.obligation_id, None) is None:
            self.faults.append(f"{body.kind} ended without having been opened")
        said = self.answers.get(str(body.ask_id), {})
        if how == "met" and body.kind == "represent_consent" and said.get("decision") == "yes":
            self.consents = True
        if how == "met" and body.kind == "represent_consent" and "decision" not in said:
            self.faults.append("a consent that nobody gave")
        if before.outcome is None and before.leaving is None:
            talked_over = said.get("unlawful") == "yes" and "unlawful_reason" in before.duties
            no = NO_BY_ANSWER.get(body.kind, {}).get(str(said.get("decision"))) if how == "met" and not talked_over else None
            if how == "met" and not talked_over and body.kind in DECIDING and before.voters and str(body.ask_id) not in self.split:
                no = self._voted(body.owed_by.role, str(said.get("decision")), before)
            no = NO_BY_SILENCE.get(body.kind) if how in ("lapsed", "waived") else no
            self.expected = self.expected or no
        if body.kind == "offer_answer" and how == "cancelled" and self.letter == "out":
            self.letter = "" if before.leaving is not None or body.reason == "new_version" else "withdrawn"
        if how == "lapsed" and body.kind in ("hire_decision", "round_verdict", "session_verdict", "approve_offer", "screen_out", "started"):
            self.faults.append(f"{body.kind} decided by silence")

    def _voted(self, role: str, vote: str, before: HireState) -> str | None:
        """The end that this vote brings, counted as people would; None where it brings none, or not yet."""
        if vote not in ("hire", "reserve", "reject"):
            return None
        self.votes[role] = vote
        if vote == "reject" and role in before.veto:
            return "rejected"
        voters, said = len(before.voters), Counter(self.votes.values())
        wanted = {"one": 1, "majority": voters // 2 + 1, "all": voters}[before.votes_needed]
        if said["hire"] >= wanted or len(self.votes) < voters:
            return None
        if said["hire"] and (wanted == voters or said["hire"] * 2 == voters):
            return None
        return "reserve" if said["reserve"] > said["reject"] else "rejected"

    def _asked(self, spec: Any) -> None:
        if spec.params.get("split"):
            self.split.add(str(spec.ask_id))
        if spec.kind == "machine_step" and spec.params.get("reason") == "nobody_held":
            self.faults.append(f"nobody held it in {self.stage}")
        if self.erased and spec.holder.role in ("candidate", "new_hire"):
            self.faults.append(f"asked {spec.kind} after erasure")
        if spec.kind == "client_verdict" and not self.shown:
            self.faults.append("a client judges somebody who was not shown")
        if spec.kind == "offer_answer":
            if self.stage != "offering":
                self.faults.append(f"a letter in {self.stage}")
            if self.paused and not spec.params.get("again"):
                self.faults.append("a letter left while the requisition was paused")
            self.letter = "out"

    def _told(self, message: Any, before: HireState) -> None:
        to_person = message.party.role in ("candidate", "new_hire")
        if to_person and self.erased:
            self.faults.append(f"told {message.template} after erasure")
        if to_person and message.purpose in ("climb",):
            self.faults.append("a machine climbed over a person")
        if message.template in RESULT and self.letter == "yes":
            self.faults.append(f"told {message.template} after a yes")
        if message.template == "offer_accepted" and self.letter != "yes":
            self.faults.append("welcomed without a yes")

    def _judge(self, fact: Fact, was_over: bool, after: HireState) -> None:
        if self.letter == "out" and after.outcome in COMPANY:
            self.faults.append(f"{after.outcome} while a letter was on the table")
        if self.letter == "yes" and after.outcome in (*COMPANY, "refused", "lapsed", "declined", "reserve"):
            self.faults.append(f"{after.outcome} after a yes")
        if was_over and after.step_no and not self.over:
            self.faults.append("a hire that was over lives")
        doubled = [kind for kind, n in Counter(owed.kind + str(owed.holder and owed.holder.person_id) + str(owed.params.get("serves_ask", ""))
                   + str(after.others and owed.params.get("interview_id", "")) + str(owed.params.get("about", "")) + str(owed.params.get("draft", ""))
                   + str(owed.params.get("command_id", "")) + str(owed.params.get("conflict_id", "")) for owed in after.owed.values() if owed.status == "open").items() if n > 1]
        if doubled:
            self.faults.append(f"asked twice at once: {doubled}")
        self._same_end(fact, after)

    def _same_end(self, fact: Fact, after: HireState) -> None:
        """A no that was heard is the end, and there is no end that nobody asked for."""
        if self.expected and after.outcome != self.expected:
            self.faults.append(f"the end should be {self.expected}, it is {after.outcome} ({fact.type} in {self.stage})")
        new = after.outcome is not None and self.end is None
        if new and self.expected is None and after.outcome not in BY_FACT and not self.leaving:
            self.faults.append(f"{after.outcome} and nobody asked for it ({fact.type})")
        self.end, self.leaving = after.outcome, after.leaving is not None
