"""What a policy may not say although every line of it is well formed: the lints of conduct (practice.md 1.1 and 2).

Pure: faults carry a path into the policy; the loader knows where in the file that path stands.
"""
import difflib
from collections.abc import Collection, Iterable, Iterator
from typing import get_args

from pydantic import BaseModel

from shared.policy.conduct import Fault, broken
from shared.policy.kinds import FAMILIES, KINDS, is_kind
from shared.policy.model import (
    Act,
    Approval,
    Budget,
    LadderRung,
    Obligation,
    Offers,
    Onboarding,
    Policy,
    Silence,
    Tier,
)
from shared.policy.roles import CALLERS, CLIENT_ROLES, OUTSIDERS, Voice
from shared.policy.rounds import Round, Sitting, StagePlan

Path = tuple[str | int, ...]
BUDGET_CLASSES: frozenset[str] = frozenset({"candidate", "client_contact", "interviewer", "staff", "executive", "hiring_manager"})
CONFIDENTIAL: tuple[str, ...] = ("checkin_", "worry")
NEVER_BY_SILENCE: frozenset[str] = frozenset({
    "round_verdict", "session_verdict", "hire_decision", "approve_offer", "screen_out", "started", "right_request",
})
PEOPLE_CALL: frozenset[str] = frozenset({"recruiter", "consultant"})
TAKES_OVER: frozenset[str] = CALLERS | {"interviewer", "delegate", "own_line", "hiring_manager", "department_head", "legal_owner", "privacy_owner"}


def faults(policy: Policy, calendars: Collection[str]) -> Iterator[Fault]:
    """Every fault of the policy, in a fixed order. `calendars`: the names that exist."""
    if policy.calendar not in calendars:
        yield Fault(("calendar",), policy.calendar, f"there is no such calendar: write one of {', '.join(sorted(calendars))}")
    yield from _names(policy, calendars)
    for kind, entry in policy.obligations.items():
        yield from _entry(policy, kind, entry)
    yield from _lengths(policy)
    yield from broken(policy)


def unknown_kind(name: str) -> str:
    """The cure for a kind that does not exist: the nearest one."""
    near = difflib.get_close_matches(name, sorted(KINDS), 1, 0.65)
    return f"no such obligation kind: write {near[0]!r}" if near else f"no such obligation kind: see practice.yaml, or {', '.join(FAMILIES)}"


def _names(policy: Policy, calendars: Collection[str]) -> Iterator[Fault]:
    for kind in policy.obligations:
        if not is_kind(kind):
            yield Fault(("obligations", kind), kind, unknown_kind(kind), at_key=True)
    for tier, entries in policy.tiers.items():
        for kind in entries:
            if kind not in policy.obligations:
                yield Fault(("tiers", tier, kind), kind, unknown_kind(kind), at_key=True)
    for kind in policy.undo:
        if kind not in policy.obligations:
            yield Fault(("undo", kind), kind, unknown_kind(kind), at_key=True)
    for name in policy.budgets:
        if name not in BUDGET_CLASSES:
            yield Fault(("budgets", name), name, f"write one of {', '.join(sorted(BUDGET_CLASSES))}", at_key=True)
    terms = {*get_args(Voice), *calendars}
    for name in policy.offers.expires_for:
        if name not in terms:
            yield Fault(("offers", "expires_for", name), name, f"write a voice or a calendar: {', '.join(sorted(terms))}", at_key=True)


def _entry(policy: Policy, kind: str, entry: Obligation) -> Iterator[Fault]:
    path: Path = ("obligations", kind)
    if (entry.opens == "planned") != (entry.opens_at is not None):
        yield Fault((*path, "opens"), entry.opens, "write 'opens: planned' together with opens_at, for example 'start - 1 wd 16:00'")
    if entry.ladder not in policy.ladders:
        known = ", ".join(sorted(policy.ladders))
        yield Fault((*path, "ladder"), entry.ladder, f"there is no such ladder: write one of {known}, or add it under ladders")
        return
    for rung in policy.ladders[entry.ladder]:
        yield from _acts(kind, entry, rung.do, (*path, "ladder"), entry.ladder)
    for number, step in enumerate(entry.silence):
        yield from _acts(kind, entry, step.do, (*path, "silence", number, "do"), "")


def _acts(kind: str, entry: Obligation, acts: Iterable[Act], path: Path, ladder: str) -> Iterator[Fault]:
    for number, act in enumerate(acts):
        cure = _wrong(kind, entry, act)
        if cure:
            written = f"{act.do}({act.role})" if act.role else act.do
            read = f"{ladder} (which says {written})" if ladder else written
            yield Fault(path if ladder else (*path, number), read, cure)


def _wrong(kind: str, entry: Obligation, act: Act) -> str:
    owers = set(entry.owed_by)
    if act.role == "line_manager" and kind.startswith(CONFIDENTIAL):
        return f"{kind} is confidential and never goes to the line manager: write 'call(recruiter)'"
    if act.do in ("climb", "transfer") and owers & OUTSIDERS and act.role is not None:
        return f"nobody stands above a {sorted(owers & OUTSIDERS)[0]}: only our recruiter calls, write 'call(recruiter)'"
    if act.do == "call" and owers & OUTSIDERS and act.role is not None and act.role not in PEOPLE_CALL:
        return "only our recruiter (or consultant) calls a person: write 'call(recruiter)'"
    if act.do == "climb" and owers & CLIENT_ROLES and act.role not in (None, "client_sponsor"):
        return "a machine does not climb a client's hierarchy: write 'call(client_manager)'"
    if act.do == "call" and act.role is not None and act.role not in CALLERS:
        return f"who calls is one of ours: write one of {', '.join(sorted(CALLERS))}"
    if act.do == "transfer" and act.role not in TAKES_OVER:
        return f"whose turn it becomes is one of ours: write one of {', '.join(sorted(TAKES_OVER))}"
    if act.do == "lapse" and kind in NEVER_BY_SILENCE:
        return f"{kind} is never decided by silence: write 'hold' or 'transfer(lead)'"
    return ""


def _lengths(policy: Policy) -> Iterator[Fault]:
    for kind, length in policy.undo.items():
        if length.unit not in ("min", "h"):
            yield Fault(("undo", kind), str(length), "an undo window is minutes or hours: write '10 min'")
    for channel, windows in policy.windows.items():
        for number, window in enumerate(windows):
            if window.opens >= window.closes:
                yield Fault(("windows", channel, number), str(window), "a window closes after it opens: write '09:00-20:00'")
    for day in policy.onboarding.checkins:
        if f"checkin_{day}" not in policy.obligations:
            yield Fault(("onboarding", "checkins"), str(day), f"day {day} has no entry: add obligations.checkin_{day}")
    for what in policy.onboarding.prepare:
        if f"prepare_{what}" not in policy.obligations:
            yield Fault(("onboarding", "prepare"), what, f"{what} has no entry: add obligations.prepare_{what}")


def allowed_fields(path: tuple[str | int, ...]) -> list[str]:
    """The field names that may stand at a path of the policy, for errors that name the nearest."""
    inside: dict[str, type[BaseModel]] = {
        "obligations": Obligation, "offers": Offers, "onboarding": Onboarding, "budgets": Budget, "tiers": Tier, "ladders": LadderRung,
    }
    names = [part for part in path if isinstance(part, str)]
    if not names:
        return list(Policy.model_fields)
    part = inside.get(names[0])
    if names[0] == "obligations" and "silence" in names:
        part = Silence
    if names[0] == "stage_plans":
        part = (Sitting if "loop" in names else Round) if "rounds" in names else StagePlan
    if names[:2] == ["offers", "approvals"]:
        part = Approval
    return list(part.model_fields) if part else []
