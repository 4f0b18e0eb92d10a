"""A tell as workflows write it, for tests of what is sent when."""

from __future__ import annotations

from uuid import UUID, uuid4

from shared.contracts.notification import MessageSpec, Tell
from shared.contracts.party import PartyRef
from tests.support.notices import Bureau


def told(bureau: Bureau, template: str, person: UUID, role: str = "candidate", **more: object) -> Tell:
    """A tell as workflows write it."""
    message = MessageSpec(
        message_id=uuid4(),
        party=PartyRef(person_id=person, role=role),
        purpose=str(more.pop("purpose", template)),  # type: ignore[arg-type]
        occasion=str(more.pop("occasion", f"{uuid4()}/1")),
        template=template,
        hire_id=bureau.world.hire,
        **more,
    )  # type: ignore[arg-type]
    return Tell(message_id=message.message_id, hire_id=bureau.world.hire, message=message)
