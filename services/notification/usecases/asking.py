"""The commands about asks: open, supersede, close. The arbiter's row is locked first, always."""

from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification.desk import Desk
from services.notification.store import asks, directory
from services.notification.usecases.causes import remembered
from services.notification.usecases.telling import queue
from shared.contracts.ask import AskClosed, AskCommand, AskOpened, AskSpec, AskSuperseded, CloseAsk, SupersedeAsk
from shared.contracts.base import derive_id
from shared.contracts.notification import MessageSpec
from shared.contracts.party import PartyRef
from shared.runtime.db import Uow
from shared.runtime.errors import Refused, WaitsFor
from shared.runtime.records import Received

_OPERATORS = ("operators", "director", "lead")


async def open_ask(uow: Uow, desk: Desk, event: Received) -> None:
    """Open the ask with the arbiter and queue its message. Idempotent by ask id and version."""
    command: AskCommand = event.body
    spec = await _with_people(uow, command.spec)
    await _references(uow, spec)
    row = (await asks.lock(uow, [spec.ask_id])).get(spec.ask_id)
    if row is None or row["version"] < spec.version:
        await asks.put(uow, spec, remembered(event))
    uow.emit(
        AskOpened(
            ask_id=spec.ask_id,
            version=spec.version,
            kind=spec.kind,
            hire_id=spec.hire_id,
            obligation_id=spec.obligation_id,
            opened_at=uow.now,
        ),
        cause=event,
    )
    await _say(uow, desk, spec, command.message, event)


async def supersede(uow: Uow, desk: Desk, event: Received) -> None:
    """The same ask with a newer question; an older version than the row's changes nothing."""
    command: SupersedeAsk = event.body
    spec = await _with_people(uow, command.spec)
    await _references(uow, spec)
    row = (await asks.lock(uow, [spec.ask_id])).get(spec.ask_id)
    if row is None:
        raise Refused("unknown_ask", "there is no such ask to supersede")
    if row["state"] == "open" and row["version"] < spec.version:
        await asks.put(uow, spec, remembered(event))
    uow.emit(
        AskSuperseded(
            ask_id=spec.ask_id,
            version=max(spec.version, row["version"]),
            kind=spec.kind,
            hire_id=spec.hire_id,
            obligation_id=spec.obligation_id,
        ),
        cause=event,
    )
    if command.message is not None and row["state"] == "open":
        await _say(uow, desk, spec, command.message, event)


async def close_ask(uow: Uow, event: Received) -> None:
    """Close if nobody was first; where an answer was, its `ask.answered` is the reply and stands."""
    command: CloseAsk = event.body
    row = (await asks.lock(uow, [command.ask_id])).get(command.ask_id)
    if row is None:
        raise Refused("unknown_ask", "there is no such ask to close")
    if row["state"] == "answered":
        return
    if row["state"] == "open":
        await asks.close(uow, command.ask_id, command.how)
    uow.emit(
        AskClosed(
            ask_id=command.ask_id,
            version=row["version"],
            kind=row["kind"],
            hire_id=row["hire_id"],
            obligation_id=row["obligation_id"],
            how=row["closed_how"] or command.how,
            closed_at=row["closed_at"] or uow.now,
        ),
        cause=event,
    )


async def _with_people(uow: Uow, spec: AskSpec) -> AskSpec:
    """`operators` has no person: whoever has the role may answer, else the next role of the house."""
    if not registry.is_kind(spec.kind):
        raise Refused("unknown_kind", f"ask kind {spec.kind} has no registry entry")
    if spec.holder.person_id is not None:
        return spec
    found = await operators(uow)
    if not found:
        raise WaitsFor("person/operators")
    return spec.model_copy(
        update={"holder": PartyRef(person_id=found[0], role=spec.holder.role), "group": [*spec.group, *found[1:]]}
    )


async def operators(uow: Uow) -> list[UUID]:
    """Who runs the house tonight: operators, else directors, else leads."""
    for role in _OPERATORS:
        found = await directory.persons_with_role(uow, role)
        if found:
            return found
    return []


async def _references(uow: Uow, spec: AskSpec) -> None:
    """What the words need must be here: the holder, the hire, the offered slots, the offer, and the disclosure before a client looks."""
    await directory.about(uow, spec.hire_id, [spec.holder.person_id])
    if not await directory.records(uow, "person", [spec.holder.person_id]):
        raise WaitsFor(f"person/{spec.holder.person_id}")
    hire = await directory.fact(uow, "hire", spec.hire_id)
    if spec.hire_id is not None and hire is None:
        raise WaitsFor(f"hire/{spec.hire_id}")
    await requisition_here(uow, hire)
    needs = registry.kind_of(spec.kind).waits_for
    for ref in spec.refs:
        if ref.kind == "interview" and "slots" in needs and await directory.fact(uow, "slots", ref.id) is None:
            raise WaitsFor(f"slots/{ref.id}")
        if ref.kind == "offer":
            stands = await directory.fact(uow, "offer", ref.id)
            if stands is None or stands["version"] < ref.version:
                raise WaitsFor(f"offer/{ref.id}@{ref.version}")
    if "disclosure" in needs and hire is not None:
        await _disclosed(uow, spec, hire["body"])


async def requisition_here(uow: Uow, hire: dict[str, Any] | None) -> None:
    """The role must be known by name before anybody reads about it."""
    wanted = directory.as_uuid(hire["body"].get("requisition_id")) if hire else None
    if wanted is not None and not await directory.records(uow, "requisition", [wanted]):
        raise WaitsFor(f"requisition/{wanted}")


async def _disclosed(uow: Uow, spec: AskSpec, hire: dict[str, str]) -> None:
    client_id = UUID(hire["client_id"])
    client = (await directory.records(uow, "client", [client_id])).get(client_id)
    if client is None:
        raise WaitsFor(f"client/{client_id}")
    if client.get("external", True) and await directory.fact(uow, "disclosure", spec.hire_id) is None:
        raise WaitsFor(f"disclosure/{spec.hire_id}")


async def _say(uow: Uow, desk: Desk, spec: AskSpec, message: MessageSpec, event: Received) -> None:
    """The message of the ask, and one to each further person of the group, with its own id."""
    main = (
        message
        if message.party.person_id
        else message.model_copy(update={"party": PartyRef(person_id=spec.holder.person_id, role=message.party.role)})
    )
    specs = [main.model_copy(update={"ask_id": spec.ask_id, "hire_id": spec.hire_id})]
    if spec.holder.role != "operators":
        for person in spec.group:
            if person != main.party.person_id:
                own = derive_id("notification", "message", main.message_id, person)
                specs.append(
                    specs[0].model_copy(update={"message_id": own, "party": PartyRef(person_id=person, role=main.party.role)})
                )
    for one in specs:
        await queue(uow, desk, one, {"cause": remembered(event), "obligation_id": spec.obligation_id}, event)
