"""Unknown stays unknown; contradiction is named; nobody is absent by silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.domain.attendance import Tap, judge

START = datetime(2026, 9, 14, 6, tzinfo=UTC)
taps = st.lists(st.builds(
    Tap, st.sampled_from(["candidate", "interviewer"]), st.booleans(), st.none() | st.booleans(),
    st.integers(-10, 60).map(lambda n: START + timedelta(minutes=n))), max_size=5)


def tap(side: str, here: bool, other: bool | None = None, after: int = 0) -> Tap:
    """One tap, so many minutes after the start."""
    return Tap(side, here, other, START + timedelta(minutes=after))


@pytest.mark.parametrize(("said", "result", "late"), [
    ([], "unknown", 0), ([tap("candidate", True)], "unknown", 0), ([tap("interviewer", True)], "unknown", 0),
    ([tap("candidate", True, True)], "both", 0), ([tap("interviewer", True, False, 12)], "candidate_absent", 0),
    ([tap("candidate", True, False, 12)], "interviewer_absent", 0), ([tap("candidate", False)], "candidate_absent", 0),
    ([tap("candidate", True), tap("interviewer", True, after=9)], "both", 9),
    ([tap("candidate", True), tap("interviewer", True, False)], "disputed", 0),
    ([tap("candidate", True, False), tap("interviewer", True)], "disputed", 0),
    ([tap("candidate", False), tap("interviewer", False)], "neither", 0),
    ([tap("candidate", True), tap("interviewer", False), tap("interviewer", True, True, 5)], "both", 5),
    ([tap("interviewer", False, False)], "interviewer_absent", 0)])
def test_judge_then_what_was_said_and_no_more(said, result, late):
    verdict = judge(said, START)
    assert (verdict.result, verdict.late_minutes) == (result, late)


@given(taps, st.randoms(use_true_random=False))
def test_judge_when_anything_is_tapped_then_order_is_nothing_and_claims_have_a_witness(said, rng):
    verdict, shuffled = judge(said, START), list(said)
    rng.shuffle(shuffled)
    assert judge(shuffled, START) == verdict and verdict.late_minutes >= 0

    def witness(side: str, there: bool) -> bool:
        return any((one.here if one.side == side else one.here and one.other) is there or (one.side != side and one.here and one.other is there) for one in said)
    if verdict.result == "both":
        assert witness("candidate", True) and witness("interviewer", True)
    if verdict.result in ("candidate_absent", "neither"):
        assert witness("candidate", False)
    if verdict.result in ("interviewer_absent", "neither"):
        assert witness("interviewer", False)


@given(st.sampled_from(["candidate", "interviewer"]))
def test_judge_when_only_one_side_speaks_of_itself_then_the_other_stays_unknown(side):
    assert judge([tap(side, True)], START).result == "unknown"
