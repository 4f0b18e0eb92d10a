"""The guards of a message, evaluated in the sending transaction over facts that are known here."""

from typing import Any

from services.notification import domain
from services.notification.domain import Truth
from services.notification.sending.digest import has_today
from services.notification.store import asks, directory
from shared.contracts.notification import Guard
from shared.runtime.db import Uow


async def judge_all(uow: Uow, row: dict[str, Any]) -> tuple[Truth, str]:
    """Untrue if any guard is contradicted, not yet if any still waits for news, else true; with the guard's name."""
    waiting = ""
    for guard in row["spec"].guards:
        truth = await _judge(uow, guard)
        if truth is Truth.UNTRUE:
            return truth, guard.guard
        if truth is Truth.NOT_YET:
            waiting = guard.guard
    erased = await directory.fact(uow, "person", row["person_id"])
    if domain.not_erased(erased) is Truth.UNTRUE:
        return Truth.UNTRUE, "not_erased"
    return (Truth.NOT_YET, waiting) if waiting else (Truth.HOLDS, "")


async def _judge(uow: Uow, guard: Guard) -> Truth:
    match guard.guard:
        case "ask_open":
            found = await asks.lock(uow, [guard.ask_id])
            return domain.ask_open(found.get(guard.ask_id))
        case "interview_is":
            return domain.version_is(await directory.fact(uow, "interview", guard.interview_id), guard.version)
        case "offer_is":
            return domain.version_is(await directory.fact(uow, "offer", guard.offer_id), guard.version)
        case "hire_in":
            return domain.hire_in(await directory.fact(uow, "hire", guard.hire_id), list(guard.stages))
        case "owes":
            person = (await directory.records(uow, "person", [guard.person_id])).get(guard.person_id, {})
            zone = str(person.get("zone") or "Asia/Shanghai")
            return Truth.HOLDS if await has_today(uow, guard.person_id, zone) else Truth.UNTRUE
        case "not_erased":
            return domain.not_erased(await directory.fact(uow, "person", guard.person_id))
