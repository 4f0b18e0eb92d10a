"""How somebody without a script answers any form: the first affirmative choice, a date that fits, a plain sentence.

Generic on purpose: a new Ask kind gets a sensible answer without a line here.
"""

from __future__ import annotations

from datetime import date, timedelta

from deploy.demo.browser import Control, Seen, short_name

AFFIRMATIVE = (
    "advance", "wanted", "pass", "hire", "accept", "yes", "both", "started", "strong_yes", "go", "present", "clear", "approve", "approved", "ok",
    "keep", "settled", "done", "sign", "confirm")
SENTENCES = {"words": "谢谢您的时间，具体的反馈见上。", "report": "经历与职位要求相符，沟通清楚。", "why": "有据可依。", "reason": "与职位要求相符。"}
PLAIN = "好的，谢谢。"
MONEY = "38000"
NOT_NEEDED = frozenset({"release", "call_me", "known_since", "excluded", "referees", "needs", "when", "reason_code", "new_day", "part", "unlawful", "clause",
                        "instead", "wished_base", "wished_start", "tag"})


def choose(control: Control) -> str:
    """The first affirmative value; for a scale its good end; else the first that is offered."""
    for word in AFFIRMATIVE:
        if word in control.values:
            return word
    numbers = [value for value in control.values if value.isdigit()]
    if numbers and len(numbers) == len(control.values):
        return sorted(numbers)[-2] if len(numbers) > 4 else sorted(numbers)[-1]
    return control.values[0]


def _nth(control: Control, said: str) -> str:
    """`#2` is the second of what is offered, or the first where there is no second; anything else is meant as it stands."""
    if not said.startswith("#") or not control.values:
        return said
    offered = [value for value in control.values if value != "none"] or control.values
    return offered[min(int(said[1:]), len(offered)) - 1]


def start_day(today: date) -> date:
    """The first Monday a month from now: long enough for a notice period, the same for everybody of one week."""
    later = today + timedelta(days=30)
    return later + timedelta(days=-later.weekday() % 7)


def fill(page: Seen, today: date, given: dict[str, str], *, only: str = "") -> dict[str, str]:
    """All visible fields of the form (or of the one row `only`): what `given` says by short name (`#2`: the second choice), else a sensible answer."""
    filled: dict[str, str] = {}
    for name, control in page.controls.items():
        short = short_name(name)
        if control.kind == "hidden" or (only and not name.startswith(only + ".")):
            continue
        if short in given:
            if given[short] or control.required:
                filled[name] = _nth(control, given[short])
        elif control.kind in ("radio", "checkbox"):
            if short not in NOT_NEEDED:
                filled[name] = choose(control)
        elif control.kind == "date":
            if short not in NOT_NEEDED or control.required:
                filled[name] = start_day(today).isoformat()
        elif short not in NOT_NEEDED:
            filled[name] = MONEY if control.kind == "money" else SENTENCES.get(short, PLAIN)
    return filled
