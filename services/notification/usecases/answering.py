"""An answer meets the arbiter: page, call, operator, all through the same row (agreements.md 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification import domain
from services.notification.asks import kind_of
from services.notification.desk import Desk
from services.notification.store import asks, directory
from services.notification.usecases.causes import cause_of
from shared.contracts.ask import Answer, AskAnswered, AskAnsweredLate, AskAnsweredSecond, AskRetracted, Via
from shared.contracts.base import derive_id
from shared.policy.lawful import reasons
from shared.runtime.db import Uow


@dataclass(frozen=True)
class Given:
    """What somebody answered, in which version of the question, how, for whom."""

    person: UUID | None
    clear: Mapping[str, str]
    sealed: Mapping[str, str]
    version: int
    nonce: str
    via: Via = "page"
    on_behalf_of: UUID | None = None
    happened_at: datetime | None = None
    evidence: str | None = None
    """SHA-256 of the signed paper."""
    actor: str = ""
    """The operator who reported it."""


async def answer(uow: Uow, desk: Desk, row: dict[str, Any], given: Given) -> domain.Verdict:
    """Judge and, where it wins, record. `row` must be locked by this transaction."""
    judged = domain.judge(row, None if given.on_behalf_of else given.person, given.version)
    if judged is domain.Verdict.WINS:
        await _record(uow, desk, row, given)
    elif judged is domain.Verdict.LATE:
        body = await _said(uow, desk, row, given)
        uow.emit(
            AskAnsweredLate(
                ask_id=row["id"],
                version=row["version"],
                kind=row["kind"],
                hire_id=row["hire_id"],
                obligation_id=row["obligation_id"],
                answer=body,
                closed_how=row["closed_how"] or "closed",
            ),
            cause=cause_of(row["cause"]),
            event_id=derive_id("notification", "answer", row["id"], "late", given.nonce),
        )
    elif judged is domain.Verdict.OTHERS_ALREADY:
        await came_second(uow, row, given.person)
    return judged


async def came_second(uow: Uow, row: dict[str, Any], person: UUID | None) -> None:
    """The page tells them whose answer stands; that they were told is a fact, once for each person and question."""
    first = row["answered_by"]
    if person is None or first is None:
        return
    id = derive_id("notification", "answer", row["id"], "second", person)
    if await directory.fact(uow, "second", id) is not None:
        return
    await directory.put_fact(uow, "second", id, {"by": str(person)}, hire_id=row["hire_id"])
    uow.emit(
        AskAnsweredSecond(
            ask_id=row["id"], version=row["version"], kind=row["kind"], hire_id=row["hire_id"], obligation_id=row["obligation_id"],
            by=person, first_by=first, at=uow.now),
        cause=cause_of(row["cause"]), event_id=id, at=uow.now)


async def _record(uow: Uow, desk: Desk, row: dict[str, Any], given: Given) -> None:
    spec = row["spec"]
    undo = domain.undo_until(uow.now, spec.undo_within)
    body = await _said(uow, desk, row, given)
    answer_id = derive_id("notification", "answer", row["id"], row["answers"] + 1)
    await asks.answer(uow, row["id"], {"by": given.person, "undo_until": undo, "answer": body.model_dump(mode="json")})
    uow.emit(
        AskAnswered(
            ask_id=row["id"],
            version=row["version"],
            kind=row["kind"],
            hire_id=row["hire_id"],
            requisition_id=spec.requisition_id,
            obligation_id=row["obligation_id"],
            answer=body,
            final_at=undo or uow.now,
            refs=spec.refs,
            params=spec.params,
        ),
        cause=cause_of(row["cause"]),
        event_id=answer_id,
        at=body.happened_at,
        actor=given.actor,
    )


async def retract(uow: Uow, row: dict[str, Any], person: UUID) -> bool:
    """Take the answer back inside its window; the question is open again. False when it is too late or not theirs."""
    if not domain.may_retract(row, person, uow.now):
        return False
    await asks.reopen(uow, row["id"])
    uow.emit(
        AskRetracted(
            ask_id=row["id"],
            version=row["version"],
            kind=row["kind"],
            hire_id=row["hire_id"],
            obligation_id=row["obligation_id"],
            retracted_at=uow.now,
        ),
        cause=cause_of(row["cause"]),
        event_id=derive_id("notification", "answer", row["id"], row["answers"], "retracted"),
    )
    return True


async def _said(uow: Uow, desk: Desk, row: dict[str, Any], given: Given) -> Answer:
    """The answer as it is kept and told: codes in the clear, words sealed, and whether they name a reason that the law forbids."""
    return Answer(
        by=given.person,
        on_behalf_of=given.on_behalf_of,
        via=given.via,
        happened_at=given.happened_at or uow.now,
        clear={**given.clear, **await _judged(uow, row, given)},
        sealed=await _sealed(uow, desk, row, given.sealed),
        evidence_digest=given.evidence,
    )


async def _judged(uow: Uow, row: dict[str, Any], given: Given) -> dict[str, str]:
    """Read where the words can be read: who goes on with the answer sees codes only. By the law of the place of work."""
    words = given.sealed.get(kind_of(row["kind"]).judged, "")
    if not words:
        return {}
    wanted = row["spec"].requisition_id
    known = await directory.records(uow, "requisition", [wanted]) if wanted else {}
    where = str(known.get(wanted, {}).get("calendar") or "CN")
    return {"unlawful": "yes"} if any(one.refused for one in reasons(words, where)) else {}


async def _sealed(uow: Uow, desk: Desk, row: dict[str, Any], values: Mapping[str, str]) -> list[Any]:
    """Free words, sealed under the key of the person they are about; nothing is kept of an erased one."""
    if not values:
        return []
    hire = await directory.fact(uow, "hire", row["hire_id"])
    about = UUID(hire["body"]["person_id"]) if hire and hire["body"].get("person_id") else row["holder_id"]
    key = (await desk.house.vault.keys(uow, [about])).get(about) if about else None
    if key is None:
        return []
    return [desk.house.vault.seal(about, f"answer.{name}", value, key).model_dump(mode="json") for name, value in values.items()]
