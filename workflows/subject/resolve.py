"""From a subject's decision to messages and instants: the hire's resolution, and what belongs to no hire. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.ask import Ref
from shared.contracts.base import derive_id
from shared.contracts.hire import FanOut
from shared.contracts.notification import MessageSpec, OwesGuard, Tell
from shared.contracts.party import PartyRef, PersonRecord
from shared.policy.wall import instant_of
from workflows.directory import Holder, calendar_of
from workflows.hire import intents as i
from workflows.hire.facts import LATE_SCREENING
from workflows.hire.state import Owed
from workflows.resolve import Resolver, Result

from .state import Subject
from .world import World

MATCHES_SHOWN = 8
MEASURED = ("first_shortlist", "client_question", "word_after_interview", "client_verdict", "scorecard", "round_verdict")
"""Duties whose terms the kick-off pack shows."""
DAYS_AHEAD = 20
"""Within so many days there is a working morning for everybody."""


class SubjectResolver(Resolver):
    """Resolves one decision of a subject that is no hire."""

    directory: World

    def __init__(self, state: Subject, world: World, *, at: datetime, now: datetime) -> None:
        super().__init__(state, world, at=at, now=now)  # type: ignore[arg-type]

    def run(self, intents: Iterable[i.Intent]) -> Result:
        """Resolve all intents; standing steps get their next instant, or stay idle until something wakes them."""
        result = super().run(intents)
        standing = {"house.sweep": self._next_sweep, "house.morning": self._next_morning}
        for step in self.state.steps:
            if step.deadline is None and step.name in standing:
                at = standing[step.name]()
                result.found.deadlines.pop(step.id, None)
                if at is not None:
                    result.found.deadlines[step.id] = at
        return result

    # -- what is owed -------------------------------------------------------------------------------------------------
    def _planned_for(self, owed: Owed, holder: Holder) -> datetime | None:
        """`planned_days` and `planned_hour`: a working day so many days on, at that hour of who will owe it."""
        days = owed.params.get("planned_days")
        if not days or owed.previous is not None:
            return owed.opens_at
        calendar = holder.calendar
        day = calendar.step(calendar.local(owed.opened_at).date() + timedelta(days=int(days)), 0)
        return instant_of(day, time(int(owed.params.get("planned_hour", 10))), calendar.zone)

    def _ask_for(self, owed: Owed, holder: Holder) -> None:
        """What the question shows is counted now and kept with it: what is released later is what was shown."""
        shown: dict[str, Any] = {}
        if owed.params.get("counts") or owed.params.get("impact"):
            shown |= {f"n_{stage}": n for stage, n in self.directory.stages.items()}
        if owed.params.get("impact"):
            shown["n_duties"] = sum(self.directory.owed.values())
        if owed.kind == "kickoff":
            shown |= self._measures()
        if owed.kind == "pool_search":
            shown |= {f"why_{n}": ",".join(why) for n, (_, why) in enumerate(self.directory.matches[:MATCHES_SHOWN])}
            found = [("person", str(person), 1) for person, _ in self.directory.matches[:MATCHES_SHOWN]]
            self.patch(owed, refs=[*owed.refs, *found])
        if shown:
            self.patch(owed, params={**owed.params, **shown})
        super()._ask_for(owed, holder)

    def _measures(self) -> dict[str, str]:
        """The terms that each side is measured by, as the policy writes them, by the client's tier."""
        own = self.policy.tiers.get(self.state.tier or "", {})
        return {f"kpi_{kind}": str((own.get(kind) or self.policy.obligation(kind)).within) for kind in MEASURED}

    # -- what belongs to nobody else ------------------------------------------------------------------------------------
    def _command(self, intent: i.Command) -> None:
        if intent.name == "house.sweep":
            self._sweep()
        elif intent.name == "house.morning":
            self._say_morning()
        else:
            super()._command(intent)

    def _sweep(self) -> None:
        """One record for each hire that screening did not judge in time: it begins with that fact."""
        for hire_id in self.directory.unscreened:
            cause = derive_id("workflows", "deadline", hire_id, "screening")
            self.say(FanOut(hire_id=hire_id, cause_type=LATE_SCREENING, cause_id=str(cause), at=self.now), self.now, event_id=cause)

    def _next_sweep(self) -> datetime | None:
        return self.directory.next_screen_by

    def _listeners(self) -> list[PersonRecord]:
        wanted = set(self.policy.house.roles)
        people = [one for one in self.directory.people.values() if one.party_class == "staff" and wanted & set(one.roles)]
        return sorted((one for one in people if one.left_at is None), key=lambda one: str(one.person_id))

    def _morning_of(self, person: PersonRecord, after: datetime) -> datetime | None:
        """The person's next morning on a working day of theirs, later than `after`."""
        if self.policy.house.morning is None:
            return None
        calendar = calendar_of(person.calendar, self.policy.calendar).in_zone(person.zone)
        hour, day = time.fromisoformat(self.policy.house.morning), calendar.local(after).date()
        for n in range(DAYS_AHEAD):
            at = instant_of(day + timedelta(days=n), hour, calendar.zone)
            if at > after and calendar.is_working_day(day + timedelta(days=n)):
                return at
        return None

    def _next_morning(self) -> datetime | None:
        mornings = [self._morning_of(one, self.at) for one in self._listeners()]
        return min((at for at in mornings if at is not None), default=None)

    def _say_morning(self) -> None:
        """The link of the day, to everybody whose morning this is and who is there; where the policy has digests, what they owe with it."""
        digest = self.policy.house.digest == "on"
        template = "digest" if digest else "home"

        def guards(person: UUID) -> list[Any]:
            return [OwesGuard(person_id=person)] if digest else []

        for person in self._listeners():
            away = any(absence.starts_at <= self.at < absence.ends_at for absence in person.absences)
            if away or self._morning_of(person, self.at - timedelta(seconds=1)) != self.at:
                continue
            occasion = f"{derive_id('workflows', 'morning', self.state_id(), person.person_id, self.at.isoformat())}/1"
            message_id = derive_id("notification", "message", person.person_id, template, occasion)
            role = next(role for role in person.roles if role in self.policy.house.roles)
            spec = MessageSpec(
                message_id=message_id, party=PartyRef(person_id=person.person_id, role=role), purpose=template, occasion=occasion,
                template=template, guards=guards(person.person_id), refs=[Ref(kind="person", id=person.person_id)])
            self.say(Tell(message_id=message_id, message=spec), self.now, event_id=derive_id("workflows", "tell", message_id))

    def state_id(self) -> Any:
        """The subject's id."""
        return self.state.id  # type: ignore[attr-defined]


def resolve_subject(state: Subject, intents: Iterable[i.Intent], world: World, *, at: datetime, now: datetime) -> Result:
    """Resolve a decision of a subject. `at`: the fact's time, `now`: business time. `state` is completed in place."""
    return SubjectResolver(state, world, at=at, now=now).run(intents)
