"""Who an operator is on the admin ports where something personal is opened or somebody is answered for: the holder of a token with that role."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

OPERATOR = "operator"


def operator_of(tokens: Mapping[str, Mapping[str, Any]], authorization: str) -> str | None:
    """The name behind `Authorization: Bearer <token>`; None where it is missing, unknown, or not an operator's. Every token is compared in full."""
    scheme, _, given = authorization.partition(" ")
    found = None
    for token, grant in tokens.items():
        if hmac.compare_digest(token.encode(), given.strip().encode()) and scheme.lower() == "bearer":
            found = grant
    if found is None or OPERATOR not in found.get("roles", ()):
        return None
    return str(found.get("name") or OPERATOR)
