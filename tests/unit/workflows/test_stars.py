"""A star on a hire: what it changes for our recruiter, and that the candidate hears exactly what everybody hears."""

from __future__ import annotations

from datetime import timedelta

from shared.contracts.ask import AskCommand
from shared.contracts.notification import Tell
from tests.unit.workflows.paper import began, check, facts
from workflows.hire.facts import ACT
from workflows.hire.state import dump, load
from workflows.rehearsal import Rehearsal


def _played(star: bool, **ideas: object) -> Rehearsal:
    rehearsal = began(**ideas)
    if star:
        rehearsal.tell(ACT, {"act": "star", "reason": "two other offers"})
    rehearsal.run()
    check(rehearsal)
    return rehearsal


def _heard(rehearsal: Rehearsal) -> list[tuple[str, str]]:
    """Everything that was asked of or told to the candidate, in order."""
    said = []
    for sent in rehearsal.log:
        if isinstance(sent.body, AskCommand) and sent.body.spec.holder.role in ("candidate", "new_hire"):
            said.append(("ask", sent.body.spec.kind))
        elif isinstance(sent.body, Tell) and sent.body.message.party.role in ("candidate", "new_hire"):
            said.append((sent.body.message.template, sent.body.message.purpose))
    return said


SLOW = {
    "candidate_report": (timedelta(hours=20), {"done": "yes"}), "client_verdict": (timedelta(days=4), {"decision": "wanted"}),
    "represent_consent": (timedelta(days=2), {"decision": "yes"}), "offer_answer": (timedelta(days=5), {"decision": "accept"})}
"""Long enough for prompts to come, each before silence ends it."""


def test_a_star_adds_prompts_to_our_side_and_not_one_message_to_the_candidate() -> None:
    for idea, said in SLOW.items():
        plain, star = _played(False, **{idea: said}), _played(True, **{idea: said})
        assert _heard(plain) == _heard(star), idea
        assert star.state.outcome == plain.state.outcome
    plain, star = (_played(one, candidate_report=SLOW["candidate_report"]) for one in (False, True))
    prompts = [len([body for body in facts(one, "obligation.rung_fired") if body.kind == "candidate_report" and body.do == "remind"]) for one in (plain, star)]
    assert prompts[1] > prompts[0] > 0


def test_a_star_is_remembered_and_can_be_taken_off() -> None:
    rehearsal = began()
    rehearsal.tell(ACT, {"act": "star", "reason": "stated"})
    rehearsal.step()
    rehearsal.step()
    assert rehearsal.state.star and load(dump(rehearsal.state)).star
    rehearsal.tell(ACT, {"act": "unstar", "reason": "stated"})
    while rehearsal.state.star:
        assert rehearsal.step()
    check(rehearsal)
