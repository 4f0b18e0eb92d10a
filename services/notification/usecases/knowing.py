"""Facts of the other services as guards and scenes need them: kept by id, newest version wins, rebuildable from the topics."""

from typing import Any

from services.notification.desk import Desk
from services.notification.store import directory
from shared.contracts.scheduling import InterviewCancelled
from shared.contracts.sessions import Session
from shared.runtime.db import Uow
from shared.runtime.records import Received


async def application(uow: Uow, event: Received) -> None:
    """Whose hire it is, for which role, and the facts a decider may see."""
    body = event.body
    known = {
        "person_id": str(body.person_id),
        "requisition_id": str(body.requisition_id),
        "facts": body.facts.model_dump(mode="json", exclude={"confidence", "places"}),
    }
    for name in ("client_id", "origin", "externalref"):
        if getattr(body, name, None):
            known[name] = str(getattr(body, name))
    if getattr(body, "submitted_at", None):
        known["submitted_at"] = body.submitted_at.isoformat()
    await directory.put_fact(uow, "hire", body.hire_id, known, hire_id=body.hire_id)
    await uow.arrived(f"hire/{body.hire_id}")


async def screened(uow: Uow, event: Received) -> None:
    """Every rule with its outcome and evidence, for the one who decides."""
    body = event.body
    results = [one.model_dump(mode="json", include={"rule_id", "rule", "outcome", "evidence"}) for one in body.results]
    await directory.put_fact(uow, "hire", body.hire_id, {"results": results}, hire_id=body.hire_id)


async def disclosure(uow: Uow, event: Received) -> None:
    """To which organisation the person may be shown, and how far."""
    body = event.body
    stands = await directory.fact(uow, "disclosure", body.hire_id)
    levels = dict(stands["body"].get("levels") or {}) if stands else {}
    levels[str(body.disclosure.to_org)] = body.disclosure.level
    await directory.put_fact(uow, "disclosure", body.hire_id, {"levels": levels}, hire_id=body.hire_id)
    await uow.arrived(f"disclosure/{body.hire_id}")


async def stage(uow: Uow, event: Received) -> None:
    """Where the hire stands."""
    body = event.body
    known = {"person_id": str(body.person_id), "requisition_id": str(body.requisition_id), "client_id": str(body.client_id)}
    await directory.put_fact(uow, "hire", body.hire_id, known, hire_id=body.hire_id, state=body.stage)


async def closed(uow: Uow, event: Received) -> None:
    """The story ended."""
    await directory.put_fact(
        uow, "hire", event.body.hire_id, {"outcome": event.body.outcome}, hire_id=event.body.hire_id, state="closed"
    )


async def slots(uow: Uow, event: Received) -> None:
    """The times held for a candidate."""
    body = event.body
    await directory.put_fact(
        uow,
        "slots",
        body.interview_id,
        body.model_dump(mode="json", include={"slots", "round", "minutes", "mode"}),
        hire_id=body.hire_id,
        state="held",
    )
    panel = sorted({str(person) for slot in body.slots for person in slot.panel})
    await directory.put_fact(
        uow,
        "interview",
        body.interview_id,
        {"round": body.round, "mode": body.mode, "panel": panel},
        hire_id=body.hire_id,
        version=0,
    )
    await uow.arrived(f"slots/{body.interview_id}")


async def ways(uow: Uow, event: Received) -> None:
    """The ways through a loop held for a candidate: kept under the first part of the first way, whose question they are."""
    body = event.body
    if not body.ways or not body.ways[0].slots:
        return
    legs = {leg.interview_id: sorted({str(person) for way in body.ways for one in way.slots if one.interview_id == leg.interview_id for person in one.panel})
            for leg in body.ways[0].slots}
    for n, (interview_id, panel) in enumerate(legs.items()):
        await directory.put_fact(uow, "interview", interview_id, {"panel": panel}, hire_id=body.hire_id, version=0)
        if n == 0:
            held = {"loop_id": str(body.loop_id), "ways": [way.model_dump(mode="json") for way in body.ways]}
            await directory.put_fact(uow, "slots", interview_id, held, hire_id=body.hire_id, state="held")
            await uow.arrived(f"slots/{interview_id}")


async def interview(uow: Uow, event: Received) -> None:
    """An appointment as it stands; its version is the SEQUENCE of the calendar entry."""
    body = event.body
    state = "cancelled" if isinstance(body, InterviewCancelled) else "scheduled"
    await directory.put_fact(
        uow, "interview", body.interview_id, body.model_dump(mode="json"), hire_id=body.hire_id, version=body.version, state=state
    )
    await uow.arrived(f"interview/{body.interview_id}@{body.version}")
    for session in (body.session, getattr(body, "old_session", None)):
        if session is not None:
            await _session(uow, session, body.model_dump(mode="json", include=_SHARED) if session is body.session else {})


_SHARED = {"starts_at", "ends_at", "wall_start", "zone", "round", "mode", "panel", "shadows", "room_id"}
"""What everybody of a session has in common: the panel's own appointment, which names no candidate."""


async def _session(uow: Uow, session: Session, shared: dict[str, Any]) -> None:
    state = "scheduled" if session.stands else "cancelled"
    await directory.put_fact(uow, "interview", session.session_id, {**shared, "capacity": session.capacity}, version=session.version, state=state)
    await uow.arrived(f"interview/{session.session_id}@{session.version}")


async def offer(uow: Uow, event: Received) -> None:
    """An offer's version; its terms stay sealed."""
    body = event.body
    await directory.put_fact(
        uow, "offer", body.offer_id, body.model_dump(mode="json"), hire_id=body.hire_id, version=body.version
    )
    await uow.arrived(f"offer/{body.offer_id}@{body.version}")


async def due(uow: Uow, event: Received) -> None:
    """The clock of an ask runs, or was moved: the page says the new time from now on."""
    body = event.body
    if body.ask_id is not None:
        await directory.set_due(uow, body.ask_id, body.due_at)


async def erased(uow: Uow, desk: Desk, event: Received) -> None:
    """Their key is gone: forget it, drop what was rendered for them."""
    person = event.body.person_id
    desk.house.vault.forget(person)
    await directory.put_fact(uow, "person", person, {}, state="erased")
    await directory.forget_rendered(uow, person)
