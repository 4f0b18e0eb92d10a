"""How one speaks in a hire's stage plan decides how long its letter is open and who hears machines (practice.md 2.7, 2.18)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.workflows.paper import asked, began, facts, until_owed
from workflows.hire.printer import paper_directory
from workflows.rehearsal import Rehearsal


def _letter(policy: str, stage_plan: str) -> Rehearsal:
    rehearsal = began(policy)
    rehearsal.directory = replace(rehearsal.directory, requisition=rehearsal.directory.requisition.model_copy(update={"stage_plan": stage_plan}))
    return until_owed(rehearsal, "offer_answer")


def _open_until(stage_plan: str) -> tuple[str, str]:
    rehearsal = _letter("agency-cn", stage_plan)
    for _ in range(20):
        owed = rehearsal.state.of_kind("offer_answer")[0]
        if owed.due_at is not None:
            calendar = rehearsal.directory.holder("candidate", rehearsal.now, candidate=rehearsal.state.person_id).calendar
            return calendar.local(owed.opened_at).strftime("%d %b"), calendar.local(owed.due_at).strftime("%d %b %H:%M")
        rehearsal.step()
    raise AssertionError("the letter's clock never begins")


@pytest.mark.parametrize(("stage_plan", "until"), [
    ("engineer", "23 Sep 20:00"), ("campus", "09 Oct 20:00"), ("executive", "09 Oct 20:00"), ("no such plan", "23 Sep 20:00")])
def test_a_letter_is_open_for_as_long_as_its_voice_says(stage_plan: str, until: str) -> None:
    """Five working days (a Sunday among them is worked), ten for campus and executive; ten would end on the first day after the holidays: not before the second."""
    assert _open_until(stage_plan) == ("17 Sep", until)


def test_an_executive_who_is_silent_is_called_by_the_consultant_and_reminded_by_no_machine() -> None:
    rehearsal = began("agency-cn", represent_consent=None)
    rehearsal.directory = replace(rehearsal.directory, requisition=rehearsal.directory.requisition.model_copy(update={"stage_plan": "executive"}))
    until_owed(rehearsal, "represent_consent")
    until_owed(rehearsal, "call")
    fired = [body for body in facts(rehearsal, "obligation.rung_fired") if body.kind == "represent_consent"]
    assert fired and "remind" not in {body.do for body in fired} and asked(rehearsal, "call")


def test_the_voice_is_the_policys_own_word_for_the_stage_plan() -> None:
    directory = paper_directory("agency-cn")
    campus = replace(directory, requisition=directory.requisition.model_copy(update={"stage_plan": "campus"}))
    assert (directory.voice(directory.policy), campus.voice(directory.policy)) == ("standard", "campus")
