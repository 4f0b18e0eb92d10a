"""`judge`: everything at once, each with its place; conduct that is refused, and what is only unusual."""

import pytest

from shared.policy.loader import judge, shipped_names, shipped_text

HEAD = "policy: mine\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\n"

REFUSED = [
    ("obligations:\n  represent_consent: {on_behalf: allowed}\n", "by the person only"),
    ("obligations:\n  offer_answer: {on_behalf: allowed}\n", "with_evidence"),
    ("obligations:\n  silence_guard: {within: 9 wd}\n", "5 working days"),
    ("obligations:\n  silence_guard: {silence: {do: hold}}\n", "promises a word"),
    ("obligations:\n  word_after_interview: {within: 3 wd}\n", "within 24 h"),
    ("obligations:\n  offer_answer: {silence: {do: hold}}\n", "a letter lapses"),
    ("obligations:\n  offer_withdrawal_review: {silence: {do: transfer(director)}}\n", "the offer stands"),
    ("offers: {after_holiday: 0}\n", "right after a holiday"),
    ("obligations:\n  scorecard: {opens: delivery}\n", "starts by fact"),
    ("budgets: {executive: {per_day: 2}}\nstage_plans:\n  chief:\n    voice: executive\n    rounds: [{name: talk, kit: lead, panel: [consultant], minutes: 60}]\n",
     "hears no machine"),
    ("obligations:\n  interest: {silence: {do: climb(lead)}}\n", "nobody stands above"),
    ("obligations:\n  hire_decision: {silence: {do: lapse}}\n", "never decided by silence"),
    ("obligations:\n  worry: {silence: {do: call(line_manager)}}\n", "confidential"),
]
UNUSUAL = [
    ("auto_reject: on\n", "a machine rejects"),
    ("note: fine\n", "counsel"),
    ('windows: {sms: "07:00-23:00"}\n', "people rest"),
    ('windows: {call: "09:30-11:30"}\n', "beside colleagues"),
    ("budgets: {candidate: {per_day: 4, per_week: 3}}\n", "tires people"),
    ("catch_up_limit: 900\n", "after a downtime"),
    ("offers: {expires: 1 wd}\n", "pistol"),
]


@pytest.mark.parametrize(("said", "cure"), REFUSED, ids=[cure for _, cure in REFUSED])
def test_a_policy_when_it_breaks_conduct_then_it_is_refused_with_place_and_cure(said, cure):
    judged = judge(HEAD + said)
    assert judged.policy is None
    found = [error for error in judged.errors if cure in error.cure]
    assert found and found[0].line > 4 and found[0].column > 1


@pytest.mark.parametrize(("said", "word"), UNUSUAL, ids=[word for _, word in UNUSUAL])
def test_a_policy_when_it_is_unusual_then_it_loads_and_the_doubt_is_said(said, word):
    judged = judge(HEAD + said)
    assert judged.policy is not None and not judged.errors
    assert [doubt for doubt in judged.doubts if word in doubt.cure and doubt.line == 5]


def test_a_policy_when_several_things_are_wrong_then_all_are_said_at_once():
    judged = judge(HEAD + "obligations:\n  scorcard: {within: 1 wd}\n  call: {within: 3 wdd}\n  interest: {ladder: steep}\n")
    assert [error.line for error in judged.errors] == [6, 7]
    judged = judge(HEAD + "obligations:\n  call: {within: 3 wd, ladder: steep}\n  silence_guard: {within: 9 wd}\n")
    assert [error.line for error in judged.errors] == [6, 7]


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_policy_when_judged_then_nothing_is_wrong_nor_unusual(name):
    judged = judge(shipped_text(name), name=name)
    assert judged.policy is not None and judged.policy.policy == name
    assert [str(one) for one in (*judged.errors, *judged.doubts)] == []
