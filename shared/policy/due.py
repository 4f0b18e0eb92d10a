"""From (policy, kind, opening) to a due instant and a ladder of absolute instants; pure, no clock.

The workflow arms one timer for the next rung; everything about when and who is decided here and can be shown, tested
and hashed. Sending hours never move a due (sending.py moves the message instead).
"""
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NotRequired, TypedDict, Unpack

from shared.policy.calendar import WorkingCalendar
from shared.policy.expiry import offer_expiry
from shared.policy.grammar import Anchored, DayOf, Instant, Percent, Pick, RungTime, is_net
from shared.policy.model import Act, LadderRung, Obligation, Policy, Silence
from shared.policy.resolve import Moment, PlanError, resolve, shift
from shared.policy.roles import PERSON_CLASSES, PartyClass, Role, Verb
from shared.policy.sending import next_closing, send_after
from shared.policy.stars import sooner
from shared.policy.wall import CalendarError

__all__ = [
    "Case", "PlanError", "Planned", "Rung", "RungAct", "due_rung", "jittered", "next_repeat", "offer_expiry", "opens_at", "plan",
    "send_after",
]
ENDINGS: frozenset[str] = frozenset({"lapse", "transfer"})
"""Acts after which this obligation has ended: no rung stands behind them."""


@dataclass(frozen=True, slots=True)
class RungAct:
    """One thing to do at a rung; `role` is who acts or who is asked, `template` what is told."""

    do: Verb
    role: Role | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder; acts of the same instant are one rung, in order."""

    n: int
    at: datetime
    acts: tuple[RungAct, ...]

    @property
    def do(self) -> Verb:
        """The first act's verb (nearly always the only one)."""
        return self.acts[0].do

    @property
    def role(self) -> Role | None:
        """The first act's role."""
        return self.acts[0].role

    @property
    def template(self) -> str | None:
        """The first act's template."""
        return self.acts[0].template


@dataclass(frozen=True, slots=True)
class Planned:
    """When it is due, whether that day is known for sure yet, and what happens until and after."""

    opened_at: datetime
    due_at: datetime
    provisional: bool
    rungs: tuple[Rung, ...]
    rule: str
    """The expression that gave the due, as the policy says it."""
    net: bool
    """A pause stops its clock."""


class CaseArgs(TypedDict):
    """What `plan` needs to know of the one obligation; see Case."""

    opened_at: datetime
    calendar: WorkingCalendar
    party_class: PartyClass
    anchors: NotRequired[Mapping[str, datetime]]
    tier: NotRequired[str | None]
    within: NotRequired[Instant | None]
    due_at: NotRequired[datetime | None]
    voice: NotRequired[str]
    reader: NotRequired[WorkingCalendar | None]
    reader_class: NotRequired[PartyClass]
    hurry: NotRequired[float]


@dataclass(frozen=True, slots=True)
class Case:
    """One obligation's circumstances. `calendar`, `party_class`: the ower's (calendar in the ower's zone)."""

    opened_at: datetime
    calendar: WorkingCalendar
    party_class: PartyClass
    anchors: Mapping[str, datetime] = field(default_factory=dict)
    """Named instants: slot, start, interview_end, probation_end, guarantee_end, last_day, offer_expiry."""
    tier: str | None = None
    within: Instant | None = None
    """A contract's own term, instead of the policy's."""
    due_at: datetime | None = None
    """An instant agreed on with somebody, instead of any term: what `obligation.moved` moves to."""
    voice: str = "standard"
    reader: WorkingCalendar | None = None
    """Calendar of the other side, for calls and words that must reach them in their windows."""
    reader_class: PartyClass = "candidate"
    hurry: float = 1.0
    """After which share of the usual time our own side is prompted (C107); nobody else is."""


def plan(policy: Policy, kind: str, **case: Unpack[CaseArgs]) -> Planned:
    """Due and ladder of one obligation: `plan(policy, "scorecard", opened_at=..., calendar=..., party_class=..., anchors={})`.

    All instants are aware; the result is in UTC, never before `opened_at`. Raises PlanError for a kind the policy has
    not, or an instant that the policy speaks of and that was not passed.
    """
    facts = Case(**case)
    if facts.opened_at.tzinfo is None:
        raise CalendarError("an instant without zone was passed as opened_at; instants are aware, in UTC")
    entry = _entry(policy, kind)
    rule = facts.within or _within(policy, kind, tier=facts.tier)
    moment = _moment(policy, facts, rule)
    due = max(_due(policy, entry, rule=rule, moment=moment, facts=facts), moment.opened_at)
    net = facts.due_at is None and is_net(rule)
    factor = facts.hurry if facts.party_class == "staff" else 1.0
    acts = sooner(_timed(policy, entry, due=due, moment=moment, net=net), moment, due=due, factor=factor)
    rungs = _numbered((at, _merged([_resolved(act, facts) for act in acts[at]])) for at in sorted(acts))
    return Planned(moment.opened_at, due, facts.calendar.is_provisional(due), rungs, str(rule) if facts.due_at is None else "agreed", net)


def _due(policy: Policy, entry: Obligation, *, rule: Instant, moment: Moment, facts: Case) -> datetime:
    if facts.due_at is not None:
        return facts.due_at.astimezone(UTC)
    due = resolve(rule, moment)
    if entry.window == "call":
        due = _into_call_window(policy, due, facts)
    return due if entry.never_after is None else min(due, resolve(entry.never_after, moment))


def _entry(policy: Policy, kind: str) -> Obligation:
    try:
        return policy.obligation(kind)
    except KeyError as error:
        raise PlanError(error.args[0]) from None


def _within(policy: Policy, kind: str, *, tier: str | None) -> Instant:
    if tier is None:
        return policy.obligation(kind).within
    if tier not in policy.tiers:
        raise PlanError(f"policy {policy.policy} has no tier {tier!r}; it has {', '.join(sorted(policy.tiers)) or 'none'}")
    override = policy.tiers[tier].get(kind)
    return policy.obligation(kind).within if override is None else override.within


def _names(expression: Instant, anchor: str) -> bool:
    if isinstance(expression, Pick):
        return any(_names(one, anchor) for one in expression.of)
    return isinstance(expression, Anchored) and expression.anchor == anchor


def _moment(policy: Policy, facts: Case, rule: Instant) -> Moment:
    opened = facts.opened_at.astimezone(UTC)
    anchors = dict(facts.anchors)
    if "offer_expiry" not in anchors and _names(rule, "offer_expiry"):
        anchors["offer_expiry"] = offer_expiry(
            policy, delivered_at=opened, zone=facts.calendar.zone, calendar=facts.calendar, voice=facts.voice
        )
    return Moment(opened, facts.calendar, anchors, facts.reader, tuple(policy.windows.get("mail", ())))


def _into_call_window(policy: Policy, due: datetime, facts: Case) -> datetime:
    """The end of the call window in which, or after which, the due falls: a call owed is one that could be made."""
    reader = facts.reader or facts.calendar
    try:
        return next_closing(policy, "call", party_class=facts.reader_class, calendar=reader, instant=due)
    except CalendarError as error:
        raise PlanError(f"policy {policy.policy}: {error}") from error


def _timed(policy: Policy, entry: Obligation, *, due: datetime, moment: Moment, net: bool) -> dict[datetime, list[Act]]:
    """Acts of ladder and silence by instant; nobody is reminded of what was asked in the same moment."""
    at_due = replace(moment, anchors={**moment.anchors, "due": due})
    steps: list[LadderRung | Silence] = [*policy.ladders[entry.ladder], *entry.silence]
    timed: dict[datetime, list[Act]] = {}
    for step in steps:
        at = max(_rung_at(step.at, at_due, due=due, net=net), moment.opened_at)
        timed.setdefault(at, []).extend(act for act in step.do if act.do != "remind" or at > moment.opened_at)
    return timed


def _numbered(timed: Iterable[tuple[datetime, tuple[RungAct, ...]]]) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    for at, acts in timed:
        if not acts:
            continue
        rungs.append(Rung(len(rungs) + 1, at, acts))
        if any(act.do in ENDINGS for act in acts):
            break
    return tuple(rungs)


def _merged(acts: list[RungAct | None]) -> tuple[RungAct, ...]:
    """In order, each once; a reminder at the instant of something stronger is not said."""
    once = [act for act in dict.fromkeys(acts) if act is not None]
    strong = [act for act in once if act.do != "remind"]
    return tuple(strong or once)


def _rung_at(at: RungTime, moment: Moment, *, due: datetime, net: bool) -> datetime:
    if not isinstance(at, Percent):
        return resolve(at, moment)
    calendar, opened = moment.calendar, moment.opened_at
    worked = calendar.working_time_between(opened, due) if net else timedelta()
    if worked:
        return min(calendar.add_working_time(opened, _whole(worked * at.value / 100)), due)
    return opened + _whole((due - opened) * at.value / 100)


def _whole(length: timedelta) -> timedelta:
    return timedelta(seconds=length // timedelta(seconds=1))


def _resolved(act: Act, facts: Case) -> RungAct | None:
    """Party class decides who may be climbed (practice.md 1.1): only our own line; for all others one of ours calls.

    An executive hears no machine (2.18): no ladder on the person, and instead of a text the consultant calls.
    """
    party_class, executive = facts.party_class, facts.voice == "executive"
    if act.do == "remind":
        return None if executive and party_class in PERSON_CLASSES else RungAct("remind", act.role or "self")
    if act.do == "tell" and executive:
        return RungAct("call", "consultant")
    if act.do == "climb" and act.role is None:
        if party_class == "staff":
            return RungAct("climb", "own_line")
        return RungAct("climb", "operators") if party_class == "house" else RungAct("call", _caller(party_class))
    if act.do == "climb" and party_class in PERSON_CLASSES:
        return RungAct("call", "recruiter")
    if act.do == "call":
        return RungAct("call", act.role or _caller(party_class))
    return RungAct(act.do, act.role, act.template)


def _caller(party_class: PartyClass) -> Role:
    return "client_manager" if party_class == "client" else "recruiter"


def opens_at(policy: Policy, kind: str, *, anchors: Mapping[str, datetime], calendar: WorkingCalendar) -> datetime:
    """When a planned obligation opens, e.g. `eve_of_start` at start - 1 wd 16:00. Raises PlanError where none is planned."""
    entry = _entry(policy, kind)
    if entry.opens_at is None:
        raise PlanError(f"{kind} opens by a fact, not by the calendar; give it opens_at in the policy, or open it with its fact")
    needed = "start" if isinstance(entry.opens_at, DayOf) else getattr(entry.opens_at, "anchor", None)
    base = anchors.get(needed or "", next(iter(anchors.values()), None))
    if base is None:
        raise PlanError(f"the instant {needed!r} is needed for {kind} and was not passed; add it to anchors")
    return resolve(entry.opens_at, Moment(base, calendar, anchors))


def next_repeat(policy: Policy, kind: str, *, began_at: datetime, last_at: datetime, calendar: WorkingCalendar) -> datetime | None:
    """When a duty that comes back (`keep_warm`) opens again after `last_at`; None where it does not come back."""
    for repeat in _entry(policy, kind).repeat:
        if repeat.until is None or last_at < shift(began_at, repeat.until, calendar=calendar):
            return calendar.next_working_instant(shift(last_at, repeat.every, calendar=calendar))
    return None


def due_rung(planned: Planned, *, fired: int, now: datetime) -> Rung | None:
    """The highest rung that is due and not fired yet; after a downtime the lower ones are skipped."""
    return max((rung for rung in planned.rungs if rung.n > fired and rung.at <= now), key=lambda rung: rung.n, default=None)


def jittered(planned: Planned, *, key: str, spread: timedelta) -> Planned:
    """The same plan with reminders moved later by up to `spread`, evenly by `key`; never past the next rung, never the due."""
    share = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") / 2**32
    moved = []
    for rung, after in zip(planned.rungs, [*planned.rungs[1:], None], strict=True):
        room = spread if after is None else min(spread, (after.at - rung.at) / 2)
        moved.append(replace(rung, at=rung.at + _whole(room * share)) if rung.do == "remind" else rung)
    return replace(planned, rungs=tuple(moved))
