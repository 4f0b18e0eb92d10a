"""Stars (C107): of somebody who matters most our own side is prompted in shorter steps, and nobody else hears anything more."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.policy.calendar import WorkingCalendar
from shared.policy.model import Act
from shared.policy.resolve import Moment

SECOND = timedelta(seconds=1)


def sooner(timed: Mapping[datetime, list[Act]], moment: Moment, *, due: datetime, factor: float) -> dict[datetime, list[Act]]:
    """The same ladder in shorter steps: one more reminder before each, who is climbed to hears sooner.

    `factor` 1 changes nothing. The due, what silence does and what others are told stay where they are.
    """
    found: dict[datetime, list[Act]] = {}
    for at, acts in timed.items():
        early = at if at == due or factor == 1 else _share(due if at > due else moment.opened_at, at, moment.calendar, factor)
        for act in acts:
            if act.do == "remind" and moment.opened_at < early < at:
                found.setdefault(early, []).append(act)
            found.setdefault(early if act.do == "climb" and at > due else at, []).append(act)
    return found


def _share(since: datetime, until: datetime, calendar: WorkingCalendar, factor: float) -> datetime:
    worked = calendar.working_time_between(since, until)
    if worked:
        return calendar.add_working_time(since, worked * factor // SECOND * SECOND)
    return since + (until - since) * factor // SECOND * SECOND
