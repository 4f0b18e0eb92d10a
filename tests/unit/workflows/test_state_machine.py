"""Anything in any order against `decide`, beside a small oracle of its own: one holder always, the same end, no untrue word.

`make soak` plays 2,000 hires, `make test` a few; what it found stands as plain tests in test_found.py.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.contracts.ask import AskCommand, AskSpec
from tests.unit.workflows.oracle import Oracle
from tests.unit.workflows.paper import IN_A_GROUP, IN_A_LOOP, check, hire, well
from tests.unit.workflows.test_any_order import HAPPENINGS, IDEAS, _present
from tests.unit.workflows.test_interruptions import data_for
from workflows.hire.facts import ACT, Fact
from workflows.hire.interruptions import INTERRUPTIONS
from workflows.hire.state import held
from workflows.hire.table import STAGES
from workflows.rehearsal import Rehearsal

SOAK = bool(os.environ.get("BATON_SOAK"))
BREAKS = sorted({fact for _, fact in INTERRUPTIONS if not fact.startswith("ask.")})
GIVE_UP = timedelta(days=500)
EVERYTHING: dict[str, Any] = {
    "duties": ["human_review", "nda", "introduction_claim", "unlawful_reason", "refusal_review", "standing", "check_cleared_word",
               "background_check", "probation_decision", "guarantee_call", "replacement_shortlist", "invoice_details", "payment"],
    "settling": ["checkins", "probation", "guarantee"], "approving": {"mode": "parallel", "needed": 1},
    "deciding": {"by": ["hiring_manager", "hr", "department_head"], "needed": "majority", "veto": ["hr"]}}
CAREFUL: dict[str, Any] = {"duties": ["release_draft", "wave_decision"], "deciding": {"by": ["hiring_manager", "hr"], "needed": "all"}}
MORE: dict[str, list[dict[str, Any]]] = {
    "session_attendance": [{"result": "candidate_absent"}, {"result": "interviewer_absent"}, {"result": "both"}],
    "session_verdict": [{"decision": "pass"}, {"decision": "fail"}],
    "release_others": [{"decision": "release"}, {"decision": "stay"}], "nda": [{"decision": "no"}], "human_review": [{"decision": "again"}],
    "introduction_claim": [{"decision": "known"}], "ownership_ruling": [{"decision": "theirs"}], "standing": [{"decision": "pressed"}],
    "refusal_review": [{"decision": "wanted"}, {"decision": "refused"}], "wave_decision": [{"decision": "hire"}, {"decision": "reject"}],
    "background_check": [{"result": "finding"}], "probation_decision": [{"decision": "longer"}, {"decision": "ended"}],
    "client_verdict": [{"decision": "refused", "unlawful": "yes"}], "round_verdict": [{"decision": "fail", "unlawful": "yes"}],
    "offer_answer": [{"decision": "counter"}], "draft_offer": [{"done": "yes"}, {"done": "yes", "counter": "keep"}],
    "client_offer": [{"done": "yes"}, {"done": "yes", "counter": "keep"}]}
"""What else people may say, beside IDEAS."""


@dataclass
class Watched(Rehearsal):
    """A rehearsal whose every turn the oracle sees."""

    oracle: Oracle = field(default_factory=Oracle)
    taken: list[Fact] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)

    def take(self, fact: Fact) -> None:
        """One turn, watched."""
        before, n = self.state, len(self.log)
        super().take(fact)
        self.oracle.saw(fact, self.log[n:], before, self.state)
        self.taken.append(fact)

    def people(self, spec: AskSpec, now: datetime) -> tuple[timedelta, dict[str, Any]] | None:
        """Everybody answers well, but for those who fell silent."""
        return None if spec.kind in self.silent else well(spec, now)


class Anything(RuleBasedStateMachine):
    """One hire and a world that does what it likes."""

    @initialize(policy=st.sampled_from(["agency-cn", "inhouse-cn"]), origin=st.sampled_from(["applied", "sourced", "agency"]),
                verdict=st.sampled_from(["screening.passed", "screening.uncertain", "screening.failed"]),
                stage=st.sampled_from(STAGES[:-1]), ahead=st.integers(0, 25), modes=st.sampled_from([{}, {}, EVERYTHING, CAREFUL, IN_A_GROUP["modes"], IN_A_LOOP["modes"]]))
    def begin(self, policy: str, origin: str, verdict: str, stage: str, ahead: int, modes: dict[str, Any]) -> None:
        """A hire that came without trouble into some stage, and some turns further; its policy plain, or with everything it may ask for."""
        paper = hire(policy, origin=origin, modes=modes)
        self.hire = Watched(state=paper.state, directory=paper.directory, now=paper.now)
        self.hire.answers = self.hire.people
        self.hire.tell(verdict if stage == "screening" else "screening.uncertain")
        self.hire.step()
        while self.hire.state.stage not in (stage, "closed") and STAGES.index(self.hire.state.stage) < STAGES.index(stage):
            self.hire.step()
        self.go_on(ahead)

    @rule(n=st.integers(1, 12))
    def go_on(self, n: int) -> None:
        for _ in range(n):
            if self.hire.state.closed or not self.hire.step():
                return

    @rule(hours=st.sampled_from([1, 5, 30, 120]))
    def wait(self, hours: int) -> None:
        self.hire.run(until=self.hire.now + timedelta(hours=hours))

    @rule(which=st.integers(0, 9), what=st.integers(0, 5))
    def answer(self, which: int, what: int) -> None:
        asks = [owed for owed in self.hire.state.owed.values() if owed.ask_id and self.hire.asks.get(owed.ask_id) == "open"]
        if asks:
            owed = asks[which % len(asks)]
            self._say(owed.ask_id, owed.kind, owed.undo, what)

    @precondition(lambda self: len(self.hire.asks) > 0)
    @rule(which=st.integers(0, 9), what=st.integers(0, 5))
    def answer_what_is_settled(self, which: int, what: int) -> None:
        """Twice, late, or to a question of the past."""
        specs = [sent.body.spec for sent in self.hire.log if isinstance(sent.body, AskCommand)]
        spec = specs[-1 - which % len(specs)]
        self._say(spec.ask_id, spec.kind, spec.undo_within, what)

    def _say(self, ask_id: Any, kind: str, undo: int, what: int) -> None:
        said = [*IDEAS.get(kind, []), *MORE.get(kind, [])] or [{"decision": "yes", "done": "yes"}]
        self.hire._answer(ask_id, kind, undo, said[what % len(said)], self.hire.now)

    @rule(which=st.integers(0, 3))
    def take_back(self, which: int) -> None:
        """An answer is taken back inside its window; the arbiter opens the row again."""
        undoable = [owed for owed in self.hire.state.owed.values() if owed.answer is not None]
        if undoable:
            owed = undoable[which % len(undoable)]
            assert owed.ask_id is not None
            self.hire.asks[owed.ask_id] = "open"
            self.hire.take(self.hire.tell("ask.retracted", {"ask_id": str(owed.ask_id)}))  # row and fact are one act; the queue's copy is a repeat

    @rule(broken=st.sampled_from(BREAKS), filled=st.booleans())
    def interrupt(self, broken: str, filled: bool) -> None:
        body = {**data_for(self.hire, broken), "act": broken.removeprefix("act."), "reason": "filled" if filled else "stated"}
        self.hire.tell(ACT if broken.startswith("act.") else broken, body)

    @rule(broken=st.sampled_from(BREAKS), hours=st.sampled_from([0, 3, 40]))
    def interrupt_and_wait(self, broken: str, hours: int) -> None:
        self.interrupt(broken, False)
        self.wait(hours)

    @rule(happening=st.sampled_from(HAPPENINGS))
    def happen(self, happening: tuple[str, dict[str, Any]]) -> None:
        self.hire.tell(happening[0], _present(self.hire, happening[1]))

    @precondition(lambda self: bool(self.hire.taken))
    @rule(which=st.integers(0, 20))
    def repeat(self, which: int) -> None:
        """Kafka says it again."""
        self.hire.take(self.hire.taken[-1 - which % len(self.hire.taken)])

    @rule(kind=st.sampled_from(sorted(IDEAS)))
    def fall_silent(self, kind: str) -> None:
        self.hire.silent.add(kind)

    @rule(how=st.sampled_from(["message.failed", "message.bounced"]))
    def not_reached(self, how: str) -> None:
        specs = [sent.body.spec for sent in self.hire.log if isinstance(sent.body, AskCommand)]
        if specs:
            self.hire.tell(how, {"ask_id": str(specs[-1].ask_id), "purpose": "ask", "template": specs[-1].kind, "reason": "no_channel"})

    @rule()
    def refuse(self) -> None:
        """A service says no to the last order."""
        steps = [step for step in self.hire.state.steps if not step.name.startswith(("notification", "screening.card", "settling"))]
        if steps:
            service = {"scheduling": "scheduling", "intake": "intake", "screening": "screening"}[steps[-1].name.split(".")[0]]
            self.hire.tell(f"{service}.command_refused", {
                "command_id": steps[-1].id, "command_type": "baton." + steps[-1].name, "reason": "broken"}, cause=steps[-1].id)

    @invariant()
    def somebody_holds_it_and_nothing_untrue_was_said(self) -> None:
        if hasattr(self, "hire"):
            assert held(self.hire.state)
            assert not self.hire.oracle.faults, self.hire.oracle.faults

    def teardown(self) -> None:
        """Once everybody answers again, every hire comes to an end."""
        if not hasattr(self, "hire"):
            return
        self.hire.silent.clear()
        self.hire.tell("requisition.continued")
        until = self.hire.now + GIVE_UP
        for _ in range(1_500):
            if self.hire.state.closed or self.hire.now > until or not self.hire.step():
                break
            for owed in list(self.hire.state.owed.values()):
                if owed.status == "open" and owed.ask_id and self.hire.asks.get(owed.ask_id) == "open" and owed.overdue:
                    spec = next(sent.body.spec for sent in self.hire.log if isinstance(sent.body, AskCommand) and sent.body.ask_id == owed.ask_id)
                    self.hire._answer(owed.ask_id, owed.kind, owed.undo, well(spec, self.hire.now)[1], self.hire.now)
        assert not self.hire.oracle.faults, self.hire.oracle.faults
        check(self.hire)
        assert self.hire.state.closed, (self.hire.state.stage, [owed.kind for owed in self.hire.state.owed.values()], self.hire.state.steps)


TestAnything = Anything.TestCase
TestAnything.settings = settings(
    max_examples=2_000 if SOAK else 25, stateful_step_count=30, deadline=None, print_blob=True)
