"""Every example of docs/policy.md does what the page says: it loads, is doubted, or is refused for the reason that stands there."""

import re
from pathlib import Path

import pytest

from shared.policy.loader import judge, shipped_names

PAGE = (Path(__file__).parents[3] / "docs" / "policy.md").read_text("utf-8")
EXAMPLES = re.findall(r"(?:<!-- (refused|doubt): (.*?) -->\n)?```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("kind", "reason", "text"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_when_judged_then_the_page_is_right(kind, reason, text):
    judged = judge(text)
    if kind == "refused":
        assert judged.policy is None and reason in " ".join(error.cure for error in judged.errors)
    else:
        assert judged.policy is not None, [str(error) for error in judged.errors]
        assert [reason in doubt.cure for doubt in judged.doubts] == ([True] if kind == "doubt" else [])


def test_the_page_when_it_names_ready_policies_then_all_of_them():
    assert len(EXAMPLES) >= 8
    assert all(f"`{name}`" in PAGE for name in shipped_names())
