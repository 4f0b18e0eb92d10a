"""Personal data as it crosses boundaries: sealed under the key of the person it is about (agreements.md 10)."""

from __future__ import annotations

from uuid import UUID

from .base import Body


class Sealed(Body):
    """A JSON document sealed with AES-256-GCM under one person's key; AAD is `person_id|field`.

    `box` is base64url of nonce (12 bytes) and ciphertext with tag. Only services that hold the vault's grant can open it.
    """

    person_id: UUID
    field: str
    box: str
