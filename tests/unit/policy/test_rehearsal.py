"""Every shipped policy plays a whole hire; what each person would get stands in golden files that a reviewer reads.

When a change is wanted: BATON_GOLDEN=write python -m pytest tests/unit/policy/test_rehearsal.py, and look at the diff.
"""

import os
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from deploy.rehearse.post import play
from deploy.rehearse.show import page_of, text_of
from deploy.rehearse.world import Setting
from shared.policy.loader import load_calendar, load_policy, shipped_names, shipped_policy, shipped_text
from shared.policy.wall import zone_of

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", shipped_names())
def test_a_rehearsal_when_played_then_it_is_the_one_that_was_agreed(name):
    began = time.monotonic()
    text = text_of(play(Setting(shipped_policy(name))), words=False)
    assert time.monotonic() - began < 20, "a rehearsal is a matter of seconds"
    file = GOLDEN / f"rehearsal-{name}.txt"
    if os.environ.get("BATON_GOLDEN") == "write":
        file.write_text(text)
    assert text == file.read_text(), f"{file.name} says otherwise: see this file's first lines"


@pytest.mark.parametrize("name", shipped_names())
@pytest.mark.parametrize("pace", ["prompt", "late"])
def test_messages_when_the_machine_speaks_then_inside_windows_and_never_twice(name, pace):
    policy = shipped_policy(name)
    story = play(Setting(policy, pace=pace, days=150))
    zone, calendar = zone_of(policy.zone), load_calendar(policy.calendar)
    asked = [one for one in story.said if one.purpose == "remind"]
    windows = policy.windows["mail"]
    for one in asked:
        wall = one.at.astimezone(zone)
        assert any(window.opens <= wall.timetz().replace(tzinfo=None) <= window.closes for window in windows), one
        assert not calendar.is_closed_holiday(wall.date()), one
    keys = [(one.at, one.to, one.purpose, one.template, one.lines, one.due_at) for one in story.said]
    assert len(keys) == len(set(keys))


def test_a_rehearsal_when_everybody_is_prompt_then_the_hire_settles_and_nobody_is_reminded_of_what_they_did():
    story = play(Setting(shipped_policy("agency-cn"), days=200))
    assert story.outcome == "settled"
    late = play(Setting(shipped_policy("agency-cn"), pace="late", days=200))
    reminded = [sum(one.purpose == "remind" and one.to == "candidate" for one in one_story.said) for one_story in (story, late)]
    assert reminded[0] == 0 and reminded[1] > 3


def test_a_consent_when_nobody_answers_then_nothing_named_leaves():
    story = play(Setting(shipped_policy("agency-cn"), pace="silent"))
    assert not [one for one in story.said if one.template in ("client_verdict", "submitted")]


def test_a_policy_when_it_gives_more_time_then_the_rehearsal_shows_the_later_date():
    usual = play(Setting(shipped_policy("agency-cn")))
    longer = load_policy(shipped_text("agency-cn").replace("client_verdict: {within: 2 wd}", "client_verdict: {within: 4 wd}"))
    shown = play(Setting(longer))
    left = [next(one.at for one in story.said if one.template == "client_verdict") for story in (usual, shown)]
    assert left[0] == left[1]
    lates = [play(replace(story.setting, pace="late")) for story in (usual, shown)]
    assert _first_reminder(lates[0], "client_verdict") < _first_reminder(lates[1], "client_verdict")


def _first_reminder(story, template) -> datetime:
    return min(one.at for one in story.said if one.template == template and one.purpose == "remind")


def test_the_page_when_made_then_it_is_whole_and_needs_nothing_from_outside():
    story = play(Setting(shipped_policy("executive")))
    page = page_of([story])
    assert page.startswith("<!doctype html>") and "Approval" in page and story.setting.policy.version in page
    assert "http" not in page and "<script" not in page and page.count("<tr>") > len(story.said)
