"""Orders to the services as messages: what a decision names by role or leaves open is filled in from the directory."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.contracts.base import Message, derive_id
from shared.contracts.catalog import LATEST
from shared.policy.wall import instant_of

from .directory import Directory
from .hire.state import HireState

SLOTS_FROM_DAYS, SLOTS_FOR_DAYS = 2, 8
"""Working days from now to the first offered day, and how many days are looked through."""
FIRST_HOUR = time(9)
NOTICE_DAYS = 30
"""Days to the first day of work where neither the letter nor the requisition says one."""


def common(state: HireState) -> dict[str, Any]:
    """The ids that messages about a hire share."""
    hire = state.hire_id
    return {
        "hire_id": hire, "application_id": hire, "requisition_id": state.requisition_id, "person_id": state.person_id,
        "candidate_id": state.person_id, "client_id": state.client_id}


def message(name: str, fields: dict[str, Any]) -> Message:
    """The newest class of this wire name with these fields; what the class does not know is left out."""
    cls = LATEST["baton." + name]
    return cls.model_validate({key: value for key, value in fields.items() if key in cls.model_fields})


def order(name: str, params: dict[str, Any], *, state: HireState, directory: Directory, now: datetime) -> Message:
    """The command `name`. `now` is business time."""
    fields = {**common(state), **params}
    match name:
        case "scheduling.offer_slots":
            fields |= _slots(params, state, directory, now)
            if params.get("group"):
                fields["group"] = _group(params["group"], fields, directory, now)
        case "scheduling.offer_loop":
            fields |= _loop(params, state, directory, now)
        case "scheduling.replace":
            fields |= {"candidates": _others(params, state, directory, now), "limits": _limits(directory)}
        case "notification.withdraw_message":
            purpose, occasion = params["said"]
            fields["message_id"] = derive_id("notification", "message", state.person_id, purpose, occasion)
        case "intake.disclose":
            fields |= {"to_org": state.client_id, "consent_ref": state.consent_ref}
        case "intake.draft_offer":
            fields["start_at"] = first_day(params.get("start_day"), directory, now)
        case "intake.revise_offer":
            fields["changes"] = _changes(params.get("changes") or {}, directory, now)
    return message(name, fields)


def _slots(params: dict[str, Any], state: HireState, directory: Directory, now: datetime) -> dict[str, Any]:
    fields = _when(params, state, directory, now)
    return {
        **fields, "panel": directory.seats(params["panel"], fields["not_before"]), "discreet": state.origin != "campus",
        "max_no_shows": None if params.get("uncapped") else directory.policy.interviews.max_no_shows}


def _loop(params: dict[str, Any], state: HireState, directory: Directory, now: datetime) -> dict[str, Any]:
    """Each part with its own panel."""
    fields = _when(params, state, directory, now)
    legs = [{**leg, "seats": [{"pool": pool} for pool in directory.seats(leg["panel"], fields["not_before"])]} for leg in params["legs"]]
    known = ("interview_id", "round", "seats", "minutes", "mode")
    return {**fields, "legs": [{name: leg[name] for name in known} for leg in legs]}


def _when(params: dict[str, Any], state: HireState, directory: Directory, now: datetime) -> dict[str, Any]:
    """From which day, how far and in whose zone times are looked for, and what is kept free."""
    candidate = directory.people.get(state.person_id)
    calendar = directory.holder("hiring_manager", now).calendar
    begin = instant_of(calendar.local(calendar.add_working_days(now, SLOTS_FROM_DAYS)).date(), FIRST_HOUR, calendar.zone)
    until = calendar.add_working_days(begin, SLOTS_FOR_DAYS + 5 * (int(params.get("attempt", 1)) - 1))
    return {
        "not_before": begin, "not_after": until, "zone": candidate.zone if candidate else directory.requisition.zone,
        "limits": _limits(directory), "hold_minutes": _hold(directory), "candidate_open": params.get("open") or []}


def _group(group: dict[str, Any], fields: dict[str, Any], directory: Directory, now: datetime) -> dict[str, Any]:
    """So many chairs, and the spans in which the session may lie: on the days named, else on any day that times are looked for; still to come."""
    zone = directory.requisition.zone
    opens, closes = (time.fromisoformat(text) for text in str(group["hours"]).split("-"))
    first, last = (fields[name].astimezone(ZoneInfo(zone)).date() for name in ("not_before", "not_after"))
    days = [date.fromisoformat(day) for day in group.get("days") or ()] or [first + timedelta(days=n) for n in range((last - first).days + 1)]
    spans = [(instant_of(day, opens, zone), instant_of(day, closes, zone)) for day in days]
    return {"capacity": group["capacity"], "windows": [{"starts_at": since, "ends_at": until} for since, until in spans if since > now]}


def _limits(directory: Directory) -> dict[str, Any] | None:
    """What the policy keeps free for interviewers; nothing where it says nothing."""
    limits = directory.policy.interviews.limits
    return None if limits == type(limits)() else limits.model_dump(mode="json")


def _hold(directory: Directory) -> int | None:
    length = directory.policy.interviews.hold
    return None if length is None else length.amount * {"min": 1, "h": 60, "d": 1440}[length.unit]


def _others(params: dict[str, Any], state: HireState, directory: Directory, now: datetime) -> list[UUID]:
    """Everybody of the round's seats who neither sits there already nor gave that chair up; else the line of the one who goes."""
    inside = {*state.interview.panel, *state.interview.out} if state.interview else set()
    persons = [person for seat in directory.seats(params["panel"], now) for person in seat]
    free = [person for person in dict.fromkeys(persons) if person not in inside]
    if free:
        return free
    record = directory.people.get(UUID(str(params["out_id"])))
    spare: list[UUID | None] = [record.delegate_id, record.manager_id] if record else []
    return [person for person in spare if person and person not in inside]


def first_day(day: Any, directory: Directory, now: datetime) -> datetime:
    """09:00 of the first working day on or after the named one, on the requisition's wall."""
    requisition = directory.requisition
    calendar = directory.holder("hiring_manager", now).calendar.in_zone(requisition.zone)
    if day:
        wanted = datetime.fromisoformat(str(day)).date()
    elif requisition.start_at is not None and requisition.start_at > now:
        wanted = calendar.local(requisition.start_at).date()
    else:
        wanted = calendar.local(now + timedelta(days=NOTICE_DAYS)).date()
    return instant_of(calendar.step(wanted, 0), FIRST_HOUR, requisition.zone)


def _changes(changes: dict[str, Any], directory: Directory, now: datetime) -> dict[str, Any]:
    day = changes.pop("start_day", None) if changes.get("start_day") else None
    return changes | ({"start_at": first_day(day, directory, now).isoformat()} if day else {})
