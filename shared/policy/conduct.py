"""The rules of conduct of real practice (practice.md, section 2) as far as a policy could break them.

`broken` are refusals: such a policy is not loaded. `doubts` are words to think about: allowed, and shown by `baton policy lint`.
Pure, like rules.py; a fault's path points into the policy.
"""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from shared.policy.grammar import After, Duration, Instant, LastWindow, Pick
from shared.policy.model import Obligation, Policy
from shared.policy.wall import Window

Path = tuple[str | int, ...]
ONLY_THEMSELVES: frozenset[str] = frozenset({"represent_consent", "check_consent", "pool_consent"})
"""Consents: nobody else's word for it (1.2)."""
WITH_EVIDENCE: frozenset[str] = frozenset({"offer_answer", "nda"})
MUST_TELL: frozenset[str] = frozenset({"word_after_interview", "silence_guard", "rejection_words", "pause_word"})
"""Promises of a word: when nobody wrote it, it is sent by itself, or somebody calls (2.9)."""
PER_HOUR = {"h": 1, "min": 60}
SHORT_UNITS = ("min", "h", "wh")
HOURS_IN_A_DAY = 24
GUARD_DAYS = 5
HOLIDAY_GAP = 2
OPEN_HOURS: dict[str, tuple[time, time]] = {"sms": (time(9), time(20)), "mail": (time(8, 30), time(21)), "chat": (time(8, 30), time(21))}
LUNCH, EVENING = time(12), time(18)
DAILY = {"candidate": 1, "interviewer": 2}
WEEKLY = {"candidate": 3}
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what was read, what would be right; `at_key` marks the name, not its value."""

    path: Path
    read: str
    cure: str
    at_key: bool = False


def broken(policy: Policy) -> Iterator[Fault]:
    """What a policy may not say, although it is well formed."""
    for kind, entry in policy.obligations.items():
        path: Path = ("obligations", kind)
        if kind in ONLY_THEMSELVES and entry.on_behalf != "never":
            yield Fault((*path, "on_behalf"), entry.on_behalf, f"{kind} is answered by the person only: write 'on_behalf: never'")
        if kind in WITH_EVIDENCE and entry.on_behalf == "allowed":
            yield Fault((*path, "on_behalf"), entry.on_behalf, f"{kind} binds somebody: write 'on_behalf: with_evidence' or 'never'")
        if kind in MUST_TELL and not any(act.do in ("tell", "call") for step in entry.silence for act in step.do):
            yield Fault((*path, "silence"), _silence(entry), f"{kind} promises a word: write for example 'silence: {{at: due, do: tell(plain_status)}}'")
    yield from _promises(policy)
    yield from _letters(policy)
    yield from _voices(policy)


def _promises(policy: Policy) -> Iterator[Fault]:
    word, guard = policy.obligations.get("word_after_interview"), policy.obligations.get("silence_guard")
    if word is not None and not _inside_a_day(word.within):
        yield Fault(("obligations", "word_after_interview", "within"), str(word.within),
                    "whoever was interviewed hears within 24 h of its end: write 'last send window in 24 h'")
    if guard is not None and not _at_most_days(guard.within, GUARD_DAYS):
        yield Fault(("obligations", "silence_guard", "within"), str(guard.within), "nobody waits longer than 5 working days for a word: write '5 wd' or less")


def _letters(policy: Policy) -> Iterator[Fault]:
    answer, review = policy.obligations.get("offer_answer"), policy.obligations.get("offer_withdrawal_review")
    if answer is not None and [act.do for step in answer.silence for act in step.do] != ["lapse"]:
        yield Fault(("obligations", "offer_answer", "silence"), _silence(answer), "at its date a letter lapses and nothing else: write 'silence: {at: due, do: lapse}'")
    if review is not None and any(act.do != "lapse" for step in review.silence for act in step.do):
        yield Fault(("obligations", "offer_withdrawal_review", "silence"), _silence(review),
                    "a delivered letter is never taken back by silence: write 'silence: {at: due, do: lapse}', and the offer stands")
    if policy.offers.after_holiday < HOLIDAY_GAP:
        yield Fault(("offers", "after_holiday"), str(policy.offers.after_holiday), "no letter lapses right after a holiday: write 2 or more working days")


def _voices(policy: Policy) -> Iterator[Fault]:
    for name, plan in policy.stage_plans.items():
        if plan.voice != "executive":
            continue
        budget = policy.budgets.get("executive")
        if budget is None or budget.per_day != 0:
            yield Fault(("stage_plans", name, "voice"), "executive", "an executive hears no machine: add 'budgets: {executive: {per_day: 0}}'")


def doubts(policy: Policy) -> Iterator[Fault]:
    """What is allowed and yet departs from good practice; each with the usual way."""
    if policy.auto_reject == "on":
        yield Fault(("auto_reject",), "on", "a machine rejects people here; the usual way is 'auto_reject: off', where a recruiter gets them in one bundle")
    if "counsel" not in policy.note:
        yield Fault(("note",), policy.note, "terms of law are from general knowledge: keep 'note: have counsel confirm' until counsel has")
    yield from _hours(policy)
    for name, most in DAILY.items():
        budget = policy.budgets.get(name)
        if budget is None or budget.per_day is None or budget.per_day > most:
            yield Fault(("budgets", name), str(budget and budget.per_day), f"more than {most} a day of the machine's own accord tires people: write 'per_day: {most}'")
    for name, most in WEEKLY.items():
        budget = policy.budgets.get(name)
        if budget is not None and (budget.per_week is None or budget.per_week > most):
            yield Fault(("budgets", name), str(budget.per_week), f"more than {most} a week tires people: write 'per_week: {most}'")
    if policy.catch_up_limit > 200:
        yield Fault(("catch_up_limit",), str(policy.catch_up_limit), "after a downtime so many messages leave unseen: 200, and an operator releases the rest")
    for name, budget in policy.budgets.items():
        if name == "executive" and (budget.per_day or 0) > 0:
            yield Fault(("budgets", name), str(budget.per_day), "executives are written to by their consultant: write 'per_day: 0'")
    for term, within in {"": policy.offers.expires, **policy.offers.expires_for}.items():
        if _shorter_than(within, 3):
            path: Path = ("offers", "expires_for", term) if term else ("offers", "expires")
            yield Fault(path, str(within), "less than three working days is a pistol on the breast: 5 wd 20:00 is usual")


def _hours(policy: Policy) -> Iterator[Fault]:
    for channel, windows in policy.windows.items():
        for number, window in enumerate(windows):
            first, last = OPEN_HOURS.get(channel, (time.min, time.max))
            if window.opens < first or window.closes > last:
                yield Fault(("windows", channel, number), str(window), f"people rest then: {first:%H:%M}-{last:%H:%M} is usual for {channel}")
            if channel == "call" and _at_their_desk(window):
                yield Fault(("windows", channel, number), str(window),
                            "at that hour a candidate sits beside colleagues: call 12:00-13:30, 18:30-20:30, SAT 10:00-17:00")


def _at_their_desk(window: Window) -> bool:
    on_workdays = not window.days or any(day < SATURDAY for day in window.days)
    return on_workdays and (window.opens < LUNCH or (window.opens < EVENING and window.closes > time(14)))


def _inside_a_day(within: Instant) -> bool:
    match within:
        case LastWindow(length=length) | After(length=length, at=None):
            return _hours_of(length) <= HOURS_IN_A_DAY
        case Pick(which="earlier", of=of):
            return any(_inside_a_day(one) for one in of)
    return False


def _hours_of(length: Duration) -> float:
    if length.unit == "d":
        return length.amount * HOURS_IN_A_DAY
    return length.amount / PER_HOUR[length.unit] if length.unit in PER_HOUR else float("inf")


def _at_most_days(within: Instant, days: int) -> bool:
    match within:
        case After(length=length):
            return length.unit in SHORT_UNITS or (length.unit in ("wd", "d") and length.amount <= days)
        case Pick(of=of):
            return all(_at_most_days(one, days) for one in of)
    return True


def _shorter_than(within: Instant, days: int) -> bool:
    return isinstance(within, After) and (within.length.unit in SHORT_UNITS or (within.length.unit in ("wd", "d") and within.length.amount < days))


def _silence(entry: Obligation) -> str:
    return ", ".join(str(act.model_dump()) for step in entry.silence for act in step.do) or "nothing"
