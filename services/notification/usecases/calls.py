"""A `call` carries the form of the ask it serves: what is heard on the phone answers that ask, on behalf (practice.md 1.2)."""

from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification.asks import care
from services.notification.desk import Desk
from services.notification.domain import Verdict
from services.notification.look.form import Filled, Form
from services.notification.look.scene import Scene
from services.notification.scenes import scene_of
from services.notification.sending import routes
from services.notification.sending.compose import ask_subject
from services.notification.store import asks, messages
from services.notification.usecases.answering import Given, answer
from shared.contracts.base import derive_id
from shared.contracts.notification import MessageSpec
from shared.contracts.party import PartyRef
from shared.runtime.db import Uow


def served_id(row: dict[str, Any]) -> UUID | None:
    """The ask that a call serves, or None."""
    value = row["spec"].params.get("serves_ask")
    return UUID(str(value)) if value else None


async def served_form(uow: Uow, desk: Desk, row: dict[str, Any], own: tuple[Scene, Form]) -> Form:
    """The call's form; with the served ask's fields while that is open and may be answered on behalf."""
    scene, form = own
    wanted = served_id(row)
    served = (await asks.read(uow, [wanted])).get(wanted) if wanted else None
    if served is None or served["state"] != "open" or not _on_behalf(served):
        return form
    kind = registry.kind_of(served["kind"])
    theirs = await scene_of(uow, desk.house, await ask_subject(uow, served, served["holder_id"], scene.lang))
    return care.with_served(form, kind.form(theirs), theirs.fill(kind.act))


async def answer_served(uow: Uow, desk: Desk, row: dict[str, Any], sent: tuple[Given, Filled]) -> None:
    """Answer the served ask with what was heard, and give its person one receipt."""
    given, filled = sent
    wanted, cut = served_id(row), len(care.SERVES) + 1
    clear = {name[cut:]: value for name, value in filled.clear.items() if name.startswith(f"{care.SERVES}.")}
    sealed = {name[cut:]: value for name, value in filled.sealed.items() if name.startswith(f"{care.SERVES}.")}
    if wanted is None or not clear:
        return
    served = (await asks.lock(uow, [wanted])).get(wanted)
    if served is None or not _on_behalf(served):
        return
    heard = Given(given.person, clear, sealed, served["version"], given.nonce, "phone", served["holder_id"])
    if await answer(uow, desk, served, heard) is Verdict.WINS:
        await receipt(uow, desk, served)


def _on_behalf(row: dict[str, Any]) -> bool:
    """With evidence counts as no here: a call page takes no signed paper."""
    return row["spec"].on_behalf == "allowed" and registry.kind_of(row["kind"]).on_behalf == "allowed"


async def receipt(uow: Uow, desk: Desk, served: dict[str, Any]) -> None:
    """One word to the person whose question somebody else answered: what was noted, and where to change it."""
    spec = served["spec"]
    answer_id = derive_id("notification", "answer", served["id"], served["answers"] + 1)
    message = MessageSpec(
        message_id=derive_id("notification", "message", answer_id, "receipt"),
        party=PartyRef(person_id=served["holder_id"], role=spec.holder.role),
        purpose="receipt",
        occasion=f"{answer_id}/1",
        template="answer_noted",
        hire_id=served["hire_id"],
        ask_id=served["id"],
    )
    channel = await routes.first(uow, desk, message)
    queued = {"send_at": uow.now, "channel": channel, "obligation_id": served["obligation_id"], "cause": served["cause"]}
    if await messages.put(uow, message, queued):
        uow.after(desk.bell.set)
