"""Who may bring what through the HTTP door: bearer tokens bound to a source and a list of types (agreements.md 10)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from shared.contracts.envelope import Envelope

PREFIX = "baton."
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a token. `source` `*` may speak for any source; `types` are names without `baton.`, with `*` as wildcard."""

    name: str
    source: str
    types: tuple[str, ...]
    roles: frozenset[str]

    def refusal(self, envelope: Envelope) -> str:
        """Why this caller may not bring this event; empty where nothing stands against it."""
        if not self.speaks_for(envelope.source):
            return f"the token of {self.name} is bound to source {self.source}"
        bare = envelope.type.removeprefix(PREFIX)
        if not any(fnmatchcase(bare, pattern.removeprefix(PREFIX)) for pattern in self.types):
            return f"the token of {self.name} has no grant for type {bare[:60]}"
        if bare.startswith("command.") and OPERATOR not in self.roles:
            return f"{bare[:60]} is for operators; the token of {self.name} is not an operator's"
        return ""

    def speaks_for(self, source: str) -> bool:
        """Whether the token is bound to this source, or to any."""
        return self.source in ("*", source)


class Callers:
    """The tokens of this deployment; only their digests are kept in memory."""

    def __init__(self, tokens: Mapping[str, Mapping[str, Any]]) -> None:
        self._known = {
            hashlib.sha256(token.encode()).digest(): Caller(
                str(grant.get("name", "")), str(grant.get("source", "")), tuple(grant.get("types", ())), frozenset(grant.get("roles", ())))
            for token, grant in tokens.items()
        }

    def find(self, authorization: str) -> Caller | None:
        """The caller of an Authorization header; None where it names nobody."""
        scheme, _, token = authorization.partition(" ")
        return self._known.get(hashlib.sha256(token.strip().encode()).digest()) if scheme.lower() == "bearer" else None
