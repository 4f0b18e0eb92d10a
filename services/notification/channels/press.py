"""The opaque value of a button: which ask in which version, for whom, what it answers; a MAC over all of it.

It is a capability only together with the vendor's user id: cards are forwarded, and in a group anybody presses.
"""

import base64
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer


@dataclass(frozen=True)
class Press:
    """One answer by one button."""

    ask_id: UUID
    version: int
    person: UUID
    field: str
    value: str


class Presses:
    """Makes and reads them with the firm's link key."""

    def __init__(self, secret: bytes) -> None:
        self._signed = URLSafeSerializer(
            base64.b64encode(secret), salt="press.v1", signer_kwargs={"key_derivation": "hmac", "digest_method": sha256}
        )

    def value(self, press: Press) -> str:
        """The text that the vendor keeps for us."""
        packed = [_short(press.ask_id), press.version, _short(press.person), press.field, press.value]
        return str(self._signed.dumps(packed))

    def read(self, value: str) -> Press | None:
        """What was pressed, or None for a value not made here."""
        try:
            ask, version, person, field, answer = self._signed.loads(value)
            return Press(_long(ask), int(version), _long(person), str(field), str(answer))
        except (BadSignature, ValueError, TypeError):
            return None


def _short(id: UUID) -> str:
    return base64.urlsafe_b64encode(id.bytes).decode().rstrip("=")


def _long(text: str) -> UUID:
    return UUID(bytes=base64.urlsafe_b64decode(text + "=="))
