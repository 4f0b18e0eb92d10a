"""A wrong policy is refused whole, with the line and column of what is wrong, what was read and what would be right."""
from pathlib import Path

import pytest

from shared.policy.loader import PolicyError, load_policy, shipped_policy

HEAD = "policy: mine\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\n"

CASES = [
    ("obligations:\n  scorecard: {within: 4 wx}\n", 6, 23, "4 wx", "'4 wh'"),
    ("obligations:\n  scorecard: {within: next wd 25:00}\n", 6, 23, "next wd 25:00", "HH:MM"),
    ("obligations:\n  scorecard:\n    within: 5\n", 7, 13, "5", "in words"),
    ("obligations:\n  scorecard: {within: later of (24 h, 1 wd)}\n", 6, 23, "later of (24 h", "in quotes"),
    ("obligations:\n  scorcard: {within: 4 wh}\n", 6, 3, "scorcard", "write 'scorecard'"),
    ("obligations:\n  scorecard:\n    within: 4 wh\n    laddr: standard\n", 8, 5, "laddr", "write 'ladder'"),
    ("obligations:\n  scorecard:\n    ladder: steep\n", 7, 13, "steep", "approval, at_due"),
    ("obligations:\n  scorecard:\n    owed_by: intervewer\n", 7, 14, "intervewer", "write 'interviewer'"),
    ("obligations:\n  scorecard:\n    silence: {at: due, do: explode}\n", 7, 28, "explode", "transfer(lead)"),
    ("obligations:\n  scorecard:\n    silence: {at: dew, do: lapse}\n", 7, 19, "dew", "write 'due'"),
    ("obligations:\n  scorecard:\n    silence:\n      - {do: hold}\n      - {do: [hold, transfer(boss)]}\n", 9, 21, "transfer(boss)", "no role"),
    ("obligations:\n  scorecard:\n    silence: {do: transfer}\n", 7, 19, "transfer", "needs a role"),
    ("obligations:\n  scorecard:\n    silence: {do: tell}\n", 7, 19, "tell", "needs a template"),
    ("obligations:\n  scorecard:\n    opens: planned\n", 7, 12, "planned", "opens_at"),
    ("obligations:\n  hire_decision:\n    silence: {do: lapse}\n", 7, 19, "lapse", "never decided by silence"),
    ("obligations:\n  scorecard: 4 wh\n", 6, 14, "4 wh", "a map is needed"),
    ("obligations: [scorecard]\n", 5, 14, "['scorecard']", "a map is needed"),
    ("undo: {hire_decision: 10 min, hire_decision: 5 min}\n", 5, 31, "hire_decision", "stands twice"),
    ("undo: {hire_decision: 2 wd}\n", 5, 23, "2 wd", "minutes or hours"),
    ("undo: {hire_decide: 2 min}\n", 5, 8, "hire_decide", "write 'hire_decision'"),
    ("offers: {offer_by: them}\n", 5, 20, "them", "us, client"),
    ("offers: {expires_for: {MARS: 5 wd 20:00}}\n", 5, 24, "MARS", "a voice or a calendar"),
    ("offers:\n  approvals:\n    - {when: salary bigger, chain: [finance]}\n", 7, 14, "salary bigger", "salary > band.max"),
    ("stage_plans:\n  x:\n    rounds:\n      - {name: a, kit: b, panel: [boss], minutes: 30}\n", 8, 34, "boss", "'pool boss'"),
    ("stage_plans:\n  x:\n    rounds:\n      - {name: a, kit: b, panel: [recruiter], minutes: 3}\n", 8, 56, "3", "greater than"),
    ("windows: {fax: '09:00-18:00'}\n", 5, 11, "fax", "mail, sms, chat"),
    ("windows: {mail: '20:00-18:00'}\n", 5, 17, "20:00-18:00", "closes after it opens"),
    ("windows: {mail: '8-18'}\n", 5, 17, "8-18", "HH:MM"),
    ("budgets: {boss: {per_day: 1}}\n", 5, 11, "boss", "candidate"),
    ("onboarding: {checkins: [1, 45]}\n", 5, 24, "45", "add obligations.checkin_45"),
    ("onboarding: {checkins: [7, 1]}\n", 5, 24, "[7, 1]", "rising days"),
    ("onboarding: {prepare: [parking]}\n", 5, 23, "parking", "add obligations.prepare_parking"),
    ("tiers:\n  gold:\n    scorcard: {within: 1 wd}\n", 7, 5, "scorcard", "write 'scorecard'"),
    ("calender: CN\n", 5, 1, "calender", "write 'calendar'"),
    ("auto_reject: maybe\n", 5, 14, "maybe", "off, on"),
    ("obligations:\n\tscorecard: x\n", 6, 1, "scorecard: x", "indentation"),
    ("note: a\x01b\n", 5, 8, "\x01", "cannot be printed"),
]


@pytest.mark.parametrize(("body", "line", "column", "read", "cure"), CASES)
def test_a_wrong_line_is_shown_where_it_stands(body: str, line: int, column: int, read: str, cure: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(HEAD + body, name="mine.yaml")
    error = caught.value
    assert (error.line, error.column, error.read) == (line, column, read)
    assert cure in error.cure
    assert str(error).startswith(f"mine.yaml:{line}:{column}: ")


@pytest.mark.parametrize(("body", "line", "column", "cure"), [
    ("obligations:\n  choose_slot:\n    silence: {do: transfer(lead)}\n", 7, 19, "nobody stands above a candidate"),
    ("obligations:\n  documents:\n    silence: {do: climb(director)}\n", 7, 19, "nobody stands above a new_hire"),
    ("ladders:\n  steep: [{at: due, do: climb(hiring_manager)}]\nobligations:\n  choose_slot:\n    ladder: steep\n", 9, 13, "above a candidate"),
    ("obligations:\n  choose_slot:\n    silence: {do: call(director)}\n", 7, 19, "only our recruiter"),
    ("obligations:\n  checkin_30:\n    silence:\n      - {at: due, do: call(line_manager)}\n", 8, 23, "never goes to the line manager"),
    ("obligations:\n  checkin_30:\n    owed_by: line_manager\n    silence:\n      do: climb(line_manager)\n", 9, 11, "never goes to the line manager"),
    ("obligations:\n  worry: {silence: {do: transfer(line_manager)}}\n", 6, 25, "confidential"),
    ("obligations:\n  client_verdict:\n    silence: {do: climb(director)}\n", 7, 19, "does not climb a client's hierarchy"),
    ("obligations:\n  scorecard:\n    silence: {do: call(candidate)}\n", 7, 19, "one of ours"),
])
def test_who_may_not_be_climbed_is_refused_with_line_and_cure(body: str, line: int, column: int, cure: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(HEAD + body)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert cure in caught.value.cure


@pytest.mark.parametrize(("text", "line", "column", "cure"), [
    (HEAD.replace("CN\nzone", "FR\nzone"), 2, 11, "CN, DE-BY, IN-KA, US"),
    (HEAD.replace("Shanghai", "Beijing"), 3, 7, "'Asia/Shanghai'"),
    (HEAD.replace("jurisdiction: CN\n", ""), 1, 1, "add 'jurisdiction: ...'"),
    ("\n", 1, 1, "policy: my-policy"),
    ("- a\n- b\n", 1, 1, "policy: my-policy"),
])
def test_a_wrong_head_is_refused(text: str, line: int, column: int, cure: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert cure in caught.value.cure


def test_a_file_that_cannot_be_read_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="give the path of a policy file"):
        load_policy(tmp_path / "nowhere.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("policy: münchen\n".encode("latin-1"))
    with pytest.raises(PolicyError, match="save it as UTF-8"):
        load_policy(latin)
    with pytest.raises(PolicyError, match="agency-cn, agency-intl, campus, executive, inhouse-cn"):
        shipped_policy("agency-mars")


def test_a_calendar_of_somebody_elses_is_accepted_by_name() -> None:
    assert load_policy(HEAD.replace("CN\nzone", "FR\nzone"), calendars={"FR"}).calendar == "FR"
