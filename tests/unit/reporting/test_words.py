"""Everything a policy can make somebody owe, and everything a ladder does about it, has its words in both languages."""

from __future__ import annotations

import pytest

from services.reporting import words
from services.reporting.report.page import _acts
from shared.policy.kinds import KINDS
from shared.policy.loader import shipped_names, shipped_policy


def test_kinds_when_a_policy_knows_them_then_people_read_words_and_no_code() -> None:
    wordless = sorted(kind for kind in KINDS if not kind.startswith("checkin_") and kind not in words.KINDS)
    assert not wordless
    assert words.kind("no_show_ruling", "zh") == "没来怎么办" and words.kind("no_show_ruling", "en") == "ruling on a no-show"


@pytest.mark.parametrize("name", shipped_names())
def test_rungs_when_a_shipped_policy_has_them_then_they_are_words(name: str) -> None:
    policy = shipped_policy(name)
    steps = [rung.do for ladder in policy.ladders.values() for rung in ladder]
    steps += [silence.do for entry in policy.obligations.values() for silence in entry.silence or ()]
    acts = {act.do for step in steps for act in step}
    assert acts and acts <= set(words.RUNGS), acts - set(words.RUNGS)
    assert _acts("tell(interim_word)", "zh").startswith("告知")
