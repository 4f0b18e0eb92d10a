"""The catalogue: (type, version) -> class. Decodes bodies and lifts old versions to the newest with pure upcasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from . import inbound, topics  # noqa: F401  (imports every contract: registration happens in their class statements)
from .base import Message
from .envelope import Envelope, EnvelopeError

REGISTRY = Message.REGISTRY
LATEST: dict[str, type[Message]] = {}
for (_type, _version), _cls in sorted(REGISTRY.items()):
    LATEST[_type] = _cls


class UnknownTypeError(EnvelopeError):
    """Nobody here knows this type (in this version): counted and acknowledged, never parked on our own topics."""

    def __init__(self, type_: str, version: int) -> None:
        super().__init__("unknown_type", f"type {type_[:80]!r} version {version} is not in the catalogue; `baton spec schemas` lists what is")


class WrongBodyError(EnvelopeError):
    """The body does not fit its schema; `pointer` is a JSON pointer, no value of the body is repeated."""

    def __init__(self, type_: str, problem: ValidationError | ValueError) -> None:
        if isinstance(problem, ValidationError):
            first = problem.errors(include_input=False, include_url=False)[0]
            self.pointer = "/" + "/".join(str(part) for part in first["loc"])
            text = first["msg"]
        else:
            self.pointer, text = "", "the body is not JSON"
        super().__init__("wrong_body", f"{type_}: {self.pointer or 'body'}: {text}")


def _upcast_application_v1(old: inbound.ApplicationSubmittedV1) -> inbound.ApplicationSubmittedV2:
    person = inbound.PersonIn(name=old.name, email=old.email, phone=old.phone)
    return inbound.ApplicationSubmittedV2(
        externalid=old.externalid, requisition=old.requisition, person=person, skills=old.skills, years=old.years,
        submitted_at=old.submitted_at)


UPCASTS: dict[tuple[str, int], Callable[[Any], Message]] = {
    (inbound.ApplicationSubmittedV1.TYPE, 1): _upcast_application_v1,
}
"""(type, old version) -> pure function to the next version."""


def decode(envelope: Envelope) -> Message:
    """The body as its newest class.

    An event without a version in `dataschema` is taken as version 1 where its body fits, else as the newest.
    Raises UnknownTypeError or WrongBodyError.
    """
    newest = LATEST.get(envelope.type)
    if newest is None:
        raise UnknownTypeError(envelope.type, envelope.version)
    version = envelope.version or newest.VERSION
    cls = REGISTRY.get((envelope.type, version))
    if cls is None:
        raise UnknownTypeError(envelope.type, version)
    try:
        body: Message = cls.model_validate_json(envelope.data)
    except (ValidationError, ValueError) as problem:
        raise WrongBodyError(envelope.type, problem) from None
    while (body.TYPE, body.VERSION) in UPCASTS:
        body = UPCASTS[body.TYPE, body.VERSION](body)
    return body
