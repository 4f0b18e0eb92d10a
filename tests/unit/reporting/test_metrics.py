"""Metrics against numbers counted by hand, and their contracts against the catalogue."""

import math
from datetime import UTC, datetime, timedelta
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.metrics import cases as c
from services.reporting.metrics.compute import summarise
from services.reporting.metrics.contracts import CONTRACTS
from services.reporting.metrics.stats import kaplan_meier_median, quantile, wilson
from shared.contracts.base import NAMESPACE
from shared.contracts.catalog import LATEST
from shared.policy.loader import load_calendar

T = datetime(2026, 9, 3, 9, tzinfo=UTC)


def h(n: float) -> timedelta:
    return timedelta(hours=n)


def uid(name: str):
    return uuid5(NAMESPACE, name)


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda contract: contract.id)
def test_contract_when_read_against_the_catalogue_then_every_fact_is_a_real_one_and_it_says_what_it_counts(contract):
    shown = contract.described()
    assert shown["start_facts"] and shown["end_facts"]
    for name in (*shown["start_facts"], *shown["end_facts"]):
        assert name in LATEST, name
    assert contract.kind in ("cohort", "completion", "snapshot")
    assert len(contract.definition_zh) > 15 and len(contract.definition_en) > 40


def test_contracts_when_listed_then_all_of_this_issue_are_there():
    assert set(CONTRACTS) == {"M7", "M8", "M11", "M12", "M17", "M18", "M19"}


def test_wilson_when_compared_with_known_values_then_equal():
    low, high = wilson(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert wilson(0, 0) is None


@given(st.integers(1, 300), st.data())
def test_wilson_when_any_rate_then_it_contains_the_rate_and_stays_in_range(n, data):
    hits = data.draw(st.integers(0, n))
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n + 1e-12 and hits / n - 1e-12 <= high <= 1


def test_kaplan_meier_when_cases_are_open_then_they_count_as_long_as_seen():
    assert kaplan_meier_median([1, 2, 3, 4], []) == 2
    assert kaplan_meier_median([1, 2], [10, 10, 10]) is None
    assert kaplan_meier_median([1, 2, 3], [2.5]) == 2
    assert kaplan_meier_median([], [5]) is None


@given(st.lists(st.floats(0.1, 1000), min_size=1, max_size=40))
def test_kaplan_meier_when_nothing_is_open_then_half_have_ended_by_the_median(ended):
    median = kaplan_meier_median(ended, [])
    assert sum(x <= median for x in ended) >= len(ended) / 2
    assert sum(x < median for x in ended) < len(ended) / 2 or math.isclose(median, min(ended))


def test_quantile_when_even_then_between():
    assert quantile([1, 2, 3, 4], 0.5) == 2.5 and quantile([], 0.5) is None


def stage(name: str, left: float | None, how: str = "advanced", who: str = "a"):
    return {"hire_id": uid(who), "stage": name, "entered_at": T, "left_at": T + h(left) if left is not None else None, "how": how,
            "entered_event": "in", "left_event": "out" if left is not None else None}


def test_time_in_stage_when_open_visits_are_there_then_apart_as_age_and_in_the_median():
    found = c.time_in_stage([stage("screening", 2), stage("screening", 4, "rejected"), stage("screening", None), stage("closed", 1)], T + h(10))
    made = summarise(CONTRACTS["M7"], "screening", found)
    assert (made["n"], made["open"], made["median"], made["open_median_age"], made["value"]) == (2, 1, 3.0, 10.0, 4)
    assert made["by"] == {"advanced": 1, "rejected": 1, "open": 1}
    assert found[0].events == ("in", "out")


def test_stage_pass_when_ended_for_other_reasons_then_apart():
    rows = [stage("interviewing", 1), stage("interviewing", 1), stage("interviewing", 1, "refused"), stage("interviewing", 1, "withdrawn"),
            stage("interviewing", 1, "filled"), stage("interviewing", None)]
    made = summarise(CONTRACTS["M8"], "interviewing", c.stage_pass(rows))
    assert (made["hits"], made["n"], made["apart"], made["open"], made["value"]) == (2, 4, 1, 1, 0.5)


def offer(who: str, state: str, sent: float = 0):
    return {"hire_id": uid(who), "state": state, "sent_at": T + h(sent), "sent_event": "s", "ended_event": None, "ended_at": T + h(sent), "start_at": T}


def test_acceptance_when_versions_and_firms_own_endings_then_one_an_application_and_apart():
    hires = {uid("d"): {"outcome": "withdrawn", "closed_event": "x"}, uid("e"): {"outcome": "closed_by_client", "closed_event": "x"}}
    rows = [offer("a", "accepted"), offer("b", "declined"), offer("c", "lapsed"), offer("d", "sent"), offer("e", "sent"), offer("f", "sent"),
            offer("g", "declined"), offer("g", "accepted", 5)]
    made = summarise(CONTRACTS["M11"], "all", c.offer_acceptance(rows, hires))
    assert (made["hits"], made["n"], made["apart"], made["open"]) == (2, 5, 1, 1)


def test_joining_when_the_start_has_not_come_then_open_and_a_moved_start_moves_it():
    calendar = load_calendar("CN")
    hires = {uid("a"): {"joined": "started"}, uid("b"): {"joined": "reneged"}, uid("d"): {"joined": None, "start_at": T + h(24 * 60)}}
    rows = [offer(who, "accepted") for who in "abcd"] + [offer("z", "declined")]
    late = T + h(24 * 10)
    made = summarise(CONTRACTS["M12"], "all", c.joining(rows, hires, late, calendar))
    assert (made["hits"], made["n"], made["open"]) == (1, 3, 1)
    early = summarise(CONTRACTS["M12"], "all", c.joining(rows, hires, T + h(1), calendar))
    assert (early["n"], early["open"]) == (2, 2)


def duty(ended: str | None, late: bool = False, due: float = 1):
    return {"by_role": "recruiter", "kind": "review", "hire_id": uid("a"), "ended": ended, "late": late, "due_at": T + h(due), "opened_event": "o",
            "ended_event": "e" if ended else None, "opened_at": T, "ended_at": T + h(due) if ended else None}


def test_duties_when_counted_then_released_ones_are_apart_and_overdue_ones_count():
    rows = [duty("met"), duty("met"), duty("met", late=True), duty("lapsed"), duty(None), duty(None, due=100), duty("waived"), duty("transferred"), duty("cancelled")]
    made = summarise(CONTRACTS["M17"], "recruiter/review", c.duties_kept(rows, T + h(5)))
    assert (made["hits"], made["n"], made["apart"], made["open"]) == (2, 5, 3, 1)
    assert made["by"] == {"met": 2, "late": 1, "lapsed": 1, "overdue": 1, "open": 1, "waived": 1, "transferred": 1, "cancelled": 1}


def test_feedback_when_a_card_is_missing_then_it_is_censored_not_dropped():
    panel = [str(uid("i1")), str(uid("i2"))]
    meeting = {"state": "attended", "ends_at": T, "hire_id": uid("a"), "panel": panel, "cards": {panel[0]: {"at": (T + h(3)).isoformat(), "event": "card"}}}
    made = summarise(CONTRACTS["M18"], "all", c.feedback([meeting, {**meeting, "state": "no_show"}], T + h(50)))
    assert (made["n"], made["open"], made["value"], made["open_median_age"]) == (1, 1, 3, 50)


def test_told_when_late_early_or_not_at_all_then_counted_so():
    def decided(who):
        return {"hire_id": uid(who), "at": T, "decision": "reject", "event_id": "d"}

    def word(who, after, what="result"):
        return {"hire_id": uid(who), "at": T + h(after), "what": what, "event": "m"}

    rows = [decided("a"), decided("b"), decided("c"), decided("d")]
    words = [word("a", -1), word("a", 24), word("b", 24.1), word("d", 1, "receipt"), word("d", 2, "call")]
    made = summarise(CONTRACTS["M19"], "reject", c.told_in_time(rows, words, T + h(25)))
    assert (made["hits"], made["n"], made["by"]) == (2, 4, {"result": 2, "untold": 1, "call": 1})
    assert summarise(CONTRACTS["M19"], "reject", c.told_in_time([decided("c")], [], T + h(23)))["open"] == 1
