"""When a message may leave: the recipient's windows and days off, the digest of reminders, the budget (practice.md 2.10).

It moves the sending only, never a due (agreements.md 6). What budgets hold back: a first question waits a day at most, because a
clock may start with its delivery, and is held back by other questions only; reminders wait for the digest and for the week. Staff's first questions are the urgent of their day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification.store import directory, messages
from services.notification.tells import TELLS
from shared.contracts.notification import MessageSpec
from shared.policy.calendar import WorkingCalendar
from shared.policy.loader import PolicyError, available_calendars, load_calendar, shipped_policy
from shared.policy.model import Policy
from shared.policy.roles import Channel
from shared.policy.sending import send_after
from shared.policy.wall import instant_of, parse_window
from shared.runtime.db import Uow

_PARSED: dict[UUID, Policy] = {}
"""Published policies by their id, which is that of their hash: they never change."""
OWN_DAYS = 14
"""How far a person's own hours may push a message, in openings, before the house's windows count alone."""
_BUDGETS = {"client": "client_contact", "candidate": "candidate", "new_hire": "candidate", "staff": "staff"}


@dataclass(frozen=True)
class _Around:
    """What decides about hours: the person's record, the policy of their hire, their calendar, the channel's window."""

    person: dict[str, Any]
    policy: Policy
    calendar: WorkingCalendar
    window: Channel

    @property
    def wall(self) -> WorkingCalendar:
        """Their calendar where they are."""
        return self.calendar.in_zone(_zone(self.person))

    def opens(self, spec: MessageSpec, start: datetime) -> datetime:
        """The first instant from `start` at which this may leave."""
        told = TELLS.get(spec.template)
        urgent = spec.urgent or (told is not None and told.urgent)

        def house(instant: datetime) -> datetime:
            return send_after(
                self.policy,
                self.window,
                recipient_zone=_zone(self.person),
                calendar=self.calendar,
                party_class=self.person.get("party_class") or "staff",
                instant=instant,
                urgent=urgent,
                bad_news=told is not None and told.bad_news,
            )

        return house(start) if urgent or not self.person.get("hours") else own_hours(house, start, self.person["hours"], self.wall)


def own_hours(house: Callable[[datetime], datetime], start: datetime, hours: str, wall: WorkingCalendar) -> datetime:
    """The first instant that lies in the person's own hours and in the house's windows; hours that never meet a window hold nothing back."""
    window, at = parse_window(hours), house(start)
    for _ in range(OWN_DAYS):
        local = wall.local(at)
        if window.opens <= local.time() < window.closes:
            return at
        day = local.date() if local.time() < window.opens else local.date() + timedelta(days=1)
        at = house(instant_of(day, window.opens, wall.zone))
    return house(start)


async def send_at(uow: Uow, spec: MessageSpec, window: Channel = "mail") -> datetime:
    """The earliest instant at which this message may leave by a channel with this window."""
    around = await _surroundings(uow, spec, window)
    start = max(uow.now, spec.not_before) if spec.not_before else uow.now
    at = around.opens(spec, start)
    budget = around.policy.budgets.get(_class(spec, around.person))
    if spec.owed or spec.urgent or budget is None or not budget.digest:
        return at
    digest = around.opens(spec, _next_digest(at, budget.digest, around.wall))
    if spec.purpose != "ask":
        return digest
    if around.person.get("party_class") == "staff":
        return at
    return max(at, min(digest, around.opens(spec, start + timedelta(days=1))))


async def over_budget_until(uow: Uow, row: dict[str, Any], window: Channel = "mail") -> datetime | None:
    """Where the party has had what the machine may send of its own accord today or this week: when to try again; else None."""
    if not row["counted"]:
        return None
    await messages.one_by_one(uow, row["party"])
    around = await _surroundings(uow, row["spec"], window)
    budget = around.policy.budgets.get(_class(row["spec"], around.person))
    if budget is None:
        return None
    wall = around.wall
    today = wall.local(uow.now).date()
    asks = row["purpose"] == "ask"
    if asks and wall.local(row["created_at"]).date() < today:
        return None
    for limit, days in ((budget.per_day, 1), (None if asks else budget.per_week, 7)):
        since = instant_of(today - timedelta(days=days - 1), time(), wall.zone)
        if limit is not None and await messages.counted_since(uow, row["party"], since, asks_only=asks) >= limit:
            return around.opens(row["spec"], instant_of(today + timedelta(days=1), time(), wall.zone))
    return None


async def _surroundings(uow: Uow, spec: MessageSpec, window: Channel) -> _Around:
    await directory.about(uow, spec.hire_id, [spec.party.person_id])
    person = (
        (await directory.records(uow, "person", [spec.party.person_id])).get(spec.party.person_id, {})
        if spec.party.person_id
        else {}
    )
    hire = await directory.fact(uow, "hire", spec.hire_id)
    requisition_id = UUID(hire["body"]["requisition_id"]) if hire and hire["body"].get("requisition_id") else None
    requisition = (
        (await directory.records(uow, "requisition", [requisition_id])).get(requisition_id, {}) if requisition_id else {}
    )
    policy = await _policy(uow, str(requisition.get("policy") or "agency-cn"))
    return _Around(person, policy, _calendar(str(person.get("calendar") or "CN")), window)


async def _policy(uow: Uow, name: str) -> Policy:
    """Windows and budgets are those of the policy that counts now under the requisition's name: published, else shipped."""
    published = await directory.current_policy(uow, name)
    if published is not None:
        if published not in _PARSED:
            record = (await directory.records(uow, "policy", [published]))[published]
            _PARSED[published] = Policy.model_validate(record["body"])
        return _PARSED[published]
    try:
        return shipped_policy(name)
    except PolicyError:
        return shipped_policy("agency-cn")


def _calendar(name: str) -> WorkingCalendar:
    return load_calendar(name if name in available_calendars() else "CN")


def _zone(person: dict[str, Any]) -> str:
    return str(person.get("zone") or "Asia/Shanghai")


def _class(spec: MessageSpec, person: dict[str, Any]) -> str:
    if spec.party.role == "interviewer" or (
        registry.is_kind(spec.template) and registry.kind_of(spec.template).audience == "interviewer"
    ):
        return "interviewer"
    return _BUDGETS.get(str(person.get("party_class") or "staff"), "staff")


def _next_digest(at: datetime, clock: str, wall: WorkingCalendar) -> datetime:
    """The next time of day of the digest on a working day, not before `at`."""
    day = wall.step(wall.local(at).date(), 0)
    said = instant_of(day, time.fromisoformat(clock), wall.zone)
    return said if said >= at else instant_of(wall.step(day, 1), time.fromisoformat(clock), wall.zone)
