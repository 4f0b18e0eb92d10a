"""What makes two deliveries the same event: a digest of type, version and body."""

from __future__ import annotations

import hashlib

from pydantic_core import from_json, to_json

from shared.contracts.envelope import Envelope


def digest_of(envelope: Envelope) -> bytes:
    """Digest of type, version and body, the same whether the body came in binary or structured mode."""
    try:
        canonical = to_json(from_json(envelope.data))
    except ValueError:
        canonical = envelope.data
    return hashlib.sha256(b"|".join([envelope.type.encode(), envelope.dataschema.encode(), canonical])).digest()
