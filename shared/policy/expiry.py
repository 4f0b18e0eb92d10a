"""When an offer's letter lapses: the one due that depends on the candidate's zone and on the holidays around it."""
from datetime import date, datetime

from shared.policy.calendar import WorkingCalendar
from shared.policy.model import Policy
from shared.policy.resolve import Moment, resolve
from shared.policy.wall import ONE_DAY, instant_of


def offer_expiry(
    policy: Policy, *, delivered_at: datetime, zone: str, calendar: WorkingCalendar, voice: str = "standard"
) -> datetime:
    """When a delivered letter lapses, in UTC: the term by voice, else by calendar, else the policy's, on the candidate's wall.

    Never on a day off, nor earlier than on the `after_holiday`-th (second) working day after a holiday.
    """
    local = calendar.in_zone(zone)
    terms = policy.offers.expires_for
    rule = terms.get(voice) or terms.get(calendar.name) or policy.offers.expires
    wall = local.local(resolve(rule, Moment(delivered_at, local)))
    day = _clear_of_holidays(local.step(wall.date(), 0), local, apart=policy.offers.after_holiday)
    return max(instant_of(day, wall.time(), zone), delivered_at)


def _clear_of_holidays(day: date, calendar: WorkingCalendar, *, apart: int) -> date:
    """The first working day from `day` on that has no holiday between it and the `apart` working days that end with it."""
    moved = True
    while moved:
        moved, back = False, day
        for nth in range(1, apart):
            if _holiday_before(back, calendar):
                day, moved = calendar.step(day, apart - nth), True
                break
            back = calendar.step(back, -1)
    return day


def _holiday_before(day: date, calendar: WorkingCalendar) -> bool:
    day -= ONE_DAY
    while not calendar.is_working_day(day):
        if calendar.is_closed_holiday(day):
            return True
        day -= ONE_DAY
    return False
